"""Products as a table that can be edited and imported again."""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from shopkeeper.flows.products.listing.profiles.sheet import (
    COLUMNS,
    HEADINGS,
    NO,
    NO_REASON_NAMES,
    PLATFORM_NAMES,
    PROMISE_NAMES,
    YES,
)
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, SkuFacts
from shopkeeper.foundation.documents.xlsx import Cell, Column, csv_chunks, write_xlsx
from shopkeeper.shared.words import T

COST = next(place for place, heading in enumerate(HEADINGS) if heading.name == "cost_minor")
Rows = Iterable[tuple[ProductFacts, SkuFacts | None]]


def product_table(rows: Rows, *, with_cost: bool) -> tuple[Sequence[Column], Iterator[Sequence[Cell]]]:
    """The table's columns and cells; what a variant cost only for who may see it."""
    cells = (_cells(*row) for row in rows)
    if with_cost:
        return COLUMNS, cells
    return (*COLUMNS[:COST], *COLUMNS[COST + 1 :]), ((*row[:COST], *row[COST + 1 :]) for row in cells)


def write_products(target: BinaryIO, rows: Rows) -> int:
    """The table as a workbook; returns how many rows."""
    return write_xlsx(target, COLUMNS, (_cells(*row) for row in rows), sheet=str(T("商品", "Products")))


def products_csv(rows: Rows) -> Iterator[bytes]:
    """The same as CSV with BOM."""
    return csv_chunks(COLUMNS, (_cells(*row) for row in rows))


def _cells(product: ProductFacts, sku: SkuFacts | None) -> tuple[Cell, ...]:
    """One variant with its product, in the order of the headings."""
    own: tuple[Cell, ...] = (
        product.code,
        product.version,
        product.title,
        product.core_keyword,
        "\n".join(product.selling_points),
        "\n".join(product.scenarios),
        product.description,
        "/".join(product.category.names) if product.category else "",
        "\n".join(f"{name}：{value}" for name, value in product.attributes.items()),
        "、".join(str(PLATFORM_NAMES[platform]) for platform in product.platforms),
        "、".join(str(PROMISE_NAMES[promise]) for promise in product.promises),
        NO_REASON_NAMES[product.no_reason],
    )
    if sku is None:
        return (*own, *(None,) * (len(COLUMNS) - len(own)))
    spec = "；".join(f"{name}：{value}" for name, value in sku.spec_values.items())
    is_delisted = YES if sku.is_delisted else NO
    figures = (sku.weight_g, sku.cost_minor, sku.price_minor)
    return (*own, sku.code, sku.barcode, sku.name, spec, *figures, is_delisted)
