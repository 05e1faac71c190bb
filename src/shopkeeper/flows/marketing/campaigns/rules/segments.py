"""Segments of customers as data: every condition must hold. Rates of activity are quintiles, 5 the best fifth."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

FIFTHS = (1, 5)
NEW, RETURNING = "new", "returning"
MOST_DAYS = 3_650
MOST_MINOR = 10**15
MOST_ORDERS = 1_000_000


class BadDefinition(ValueError):
    """A definition that cannot be: `code` says why, `field` where."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(f"{code}: {field}")
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Definition:
    """Who belongs: customers with a paid order in the window, and all that is said here.

    `recency`, `frequency`, `monetary` are the lowest and highest fifth; `customers` "new" (first bought within the
    policy's days) or "returning"; `category_id` a category of any level, bought within `category_days`; amounts are
    what was paid in the window, in minor units; `paid_within_days` and `paid_before_days` are about the last order.
    """

    window_days: int | None = None
    recency: tuple[int, int] | None = None
    frequency: tuple[int, int] | None = None
    monetary: tuple[int, int] | None = None
    customers: str = ""
    category_id: int | None = None
    category_days: int | None = None
    min_minor: int | None = None
    max_minor: int | None = None
    min_orders: int | None = None
    max_orders: int | None = None
    paid_within_days: int | None = None
    paid_before_days: int | None = None
    provinces: tuple[str, ...] = ()


_BOUNDS: dict[str, tuple[int, int]] = {
    "window_days": (1, MOST_DAYS),
    "category_id": (1, 2**62),
    "category_days": (1, MOST_DAYS),
    "min_minor": (0, MOST_MINOR),
    "max_minor": (0, MOST_MINOR),
    "min_orders": (1, MOST_ORDERS),
    "max_orders": (1, MOST_ORDERS),
    "paid_within_days": (1, MOST_DAYS),
    "paid_before_days": (1, MOST_DAYS),
}
_QUINTILES = ("recency", "frequency", "monetary")
_PAIRS = (("min_minor", "max_minor"), ("min_orders", "max_orders"), ("paid_before_days", "paid_within_days"))


def read_definition(said: Mapping[str, Any]) -> Definition:
    """A definition from JSON. Raises BadDefinition: "segment_unknown_condition", "segment_out_of_bounds",
    "segment_backwards" where nobody could belong."""
    known = {one.name for one in fields(Definition)}
    for name in said:
        if name not in known:
            raise BadDefinition("segment_unknown_condition", str(name)[:40])
    given: dict[str, Any] = {}
    for name, (low, high) in _BOUNDS.items():
        value = said.get(name)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise BadDefinition("segment_out_of_bounds", name)
        given[name] = value
    given.update({name: _fifths(said[name], name) for name in _QUINTILES if said.get(name) is not None})
    customers = said.get("customers") or ""
    if customers not in ("", NEW, RETURNING):
        raise BadDefinition("segment_out_of_bounds", "customers")
    provinces = said.get("provinces") or ()
    if not isinstance(provinces, list | tuple) or len(provinces) > 40 or not all(_is_name(p) for p in provinces):
        raise BadDefinition("segment_out_of_bounds", "provinces")
    definition = Definition(**given, customers=customers, provinces=tuple(dict.fromkeys(provinces)))
    for low_name, high_name in _PAIRS:
        low, high = getattr(definition, low_name), getattr(definition, high_name)
        if low is not None and high is not None and low > high:
            raise BadDefinition("segment_backwards", high_name)
    if definition.category_days and not definition.category_id:
        raise BadDefinition("segment_backwards", "category_days")
    return definition


def write_definition(definition: Definition) -> dict[str, Any]:
    """A definition as it is kept: only what it says."""
    written: dict[str, Any] = {}
    for one in fields(Definition):
        value = getattr(definition, one.name)
        if value not in (None, "", ()):
            written[one.name] = list(value) if isinstance(value, tuple) else value
    return written


def _fifths(value: Any, name: str) -> tuple[int, int]:
    is_pair = isinstance(value, list | tuple) and len(value) == 2
    if not is_pair or not all(isinstance(n, int) and not isinstance(n, bool) for n in value):
        raise BadDefinition("segment_out_of_bounds", name)
    low, high = value
    if not FIFTHS[0] <= low <= FIFTHS[1] or not FIFTHS[0] <= high <= FIFTHS[1]:
        raise BadDefinition("segment_out_of_bounds", name)
    if low > high:
        raise BadDefinition("segment_backwards", name)
    return low, high


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 40 and "\x00" not in value
