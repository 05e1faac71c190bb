"""M3.2: stock will not last: pieces are called for at once, and whoever buys says when they come."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.watch.commands.acting import Rows, act
from shopkeeper.flows.marketing.watch.commands.ending import end_presales_of
from shopkeeper.flows.marketing.watch.deadlines import RESTOCK_CALL
from shopkeeper.flows.marketing.watch.events import RestockAnswered, RestockArrived, RestockCalled
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.sql import alerts as alert_sql
from shopkeeper.flows.marketing.watch.sql import supply as sql
from shopkeeper.flows.marketing.watch.states import CALL_FLOW, ActionKind, CallState, PresaleState
from shopkeeper.flows.products.stock.commands.remind_restock import RemindRestock, remind_restock
from shopkeeper.flows.products.stock.queries.restocking import open_reminder_of
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE, ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

OPEN = (CallState.ASKED, CallState.PROMISED)


@dataclass(frozen=True, slots=True)
class CallRestock:
    """Without `quantity` as many pieces as the pace takes to the campaign's end."""

    alert_id: int
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    note: Annotated[str, Field(max_length=300)] = ""


@command(clause="M3.2", permission=Permission.ALERT_ANSWER, scope=ShopOf("watch_alert", "alert_id"))
def call_restock(step: Step, items: Sequence[CallRestock]) -> list[Outcome]:
    """Call for pieces; the product specialist answers in the policy's hours. Below its threshold the SKU's own
    restock reminder is opened, or gets today's figures. `facts["reference"]` is the call.

    Refused as any action: "alert_over", "action_unfit", "campaign_not_live".
    """

    def perform(fit: Sequence[CallRestock], rows: Rows) -> list[tuple[Outcome, str]]:
        skus = sorted({rows[item.alert_id].sku_id or 0 for item in fit})
        remind_restock.within(step, [RemindRestock(sku_id) for sku_id in skus])
        reminders = {sku_id: open_reminder_of(sku_id) for sku_id in skus}
        calls = {item.alert_id: _call(step, item, rows[item.alert_id], reminders) for item in fit}
        return _called(step, fit, rows, calls)

    return act(step, items, ActionKind.URGENT_RESTOCK, perform)


def _call(step: Step, item: CallRestock, row: alert_sql.AlertRow, reminders: dict[int, int | None]) -> dict[str, Any]:
    facts = json.loads(row.facts)
    hours = timedelta(hours=policies(step)("watch_restock_answer_hours", row.shop_id))
    last = max(step.now, row.opened_at + timedelta(minutes=facts.get("minutes_left") or 0))
    return {
        "campaign_id": row.campaign_id,
        "shop_id": row.shop_id,
        "alert_id": row.id,
        "sku_id": row.sku_id,
        "quantity": item.quantity or facts["needed"],
        "needed_by": min(last, row.ends_at),
        "reminder_id": reminders[row.sku_id or 0],
        "due_at": step.now + hours,
        "note": item.note.strip(),
    }


def _called(
    step: Step, fit: Sequence[CallRestock], rows: Rows, calls: dict[int, dict[str, Any]]
) -> list[tuple[Outcome, str]]:
    made = sql.CALL.rows(now=step.now, actor_id=step.actor.id, calls=as_json(list(calls.values())))
    ids = {row.alert_id: row.id for row in made}
    arms = []
    for row in made:
        if row.is_new:
            given, alert = calls[row.alert_id], rows[row.alert_id]
            label = f"{alert.code} {alert.sku_code}"
            arms.append(Arm(RESTOCK_CALL, row.id, given["due_at"], row.shop_id, None, label))
            step.emit(RestockCalled(row.id, row.campaign_id, row.shop_id, row.sku_id, given["quantity"]))
    arm(step, arms)
    return [(done(ids[item.alert_id]), item.note.strip()) for item in fit]


@dataclass(frozen=True, slots=True)
class AnswerRestock:
    """Pieces and the moment they come; both empty: none can be had, and `note` says why."""

    call_id: int
    arrives_at: datetime | None = None
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    note: Annotated[str, Field(max_length=300)] = ""


@command(clause="M3.2", permission=Permission.RESTOCK_ANSWER, scope=ShopOf("watch_restockcall", "call_id"))
def answer_restock(step: Step, items: Sequence[AnswerRestock]) -> list[Outcome]:
    """Say when pieces come; it may be said anew until they are there. In time, a presale only proposed is dropped.

    Refused: "call_over", "arrival_not_ahead", "arrival_half_said" for one of moment and pieces,
    "restock_note_needed" where none can be had. The same again is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK_CALLS.rows(ids=sorted({item.call_id for item in items}))}
    answered: dict[int, AnswerRestock] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.call_id]
        outcome = unchanged(row.id) if row.id in answered else _judge(step, item, row)
        outcomes.append(outcome)
        if outcome.changed:
            answered[row.id] = item
    _answer(step, answered, rows)
    return outcomes


def _judge(step: Step, item: AnswerRestock, row: sql.CallRow) -> Outcome:
    said = (item.arrives_at, item.quantity)
    if row.state in (CallState.ARRIVED, CallState.ENDED):
        return refused("call_over", row.id)
    if row.state == CallState.PROMISED and said == (row.arrives_at, row.promised_quantity):
        return unchanged(row.id)
    if row.state == CallState.CANNOT and said == (None, None):
        return unchanged(row.id)
    if said == (None, None):
        return (
            done(row.id, state=str(CallState.CANNOT)) if item.note.strip() else refused("restock_note_needed", row.id)
        )
    if item.arrives_at is None or item.quantity is None:
        return refused("arrival_half_said", row.id)
    if item.arrives_at <= step.now:
        return refused("arrival_not_ahead", row.id)
    return done(row.id, state=str(CallState.PROMISED))


def _answer(step: Step, answered: dict[int, AnswerRestock], rows: dict[int, sql.CallRow]) -> None:
    if not answered:
        return
    said = [
        {"id": id_, "arrives_at": item.arrives_at, "quantity": item.quantity, "note": item.note.strip()}
        for id_, item in answered.items()
    ]
    promised = [id_ for id_, item in answered.items() if item.arrives_at]
    # A promise has a moment at all times: it is taken back before its moment, and given after it.
    step.move(CALL_FLOW, [id_ for id_ in answered if id_ not in promised], CallState.CANNOT)
    sql.ANSWER_CALLS.run(now=step.now, actor_id=step.actor.id, answers=as_json(said))
    step.move(CALL_FLOW, promised, CallState.PROMISED)
    close(step, RESTOCK_CALL, list(answered))
    for id_, item in answered.items():
        row, at = rows[id_], item.arrives_at
        step.emit(RestockAnswered(id_, row.campaign_id, row.shop_id, row.sku_id, at.isoformat() if at else ""))
    _drop_needless(step, [rows[id_] for id_ in promised], answered)


def _drop_needless(step: Step, calls: Sequence[sql.CallRow], answered: dict[int, AnswerRestock]) -> None:
    """Presales nobody decided on yet, of SKUs whose pieces now come before the last is sold."""
    in_time = {
        (row.campaign_id, row.sku_id)
        for row in calls
        if (at := answered[row.id].arrives_at) is not None and at <= row.needed_by
    }
    if in_time:
        presales = sql.PRESALES_OF.rows(campaigns=sorted({campaign_id for campaign_id, _ in in_time}))
        needless = [
            row for row in presales if row.state == PresaleState.PROPOSED and (row.campaign_id, row.sku_id) in in_time
        ]
        end_presales_of(step, needless, "restock_in_time")


@dataclass(frozen=True, slots=True)
class NoteArrival:
    sku_id: int


@command(clause="M3.2", permission=Permission.KEEP, scope=EVERYWHERE, internal=True)
def note_arrivals(step: Step, items: Sequence[NoteArrival]) -> list[Outcome]:
    """Pieces of SKUs were received: the calls for them are answered by the fact. No call: unchanged."""
    rows = sql.OPEN_CALLS_OF_SKUS.rows(skus=sorted({item.sku_id for item in items}))
    moved = {moved.id for moved in step.move(CALL_FLOW, [row.id for row in rows], CallState.ARRIVED)}
    arrived = [row for row in rows if row.id in moved]
    sql.ARRIVED.run(now=step.now, ids=[row.id for row in arrived])
    close(step, RESTOCK_CALL, [row.id for row in arrived])
    step.emit(*(RestockArrived(row.id, row.campaign_id, row.shop_id, row.sku_id) for row in arrived))
    skus = {row.sku_id for row in arrived}
    return [done(item.sku_id) if item.sku_id in skus else unchanged(item.sku_id) for item in items]
