"""Reading a changing list whole: from its last page to its first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from shopkeeper.shared.outside import OutsideError

MAX_PAGES = 2000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a platform's list. `total` is only told where it was asked for, and may lie."""

    items: list[Any]
    total: int = 0
    has_next: bool = False


def total_of(value: object) -> int:
    """A total the platform named; what makes no sense is 0."""
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0


def backwards(ask: Callable[[int, bool], Page], size: int) -> Iterator[tuple[list[Any], int, bool]]:
    """(items, total, whether it was the last to read) of every page; `ask(number, counted)` fetches one.

    Something changed meanwhile leaves the window at its new end, and what stands behind it moves up towards pages
    still to be read. The total is only a hint; `has_next` decides what is last.
    """
    first = ask(1, True)
    total = first.total
    if not first.items:  # nothing on the first page: nothing at all, whatever the total says
        yield [], total, True
        return
    last = min(max(1, -(-total // size)), MAX_PAGES)
    while ask(last, False).has_next:
        last += 1
        if last > MAX_PAGES:
            raise OutsideError("permanent", "window_too_full", f"more than {MAX_PAGES} pages in one slice")
    for number in range(last, 0, -1):
        yield ask(number, False).items, total, number == 1
