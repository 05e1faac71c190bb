"""What the lists of this desk read from their addresses in the same way."""

from shopkeeper.web.listing import ListQuery


def shop_of(asked: ListQuery) -> int | None:
    """The shop a list is narrowed to."""
    text = str(asked.filters.get("shop", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def words_of(asked: ListQuery) -> tuple[str, ...]:
    """The numbers searched for."""
    return tuple(asked.numbers or ([asked.text] if asked.text else []))


def state_of(asked: ListQuery) -> str:
    return "" if asked.tab == "all" else asked.tab
