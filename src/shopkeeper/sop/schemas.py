"""Shapes of what the procedure's API answers."""

from datetime import datetime
from typing import Any

from ninja import Schema


class WorkAnswer(Schema):
    id: int
    kind: str
    clause: str
    subject_id: int
    shop_id: int | None
    warehouse_id: int | None
    role: str
    label: str
    opens_at: datetime | None
    due_at: datetime
    late_at: datetime | None
    escalated_at: datetime | None
    claimed_by_id: int | None
    title: dict[str, str]


class WorkPage(Schema):
    rows: list[WorkAnswer]
    next: str | None


class ClauseAnswer(Schema):
    id: str
    name: dict[str, str]
    owners: list[str]
    done: int
    refused: int
    on_time: int
    late: int
    missed: int
    open: int
    overdue: int
    watches: int
    watches_overdue: int


class PolicyAnswer(Schema):
    key: str
    clause: str
    label: dict[str, str]
    value: Any
    default: Any
    min: int | None
    max: int | None
    choices: list[str]


class AuditAnswer(Schema):
    deadlines_accounted_for: bool
