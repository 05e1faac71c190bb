"""D1.1: the lake is written anew from the facts and the log, where somebody doubts it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.lake.commands.judging import judge
from shopkeeper.flows.analytics.lake.commands.tidying import merge_fresh
from shopkeeper.flows.analytics.lake.commands.write_lake import event_row
from shopkeeper.flows.analytics.lake.commands.writing import Batch, begin
from shopkeeper.flows.analytics.lake.deadlines import LAKE_REBUILD
from shopkeeper.flows.analytics.lake.events import LakeRebuilt
from shopkeeper.flows.analytics.lake.models import THE_LAKE
from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.queries.rows import (
    Rows,
    order_rows,
    parcel_rows,
    rating_rows,
    read_orders,
    ticket_rows,
)
from shopkeeper.flows.analytics.lake.sql import manifest as sql
from shopkeeper.flows.fulfilment.intake.queries.facts import order_ids
from shopkeeper.flows.fulfilment.parcels.queries.facts import parcel_ids
from shopkeeper.flows.service.feedback.queries.facts import survey_ids
from shopkeeper.flows.service.tickets.queries.facts import ticket_ids
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.readers import NEXT_EVENTS
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close

PIECE = 5_000
# What stands in the lake only is kept: the stock of past nights, and traffic, whose source files are not kept for ever.
REBUILT = ("orders", "order_lines", "refunds", "parcels", "tickets", "ratings", "events")


@dataclass(frozen=True, slots=True)
class AskRebuild:
    reason: Annotated[str, Field(max_length=300)]


@command(clause="D1.1", permission=Permission.REBUILD, scope=EVERYWHERE)
def ask_rebuild(step: Step, items: Sequence[AskRebuild]) -> list[Outcome]:
    """Have the lake written anew by the worker, where somebody doubts it. It may be read on meanwhile.

    Refused: "reason_needed". One that is asked for already is unchanged.
    """
    begin(step)
    outcomes = []
    for item in items:
        if not item.reason.strip():
            outcomes.append(refused("reason_needed"))
        elif sql.ASK_REBUILD.run(now=step.now, reason=item.reason.strip()):
            arm(step, [Arm(LAKE_REBUILD, THE_LAKE, step.now)])
            outcomes.append(done(THE_LAKE))
        else:
            outcomes.append(unchanged(THE_LAKE))
    return outcomes


@dataclass(frozen=True, slots=True)
class RebuildLake:
    watermark_id: int = THE_LAKE


@command(clause="D1.1", permission=Permission.WRITE, scope=EVERYWHERE, internal=True)
def rebuild_lake(step: Step, items: Sequence[RebuildLake]) -> list[Outcome]:
    """Write orders, parcels, tickets, surveys and the event log anew; readers see the old lake until the commit.

    Verdicts of cleaning stay as they are. Unchanged where nobody asks for it.
    """
    batch = begin(step)
    close(step, LAKE_REBUILD, [THE_LAKE])
    if batch.was.rebuild_asked_at is None:
        return [unchanged(item.watermark_id) for item in items]
    batch.list_files([file.name for file in sql.VISIBLE.rows() if file.table in REBUILT])
    for ids, rows in _sources(batch):
        _write_all(batch, ids, rows)
    end = _write_events(batch)
    batch.list_files()
    row_count, batch.written = batch.row_count, []
    batch.list_files(merge_fresh(batch))
    sql.ADVANCE.run(
        batch=batch.number,
        now=step.now,
        xid=end[0],
        event_id=end[1],
        spool_id=batch.was.spool_id,
        figure_set_id=batch.was.figure_set_id,
        read_until=step.now,
    )
    sql.REBUILT.run(now=step.now)
    step.emit(LakeRebuilt(len(batch.written), row_count, batch.was.rebuild_reason))
    outcome = done(THE_LAKE, files=len(batch.written), rows=row_count)
    return [outcome, *(unchanged(item.watermark_id) for item in items[1:])]


def _sources(batch: Batch) -> list[tuple[Callable[[int, int], list[int]], Callable[[list[int]], Rows]]]:
    number = batch.number

    def orders(ids: list[int]) -> Rows:
        read = read_orders(ids)
        return order_rows(read, judge(batch.step, read), number)

    return [
        (order_ids, orders),
        (parcel_ids, lambda ids: {"parcels": parcel_rows(ids, number)}),
        (ticket_ids, lambda ids: {"tickets": ticket_rows(ids, number)}),
        (survey_ids, lambda ids: {"ratings": rating_rows(ids, number)}),
    ]


def _write_all(batch: Batch, ids: Callable[[int, int], list[int]], rows: Callable[[list[int]], Rows]) -> None:
    """Everything of one kind, a piece at a time."""
    after = 0
    while piece := ids(after, PIECE):
        batch.put(rows(piece))
        after = piece[-1]


def _write_events(batch: Batch) -> tuple[int, int]:
    """The log from its beginning as far as it can be read; where that is."""
    xid, event_id = 0, 0
    while events := NEXT_EVENTS.rows(xid=xid, event_id=event_id, limit=PIECE):
        batch.put({"events": [event_row(row, batch.number) for row in events]})
        xid, event_id = events[-1].xid, events[-1].id
    return xid, event_id
