"""Shapes of what the API answers. Shares are parts of 10,000, rates and means in hundredths; moments are UTC."""

from datetime import date, datetime

from ninja import Schema


class SurveyAnswer(Schema):
    id: int
    number: str
    shop_id: int
    shop: str
    ticket_id: int | None
    case_id: int | None
    order_id: int | None
    kind: str
    agent: str
    customer: str
    state: str
    way: str
    skip_reason: str
    planned_at: datetime
    invited_at: datetime | None
    expires_at: datetime | None
    score: int | None
    has_comment: bool
    answered_at: datetime | None
    recovery_id: int | None
    recovery_state: str
    url: str


class Surveys(Schema):
    items: list[SurveyAnswer]
    next: str


class SatisfactionAnswer(Schema):
    from_day: date
    to_day: date
    invited: int
    invited_answered: int
    answered: int
    stars: list[int]
    mean_hundredths: int | None
    satisfied: int
    top_box: int | None
    response: int | None


class RecoveryAnswer(Schema):
    id: int
    survey_id: int
    shop_id: int
    shop: str
    ticket_id: int | None
    kind: str
    customer: str
    score: int
    has_comment: bool
    state: str
    attempts: int
    next_attempt: int
    outcome: str
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None


class Recoveries(Schema):
    items: list[RecoveryAnswer]
    next: str


class FiguresAnswer(Schema):
    opened: int
    resolved: int
    unfinished: int
    by_stage: dict[str, int]
    by_kind: dict[str, int]
    by_channel: dict[str, int]
    first_asked: int
    first_in_time: int
    first_share: int | None
    offered: int
    offered_in_time: int
    offer_share: int | None
    offers_overdue: int
    orders_paid: int
    contact_hundredths: int | None
    stars: list[int]
    invited: int
    invited_answered: int


class SummaryAnswer(Schema):
    id: int
    shop_id: int
    shop: str
    day: date
    state: str
    figures: FiguresAnswer
    trend_days: int
    drafted_at: datetime
    complete_due_at: datetime
    sign_due_at: datetime
    remarks: str
    completed_at: datetime | None
    completer: str
    signed_at: datetime | None
    signer: str


class Summaries(Schema):
    items: list[SummaryAnswer]
    next: str


class ProblemAnswer(Schema):
    id: int
    rank: int
    kind: str
    sku_id: int | None
    sku_code: str
    goods: str
    courier: str
    warehouse_id: int | None
    warehouse: str
    tickets: int
    before_tickets: int
    orders: int
    change: int | None
    contact_hundredths: int | None
    examples: list[int]


class SummaryDetail(SummaryAnswer):
    problems: list[ProblemAnswer]


class ImprovementAnswer(Schema):
    id: int
    number: str
    shop_id: int
    shop: str
    owner: str
    what: str
    state: str
    problem: ProblemAnswer
    summary_id: int
    day: date
    opened_at: datetime
    due_at: datetime
    reply: str
    replied_at: datetime | None
    measure_at: datetime | None
    before_tickets: int
    before_hundredths: int | None
    after_tickets: int | None
    after_orders: int | None
    after_hundredths: int | None
    measured_at: datetime | None
    effect: str
    conclusion: str
    closed_at: datetime | None


class Improvements(Schema):
    items: list[ImprovementAnswer]
    next: str
