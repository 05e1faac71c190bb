"""Permissions on consent and mailings."""

from enum import StrEnum


class Permission(StrEnum):
    CONSENT_VIEW = "marketing.consent.view"
    CONSENT_RECORD = "marketing.consent.record"
    MAILING_VIEW = "marketing.mailing.view"
    MAILING_EDIT = "marketing.mailing.edit"
    MAILING_APPROVE = "marketing.mailing.approve"
    MAILING_STOP = "marketing.mailing.stop"
    DELIVER = "marketing.mailing.deliver"  # the system's own: sends, counts, hears opt-outs
