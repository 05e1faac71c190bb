"""Shapes of what the API answers. Money is in minor units, moments are UTC, addresses are masked."""

from datetime import datetime

from ninja import Schema


class MailingAnswer(Schema):
    id: int
    number: str
    shop_id: int
    shop: str
    campaign_id: int
    campaign: str
    segment_id: int
    segment: str
    channel: str
    name: str
    signature: str
    template: str
    subject: str
    text: str
    shown: str
    units_each: int
    planned_at: datetime
    state: str
    saved_at: datetime
    writer: str
    submitted_at: datetime | None
    submitter: str
    decided_at: datetime | None
    decider: str
    decision_reason: str
    estimate: int | None
    estimate_minor: int | None
    started_at: datetime | None
    ended_at: datetime | None
    stop_reason: str
    units: int
    cost_minor: int | None
    booked_minor: int
    cost_refusal: str
    accepted: int
    delivered: int
    bounced: int
    failed: int
    queued: int
    skipped: int
    opted_out: int
    by_state: dict[str, int]
    not_sent: dict[str, int]


class Mailings(Schema):
    items: list[MailingAnswer]
    next: int | None


class RecipientAnswer(Schema):
    id: int
    consent_id: int | None
    address: str
    state: str
    reason: str
    failure: str
    units: int
    sent_at: datetime | None
    opted_out_at: datetime | None


class Recipients(Schema):
    items: list[RecipientAnswer]
    next: int | None


class AudienceAnswer(Schema):
    segment_id: int
    channel: str
    looked_at: int
    would_get: int
    not_sent: dict[str, int]
    is_whole: bool


class ConsentAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    channel: str
    state: str
    source: str
    address: str
    given_at: datetime
    withdrawn_at: datetime | None
    way: str
    unreachable_since: datetime | None


class Consents(Schema):
    items: list[ConsentAnswer]
    next: int | None
