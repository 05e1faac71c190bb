"""Who may decide on findings: active people whose roles allow it, and whose shops take in the finding's."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from shopkeeper.flows.analytics.decisions.permissions import Permission
from shopkeeper.foundation.models import Person, PersonShop
from shopkeeper.sop.roles import Role


@dataclass(frozen=True, slots=True)
class Decider:
    """`shops` None: all of them."""

    id: int
    name: str
    shops: frozenset[int] | None


def deciders() -> list[Decider]:
    """Everybody who may decide, by name."""
    permissions_of = import_string(settings.SHOPKEEPER_ROLE_PERMISSIONS)
    roles = [str(role) for role in Role if str(Permission.DECIDE) in permissions_of([role])]
    people = list(Person.objects.filter(is_active=True, roles__role__in=roles).distinct().order_by("name", "id"))
    shops: dict[int, set[int]] = {}
    for person_id, shop_id in PersonShop.objects.filter(person__in=people).values_list("person_id", "shop_id"):
        shops.setdefault(person_id, set()).add(shop_id)
    return [Decider(p.pk, p.name, None if p.all_shops else frozenset(shops.get(p.pk, ()))) for p in people]


def others_for(people: Collection[Decider], finder_id: int, shop_id: int | None) -> list[Decider]:
    """Those who may decide on what somebody found in a shop, or (None) in all of them: everybody else who sees it."""
    seeing = [one for one in people if one.shops is None or (shop_id is not None and shop_id in one.shops)]
    return [one for one in seeing if one.id != finder_id]
