"""What the lists of this desk are asked: their tab and shop."""

from shopkeeper.web.listing import ListQuery


def state_of(asked: ListQuery) -> str:
    return "" if asked.tab == "all" else asked.tab


def shop_of(asked: ListQuery) -> int | None:
    shop = str(asked.filters.get("shop", ""))
    return int(shop) if shop.isascii() and shop.isdecimal() and len(shop) < 19 else None
