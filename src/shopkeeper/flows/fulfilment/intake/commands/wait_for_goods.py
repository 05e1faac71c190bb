"""O1.3: a buyer agreed to wait for goods that are missing: until then nobody has to decide about the order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.fulfilment.intake.events import BuyerWaits
from shopkeeper.flows.fulfilment.intake.holds import SHORTAGES
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.sql import holds as hold_sql
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import clock_times, policies

MOST_DAYS = 180  # as far ahead as goods may be expected from a supplier


@dataclass(frozen=True, slots=True)
class WaitForGoods:
    """The buyer waits until the shop's day `until`; `reason` is what was agreed, nothing personal in it."""

    order_id: int
    until: date
    reason: Annotated[str, Field(max_length=300)]


@command(clause="O1.3", permission=Permission.ORDER_CHECK, scope=ShopOf("intake_order", "order_id"))
def wait_for_goods(step: Step, items: Sequence[WaitForGoods]) -> list[Outcome]:
    """Note that buyers wait until a day for goods that are missing: deciding about their orders waits, too.

    Where goods are all an order lacks, it is asked about again at that day's first check session; goods that arrive
    before go to it as ever. One that was overdue is on record as late before it waits. Refused: wrong_state,
    not_short, reason_needed, until_in_past, until_too_far. The same day again is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.order_id for item in items])}
    at = clock_times(policies(step)("check_times"))[0]
    known = hold_sql.PUT_OFF.rows(orders=sorted(rows), shortages=list(SHORTAGES))
    agreed: dict[int, datetime | None] = {row.order_id: row.agreed_until for row in known}
    noted: dict[int, WaitForGoods] = {}
    outcomes = []
    for item in items:
        until = at_time(item.until, at)
        if code := _refusal(item, rows[item.order_id], step.now):
            outcomes.append(refused(code, item.order_id, days=MOST_DAYS))
        elif agreed.get(item.order_id) == until:
            outcomes.append(unchanged(item.order_id))
        else:
            agreed[item.order_id], noted[item.order_id] = until, item
            outcomes.append(done(item.order_id, until=item.until.isoformat()))
    if noted:
        hold_sql.AGREE.run(
            orders=list(noted),
            untils=[at_time(item.until, at).isoformat() for item in noted.values()],
            shortages=list(SHORTAGES),
        )
        holds_left(step, sorted(noted))
        step.emit(
            *(
                BuyerWaits(id_, rows[id_].shop_id, item.until.isoformat(), item.reason.strip())
                for id_, item in noted.items()
            )
        )
    return outcomes


def _refusal(item: WaitForGoods, row: sql.OrderRow, now: datetime) -> str:
    today = day_of(now)
    if row.state != OrderState.TO_CHECK:
        return "wrong_state"
    if not set(SHORTAGES).intersection(row.open_holds):
        return "not_short"
    if not item.reason.strip():
        return "reason_needed"
    if item.until <= today:
        return "until_in_past"
    return "until_too_far" if item.until > today + timedelta(days=MOST_DAYS) else ""
