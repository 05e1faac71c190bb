"""Shapes of what programs read of research and selection."""

from datetime import date, datetime

from ninja import Schema


class ResearchLineAnswer(Schema):
    id: int
    kind: str
    name: str
    category: str
    competitor: str
    heat: int | None
    growth_basis_points: int | None
    price_minor: int | None
    monthly_sales: int | None
    source: str
    period_from: date
    period_to: date


class ResearchPage(Schema):
    rows: list[ResearchLineAnswer]
    next: str


class StrategyAnswer(Schema):
    id: int
    name: str
    state: str
    categories: list[str]
    price_low_minor: int
    price_high_minor: int
    target_margin_basis_points: int
    positioning: str
    findings: str
    due_at: datetime | None
    decided_at: datetime | None
    decision_reason: str


class StrategyPage(Schema):
    rows: list[StrategyAnswer]
    next: str


class CandidateAnswer(Schema):
    id: int
    code: str
    name: str
    category: str
    keyword: str
    source: str
    cost_minor: int | None
    competitor_minor: int | None
    price_minor: int | None
    monthly_sales: int | None
    turnover_days: int | None
    positioning: int | None
    product_id: int | None
    is_dropped: bool


class CandidatePage(Schema):
    rows: list[CandidateAnswer]
    next: str


class ListAnswer(Schema):
    id: int
    version: int
    state: str
    period: str
    strategy: str
    target_minor: int
    candidates: int
    taken: int
    due_at: datetime | None
    decided_at: datetime | None
    decision_reason: str


class ListPage(Schema):
    rows: list[ListAnswer]
    next: str


class PartAnswer(Schema):
    criterion: str
    value: int | None
    mark: int
    weight: int


class EntryAnswer(Schema):
    candidate_id: int
    code: str
    name: str
    rank: int
    total: int
    parts: list[PartAnswer]
    decision: str
    decision_reason: str


class ListDetail(Schema):
    head: ListAnswer
    entries: list[EntryAnswer]
