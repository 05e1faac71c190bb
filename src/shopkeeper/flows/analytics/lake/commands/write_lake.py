"""D1.1: what the event log speaks of is read as it stands now, cleaned, and written into the lake."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from shopkeeper.flows.analytics.lake.commands.judging import judge, widened
from shopkeeper.flows.analytics.lake.commands.traffic import put_back_rows, take_in_figures, take_in_spools
from shopkeeper.flows.analytics.lake.commands.writing import Batch, begin
from shopkeeper.flows.analytics.lake.deadlines import LAKE_NIGHT, LAKE_WRITE
from shopkeeper.flows.analytics.lake.models import THE_LAKE
from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.queries.rows import (
    Row,
    Rows,
    order_rows,
    parcel_rows,
    rating_rows,
    read_orders,
    ticket_rows,
)
from shopkeeper.flows.analytics.lake.records.files import HOME
from shopkeeper.flows.analytics.lake.rules.slots import next_slot
from shopkeeper.flows.analytics.lake.rules.touched import Touched, touched
from shopkeeper.flows.analytics.lake.sql import manifest as sql
from shopkeeper.flows.fulfilment.intake.queries.facts import history_taken_in
from shopkeeper.flows.service.aftersale.queries.facts import tickets_of_cases
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.readers import NEXT_EVENTS, EventRow
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.clock import SHOP_ZONE, next_of
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import clock_times, policies

# Whoever follows the log waits until this is committed: pieces of well under a second, and a breath between them.
EVENTS_MOST = 5_000


@dataclass(frozen=True, slots=True)
class CallForWrite:
    watermark_id: int = THE_LAKE


@command(clause="D1.1", permission=Permission.WRITE, scope=EVERYWHERE, internal=True)
def call_for_write(step: Step, items: Sequence[CallForWrite]) -> list[Outcome]:
    """Something happened: it is written at the next of the policy's moments, and the night will tidy up."""
    arm_write(step)
    arm_night(step)
    return [done(item.watermark_id) for item in items]


@dataclass(frozen=True, slots=True)
class WriteLake:
    watermark_id: int = THE_LAKE


@command(clause="D1.1", permission=Permission.WRITE, scope=EVERYWHERE, internal=True)
def write_lake(step: Step, items: Sequence[WriteLake]) -> list[Outcome]:
    """Write everything announced since the last write, up to a bound; what is left follows a second later.

    Files lie in their places before the commit that lists them, under the write's number: killed in between, the
    write is repeated under the same names, and nothing is seen twice. Unchanged where nothing was announced.
    """
    batch = begin(step)
    events = NEXT_EVENTS.rows(xid=batch.was.xid, event_id=batch.was.event_id, limit=EVENTS_MOST)
    traffic, spool_id = take_in_spools(batch)
    found = touched((row.type, json.loads(row.data), row.occurred_at) for row in events)
    rows = _rows(batch, found)
    rows["traffic"] = traffic + put_back_rows(batch, found.put_back)
    figure_set_id = batch.was.figure_set_id
    if found.has_figures:
        rows["traffic_figures"], figure_set_id = take_in_figures(batch)
    rows["events"] = [event_row(row, batch.number) for row in events]
    if not events and not any(rows.values()) and spool_id == batch.was.spool_id:
        close(step, LAKE_WRITE, [THE_LAKE])
        return [unchanged(item.watermark_id) for item in items]
    batch.put(rows)
    batch.list_files()
    _advance(batch, events, spool_id, figure_set_id)
    if len(events) == EVENTS_MOST:
        arm(step, [Arm(LAKE_WRITE, THE_LAKE, step.now + timedelta(seconds=1))])
    else:
        close(step, LAKE_WRITE, [THE_LAKE])
    return [done(item.watermark_id, events=len(events), rows=batch.row_count) for item in items[:1]] + [
        unchanged(item.watermark_id) for item in items[1:]
    ]


def _rows(batch: Batch, found: Touched) -> Rows:
    """Everything the batch speaks of, as it stands now; orders with the marks cleaning gives them."""
    number = batch.number
    orders = found.orders | set(history_taken_in(sorted(found.histories)))
    read = read_orders(widened(batch.step, orders))
    rows = order_rows(read, judge(batch.step, read), number)
    tickets = found.tickets | set(tickets_of_cases(found.cases) if found.cases else ())
    rows["parcels"] = parcel_rows(found.parcels, number)
    rows["tickets"] = ticket_rows(tickets, number)
    rows["ratings"] = rating_rows(found.surveys, number)
    return rows


def event_row(event: EventRow, version: int) -> Row:
    """An announcement as it stands in the log."""
    at = event.occurred_at.astimezone(SHOP_ZONE).replace(tzinfo=None)
    return {
        "biz_date": at.date(),
        HOME: at.date(),
        "version": version,
        "position": event.id,
        "kind": event.type,
        "occurred_at": at,
        "shop_id": json.loads(event.data).get("shop_id"),
        "clause": event.clause,
        "data": event.data,
    }


def _advance(batch: Batch, events: Sequence[EventRow], spool_id: int, figure_set_id: int) -> None:
    last = events[-1] if events else None
    sql.ADVANCE.run(
        batch=batch.number,
        now=batch.step.now,
        xid=last.xid if last else batch.was.xid,
        event_id=last.id if last else batch.was.event_id,
        spool_id=spool_id,
        figure_set_id=figure_set_id,
        read_until=max((row.occurred_at for row in events), default=batch.was.read_until),
    )


def arm_write(step: Step) -> None:
    """The next moment of the grid: called for again within the same stretch it stays where it is."""
    minutes = policies(step)("lake_write_minutes")
    arm(step, [Arm(LAKE_WRITE, THE_LAKE, next_slot(step.now, minutes))])


def arm_night(step: Step) -> None:
    times: list[time] = clock_times(policies(step)("lake_night_time"))
    arm(step, [Arm(LAKE_NIGHT, THE_LAKE, next_of(step.now, times))])
