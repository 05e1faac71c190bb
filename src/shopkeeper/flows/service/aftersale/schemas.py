"""Shapes of what the API answers. Amounts are minor units; moments are UTC."""

from datetime import date, datetime

from ninja import Schema


class CaseAnswer(Schema):
    id: int
    number: str
    order_id: int
    order_number: str
    platform_no: str
    shop_id: int
    shop: str
    state: str
    reason: str
    solution: str
    buyer: str
    paid_minor: int
    currency: str
    opened_at: datetime
    offer_due_at: datetime
    offered_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    ticket_id: int | None
    warehouse_id: int | None
    platform_refund_state: str
    refund_no: str
    asked_minor: int | None
    goods: str


class Cases(Schema):
    items: list[CaseAnswer]
    next: str


class BecauseAnswer(Schema):
    code: str
    speaks_for: bool
    words: dict[str, str]


class ProposalAnswer(Schema):
    eligible: bool
    solution: str | None
    alternatives: list[str]
    refund_minor: int
    compensation_minor: int
    freight_by: str
    needs_return: bool
    missing_shots: list[str]
    last_day: date | None
    because: list[BecauseAnswer]


class CaseLineAnswer(Schema):
    order_line_id: int
    sku_code: str
    title: str
    spec: str
    quantity: int
    bought: int
    paid_minor: int
    given_quantity: int
    given_minor: int


class EvidenceAnswer(Schema):
    id: int
    shot: str
    kind: str
    size: int
    verdict: str
    verdict_reason: str
    added_at: datetime
    added_by: str


class OfferAnswer(Schema):
    number: int
    solution: str
    refund_minor: int
    compensation_minor: int
    freight_minor: int
    freight_by: str
    pay_way: str
    outside_policy: bool
    why: str
    offered_at: datetime
    offered_by: str
    valid_until: datetime
    answer: str
    answered_at: datetime | None


class RefundAnswer(Schema):
    id: int
    case_id: int
    case_number: str
    order_id: int
    order_number: str
    shop: str
    state: str
    is_compensation: bool
    way: str
    amount_minor: int
    currency: str
    refund_no: str
    reason: str
    solution: str
    outside_policy: bool
    proposed_at: datetime
    proposed_by: str
    approved_at: datetime | None
    approved_by: str
    by_itself: bool
    paid_at: datetime | None
    last_error: str
    due_at: datetime | None


class Refunds(Schema):
    items: list[RefundAnswer]
    next: str


class CaseDetail(CaseAnswer):
    policy_version: int
    next_offer: int
    proposal: ProposalAnswer
    lines: list[CaseLineAnswer]
    evidence: list[EvidenceAnswer]
    offers: list[OfferAnswer]
    refunds: list[RefundAnswer]
    evidence_url: str
    return_id: int | None
    return_state: str
    return_number: str
    replacement_order_id: int | None


class ReturnAnswer(Schema):
    id: int
    case_id: int | None
    case_number: str
    order_number: str
    shop: str
    warehouse_id: int
    warehouse: str
    courier: str
    number: str
    state: str
    reason: str
    solution: str
    made_at: datetime
    received_at: datetime | None
    graded_at: datetime | None
    as_agreed: bool | None


class Returns(Schema):
    items: list[ReturnAnswer]
    next: str


class GradedAnswer(Schema):
    grade: str
    quantity: int
    lot_code: str


class PieceAnswer(Schema):
    order_line_id: int
    sku_code: str
    barcode: str
    name: str
    spec: str
    quantity: int
    graded: list[GradedAnswer]


class ReturnDetail(ReturnAnswer):
    pieces: list[PieceAnswer]
    bins: list[str]
    note: str


class PolicyLineAnswer(Schema):
    reason: str
    days: int
    solutions: list[str]
    freight_by: str
    shots: list[str]
    percent: int
    cap_minor: int


class PolicyAnswer(Schema):
    platform: str
    version: int
    published_at: datetime
    published_by: str
    note: str
    lines: list[PolicyLineAnswer]


class SealedFileAnswer(Schema):
    """A file that was checked and sealed; add-evidence takes it in."""

    file_ref: str
    file_kind: str
    size: int


class FigureAnswer(Schema):
    """How cases of these days went: offered in time is the procedure's figure, accepted the second one."""

    opened: int
    offered: int
    offered_in_time: int
    accepted: int
    accepted_in_time: int
    refused: int
    mean_offer_hours: float | None
