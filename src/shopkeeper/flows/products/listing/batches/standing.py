"""Products as they stand under the lock, and as a batch would have them: judged in memory, written afterwards."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from shopkeeper.flows.products.listing.rules.entries import Content, SkuContent
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.flows.products.listing.states import has_approval


@dataclass(slots=True, eq=False)
class Standing:
    """One product: its content and variants, and what of it a batch has changed. `id` 0 is not there yet."""

    id: int
    state: str
    version: int
    content_version: int
    was_approved: bool
    content: Content
    skus: dict[str, SkuContent] = field(default_factory=dict)
    sku_ids: dict[str, int] = field(default_factory=dict)
    edited_by: int | None = None
    fields: list[str] = field(default_factory=list)
    touched_skus: set[str] = field(default_factory=set)

    @property
    def is_new(self) -> bool:
        return not self.id


@dataclass(slots=True)
class Stock:
    """Every product a batch names, and who has which SKU code and barcode."""

    by_id: dict[int, Standing]
    by_code: dict[str, Standing]
    owner_of_code: dict[str, str]  # SKU code -> product code
    owner_of_barcode: dict[str, str]  # barcode -> SKU code
    leaves: set[int]

    def found(self, product_id: int | None, code: str) -> Standing | None:
        return self.by_id.get(product_id) if product_id is not None else self.by_code.get(code)


def load(
    ids: Sequence[int], codes: Sequence[str], sku_codes: Sequence[str], barcodes: Sequence[str], leaves: Sequence[int]
) -> Stock:
    """Lock the products and read what judging them needs, in four statements."""
    rows = sql.LOCK.rows(ids=list(ids), codes=list(codes))
    standing = {row.id: _standing(row) for row in rows}
    called = sql.SKUS_CALLED.rows(codes=list(sku_codes), barcodes=list(barcodes))
    for row in sql.SKUS.rows(ids=sorted(standing)) if standing else []:
        product = standing[row.product_id]
        product.skus[row.code] = _sku(row)
        product.sku_ids[row.code] = row.id
        called.append(row)
    named = {row.product_id: f"#{row.product_id}" for row in called}
    named |= {product.id: product.content.code for product in standing.values()}
    usable = {row.id for row in sql.LEAVES.rows(ids=list(leaves)) if row.level == 3 and not row.is_retired}
    return Stock(
        by_id=standing,
        by_code={product.content.code: product for product in standing.values()},
        owner_of_code={row.code: named[row.product_id] for row in called},
        owner_of_barcode={row.barcode: row.code for row in called},
        leaves=usable,
    )


def _standing(row: sql.ProductRow) -> Standing:
    content = Content(
        code=row.code,
        title=row.title,
        core_keyword=row.core_keyword,
        selling_points=tuple(row.selling_points),
        scenarios=tuple(row.scenarios),
        description=row.description,
        attributes=_pairs(row.attributes),
        leaf_id=row.leaf_id,
        category=row.category,
        platforms=tuple(row.platforms),
        promises=tuple(row.promises),
        no_reason=row.no_reason,
    )
    approved = has_approval(row.state, row.approved_version)
    return Standing(row.id, row.state, row.version, row.content_version, approved, content, edited_by=row.edited_by)


def _sku(row: sql.SkuRow) -> SkuContent:
    own = {name: getattr(row, name) for name in SkuContent.__dataclass_fields__ if name != "spec_values"}
    return SkuContent(**own, spec_values=_pairs(row.spec_values))


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(text))
