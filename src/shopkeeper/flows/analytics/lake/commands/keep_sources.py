"""D1.2: buyers and visitors that are ourselves are listed, so that what they do never counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.lake.events import SourceListed, SourceUnlisted
from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.queries.rows import buyer_of
from shopkeeper.flows.analytics.lake.sql import cleaning as sql
from shopkeeper.flows.analytics.lake.states import SourceKind
from shopkeeper.flows.fulfilment.intake.queries.facts import order_facts
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE, ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class ListTestBuyer:
    """The buyer of an order is one of us: orders of theirs, past ones when they are touched again, do not count."""

    order_id: int
    note: Annotated[str, Field(max_length=200)]


@command(clause="D1.2", permission=Permission.SOURCES_KEEP, scope=ShopOf("intake_order", "order_id"))
def list_test_buyers(step: Step, items: Sequence[ListTestBuyer]) -> list[Outcome]:
    """List the buyers of orders as our own testers. Refused: "who_is_needed". One that is listed is unchanged."""
    noted = [item for item in items if item.note.strip()]
    buyers = {order.id: buyer_of(order.subject_id) for order in order_facts({item.order_id for item in noted})}
    notes = {buyers[item.order_id]: item.note.strip() for item in reversed(noted)}
    fresh = _list(step, SourceKind.TEST_BUYER, notes)
    outcomes = []
    for item in items:
        if not item.note.strip():
            outcomes.append(refused("who_is_needed", item.order_id))
            continue
        source = fresh.pop(buyers[item.order_id], None)
        outcomes.append(done(item.order_id, source_id=source) if source else unchanged(item.order_id))
    return outcomes


@dataclass(frozen=True, slots=True)
class ListStaffVisitor:
    """A visitor, by the hash that the lake names it with."""

    visitor: Annotated[str, Field(min_length=8, max_length=80, pattern=r"^[0-9A-Za-z_-]+$")]
    note: Annotated[str, Field(max_length=200)]


@command(clause="D1.2", permission=Permission.SOURCES_KEEP, scope=EVERYWHERE)
def list_staff_visitors(step: Step, items: Sequence[ListStaffVisitor]) -> list[Outcome]:
    """List visitors as our own staff; what they do from now on does not count. Refused: "who_is_needed"."""
    notes = {item.visitor: item.note.strip() for item in reversed(items) if item.note.strip()}
    fresh = _list(step, SourceKind.STAFF_VISITOR, notes)
    outcomes = []
    for item in items:
        if not item.note.strip():
            outcomes.append(refused("who_is_needed"))
            continue
        source = fresh.pop(item.visitor, None)
        outcomes.append(done(source) if source else unchanged())
    return outcomes


def _list(step: Step, kind: SourceKind, notes: dict[str, str]) -> dict[str, int]:
    """List those that are not listed yet; their ids by key."""
    if not notes:
        return {}
    rows = sql.LIST_SOURCES.rows(
        now=step.now, actor=step.actor.id, kinds=[str(kind)] * len(notes), keys=list(notes), notes=list(notes.values())
    )
    step.emit(*(SourceListed(row.id, row.kind) for row in rows))
    return {row.key: row.id for row in rows}


@dataclass(frozen=True, slots=True)
class UnlistSource:
    source_id: int


@command(clause="D1.2", permission=Permission.SOURCES_KEEP, scope=EVERYWHERE)
def unlist_sources(step: Step, items: Sequence[UnlistSource]) -> list[Outcome]:
    """Take buyers or visitors off the list; what was set aside for them stays out until it is put back.

    One that is not listed is unchanged.
    """
    rows = sql.UNLIST.rows(now=step.now, actor=step.actor.id, ids=sorted({item.source_id for item in items}))
    step.emit(*(SourceUnlisted(row.id, row.kind) for row in rows))
    left = {row.id for row in rows}
    outcomes = []
    for item in items:
        outcomes.append(done(item.source_id) if item.source_id in left else unchanged(item.source_id))
        left.discard(item.source_id)
    return outcomes
