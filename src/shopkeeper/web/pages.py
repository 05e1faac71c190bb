"""The `@page` registry: every page names its clause and permission; what is not declared is refused.

Menus, the clause table and the meta-tests read the same registry.
"""

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, URLPattern, path, resolve

from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.shared.words import T
from shopkeeper.web.rendering import Request, render_block, render_page
from shopkeeper.web.visitor import visitor

__all__ = [
    "PAGES",
    "SIGNED_IN",
    "AnsweredBefore",
    "MenuEntry",
    "Page",
    "Request",
    "may_open",
    "own_address",
    "page",
    "page_urls",
    "pages_of",
    "render_block",
    "render_page",
]

SIGNED_IN = ""  # the permission of pages that are everybody's: one's own settings, help
View = Callable[..., HttpResponse]


class AnsweredBefore(Exception):
    """A repeated request: the page ends here, with the answer its first request got."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__("answered before")
        self.response = response


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A place in the navigation: `section` is one of web/menu.py, lower `order` stands first."""

    label: T
    section: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class Page:
    """A registered page; `module` says which desk it belongs to, `beside` whose place in the menu is marked."""

    name: str
    path: str
    clause: str
    permission: str
    methods: tuple[str, ...]
    menu: MenuEntry | None
    module: str
    view: View
    beside: str = ""


PAGES: dict[str, Page] = {}


def page(
    path: str,
    *,
    name: str,
    clause: str,
    permission: str,
    menu: MenuEntry | None = None,
    methods: Iterable[str] = ("GET",),
    beside: str = "",
) -> Callable[[Callable[..., HttpResponse]], View]:
    """Register a function as a page. `path` is relative to the desk's prefix; `name` is the URL's name.

    The page answers only to people who are signed in and hold `permission`. `beside` names the page of the menu that
    is marked while this one is shown, where the address does not tell.
    """

    def register(view: Callable[..., HttpResponse]) -> View:
        if name in PAGES and PAGES[name].module != view.__module__:
            raise RuntimeError(f"two pages are called {name}")
        PAGES[name] = Page(
            name, path, clause, str(permission), tuple(methods), menu, view.__module__, _door(name, view), beside
        )
        return PAGES[name].view

    return register


def _door(name: str, view: Callable[..., HttpResponse]) -> View:
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        entered = PAGES[name]
        actor = visitor(request)
        if actor is None:
            return _to_sign_in(request)
        if request.method not in entered.methods and not (request.method == "HEAD" and "GET" in entered.methods):
            return HttpResponseNotAllowed(entered.methods)
        visit = cast("Any", request)
        visit.actor, visit.page = actor, entered
        if entered.permission != SIGNED_IN and not actor.may(entered.permission):
            raise NotAllowed(entered.permission)
        try:
            return view(request, *args, **kwargs)
        except AnsweredBefore as repeated:
            return repeated.response

    return door


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody unknown to the sign-in page and back; programs and islands get a plain 401."""
    if "application/json" in request.headers.get("Accept", "") or request.content_type == "application/json":
        return JsonResponse({"code": "signed_out"}, status=401)
    here = request.get_full_path() if request.method == "GET" else "/"
    target = f"{settings.LOGIN_URL}?{urlencode({'next': here})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def page_urls(module: str) -> list[URLPattern]:
    """URL patterns of all pages registered in a module or package, whole paths before patterns with arguments."""
    package = import_module(module)
    for child in pkgutil.walk_packages(getattr(package, "__path__", []), f"{module}."):
        import_module(child.name)
    own = [p for p in PAGES.values() if p.module == module or p.module.startswith(f"{module}.")]
    own.sort(key=lambda p: ("<" in p.path, p.path))
    return [path(entry.path, entry.view, name=entry.name) for entry in own]


def pages_of(clause: str) -> list[Page]:
    return [entry for entry in PAGES.values() if entry.clause == clause]


def own_address(request: HttpRequest) -> str:
    """Where what is shown is asked for again: after a refused POST to a door, the page that the door belongs to."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    address = request.path
    while address != "/":
        try:
            entered = PAGES.get(resolve(address).url_name or "")
        except Resolver404:
            entered = None
        if entered and "GET" in entered.methods:
            return request.get_full_path() if address == request.path else address
        address = f"{address.rstrip('/').rpartition('/')[0]}/"
    return address


def may_open(actor: Actor, name: str) -> bool:
    """Whether somebody may open a page of another desk, which the own desk knows by its name only."""
    return name in PAGES and (not PAGES[name].permission or actor.may(PAGES[name].permission))
