"""Shapes of what the API answers. Amounts are minor units, shares parts of 10,000; moments are UTC."""

from datetime import date, datetime
from typing import Any

from ninja import Schema


class ReviewAnswer(Schema):
    id: int
    number: str
    campaign_id: int
    campaign_code: str
    campaign: str
    shop_id: int
    shop: str
    state: str
    version: int
    drafted_at: datetime
    due_at: datetime
    sales_attained: int | None
    roi_bp: int | None
    completed_at: datetime | None
    completer: str
    submitted_at: datetime | None
    submitter: str
    decided_at: datetime | None
    decider: str
    decision_reason: str


class Reviews(Schema):
    items: list[ReviewAnswer]
    next: str


class VersionAnswer(Schema):
    version: int
    taken_at: datetime
    taker: str


class ActionAnswer(Schema):
    id: int
    number: str
    review_id: int
    campaign: str
    shop_id: int
    meeting: int | None
    what: str
    owner_id: int
    owner: str
    role: str
    due_on: date
    due_at: datetime
    state: str
    note: str
    made_at: datetime
    ended_at: datetime | None
    ender: str


class Actions(Schema):
    items: list[ActionAnswer]
    next: str


class AttendeeAnswer(Schema):
    name: str
    roles: str


class MeetingAnswer(Schema):
    id: int
    number: int
    held_at: datetime
    said: str
    decisions: str
    missing: list[str]
    recorded_at: datetime
    recorder: str
    attendees: list[AttendeeAnswer]


class ReviewDetail(ReviewAnswer):
    """`figures` as rules/figures.py names them, of `shown_version`; `computed` what follows from them."""

    worked: str
    not_worked: str
    advice: str
    shown_version: int
    figures: dict[str, Any]
    computed: dict[str, int | None]
    versions: list[VersionAnswer]
    actions: list[ActionAnswer]
    meetings: list[MeetingAnswer]
    next_meeting: int
    template_id: int | None


class TemplateAnswer(Schema):
    id: int
    campaign_id: int
    campaign_code: str
    campaign: str
    shop_id: int
    review_id: int
    learned: dict[str, Any]
    note: str
    made_at: datetime
    maker: str


class Templates(Schema):
    items: list[TemplateAnswer]
    next: str


class DifferenceAnswer(Schema):
    name: str
    about: str
    planned: int | None
    learned: int | None
    change_bp: int | None


class StartedAnswer(Schema):
    campaign_id: int
    code: str
    name: str
    state: str
    starts_at: datetime
    differences: list[DifferenceAnswer]


class TemplateDetail(TemplateAnswer):
    started: list[StartedAnswer]
