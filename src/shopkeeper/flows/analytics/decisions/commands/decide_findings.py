"""D3: a manager decides on a finding: what is done, why, what it should bring, and when that is measured; or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.analytics.decisions.commands.decision_tasks import TaskWish, open_tasks_of, task_refusal
from shopkeeper.flows.analytics.decisions.deadlines import DECISION_MEASURE, FINDING_DECIDE
from shopkeeper.flows.analytics.decisions.events import DecisionMade, FindingDismissed
from shopkeeper.flows.analytics.decisions.models import finding_number
from shopkeeper.flows.analytics.decisions.permissions import Permission
from shopkeeper.flows.analytics.decisions.queries.deciders import Decider, deciders, others_for
from shopkeeper.flows.analytics.decisions.rules.effects import earliest_measure, span_after
from shopkeeper.flows.analytics.decisions.sql import decisions as sql
from shopkeeper.flows.analytics.decisions.states import FINDING_FLOW, FindingState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import clock_times, policies
from shopkeeper.sop.states import Ending

OF_FINDING = ShopOf("decisions_finding", "finding_id")


@dataclass(frozen=True, slots=True)
class DecideFinding:
    """`expected` is the value hoped for, in the metric's smallest part; `expected_words` say why that much."""

    finding_id: int
    what: Annotated[str, Field(max_length=500)]
    reason: Annotated[str, Field(max_length=1_000)]
    expected_words: Annotated[str, Field(max_length=500)]
    measure_on: date
    expected: Annotated[int, Field(ge=-(10**17), le=10**17)] | None = None
    tasks: tuple[TaskWish, ...] = ()


@command(clause="D3", permission=Permission.DECIDE, scope=OF_FINDING)
def decide_findings(step: Step, items: Sequence[DecideFinding]) -> list[Outcome]:
    """Decide; the day of measuring is set, tasks are given out. Done with `facts`: decision_id.

    Refused: "finding_all_shops", "finding_dismissed", "own_finding" while another may decide,
    "decision_what_needed", "decision_reason_needed", "decision_effect_needed" without number or words,
    "measure_too_early" (facts: day) before as many days have passed as the finding is about, "task_what_needed",
    "task_due_past". One decided on is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK_FINDINGS.rows(ids=sorted({item.finding_id for item in items}))}
    people = _deciders(step, rows.values())
    chosen: dict[int, DecideFinding] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.finding_id]
        if row.state == FindingState.DECIDED or row.id in chosen:
            outcomes.append(unchanged(row.id, **({"decision_id": row.decision_id} if row.decision_id else {})))
            continue
        refusal = _refusal(step, item, row, people)
        if refusal is None:
            chosen[row.id] = item
        outcomes.append(refusal or done(row.id))
    made = _decide(step, [rows[id_] for id_ in sorted(chosen)], chosen)
    return [
        done(outcome.id, decision_id=made[outcome.id]) if outcome.changed and outcome.id else outcome
        for outcome in outcomes
    ]


def _refusal(step: Step, item: DecideFinding, row: sql.FindingRow, people: Sequence[Decider]) -> Outcome | None:
    code = not_theirs(step, row, people)
    if not code and not item.what.strip():
        code = "decision_what_needed"
    if not code and not item.reason.strip():
        code = "decision_reason_needed"
    if not code and (item.expected is None or not item.expected_words.strip()):
        code = "decision_effect_needed"
    code = code or next(filter(None, (task_refusal(step, task) for task in item.tasks)), "")
    if code:
        return refused(code, row.id)
    earliest = earliest_measure(row.first_day, row.last_day, day_of(step.now))
    return refused("measure_too_early", row.id, day=earliest.isoformat()) if item.measure_on < earliest else None


def _deciders(step: Step, rows: Iterable[sql.FindingRow]) -> list[Decider]:
    """Who may decide, asked only where somebody is about to decide on what they found themselves."""
    return deciders() if any(row.found_by == step.actor.id for row in rows) else []


def not_theirs(step: Step, row: sql.FindingRow, people: Sequence[Decider]) -> str:
    """Why this person does not decide on this finding; empty where they may. Its finder may if nobody else does."""
    if row.shop_id is None and step.actor.shops is not None:
        return "finding_all_shops"
    if row.state == FindingState.DISMISSED:
        return "finding_dismissed"
    is_own = step.actor.id == row.found_by and step.actor.kind != "system"
    return "own_finding" if is_own and others_for(people, row.found_by, row.shop_id) else ""


def _decide(step: Step, rows: Sequence[sql.FindingRow], chosen: dict[int, DecideFinding]) -> dict[int, int]:
    if not rows:
        return {}
    ids = [row.id for row in rows]
    given = {row.id: _row(step, row, chosen[row.id]) for row in rows}
    sql.END_FINDINGS.run(ids=ids, now=step.now, actor_id=step.actor.id)
    step.move(FINDING_FLOW, ids, FindingState.DECIDED)
    close(step, FINDING_DECIDE, ids)
    made = sql.DECIDE.rows(decisions=as_json(list(given.values())), now=step.now, actor_id=step.actor.id)
    arm(
        step,
        [
            Arm(
                DECISION_MEASURE,
                d.id,
                given[d.finding_id]["measure_at"],
                d.shop_id,
                None,
                finding_number(d.finding_id),
            )
            for d in made
        ],
    )
    by_id = {row.id: row for row in rows}
    step.emit(
        *(
            DecisionMade(
                d.id,
                d.finding_id,
                d.shop_id,
                by_id[d.finding_id].metric,
                given[d.finding_id]["expected"],
                given[d.finding_id]["measure_on"].isoformat(),
            )
            for d in made
        )
    )
    open_tasks_of(step, [(d.id, d.shop_id, task) for d in made for task in chosen[d.finding_id].tasks])
    return {d.finding_id: d.id for d in made}


def _row(step: Step, row: sql.FindingRow, item: DecideFinding) -> dict[str, Any]:
    first, last = span_after(row.first_day, row.last_day, item.measure_on)
    return {
        "finding_id": row.id,
        "shop_id": row.shop_id,
        "what": item.what.strip(),
        "reason": item.reason.strip(),
        "expected": item.expected,
        "expected_words": item.expected_words.strip(),
        "measure_on": item.measure_on,
        "measure_at": _measure_at(step, item.measure_on, row.shop_id),
        "after_first_day": first,
        "after_last_day": last,
        "before": row.value,
    }


def _measure_at(step: Step, day: date, shop_id: int | None) -> datetime:
    return at_time(day, clock_times(policies(step)("decision_measure_time", shop_id))[0])


@dataclass(frozen=True, slots=True)
class DismissFinding:
    finding_id: int
    reason: Annotated[str, Field(max_length=500)]


@command(clause="D3", permission=Permission.DECIDE, scope=OF_FINDING)
def dismiss_findings(step: Step, items: Sequence[DismissFinding]) -> list[Outcome]:
    """Decide to do nothing, with the reason. Refused: "dismiss_reason_needed", "own_finding" while another may
    decide, "finding_all_shops", "finding_decided". Dismissed already: unchanged."""
    rows = {row.id: row for row in sql.LOCK_FINDINGS.rows(ids=sorted({item.finding_id for item in items}))}
    people = _deciders(step, rows.values())
    reasons: dict[int, str] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.finding_id]
        if row.state == FindingState.DISMISSED or row.id in reasons:
            outcomes.append(unchanged(row.id))
            continue
        code = "finding_decided" if row.state == FindingState.DECIDED else not_theirs(step, row, people)
        code = code or ("" if item.reason.strip() else "dismiss_reason_needed")
        if not code:
            reasons[row.id] = item.reason.strip()
        outcomes.append(refused(code, row.id) if code else done(row.id))
    ids = sorted(reasons)
    if ids:
        sql.DISMISS.run(ids=ids, reasons=[reasons[id_] for id_ in ids], now=step.now, actor_id=step.actor.id)
    step.move(FINDING_FLOW, ids, FindingState.DISMISSED)
    close(step, FINDING_DECIDE, ids, Ending.DONE)
    step.emit(*(FindingDismissed(id_, rows[id_].shop_id) for id_ in ids))
    return outcomes
