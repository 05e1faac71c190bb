"""Moments in what programs send carry their zone: one without is no moment, and is refused before it is compared.

Days and moments at the ends of the calendar are refused as well: no sum of days can be made from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any, get_args, get_type_hints

from ninja.errors import ValidationError

from shopkeeper.shared.clock import FIRST_YEAR, LAST_YEAR, is_thinkable

Places = Mapping[str, Any]  # field → what lies in it: more places, or {} where it is a day or moment itself


def places_of(item: type[Any]) -> Places:
    """Where an item's type holds days and moments, read once from its annotations."""
    found = {name: _inside(hint) for name, hint in get_type_hints(item).items()}
    return {name: places for name, places in found.items() if places is not None}


def _inside(hint: Any) -> Places | None:
    if hint in (date, datetime):
        return {}
    if is_dataclass(hint):
        return places_of(hint) or None  # type: ignore[arg-type]
    return next((places for part in get_args(hint) if (places := _inside(part)) is not None), None)


def check_moments(items: Sequence[Any], places: Places) -> None:
    """Raises ValidationError (422) naming every moment without a zone, and every day or moment nobody can mean."""
    errors: list[dict[str, Any]] = []
    for place, item in enumerate(items) if places else ():
        _look(item, places, ("body", "items", place), errors)
    if errors:
        raise ValidationError(errors)


def _look(value: Any, places: Places, where: tuple[Any, ...], errors: list[dict[str, Any]]) -> None:
    if isinstance(value, datetime) and value.tzinfo is None:
        errors.append({"loc": where, "msg": "a moment needs its zone, for example 2026-06-01T12:00:00+08:00"})
    elif isinstance(value, date):
        if not is_thinkable(value):
            errors.append({"loc": where, "msg": f"a day or moment lies between {FIRST_YEAR} and {LAST_YEAR}"})
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            _look(one, places, (*where, number), errors)
    elif value is not None:
        for name, inside in places.items():
            _look(getattr(value, name), inside, (*where, name), errors)
