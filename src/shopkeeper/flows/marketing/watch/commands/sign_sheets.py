"""M3.1: a day of 《活动监控表》 is over; somebody who recorded none of it looks it through and signs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from shopkeeper.flows.marketing.watch.commands.counting import HourKey, traffic_of
from shopkeeper.flows.marketing.watch.deadlines import HOUR_RECORD, SHEET_SIGN
from shopkeeper.flows.marketing.watch.events import SheetSigned
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.rules.hours import must_be_recorded
from shopkeeper.flows.marketing.watch.sql import sheets as sql
from shopkeeper.flows.marketing.watch.sql.traffic import TrafficRow
from shopkeeper.flows.marketing.watch.states import SHEET_FLOW, SheetState, TrafficSource
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import at_time
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class SignSheet:
    """The reason is only needed where hours are without figures: why the day is signed all the same."""

    sheet_id: int
    reason: Annotated[str, Field(max_length=300)] = ""


@command(clause="M3.1", permission=Permission.SHEET_SIGN, scope=ShopOf("watch_daysheet", "sheet_id"))
def sign_sheets(step: Step, items: Sequence[SignSheet]) -> list[Outcome]:
    """Sign days: their figures change no more. Records still awaited for them are given up.

    Refused: "sheet_not_over", "own_sheet" where the actor recorded an hour of it, "sheet_has_gaps" for hours
    without figures and without a reason. A signed one is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.sheet_id for item in items}))}
    hours: dict[int, list[sql.HourRow]] = defaultdict(list)
    for hour in sql.HOURS.rows(ids=list(rows)):
        hours[hour.sheet_id].append(hour)
    wanted = [(rows[h.sheet_id].shop_id, rows[h.sheet_id].campaign_id, h.hour) for day in hours.values() for h in day]
    traffic = traffic_of(step, wanted)
    signing: dict[int, SignSheet] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows[item.sheet_id]
        outcome = unchanged(row.id) if row.id in signing else _judge(step, item, row, hours[row.id], traffic)
        outcomes.append(outcome)
        if outcome.changed:
            signing[row.id] = item
    _sign(step, signing, rows, hours, traffic)
    return outcomes


def _judge(
    step: Step,
    item: SignSheet,
    row: sql.SheetRow,
    hours: Sequence[sql.HourRow],
    traffic: dict[HourKey, TrafficRow],
) -> Outcome:
    zone, policy = ZoneInfo(row.zone), policies(step)
    if row.state == SheetState.SIGNED:
        return unchanged(row.id)
    if row.next_hour is not None and row.next_hour < at_time(row.day + timedelta(days=1), time.min, zone):
        return refused("sheet_not_over", row.id, day=row.day.isoformat())
    told = [traffic.get((row.campaign_id, hour.hour)) for hour in hours]
    if any(t and t.source != TrafficSource.COLLECTOR and t.entered_by == step.actor.id for t in told):
        return refused("own_sheet", row.id)
    window = policy("watch_record_from_hour", row.shop_id), policy("watch_record_to_hour", row.shop_id)
    gaps = sum(t is None and must_be_recorded(hour.hour, *window, zone) for hour, t in zip(hours, told, strict=True))
    if gaps and not item.reason.strip():
        return refused("sheet_has_gaps", row.id, gaps=gaps)
    return done(row.id, gaps=gaps)


def _sign(
    step: Step,
    signing: dict[int, SignSheet],
    rows: dict[int, sql.SheetRow],
    hours: dict[int, list[sql.HourRow]],
    traffic: dict[HourKey, TrafficRow],
) -> None:
    if not signing:
        return
    totals = {id_: _totals(rows[id_].campaign_id, hours[id_], traffic) for id_ in signing}
    signed = [{"id": id_, "reason": item.reason.strip(), "totals": totals[id_]} for id_, item in signing.items()]
    sql.SIGN.run(now=step.now, actor_id=step.actor.id, sheets=as_json(signed))
    step.move(SHEET_FLOW, list(signing), SheetState.SIGNED)
    close(step, SHEET_SIGN, list(signing))
    close(step, HOUR_RECORD, [hour.reading_id for id_ in signing for hour in hours[id_]], Ending.CANCELLED)
    for id_ in signing:
        row = rows[id_]
        step.emit(SheetSigned(id_, row.campaign_id, row.shop_id, row.day.isoformat()))


def _totals(campaign_id: int, hours: Sequence[sql.HourRow], traffic: dict[HourKey, TrafficRow]) -> dict[str, Any]:
    """The day as it stood when it was signed. Buyers and visitors are sums of hours, not of different people."""
    told = [row for hour in hours if (row := traffic.get((campaign_id, hour.hour)))]
    return {
        "hours": len(hours),
        "hours_with_traffic": len(told),
        "exposures": sum(row.exposures or 0 for row in told),
        "clicks": sum(row.clicks or 0 for row in told),
        "visitors": sum(row.visitors for row in told),
        "orders": sum(hour.orders for hour in hours),
        "buyers": sum(hour.buyers for hour in hours),
        "new_customers": sum(hour.new_customers for hour in hours),
        "pieces": sum(hour.pieces for hour in hours),
        "paid_minor": sum(hour.paid_minor for hour in hours),
        "stock_left": hours[-1].stock_left if hours else None,
    }
