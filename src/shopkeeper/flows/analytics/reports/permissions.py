"""Permissions on reports, targets and figures."""

from enum import StrEnum


class Permission(StrEnum):
    REPORT_VIEW = "analytics.report.view"
    REPORT_MAKE = "analytics.report.make"
    REPORT_ANALYSE = "analytics.report.analyse"
    REPORT_SIGN = "analytics.report.sign"
    REPORT_CONFIRM = "analytics.report.confirm"
    TARGET_SET = "analytics.target.set"
    WATCH = "analytics.report.watch"
