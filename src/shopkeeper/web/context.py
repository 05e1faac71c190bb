"""What every template may use: `shell`, worked out only where a template asks for it."""

from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import active_language, listed
from shopkeeper.web import plugs, toasts
from shopkeeper.web.menu import Section, menu_of, nearest_of
from shopkeeper.web.pages import Page, own_address
from shopkeeper.web.visitor import visitor

THEMES = ("auto", "light", "dark")
LIVE_SALT = "shopkeeper.live"


class Shell:
    """The frame around a page, for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def language(self) -> str:
        return active_language()

    @property
    def html_language(self) -> str:
        return "zh-CN" if active_language() == "zh" else "en"

    @cached_property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get("sk_theme", "auto")
        return chosen if chosen in THEMES else "auto"

    @cached_property
    def nav_folded(self) -> bool:
        return self._request.COOKIES.get("sk_nav") == "folded"

    @cached_property
    def actor(self) -> Actor | None:
        return visitor(self._request)

    @cached_property
    def role_names(self) -> str:
        return listed(plugs.role_name(role) for role in sorted(self.actor.roles)) if self.actor else ""

    @cached_property
    def page(self) -> Page | None:
        return getattr(self._request, "page", None)

    @cached_property
    def here(self) -> str:
        """The address that shows this page again."""
        return own_address(self._request)

    @cached_property
    def menu(self) -> list[Section]:
        return menu_of(self.actor, self.page, self._request.path) if self.actor else []

    @property
    def at_hand(self) -> list[Section]:
        """The sections at the foot of a phone."""
        return nearest_of(self.menu)

    @cached_property
    def now(self) -> datetime:
        return business_time.now()

    @property
    def now_ms(self) -> int:
        return int(self.now.timestamp() * 1000)

    @property
    def clock_mode(self) -> str:
        return "simulated" if business_time.is_simulated() else "machine"

    @property
    def is_demo(self) -> bool:
        return bool(settings.SHOPKEEPER_DEMO)

    @property
    def reference(self) -> str:
        return str(getattr(self._request, "reference", ""))

    @cached_property
    def kept_toasts(self) -> str:
        return toasts.kept(self._request)

    @cached_property
    def live_url(self) -> str:
        """Where the browser listens: a signed token instead of the session, because no ORM answers there."""
        return f"/live/events?{urlencode({'token': live_token(self.actor)})}" if self.actor else ""

    @cached_property
    def due_url(self) -> str:
        """The fragment with the count of what is due; the floor of the procedure provides it."""
        return _url_or_nothing("sop-due")

    @cached_property
    def work_url(self) -> str:
        return _url_or_nothing("sop-work") or "/"

    @cached_property
    def start_url(self) -> str:
        """Where somebody new begins; the floor of the procedure provides it."""
        return _url_or_nothing("sop-start")


def live_token(actor: Actor) -> str:
    """A signed statement of who listens and what they may hear of."""
    scope: dict[str, Any] = {
        "person": actor.id,
        "shops": None if actor.shops is None else sorted(actor.shops),
        "warehouses": None if actor.warehouses is None else sorted(actor.warehouses),
    }
    return signing.dumps(scope, salt=LIVE_SALT, compress=True)


def _url_or_nothing(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
