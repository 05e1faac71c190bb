"""What the performers need to know before they call a platform; read without a transaction."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.sql import stock
from shopkeeper.flows.products.publishing.sql.listings import SkuJobRow
from shopkeeper.flows.products.publishing.sql.stock import DirtyRow, OnSaleRow

__all__ = ["DirtyRow", "ListingJob", "OnSaleRow", "dirty", "listing_jobs", "on_sale_in"]


@dataclass(frozen=True, slots=True)
class ListingJob:
    """One listing as it is to be said, or was."""

    id: int
    shop_id: int
    platform: str
    state: str
    item_no: str
    is_relist: bool
    said: dict[str, Any]
    skus: tuple[SkuJobRow, ...] = field(default=())


def listing_jobs(ids: Collection[int]) -> dict[int, ListingJob]:
    """Listings by id with their variants."""
    skus: dict[int, list[SkuJobRow]] = {}
    for sku in sql.SKUS_OF.rows(ids=sorted(ids)):
        skus.setdefault(sku.listing_id, []).append(sku)
    return {
        row.id: ListingJob(
            id=row.id,
            shop_id=row.shop_id,
            platform=row.platform,
            state=row.state,
            item_no=row.item_no,
            is_relist=row.is_relist,
            said=json.loads(row.said),
            skus=tuple(skus.get(row.id, ())),
        )
        for row in sql.JOBS.rows(ids=sorted(ids))
    }


def dirty(shop_id: int, limit: int) -> list[DirtyRow]:
    """Variants of a shop whose newest quantity it has not taken, oldest change first."""
    return stock.DIRTY.rows(shop=shop_id, limit=limit)


def on_sale_in(shop_id: int, after: int, limit: int) -> Sequence[OnSaleRow]:
    """A shop's listings on sale by id, after a given one."""
    return stock.ON_SALE_IN.rows(shop=shop_id, after=after, limit=limit)
