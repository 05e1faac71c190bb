"""The other codes of SKUs, as lists show them."""

from shopkeeper.flows.products.listing.sql import aliases as sql
from shopkeeper.flows.products.listing.sql.aliases import AliasLine

__all__ = ["AliasLine", "aliases_page"]


def aliases_page(searched: str = "", *, after: str = "", limit: int = 50) -> tuple[list[AliasLine], str]:
    """A page of aliases, newest first, and the key of the next; `searched` is a code, ours or the other."""
    before = int(after) if after.isdecimal() and len(after) < 19 else None
    rows = sql.LINES.rows(before=before, searched=searched.strip(), limit=limit + 1)
    return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else ""
