"""P4.1: what a platform answered when it was told of a listing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from shopkeeper.flows.products.listing.queries.facts import product_facts
from shopkeeper.flows.products.publishing.commands.listing_steps import (
    CHECK_ERRAND,
    TAKE_DOWN_ERRAND,
    names_of,
)
from shopkeeper.flows.products.publishing.commands.stock_steps import Changed, have_told, want_newest
from shopkeeper.flows.products.publishing.commands.sweep_stock import begin_sweeping
from shopkeeper.flows.products.publishing.deadlines import CHECK, MISMATCH, PUBLISH
from shopkeeper.flows.products.publishing.events import ListingFailed, ListingPublished
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.goods import shops_by_id
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.sql import stock
from shopkeeper.flows.products.publishing.states import LISTING_FLOW, ListingState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close, open_now
from shopkeeper.sop.policy import policies

GOING_DOWN = (ListingState.TAKING_DOWN, ListingState.TAKEN_DOWN)


@dataclass(frozen=True, slots=True)
class ToldSku:
    """One variant as the platform took it: its number there, and the quantity it was given with that wish."""

    sku_id: int
    sku_no: str
    quantity: int
    seq: int


@dataclass(frozen=True, slots=True)
class RecordPublishing:
    """`delayed`: no answer yet, it is tried again; `failed`: refused for good."""

    listing_id: int
    answer: Literal["published", "delayed", "failed"]
    item_no: str = ""
    skus: tuple[ToldSku, ...] = ()
    code: str = ""


@command(clause="P4.1", permission=Permission.RECORD, scope=ShopOf("publishing_listing", "listing_id"), internal=True)
def record_publishing(step: Step, items: Sequence[RecordPublishing]) -> list[Outcome]:
    """Note what became of listings: on sale (the check after publishing is set), delayed, or failed.

    One that was taken down meanwhile is taken down once more, now that the platform has it. An answer that
    comes for a listing nobody waits for is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.listing_id for item in items])}
    awaited = [item for item in items if rows[item.listing_id].state == ListingState.PUBLISHING]
    late = [item for item in items if rows[item.listing_id].state in GOING_DOWN and item.answer == "published"]
    _number([item for item in awaited if item.answer == "published"] + late, step)
    _put_on_sale(step, [rows[item.listing_id] for item in awaited if item.answer == "published"])
    for item in late:
        step.errand(Errand(TAKE_DOWN_ERRAND, item.listing_id, step.now, rows[item.listing_id].shop_id))
    troubled = [item for item in awaited if item.answer != "published"]
    if troubled:
        sql.NOTE_ERRORS.run(ids=[i.listing_id for i in troubled], errors=[i.code[:100] for i in troubled])
    failed = [item for item in troubled if item.answer == "failed"]
    step.move(LISTING_FLOW, [item.listing_id for item in failed], ListingState.FAILED)
    _wait_no_more([item.listing_id for item in failed])
    for item in failed:
        row = rows[item.listing_id]
        step.emit(ListingFailed(row.id, row.product_id, row.shop_id, item.code))
    noted = {item.listing_id for item in awaited} | {item.listing_id for item in late}
    return [done(i.listing_id) if i.listing_id in noted else unchanged(i.listing_id) for i in items]


def _wait_no_more(listing_ids: Sequence[int]) -> None:
    """A platform that refuses will not settle a difference: somebody has to."""
    cases = sql.OPEN_CASES_OF.rows(listings=listing_ids) if listing_ids else []
    open_now(MISMATCH, [case.id for case in cases])


def _number(items: Sequence[RecordPublishing], step: Step) -> None:
    if not items:
        return
    sql.PUBLISHED.run(now=step.now, ids=[i.listing_id for i in items], item_nos=[i.item_no for i in items])
    skus = [
        {"listing_id": i.listing_id, "sku_id": s.sku_id, "sku_no": s.sku_no, "quantity": s.quantity, "seq": s.seq}
        for i in items
        for s in i.skus
    ]
    sql.SKUS_PUBLISHED.run(now=step.now, skus=as_json(skus))


def _put_on_sale(step: Step, rows: Sequence[sql.ListingRow]) -> None:
    """The clock of the check starts, the first look is planned, and stock that changed meanwhile is told.

    Until that look neither the check nor an open difference asks anybody for anything.
    """
    if not rows:
        return
    step.move(LISTING_FLOW, [row.id for row in rows], ListingState.ON_SALE)
    close(step, PUBLISH, [row.id for row in rows])
    policy = policies(step)
    names = names_of(product_facts(sorted({row.product_id for row in rows})))
    looks = {row.id: step.now + timedelta(minutes=policy("check_after_minutes", row.shop_id)) for row in rows}
    labels = {row.id: names[row.product_id] for row in rows}
    arm(
        step,
        [
            Arm(
                CHECK,
                row.id,
                step.now + timedelta(hours=policy("check_hours", row.shop_id)),
                shop_id=row.shop_id,
                label=labels[row.id],
                opens_at=looks[row.id],
            )
            for row in rows
        ],
    )
    cases = sql.OPEN_CASES_OF.rows(listings=sorted(looks))
    arm(
        step,
        [
            Arm(MISMATCH, c.id, c.due_at, c.shop_id, label=labels[c.listing_id], opens_at=looks[c.listing_id])
            for c in cases
        ],
    )
    for row in rows:
        step.errand(Errand(CHECK_ERRAND, row.id, looks[row.id], row.shop_id))
        step.emit(ListingPublished(row.id, row.product_id, row.shop_id))
    shops = shops_by_id({row.shop_id for row in rows})
    warehouses = {row.id: shops[row.shop_id].warehouse_id for row in rows}
    want_newest(
        step,
        [
            Changed(sku.sku_id, warehouse_id, step.now)
            for sku in sql.SKUS_OF.rows(ids=[row.id for row in rows])
            if (warehouse_id := warehouses[sku.listing_id]) is not None
        ],
    )
    have_told(step, [row.shop_id for row in stock.WAITING.rows(shops=sorted(shops))])
    begin_sweeping(step, sorted(shops))
