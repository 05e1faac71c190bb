"""O4.1: finance signs a shop's day: its totals are written down and nothing of it is left to settle."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from shopkeeper.flows.fulfilment.settlement.commands.day_duties import days_were_signed
from shopkeeper.flows.fulfilment.settlement.events import DayClosed
from shopkeeper.flows.fulfilment.settlement.permissions import Permission
from shopkeeper.flows.fulfilment.settlement.sql import books as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class CloseDay:
    shop_id: int
    day: date


@command(clause="O4.1", permission=Permission.DAY_CLOSE, scope=InShop())
def close_days(step: Step, items: Sequence[CloseDay]) -> list[Outcome]:
    """Sign days of shops. Entries are dated today or later, never on a signed day: that can never change.

    Refused: "day_not_over"; "day_unsettled" while orders completed that day wait for settlement;
    "day_unbalanced" should the totals not sum to zero; "not_found" for an unknown shop.
    """
    sql.LOCK_SHOPS.run(shops=sorted({item.shop_id for item in items}))  # what is being booked is waited for
    facts = {
        (row.shop_id, row.day): row
        for row in sql.SHOP_DAYS.rows(shops=[i.shop_id for i in items], days=[i.day for i in items])
    }
    verdicts = [_judge(step, item, facts.get((item.shop_id, item.day))) for item in items]
    ready = {(i.shop_id, i.day): facts[i.shop_id, i.day] for i, v in zip(items, verdicts, strict=True) if v is None}
    closed = sql.CLOSE_DAYS.rows(
        now=step.now,
        actor_id=step.actor.id,
        shops=[row.shop_id for row in ready.values()],
        days=[row.day for row in ready.values()],
        settlements=[row.settlements for row in ready.values()],
        refunds=[row.refunds for row in ready.values()],
        totals=[row.totals for row in ready.values()],
    )
    days_were_signed(step, [row.shop_id for row in closed])
    step.emit(*(DayClosed(row.id, row.shop_id, row.day.isoformat()) for row in closed))
    made = {(row.shop_id, row.day): row.id for row in closed}
    outcomes = []
    for item, verdict in zip(items, verdicts, strict=True):
        id_ = made.pop((item.shop_id, item.day), None)
        outcomes.append(verdict or (done(id_) if id_ else unchanged()))
    return outcomes


def _judge(step: Step, item: CloseDay, row: sql.ShopDayRow | None) -> Outcome | None:
    """The refusal or `unchanged` that stands in the way of signing, else None."""
    if row is None:
        return refused("not_found")
    if row.is_closed:
        return unchanged()
    if item.day >= day_of(step.now, ZoneInfo(row.zone)):
        return refused("day_not_over", day=item.day.isoformat())
    if row.unsettled:
        return refused("day_unsettled", count=row.unsettled)
    if sum(json.loads(row.totals).values()):
        return refused("day_unbalanced", day=item.day.isoformat())
    return None
