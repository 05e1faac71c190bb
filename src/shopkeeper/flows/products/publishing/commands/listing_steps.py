"""What the commands on listings share: having them published, taken down, read back, and their clocks."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from shopkeeper.flows.products.listing.queries.facts import ProductFacts
from shopkeeper.flows.products.publishing.deadlines import CHECK, MISMATCH, PUBLISH
from shopkeeper.flows.products.publishing.events import ListingWanted, MismatchClosed
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import (
    LISTING_FLOW,
    MISMATCH_FLOW,
    ListingState,
    MismatchEnding,
    MismatchState,
)
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.errands import Errand
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

PUBLISH_ERRAND = "publish_listing"
TAKE_DOWN_ERRAND = "take_down_listing"
CHECK_ERRAND = "check_listing"


def have_published(
    step: Step, rows: Sequence[sql.ListingRow], labels: Mapping[int, str], relists: Sequence[int] = ()
) -> None:
    """Have listings told to their shops; `relists` are only to be put up again if nothing else changed.

    `labels` name the product of each listing for the work list.
    """
    if not rows:
        return
    waiting = [row.id for row in rows if row.state != ListingState.TO_PUBLISH]
    step.move(LISTING_FLOW, waiting, ListingState.TO_PUBLISH)
    sql.WANT_AGAIN.run(now=step.now, actor_id=step.actor.id, ids=[row.id for row in rows], relists=sorted(relists))
    policy = policies(step)
    arm(
        step,
        [
            Arm(
                PUBLISH,
                row.id,
                step.now + timedelta(hours=policy("publish_hours", row.shop_id)),
                shop_id=row.shop_id,
                label=labels.get(row.product_id, ""),
            )
            for row in rows
        ],
    )
    for row in rows:
        step.errand(Errand(PUBLISH_ERRAND, row.id, step.now, row.shop_id))
        step.emit(ListingWanted(row.id, row.product_id, row.shop_id))


def end_sale(step: Step, rows: Sequence[sql.ListingRow], reasons: Mapping[int, str]) -> None:
    """Have listings taken off sale, with the reason of each."""
    if not rows:
        return
    ids = [row.id for row in rows]
    step.move(LISTING_FLOW, ids, ListingState.TAKING_DOWN, next(iter(reasons.values()), ""))
    sql.NOTE_REASONS.run(ids=ids, reasons=[reasons.get(row.id, "")[:300] for row in rows])
    close(step, PUBLISH, ids, Ending.CANCELLED)
    close(step, CHECK, ids, Ending.CANCELLED)
    step.errand(*(Errand(TAKE_DOWN_ERRAND, row.id, step.now, row.shop_id) for row in rows))


def have_read_back(step: Step, rows: Sequence[sql.ListingRow]) -> None:
    """Have listings read back now."""
    step.errand(*(Errand(CHECK_ERRAND, row.id, step.now, row.shop_id) for row in rows))


def end_cases(
    step: Step, cases: Sequence[sql.CaseRow], ending: MismatchEnding, reasons: Mapping[int, str] | None = None
) -> None:
    """Close cases with how they ended; their deadlines end with them."""
    if not cases:
        return
    ids = [case.id for case in cases]
    given = reasons or {}
    sql.END_CASES.run(
        now=step.now,
        actor_id=step.actor.id,
        ids=ids,
        endings=[str(ending)] * len(ids),
        reasons=[given.get(id_, "")[:300] for id_ in ids],
    )
    step.move(MISMATCH_FLOW, ids, MismatchState.CLOSED, str(ending))
    close(step, MISMATCH, ids)
    step.emit(*(MismatchClosed(case.id, case.listing_id, case.shop_id, str(ending)) for case in cases))


def names_of(products: Mapping[int, ProductFacts]) -> dict[int, str]:
    """How the work list names each product."""
    return {product.id: f"{product.code} {product.title}" for product in products.values()}
