"""Shapes of what the API answers. Values are whole numbers of the metric's smallest part; moments are UTC."""

from datetime import date, datetime

from ninja import Schema


class TaskAnswer(Schema):
    id: int
    decision_id: int
    owner: str
    what: str
    due_at: datetime
    state: str
    note: str
    ended_at: datetime | None
    ender: str


class Tasks(Schema):
    items: list[TaskAnswer]
    next: int | None


class DecisionAnswer(Schema):
    id: int
    state: str
    what: str
    reason: str
    expected: int
    expected_words: str
    measure_on: date
    measure_at: datetime
    after_first_day: date
    after_last_day: date
    decided_at: datetime
    decider: str
    before: int
    after: int | None
    after_typed: bool
    effect: str
    measured_at: datetime | None
    conclude_due_at: datetime | None
    conclusion: str
    conclusion_words: str
    concluded_at: datetime | None
    concluder: str


class FindingAnswer(Schema):
    id: int
    number: str
    shop_id: int | None
    shop: str
    metric: str
    metric_name: dict[str, str]
    unit: str
    first_day: date
    last_day: date
    value: int
    compared: int | None
    words: str
    state: str
    stage: str
    found_at: datetime
    finder: str
    due_at: datetime
    dismissed_reason: str
    ended_at: datetime | None
    decision: DecisionAnswer | None
    tasks: list[TaskAnswer]


class Findings(Schema):
    items: list[FindingAnswer]
    next: int | None


class MetricAnswer(Schema):
    id: str
    name: dict[str, str]
    unit: str


class Metrics(Schema):
    items: list[MetricAnswer]
