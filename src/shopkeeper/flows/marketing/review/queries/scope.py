"""What every read of this desk shares: the viewer's shops, names of colleagues, places in a list."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.words import listed
from shopkeeper.sop.roles import ROLE_WORDS, Role

M = TypeVar("M", bound=Model)


def in_shops(rows: QuerySet[M], viewer: Actor) -> QuerySet[M]:
    """Rows of the viewer's shops."""
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def starting_at(after: str) -> int | None:
    """The key of a page as it came from outside; None begins at the newest."""
    return int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None


def page_of(rows: list[M], limit: int) -> tuple[list[M], str]:
    """The rows of one page, and the key of the next: the caller asked for one more than it shows."""
    return rows[:limit], str(rows[limit - 1].pk) if len(rows) > limit else ""


def colleagues(shop_id: int) -> list[tuple[str, str]]:
    """Who may be given something to do, or attend, with their roles: active people of a shop with a role."""
    people = Person.objects.filter(is_active=True, roles__role__in=[str(role) for role in Role]).distinct()
    people = (people.filter(all_shops=True) | people.filter(shops__shop_id=shop_id)).distinct()
    return [
        (str(person.pk), f"{person.name} · {listed(_roles([one.role for one in person.roles.all()]))}")
        for person in people.order_by("id").prefetch_related("roles")
    ]


def _roles(roles: list[str]) -> list[str]:
    return [str(ROLE_WORDS[role]) for role in Role if role in roles]


def role_words(roles: list[str]) -> str:
    """Roles as people say them."""
    return listed(_roles(roles))
