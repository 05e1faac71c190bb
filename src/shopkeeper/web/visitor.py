"""Who is asking: the person signed in, as the Actor that pages, queries and commands work with."""

from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.shared.words import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with roles and scope, in one row."""

    id: int
    name: str
    all_shops: bool
    all_warehouses: bool
    roles: list[str]
    shops: list[int]
    warehouses: list[int]


class PersonLike(Protocol):
    """Any row that tells of a person what PersonRow tells."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def all_shops(self) -> bool: ...
    @property
    def all_warehouses(self) -> bool: ...
    @property
    def roles(self) -> list[str]: ...
    @property
    def shops(self) -> list[int]: ...
    @property
    def warehouses(self) -> list[int]: ...


PERSON = Statement(
    """
    SELECT id, name, all_shops, all_warehouses,
           ARRAY(SELECT role::text FROM foundation_personrole WHERE person_id = p.id ORDER BY role),
           ARRAY(SELECT shop_id FROM foundation_personshop WHERE person_id = p.id),
           ARRAY(SELECT warehouse_id FROM foundation_personwarehouse WHERE person_id = p.id)
    FROM foundation_person AS p
    WHERE id = %(id)s::bigint AND is_active""",
    row=PersonRow,
)


def actor_of(person_id: int) -> Actor | None:
    """The actor of an active person, with permissions of all their roles; None when there is none."""
    row = PERSON.first(id=person_id)
    return actor_from(row) if row else None


def actor_from(row: PersonLike) -> Actor:
    """A person's row as an actor, with permissions of all their roles."""
    permissions_of = import_string(settings.SHOPKEEPER_ROLE_PERMISSIONS)
    return Actor(
        id=row.id,
        name=row.name,
        permissions=frozenset(str(permission) for permission in permissions_of(row.roles)),
        shops=None if row.all_shops else frozenset(row.shops),
        warehouses=None if row.all_warehouses else frozenset(row.warehouses),
        roles=frozenset(row.roles),
    )


def program(request: HttpRequest, *permissions: str) -> Actor:
    """Who calls the API, holding every one of these permissions; raises NotAllowed for the first that lacks."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    for permission in permissions:
        if not actor.may(permission):
            raise NotAllowed(permission)
    return actor


def visitor(request: HttpRequest) -> Actor | None:
    """The actor of this request, looked up once; None when nobody is signed in."""
    if not hasattr(request, "_visitor"):
        user = request.user
        request._visitor = actor_of(user.pk) if user.is_authenticated else None  # type: ignore[attr-defined]
    return cast("Actor | None", request._visitor)  # type: ignore[attr-defined]


def language_of(request: HttpRequest) -> Language:
    """What the person chose, else what the browser prefers, else Chinese."""
    chosen = request.COOKIES.get("sk_lang", "")
    if chosen in LANGUAGES:
        return chosen
    first = request.headers.get("Accept-Language", "zh").split(",")[0].strip().lower()
    return "zh" if first.startswith("zh") or not first else "en"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody the demo shop lets one enter as."""

    id: int
    name: str
    role: str
