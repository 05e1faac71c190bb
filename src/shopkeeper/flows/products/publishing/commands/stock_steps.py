"""P5 within other commands: what each shop may show is worked out anew, and the shops that must hear of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.products.publishing.rules.shares import Share, shown
from shopkeeper.flows.products.publishing.sql import stock as sql
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.errands import Errand
from shopkeeper.sop.policy import policies

PUSH = "push_stock"
READ = "read_stock"


@dataclass(frozen=True, slots=True)
class Changed:
    """What is free of a SKU in a warehouse changed at this moment."""

    sku_id: int
    warehouse_id: int
    at: datetime


def share_of(step: Step, shop_id: int) -> Share:
    """The shop's part by the policy of now."""
    policy = policies(step)
    return Share(
        policy("stock_share_percent", shop_id), policy("stock_kept_back", shop_id), policy("stock_most", shop_id)
    )


def want_newest(step: Step, changes: Sequence[Changed]) -> set[tuple[int, int]]:
    """Set the newest quantity in every shop that sells these SKUs from these warehouses; have it told.

    Returns the (SKU, warehouse) pairs whose quantity in some shop is another now. A constant number of statements.
    """
    if not changes:
        return set()
    first: dict[tuple[int, int], datetime] = {}
    for change in changes:
        place = (change.sku_id, change.warehouse_id)
        first[place] = min(first.get(place, change.at), change.at)
    places = sorted(first)
    skus, warehouses = [sku for sku, _ in places], [warehouse for _, warehouse in places]
    shops = [row.shop_id for row in sql.SHOPS_OF.rows(skus=skus)]
    if not shops:
        return set()
    shares = [share_of(step, shop_id) for shop_id in shops]
    sql.LOCK.run(skus=skus, warehouses=warehouses)
    rows = sql.WANT.rows(
        skus=skus,
        warehouses=warehouses,
        moments=[first[place] for place in places],
        shops=shops,
        percents=[share.percent for share in shares],
        kept_back=[share.kept_back for share in shares],
        most=[share.most for share in shares],
    )
    have_told(step, {row.shop_id for row in rows})
    return {(row.sku_id, row.warehouse_id) for row in rows}


def have_told(step: Step, shop_ids: Collection[int]) -> None:
    """One errand per shop; it takes everything that waits there when it is performed."""
    step.errand(*(Errand(PUSH, shop_id, step.now, shop_id) for shop_id in sorted(shop_ids)))


def quantities_now(step: Step, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """What (shop, SKU) may show now."""
    rows = sql.FREE_IN_SHOPS.rows(shops=[shop for shop, _ in pairs], skus=[sku for _, sku in pairs])
    return {(row.shop_id, row.sku_id): shown(row.free, share_of(step, row.shop_id)) for row in rows}
