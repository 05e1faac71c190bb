"""Permissions on findings, decisions and their tasks."""

from enum import StrEnum


class Permission(StrEnum):
    DECISION_VIEW = "analytics.decision.view"
    FINDING_RECORD = "analytics.finding.record"
    DECIDE = "analytics.decision.decide"
    TASK_DO = "analytics.decision.do_task"
    MEASURE = "analytics.decision.measure"
