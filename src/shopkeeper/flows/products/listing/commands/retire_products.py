"""P2.1: products that are no longer sold, with all their SKUs; and those that come back."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing import deadlines, events
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.flows.products.listing.states import PRODUCT_FLOW, ProductState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class RetireProduct:
    product_id: int
    reason: str


@command(clause="P2.1", permission=Permission.PRODUCT_RETIRE, scope=EVERYWHERE)
def retire_products(step: Step, items: Sequence[RetireProduct]) -> list[Outcome]:
    """Retire products and delist their SKUs. Refused: reason_needed, under_review."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.product_id for item in items}), codes=[])}
    wanted = {item.product_id: item.reason.strip() for item in items if item.reason.strip()}
    retired: set[int] = set()
    for reason in sorted(set(wanted.values())):
        ids = [i for i in sorted(wanted) if wanted[i] == reason]
        retired |= {row.id for row in step.move(PRODUCT_FLOW, ids, ProductState.RETIRED, reason[:300])}
    if retired:
        sql.DELIST.run(ids=sorted(retired))
        close(step, deadlines.RETURNED, sorted(retired), Ending.CANCELLED)
        close(step, deadlines.DRAFTED, sorted(retired), Ending.CANCELLED)
        step.emit(*(events.ProductRetired(i) for i in sorted(retired)))
    outcomes = []
    for item in items:
        row = rows.get(item.product_id)
        if row is None:
            outcomes.append(refused("not_found", item.product_id))
        elif row.state == ProductState.RETIRED:
            outcomes.append(unchanged(row.id))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        else:
            outcomes.append(done(row.id) if row.id in retired else refused("under_review", row.id))
    return outcomes


@dataclass(frozen=True, slots=True)
class ReviveProduct:
    product_id: int


@command(clause="P2.1", permission=Permission.PRODUCT_RETIRE, scope=EVERYWHERE)
def revive_products(step: Step, items: Sequence[ReviveProduct]) -> list[Outcome]:
    """Bring retired products back as drafts, to be reviewed again; their SKUs are put on sale one by one.

    Refused: not_found.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.product_id for item in items}), codes=[])}
    retired = [row.id for row in rows.values() if row.state == ProductState.RETIRED]
    if retired:
        step.move(PRODUCT_FLOW, retired, ProductState.DRAFT)
        step.emit(*(events.ProductRevived(i) for i in retired))
    outcomes = []
    for item in items:
        row = rows.get(item.product_id)
        if row is None:
            outcomes.append(refused("not_found", item.product_id))
        else:
            outcomes.append(done(row.id) if row.id in retired else unchanged(row.id))
    return outcomes
