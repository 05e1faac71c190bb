"""M1.2: more than planned is asked for with a reason, and decided by another person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.deadlines import BUDGET_RAISE
from shopkeeper.flows.marketing.campaigns.events import BudgetRaised
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import budget as sql
from shopkeeper.flows.marketing.campaigns.states import RAISE_FLOW, CampaignState, RaiseState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

GOING = (CampaignState.APPROVED, CampaignState.LIVE, CampaignState.ENDED)


@dataclass(frozen=True, slots=True)
class RequestRaise:
    """More for one item, in minor units on top of what is allowed now."""

    item_id: int
    amount_minor: Annotated[int, Field(ge=1, le=10**13)]
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M1.2", permission=Permission.CAMPAIGN_SPEND, scope=ShopOf("campaigns_budgetitem", "item_id"))
def request_raises(step: Step, items: Sequence[RequestRaise]) -> list[Outcome]:
    """Ask for more on budget items; the clock of the decision starts. Done with `facts`: raise_id.

    Refused: "reason_needed", "raise_not_needed" while the plan can still be written, "raise_waits" where another
    amount is being decided. The same amount waiting: unchanged.
    """
    rows = {row.id: row for row in sql.LOCK_ITEMS.rows(items=sorted({item.item_id for item in items}))}
    waiting = {row.item_id: row for row in sql.WAITING.rows(items=sorted(rows))}
    fresh: dict[int, RequestRaise] = {}
    verdicts: list[Outcome | None] = []
    for item in items:
        verdict = _refusal(item, rows[item.item_id], waiting.get(item.item_id))
        if verdict is None and item.item_id in fresh:
            verdict = refused("raise_waits", item.item_id)
        if verdict is None:
            fresh[item.item_id] = item
        verdicts.append(verdict)
    asked = _ask(step, fresh, rows)
    return [
        verdict or done(item.item_id, raise_id=asked[item.item_id])
        for item, verdict in zip(items, verdicts, strict=True)
    ]


def _refusal(item: RequestRaise, row: sql.ItemRow, waiting: sql.RaiseRow | None) -> Outcome | None:
    if not item.reason.strip():
        return refused("reason_needed", row.id)
    if row.campaign_state not in GOING:
        return refused("raise_not_needed", row.id)
    if waiting and waiting.amount_minor == item.amount_minor:
        return unchanged(row.id, raise_id=waiting.id)
    return refused("raise_waits", row.id) if waiting else None


def _ask(step: Step, fresh: dict[int, RequestRaise], rows: dict[int, sql.ItemRow]) -> dict[int, int]:
    """Write the wishes down; their ids by item."""
    if not fresh:
        return {}
    policy = policies(step)
    due = {id_: step.now + timedelta(hours=policy("campaign_raise_hours", rows[id_].shop_id)) for id_ in fresh}
    said = [
        {
            "item_id": id_,
            "shop_id": rows[id_].shop_id,
            "amount_minor": item.amount_minor,
            "reason": item.reason.strip(),
            "due_at": due[id_],
        }
        for id_, item in fresh.items()
    ]
    asked = sql.ASK.rows(wishes=as_json(said), now=step.now, actor_id=step.actor.id)
    arm(
        step,
        [
            Arm(BUDGET_RAISE, row.id, due[row.item_id], shop_id=row.shop_id, label=rows[row.item_id].code)
            for row in asked
        ],
    )
    return {row.item_id: row.id for row in asked}


@dataclass(frozen=True, slots=True)
class DecideRaise:
    """`reason` is needed either way: it stands beside the money."""

    raise_id: int
    approve: bool
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M1.2", permission=Permission.CAMPAIGN_APPROVE, scope=ShopOf("campaigns_budgetraise", "raise_id"))
def decide_raises(step: Step, items: Sequence[DecideRaise]) -> list[Outcome]:
    """Approve or refuse raises; what is approved may be spent at once.

    Refused: "reason_needed", "own_raise" for whoever asked, "raise_decided" the other way. Decided so: unchanged.
    """
    rows = {row.id: row for row in sql.LOCK_RAISES.rows(raises=sorted({item.raise_id for item in items}))}
    decided: dict[int, DecideRaise] = {}
    outcomes = []
    for item in items:
        row = rows[item.raise_id]
        before = decided.get(row.id)
        state = _answer(before) if before else row.state
        if state == _answer(item):
            outcomes.append(unchanged(row.id))
        elif state != RaiseState.WAITING:
            outcomes.append(refused("raise_decided", row.id))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        elif step.actor.id == row.asked_by:
            outcomes.append(refused("own_raise", row.id))
        else:
            decided[row.id] = item
            outcomes.append(done(row.id))
    _decide(step, decided, rows)
    return outcomes


def _answer(item: DecideRaise) -> RaiseState:
    return RaiseState.APPROVED if item.approve else RaiseState.REFUSED


def _decide(step: Step, decided: dict[int, DecideRaise], rows: dict[int, sql.RaiseRow]) -> None:
    reasons = [item.reason.strip() for item in decided.values()]
    sql.NOTE_DECIDED.run(raises=list(decided), reasons=reasons, actor_id=step.actor.id)
    given = [rows[id_] for id_, item in decided.items() if item.approve]
    sql.RAISE.run(items=[row.item_id for row in given], amounts=[row.amount_minor for row in given])
    step.move(RAISE_FLOW, [row.id for row in given], RaiseState.APPROVED)
    step.move(RAISE_FLOW, [id_ for id_, item in decided.items() if not item.approve], RaiseState.REFUSED)
    close(step, BUDGET_RAISE, list(decided))
    step.emit(*(BudgetRaised(row.campaign_id, row.shop_id, row.item_id, row.amount_minor) for row in given))
