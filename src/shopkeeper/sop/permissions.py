"""Permissions on the procedure itself."""

from enum import StrEnum


class Permission(StrEnum):
    WORK_VIEW = "sop.work.view"
    WORK_CLAIM = "sop.work.claim"
    WORK_ESCALATE = "sop.work.escalate"
    COMPLIANCE_VIEW = "sop.compliance.view"
    POLICY_VIEW = "sop.policy.view"
    POLICY_SET = "sop.policy.set"
    OWNER_SET = "sop.owner.set"
    SWEEP = "sop.deadline.sweep"
