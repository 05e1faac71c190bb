"""Permissions on after-sale cases, their evidence, refunds and returned parcels."""

from enum import StrEnum


class Permission(StrEnum):
    CASE_VIEW = "service.aftersale.view"
    CASE_OPEN = "service.aftersale.open"
    CASE_HANDLE = "service.aftersale.handle"
    OUTSIDE_POLICY = "service.aftersale.outside_policy"
    EVIDENCE_VIEW = "service.aftersale.view_evidence"
    EVIDENCE_TAKE_IN = "service.aftersale.take_in_evidence"
    REFUND_APPROVE = "service.aftersale.approve_refund"
    REFUND_PAY = "service.aftersale.pay_refund"
    REFUND_RECORD = "service.aftersale.record_refund"
    RETURN_VIEW = "service.aftersale.view_returns"
    RETURN_RECEIVE = "service.aftersale.receive_returns"
    RETURN_GRADE = "service.aftersale.grade_returns"
    POLICY_PUBLISH = "service.aftersale.publish_policy"
    WATCH = "service.aftersale.watch"
