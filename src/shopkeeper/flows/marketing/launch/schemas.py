"""Shapes of what the API answers about materials and gates. Amounts in minor units, moments in UTC."""

from datetime import datetime
from typing import Any

from ninja import Schema


class Words(Schema):
    zh: str
    en: str


class MaterialAnswer(Schema):
    """One material; `errors` and `advice` count what was found of its newest version."""

    id: int
    campaign_id: int
    campaign: str
    shop_id: int
    kind: str
    title: str
    channel: str
    width: int
    height: int
    must_say: list[str]
    state: str
    brief_due_at: datetime
    due_at: datetime | None
    newest: int
    approved: int
    errors: int
    advice: int


class Materials(Schema):
    items: list[MaterialAnswer]
    next: str


class FindingAnswer(Schema):
    code: str
    place: str
    level: str
    facts: dict[str, Any]
    reason: Words
    remedy: Words


class VersionAnswer(Schema):
    number: int
    digest: str
    text: str
    note: str
    verdict: str
    measures: dict[str, Any]
    findings: list[FindingAnswer]
    made_at: datetime
    checked_at: datetime | None
    decided_at: datetime | None
    is_approved: bool | None
    decision_reason: str


class UseAnswer(Schema):
    number: int
    channel: str
    place: str
    used_from: datetime


class MaterialDetail(MaterialAnswer):
    notes: str
    versions: list[VersionAnswer]
    uses: list[UseAnswer]


class FileAnswer(Schema):
    """A kept file: `digest` is what `add_version` takes."""

    digest: str
    size: int
    kind: str


class BrandAnswer(Schema):
    shop_id: int
    shop: str
    colours: list[str]


class GateAnswer(Schema):
    """One gate; `verdicts` by check of its newest run, `red` in the order of the gate."""

    id: int
    campaign_id: int
    code: str
    campaign: str
    shop_id: int
    state: str
    starts_at: datetime
    wanted_at: datetime
    due_at: datetime | None
    runs: int
    tested_at: datetime | None
    expires_at: datetime | None
    expired_because: str
    override_reason: str
    verdicts: dict[str, str]
    red: list[str]


class Gates(Schema):
    items: list[GateAnswer]
    next: str


class LineAnswer(Schema):
    name: str
    says: Words
    why: Words | None
    ok: bool


class CheckAnswer(Schema):
    """One check with its arithmetic; `verdict` is empty where it was not carried out."""

    key: str
    verdict: str
    name: Words
    says: Words
    remedy: Words | None
    facts: dict[str, Any]
    lines: list[LineAnswer]


class ExampleAnswer(Schema):
    id: int
    name: str
    lines: list[dict[str, Any]]
    rule_ids: list[int]
    freight_minor: int
    expected_minor: int


class GateDetail(GateAnswer):
    has_changed: bool
    checks: list[CheckAnswer]
    examples: list[ExampleAnswer]
