"""Gates as people read them: the list, one with the checks of its newest run and how it is done, its examples."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from shopkeeper.flows.marketing.launch.models import Gate, GateCheck, GateRun
from shopkeeper.flows.marketing.launch.queries.standing import standings
from shopkeeper.flows.marketing.launch.sql import gates as sql
from shopkeeper.flows.marketing.launch.states import OPEN_GATES, CheckKey, CheckVerdict, GateState
from shopkeeper.flows.marketing.promotions.queries.rules import sku_codes
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.sop.models import Deadline

TABS: dict[str, tuple[str, ...]] = {
    "to_test": (GateState.WAITING, GateState.RUNNING),
    "red": (GateState.RED,),
    "passed": OPEN_GATES,
    "closed": (GateState.CLOSED,),
}
RUNS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RunningTest:
    gate_id: int
    campaign_id: int
    number: int


def running_test(run_id: int) -> RunningTest | None:
    """A run that is under way; None once it is decided or its gate is closed."""
    run = GateRun.objects.filter(id=run_id, ended_at=None, gate__state=GateState.RUNNING).select_related("gate").first()
    return RunningTest(run.gate_id, run.gate.campaign_id, run.number) if run else None


def gates_with_result(shop_id: int | None = None) -> list[int]:
    """Gates whose result counts at the moment."""
    return [row.id for row in sql.WITH_RESULT.rows(shop=shop_id)]


@dataclass(frozen=True, slots=True)
class GateFilter:
    """What is asked of the list; `tab` is one of TABS, anything else means all."""

    tab: str = ""
    text: str = ""
    shop_id: int | None = None


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate as the list shows it: `verdicts` by check of its newest run."""

    id: int
    campaign_id: int
    code: str
    campaign: str
    shop_id: int
    shop: str
    currency: str
    starts_at: datetime
    ends_at: datetime
    state: str
    state_at: datetime
    opened_at: datetime
    wanted_at: datetime
    due_at: datetime | None
    runs: int
    tested_at: datetime | None
    expires_at: datetime | None
    expired_because: str
    overridden_at: datetime | None
    override_reason: str
    verdicts: Mapping[str, str]

    @property
    def red(self) -> list[str]:
        return [str(key) for key in CheckKey if self.verdicts.get(str(key)) == CheckVerdict.RED]

    @property
    def tone(self) -> str:
        return "red" if self.state == GateState.RED else "amber" if self.state == GateState.WAITING else ""

    @property
    def done(self) -> int:
        return len(self.verdicts)

    @property
    def percent(self) -> int:
        return self.done * 100 // len(CheckKey)

    @property
    def lights(self) -> list[tuple[str, str]]:
        """Every check with its verdict, empty where it was not carried out."""
        return [(str(key), self.verdicts.get(str(key), "")) for key in CheckKey]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of a run."""

    key: str
    verdict: str
    facts: dict[str, Any]
    rows: list[dict[str, Any]]
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class RunRow:
    number: int
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
    is_green: bool | None


@dataclass(frozen=True, slots=True)
class ExampleView:
    """An example as it was written down; lines are (SKU code, pieces, expected or None)."""

    id: int
    name: str
    lines: tuple[tuple[str, int, int | None], ...]
    level: str
    is_new: bool
    rule_ids: tuple[int, ...]
    freight_minor: int
    expected_minor: int


@dataclass(frozen=True, slots=True)
class GateRecord:
    """One gate whole: the checks of its newest run, all runs newest first, its examples."""

    row: GateRow
    checks: dict[str, CheckRow]
    runs: tuple[RunRow, ...]
    examples: tuple[ExampleView, ...]
    rules: tuple[tuple[int, str, bool], ...]  # id, code and name, needs a coupon
    goods: tuple[tuple[int, str], ...]
    overridden_by: str
    has_changed: bool


def gate_counts(viewer: Actor) -> dict[str, int]:
    found = dict(_seen(viewer).values_list("state").annotate(n=Count("id")))
    return {tab: sum(found.get(str(state), 0) for state in states) for tab, states in TABS.items()}


def gates_page(
    viewer: Actor, wanted: GateFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[GateRow], str]:
    """A page of gates, newest first, and the key of the next one ('' where there is none)."""
    rows = _seen(viewer)
    if wanted.tab in TABS:
        rows = rows.filter(state__in=[str(state) for state in TABS[wanted.tab]])
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.text:
        rows = rows.filter(campaign__name__icontains=wanted.text) | rows.filter(campaign__code__icontains=wanted.text)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = _rows(rows.order_by("-id")[: limit + 1])
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def gate_record(viewer: Actor, gate_id: int) -> GateRecord | None:
    """One gate; None where there is none in the viewer's shops."""
    rows = _rows(_seen(viewer).filter(id=gate_id))
    if not rows:
        return None
    row = rows[0]
    gate = Gate.objects.get(id=gate_id)
    runs = list(GateRun.objects.filter(gate_id=gate_id).order_by("-number")[:RUNS_SHOWN])
    people = dict(
        Person.objects.filter(id__in={*(run.asked_by for run in runs), gate.overridden_by or 0}).values_list(
            "id", "name"
        )
    )
    newest = runs[0].pk if runs else 0
    checks = {
        one.key: CheckRow(one.key, one.verdict, one.facts, one.rows, one.checked_at)
        for one in GateCheck.objects.filter(run_id=newest)
    }
    standing = standings([row.campaign_id])[row.campaign_id]
    return GateRecord(
        row,
        checks,
        tuple(RunRow(r.number, r.asked_at, people.get(r.asked_by, ""), r.ended_at, r.is_green) for r in runs),
        _examples(standing.examples),
        tuple((rule.rule_id, f"{rule.code} {rule.name}", rule.needs_coupon) for rule in standing.rules),
        tuple((one.sku_id, f"{one.code} {one.name}") for one in standing.goods),
        people.get(gate.overridden_by or 0, ""),
        bool(gate.fingerprint) and standing.fingerprint != gate.fingerprint,
    )


def gate_of_campaign(viewer: Actor, campaign_id: int) -> int | None:
    """The id of a campaign's gate; None where there is none in the viewer's shops."""
    return _seen(viewer).filter(campaign_id=campaign_id).values_list("id", flat=True).first()


def _examples(rows: tuple[sql.ExampleRow, ...]) -> tuple[ExampleView, ...]:
    lines = {row.id: json.loads(row.lines) for row in rows}
    codes = sku_codes(sorted({line["sku_id"] for own in lines.values() for line in own}))
    return tuple(
        ExampleView(
            row.id,
            row.name,
            tuple(
                (codes.get(line["sku_id"], f"#{line['sku_id']}"), line["quantity"], line["paid_minor"])
                for line in lines[row.id]
            ),
            row.level,
            row.is_new,
            tuple(row.rule_ids),
            row.freight_minor,
            row.expected_minor,
        )
        for row in rows
    )


def _seen(viewer: Actor) -> QuerySet[Gate]:
    rows = Gate.objects.all()
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


_COLUMNS = (
    "id", "campaign_id", "campaign__code", "campaign__name", "campaign__currency", "campaign__starts_at",
    "campaign__ends_at", "shop_id", "shop__name", "state", "state_at", "opened_at", "due_at", "runs", "tested_at",
    "expires_at", "expired_because", "overridden_at", "override_reason",
)  # fmt: skip


def _rows(rows: QuerySet[Gate]) -> list[GateRow]:
    values = list(rows.values(*_COLUMNS))
    ids = [value["id"] for value in values]
    due = dict(Deadline.objects.filter(kind="go_live_gate", subject_id__in=ids).values_list("subject_id", "due_at"))
    verdicts: dict[int, dict[str, str]] = {}
    for row in sql.NEWEST_VERDICTS.rows(gates=ids):
        verdicts.setdefault(row.run_id, {})[row.key] = row.verdict
    return [_row(value, due.get(value["id"]), verdicts.get(value["id"], {})) for value in values]


def _row(value: dict[str, Any], due_at: datetime | None, verdicts: Mapping[str, str]) -> GateRow:
    own = {name: value[name] for name in _COLUMNS if "__" not in name and name != "due_at"}
    return GateRow(
        code=value["campaign__code"],
        campaign=value["campaign__name"],
        currency=value["campaign__currency"],
        starts_at=value["campaign__starts_at"],
        ends_at=value["campaign__ends_at"],
        shop=value["shop__name"],
        wanted_at=value["due_at"],
        due_at=due_at,
        verdicts=verdicts,
        **own,
    )
