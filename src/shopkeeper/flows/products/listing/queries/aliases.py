"""The other codes of SKUs, as lists show them."""

from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.listing.sql import aliases as sql
from shopkeeper.flows.products.listing.sql.aliases import AliasLine

__all__ = ["AliasLine", "aliases_of", "aliases_page", "sku_id_called"]


def aliases_page(searched: str = "", *, after: str = "", limit: int = 50) -> tuple[list[AliasLine], str]:
    """A page of aliases, newest first, and the key of the next; `searched` is a code, ours or the other."""
    before = int(after) if after.isdecimal() and len(after) < 19 else None
    rows = sql.LINES.rows(before=before, product=None, searched=searched.strip(), limit=limit + 1)
    return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else ""


def aliases_of(product_id: int) -> list[AliasLine]:
    """The other codes of a product's SKUs."""
    return sql.LINES.rows(before=None, product=product_id, searched="", limit=200)


def sku_id_called(code: str) -> int | None:
    """A SKU by its own code or its barcode."""
    rows = Sku.objects.filter(code=code) | Sku.objects.filter(barcode=code)
    return rows.values_list("id", flat=True).first()
