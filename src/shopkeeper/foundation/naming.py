"""Shops and colleagues as lists, filters and fields name them."""

from collections.abc import Iterable

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Shop


def shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops as choices of a filter: closed ones too, their records remain."""
    return _choices(viewer, Shop.objects.order_by("id").values_list("id", "name"))


def open_shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's open shops, by name: where something can still be begun."""
    return _choices(viewer, Shop.objects.filter(is_active=True).order_by("name", "id").values_list("id", "name"))


def _choices(viewer: Actor, shops: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(id_), name) for id_, name in shops if viewer.sees_shop(id_)]


def names_of(people: Iterable[int | None]) -> dict[int, str]:
    """Colleagues' names by their numbers; the system has none."""
    wanted = {id_ for id_ in people if id_}
    return dict(Person.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}
