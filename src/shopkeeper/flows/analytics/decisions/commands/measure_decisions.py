"""D3: on its day the same figure is taken for as many days afterwards; a person concludes whether it worked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.analytics.decisions.deadlines import DECISION_CONCLUDE, DECISION_MEASURE
from shopkeeper.flows.analytics.decisions.events import DecisionConcluded, DecisionMeasured
from shopkeeper.flows.analytics.decisions.models import finding_number
from shopkeeper.flows.analytics.decisions.permissions import Permission
from shopkeeper.flows.analytics.decisions.ports import figure_source
from shopkeeper.flows.analytics.decisions.rules.effects import measured
from shopkeeper.flows.analytics.decisions.sql import decisions as sql
from shopkeeper.flows.analytics.decisions.states import DECISION_FLOW, Conclusion, DecisionEffect, DecisionState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

OF_DECISION = ShopOf("decisions_decision", "decision_id")


@dataclass(frozen=True, slots=True)
class MeasureDecision:
    decision_id: int


@command(clause="D3", permission=Permission.MEASURE, scope=OF_DECISION, internal=True)
def measure_decisions(step: Step, items: Sequence[MeasureDecision]) -> list[Outcome]:
    """Take the figure again and put it beside what was expected; done by the system when it is due. Where there is no
    figure the effect is unknown, and whoever concludes may enter one. Refused: "measure_not_due". Else unchanged."""
    rows = {row.id: row for row in sql.LOCK_DECISIONS.rows(ids=sorted({item.decision_id for item in items}))}
    due: dict[int, sql.DecisionRow] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.decision_id]
        if row.state != DecisionState.UNDER_WAY or row.id in due:
            outcomes.append(unchanged(row.id))
        elif row.measure_at > step.now:
            at = row.measure_at.astimezone(SHOP_ZONE)
            outcomes.append(refused("measure_not_due", row.id, at=f"{at:%Y-%m-%d %H:%M}"))
        else:
            due[row.id] = row
            outcomes.append(done(row.id))
    _measure(step, [due[id_] for id_ in sorted(due)])
    return outcomes


def _measure(step: Step, rows: Sequence[sql.DecisionRow]) -> None:
    if not rows:
        return
    source, policy = figure_source(), policies(step)
    afters = {r.id: source.value(r.metric, r.shop_id, r.after_first_day, r.after_last_day) for r in rows}
    found = {
        r.id: measured(r.before, r.expected, afters[r.id], policy("decision_least_percent", r.shop_id)) for r in rows
    }
    dues = {r.id: step.now + timedelta(days=policy("decision_conclude_days", r.shop_id)) for r in rows}
    ids = [row.id for row in rows]
    sql.MEASURE.run(
        ids=ids,
        afters=[afters[id_] for id_ in ids],
        effects=[str(found[id_].effect) for id_ in ids],
        dues=[dues[id_] for id_ in ids],
        now=step.now,
    )
    step.move(DECISION_FLOW, ids, DecisionState.MEASURED)
    close(step, DECISION_MEASURE, ids)
    arm(
        step,
        [Arm(DECISION_CONCLUDE, r.id, dues[r.id], r.shop_id, None, finding_number(r.finding_id)) for r in rows],
    )
    step.emit(*(DecisionMeasured(r.id, r.shop_id, r.before, afters[r.id], str(found[r.id].effect)) for r in rows))


@dataclass(frozen=True, slots=True)
class ConcludeDecision:
    """`after` is the figure entered by hand, in the metric's smallest part, where none could be taken."""

    decision_id: int
    conclusion: Conclusion
    words: Annotated[str, Field(max_length=1_000)]
    after: Annotated[int, Field(ge=-(10**17), le=10**17)] | None = None


@command(clause="D3", permission=Permission.DECIDE, scope=OF_DECISION)
def conclude_decisions(step: Step, items: Sequence[ConcludeDecision]) -> list[Outcome]:
    """Say whether it worked, in words that the next decision can use. Concluded already: unchanged.

    Refused: "finding_all_shops", "decision_not_measured", "conclusion_words_needed", "figure_stands" where a figure was
    taken and another is entered.
    """
    rows = {row.id: row for row in sql.LOCK_DECISIONS.rows(ids=sorted({item.decision_id for item in items}))}
    concluded: dict[int, ConcludeDecision] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.decision_id]
        if row.state == DecisionState.CONCLUDED or row.id in concluded:
            outcomes.append(unchanged(row.id))
            continue
        code = _refusal(step, item, row)
        if not code:
            concluded[row.id] = item
        outcomes.append(refused(code, row.id) if code else done(row.id))
    ids = sorted(concluded)
    if ids:
        given = [_conclusion(step, rows[id_], concluded[id_]) for id_ in ids]
        sql.CONCLUDE.run(conclusions=as_json(given), now=step.now, actor_id=step.actor.id)
    step.move(DECISION_FLOW, ids, DecisionState.CONCLUDED)
    close(step, DECISION_CONCLUDE, ids)
    step.emit(*(DecisionConcluded(id_, rows[id_].shop_id, str(concluded[id_].conclusion)) for id_ in ids))
    return outcomes


def _refusal(step: Step, item: ConcludeDecision, row: sql.DecisionRow) -> str:
    if row.shop_id is None and step.actor.shops is not None:
        return "finding_all_shops"
    if row.state != DecisionState.MEASURED:
        return "decision_not_measured"
    if not item.words.strip():
        return "conclusion_words_needed"
    return "figure_stands" if item.after is not None and row.after not in (None, item.after) else ""


def _conclusion(step: Step, row: sql.DecisionRow, item: ConcludeDecision) -> dict[str, Any]:
    typed = row.after is None and item.after is not None
    least = policies(step)("decision_least_percent", row.shop_id)
    effect = measured(row.before, row.expected, item.after, least).effect if typed else DecisionEffect(row.effect)
    return {
        "id": row.id,
        "conclusion": str(item.conclusion),
        "words": item.words.strip(),
        "after": item.after if typed else row.after,
        "effect": str(effect),
        "typed": typed,
    }
