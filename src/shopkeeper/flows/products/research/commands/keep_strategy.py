"""P1.1: the selection strategy is written, handed in, and decided on by somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.products.research.deadlines import DECIDE_STRATEGY
from shopkeeper.flows.products.research.events import StrategyDecided, StrategySubmitted
from shopkeeper.flows.products.research.models import Strategy
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.sql.lists import LOCK_STRATEGIES
from shopkeeper.flows.products.research.states import STRATEGY_FLOW, StrategyState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

EDITABLE = (StrategyState.DRAFT, StrategyState.RETURNED)


@dataclass(frozen=True, slots=True)
class SaveStrategy:
    """A strategy; `strategy_id` None makes a new one. Prices in minor units, margin in 1/10,000."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    categories: tuple[Annotated[str, Field(max_length=100)], ...]
    price_low_minor: Annotated[int, Field(gt=0)]
    price_high_minor: Annotated[int, Field(gt=0)]
    target_margin_basis_points: Annotated[int, Field(ge=0, lt=10_000)]
    positioning: Annotated[str, Field(min_length=1, max_length=500)]
    findings: Annotated[str, Field(max_length=5_000)] = ""
    strategy_id: int | None = None


@command(clause="P1.1", permission=Permission.STRATEGY_EDIT, scope=EVERYWHERE)
def save_strategy(step: Step, items: Sequence[SaveStrategy]) -> list[Outcome]:
    """Write strategies. Refused: categories_needed, price_band_backwards, not_found, strategy_not_editable."""
    wanted = sorted({item.strategy_id for item in items if item.strategy_id is not None})
    rows = {row.pk: row for row in Strategy.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    return [_save(step, item, rows) for item in items]


def _save(step: Step, item: SaveStrategy, rows: dict[int, Strategy]) -> Outcome:
    categories = list(dict.fromkeys(name.strip() for name in item.categories if name.strip()))
    if not categories:
        return refused("categories_needed", item.strategy_id)
    if item.price_high_minor < item.price_low_minor:
        return refused("price_band_backwards", item.strategy_id)
    said = {
        "name": item.name.strip(), "categories": categories, "price_low_minor": item.price_low_minor,
        "price_high_minor": item.price_high_minor, "target_margin_basis_points": item.target_margin_basis_points,
        "positioning": item.positioning.strip(), "findings": item.findings.strip(),
    }  # fmt: skip
    if item.strategy_id is None:
        made = Strategy.objects.create(made_at=step.now, made_by=step.actor.id, state_at=step.now, **said)
        return done(made.pk)
    row = rows.get(item.strategy_id)
    if row is None:
        return refused("not_found", item.strategy_id)
    if row.state not in EDITABLE:
        return refused("strategy_not_editable", row.pk)
    if all(getattr(row, name) == value for name, value in said.items()):
        return unchanged(row.pk)
    Strategy.objects.filter(id=row.pk, state__in=EDITABLE).update(**said)
    return done(row.pk)


@dataclass(frozen=True, slots=True)
class SubmitStrategy:
    strategy_id: int


@command(clause="P1.1", permission=Permission.STRATEGY_EDIT, scope=EVERYWHERE)
def submit_strategy(step: Step, items: Sequence[SubmitStrategy]) -> list[Outcome]:
    """Hand strategies in to be decided on. Refused: not_found, strategy_decided. One handed in is unchanged."""
    ids = sorted({item.strategy_id for item in items})
    rows = {row.pk: row for row in Strategy.objects.select_for_update().filter(id__in=ids).order_by("id")}
    ready = [id_ for id_, row in rows.items() if row.state in EDITABLE]
    due = step.now + timedelta(hours=policies(step)("strategy_decision_hours"))
    step.move(STRATEGY_FLOW, ready, StrategyState.SUBMITTED)
    Strategy.objects.filter(id__in=ready).update(submitted_by=step.actor.id, due_at=due)
    arm(step, [Arm(DECIDE_STRATEGY, id_, due, label=rows[id_].name) for id_ in ready])
    step.emit(*map(StrategySubmitted, ready))
    return [_submitted(item, rows, ready) for item in items]


def _submitted(item: SubmitStrategy, rows: dict[int, Strategy], ready: list[int]) -> Outcome:
    row = rows.get(item.strategy_id)
    if row is None:
        return refused("not_found", item.strategy_id)
    if row.pk in ready:
        return done(row.pk)
    return unchanged(row.pk) if row.state == StrategyState.SUBMITTED else refused("strategy_decided", row.pk)


@dataclass(frozen=True, slots=True)
class WithdrawStrategy:
    strategy_id: int


@command(clause="P1.1", permission=Permission.STRATEGY_EDIT, scope=EVERYWHERE)
def withdraw_strategy(step: Step, items: Sequence[WithdrawStrategy]) -> list[Outcome]:
    """Take back strategies that wait for a decision. Refused: not_found, strategy_decided. A draft is unchanged."""
    ids = sorted({item.strategy_id for item in items})
    rows = {row.pk: row for row in Strategy.objects.select_for_update().filter(id__in=ids).order_by("id")}
    waiting = [id_ for id_, row in rows.items() if row.state == StrategyState.SUBMITTED]
    step.move(STRATEGY_FLOW, waiting, StrategyState.DRAFT, "withdrawn")
    Strategy.objects.filter(id__in=waiting).update(submitted_by=None, due_at=None)
    close(step, DECIDE_STRATEGY, waiting)
    outcomes = []
    for item in items:
        row = rows.get(item.strategy_id)
        if row is None:
            outcomes.append(refused("not_found", item.strategy_id))
        elif row.pk in waiting:
            outcomes.append(done(row.pk))
        else:
            is_draft = row.state in EDITABLE
            outcomes.append(unchanged(row.pk) if is_draft else refused("strategy_decided", row.pk))
    return outcomes


@dataclass(frozen=True, slots=True)
class DecideStrategy:
    """Approve, or return with what is to be changed."""

    strategy_id: int
    decision: Literal["approve", "return"]
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P1.1", permission=Permission.SELECTION_APPROVE, scope=EVERYWHERE)
def decide_strategy(step: Step, items: Sequence[DecideStrategy]) -> list[Outcome]:
    """Decide on strategies; an approved one takes the place of the one in force. Deciders take turns.

    Refused: reason_needed, not_found, own_work, strategy_decided where it does not wait.
    """
    LOCK_STRATEGIES.run()
    outcomes = []
    for item in items:
        row = Strategy.objects.select_for_update().filter(id=item.strategy_id).first()
        code = _decision_refusal(step, item, row)
        if code or row is None:
            outcomes.append(refused(code or "not_found", item.strategy_id))
            continue
        if item.decision == "approve":
            older = list(Strategy.objects.filter(state=StrategyState.APPROVED).values_list("id", flat=True))
            step.move(STRATEGY_FLOW, older, StrategyState.REPLACED, "replaced")
        to = StrategyState.APPROVED if item.decision == "approve" else StrategyState.RETURNED
        step.move(STRATEGY_FLOW, [row.pk], to, item.reason.strip())
        Strategy.objects.filter(id=row.pk).update(
            decided_at=step.now, decided_by=step.actor.id, decision_reason=item.reason.strip(), due_at=None
        )
        close(step, DECIDE_STRATEGY, [row.pk])
        step.emit(StrategyDecided(row.pk, item.decision, item.reason.strip()))
        outcomes.append(done(row.pk))
    return outcomes


def _decision_refusal(step: Step, item: DecideStrategy, row: Strategy | None) -> str:
    if not item.reason.strip():
        return "reason_needed"
    if row is None:
        return "not_found"
    if row.state != StrategyState.SUBMITTED:
        return "strategy_decided"
    return "own_work" if step.actor.id in (row.submitted_by, row.made_by) else ""
