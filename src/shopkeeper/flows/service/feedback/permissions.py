"""Permissions on surveys, recoveries, daily summaries and improvements."""

from enum import StrEnum


class Permission(StrEnum):
    SURVEY_VIEW = "service.survey.view"
    SURVEY_SEND = "service.survey.send"
    RECOVERY_HANDLE = "service.recovery.handle"
    SUMMARY_VIEW = "service.summary.view"
    SUMMARY_COMPLETE = "service.summary.complete"
    SUMMARY_SIGN = "service.summary.sign"
    IMPROVEMENT_VIEW = "service.improvement.view"
    IMPROVEMENT_OPEN = "service.improvement.open"
    IMPROVEMENT_REPLY = "service.improvement.reply"
    IMPROVEMENT_CLOSE = "service.improvement.close"
    WATCH = "service.feedback.watch"
