"""P2.2: pictures are put in order, or taken off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing import deadlines, events
from shopkeeper.flows.products.listing.batches.versions import step_up
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.sql import pictures as sql
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class RemoveImage:
    image_id: int


@command(clause="P2.2", permission=Permission.IMAGE_EDIT, scope=EVERYWHERE)
def remove_images(step: Step, items: Sequence[RemoveImage]) -> list[Outcome]:
    """Take pictures off; one that is not there any more is unchanged. Refused: under_review, product_retired."""
    there = {row.id: row for row in sql.OF_IDS.rows(ids=sorted({item.image_id for item in items}))}
    products = _locked(row.product_id for row in there.values())
    ids = sorted(row.id for row in there.values() if not _closed(products[row.product_id]))
    if ids:
        sql.REMOVE.run(ids=ids)
        close(step, deadlines.PICTURE, ids, Ending.DONE)
        step_up(step, edited={there[i].product_id: ("images",) for i in ids}, pictures_only=True)
        step.emit(*(events.ImageRemoved(i, there[i].product_id) for i in ids))
    outcomes = []
    for item in items:
        row = there.get(item.image_id)
        closed = _closed(products[row.product_id]) if row else ""
        outcomes.append(refused(closed, item.image_id) if closed else done(row.id) if row else unchanged(item.image_id))
    return outcomes


@dataclass(frozen=True, slots=True)
class OrderImages:
    """All pictures of a product, in the order they are to stand."""

    product_id: int
    image_ids: tuple[int, ...]


@command(clause="P2.2", permission=Permission.IMAGE_EDIT, scope=EVERYWHERE)
def order_images(step: Step, items: Sequence[OrderImages]) -> list[Outcome]:
    """Put pictures in order. Refused: images_changed (these are not all of them), under_review, product_retired."""
    products = _locked(item.product_id for item in items)
    standing: dict[int, list[int]] = {product_id: [] for product_id in products}
    for row in sql.OF_PRODUCTS.rows(ids=sorted(products)):
        standing[row.product_id].append(row.id)
    orders: dict[int, tuple[int, ...]] = {}
    outcomes = []
    for item in items:
        product = products.get(item.product_id)
        if product is None:
            outcomes.append(refused("not_found", item.product_id))
        elif _closed(product):
            outcomes.append(refused(_closed(product), product.id))
        elif list(item.image_ids) == standing[product.id]:
            outcomes.append(unchanged(product.id))
        elif sorted(item.image_ids) != sorted(standing[product.id]):
            outcomes.append(refused("images_changed", product.id))
        else:
            orders[product.id], standing[product.id] = item.image_ids, list(item.image_ids)
            outcomes.append(done(product.id))
    if orders:
        places = [(i, place) for ids in orders.values() for place, i in enumerate(ids)]
        sql.PUT_IN_ORDER.run(ids=[i for i, _ in places], places=[place for _, place in places])
        step_up(step, edited=dict.fromkeys(orders, ("images",)), pictures_only=True)
    return outcomes


def _locked(ids: Iterable[int]) -> dict[int, sql.ProductRow]:
    wanted = sorted(set(ids))
    return {row.id: row for row in sql.LOCK_PRODUCTS.rows(ids=wanted)}


def _closed(product: sql.ProductRow) -> str:
    """Why a product's pictures may not change now; empty where they may."""
    if product.state == ProductState.SUBMITTED:
        return "under_review"
    return "product_retired" if product.state == ProductState.RETIRED else ""
