"""A house in business: the demo's people, shops and goods, web and worker running, the sandboxes outside."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import Browser, BrowserContext, Page
from tools.build_assets import BUILD

from shopkeeper.config import demo
from shopkeeper.config.hosting import HostedShop, hosted
from shopkeeper.foundation import personal
from shopkeeper.foundation.models import ErrandEntry, Person
from shopkeeper.simulator.main import open_shops, sandbox_environment
from shopkeeper.simulator.sandboxes.running import ControlDoor, running_sandboxes
from tests.databases import Databases
from tests.web.browser import SIZES, chromium, chromium_path

QUIET = ("status of 4", "ERR_INTERNET_DISCONNECTED", "/live/")


@dataclass
class Somebody:
    """One person's window, remembering what went wrong in its console."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.address + path)
        self.page.wait_for_load_state("load")
        return self.page

    def press(self, words: str) -> None:
        """A button or link, by what stands on it."""
        self.page.get_by_role("button", name=words, exact=True).first.click()

    def look(self, name: str = "") -> None:
        """A picture for whoever wants to look: SHOPKEEPER_SHOTS names the folder."""
        if folder := os.environ.get("SHOPKEEPER_SHOTS"):
            self.page.screenshot(path=str(Path(folder) / f"{name or 'journey'}.png"), full_page=True)

    def overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@dataclass
class House:
    """What a journey is given."""

    running: HostedShop
    outside: ControlDoor
    browser: Browser
    tokens: dict[str, str]
    windows: list[BrowserContext] = field(default_factory=list)
    people: list[Somebody] = field(default_factory=list)

    def sit_down(self, username: str) -> Somebody:
        """A colleague signs in at a desk of their own."""
        return self._window("desk", sessionid=session_of(Person.objects.get(username=username)))

    def come_by(self) -> Somebody:
        """A shopper with a phone."""
        return self._window("phone")

    def _window(self, size: str, **cookies: str) -> Somebody:
        phone = size == "phone"
        context = self.browser.new_context(viewport=SIZES[size], has_touch=phone, is_mobile=phone)  # type: ignore[arg-type]
        values = {"sk_lang": "zh", **cookies}
        context.add_cookies(
            [{"name": name, "value": value, "url": self.running.address} for name, value in values.items()]
        )
        somebody = Somebody(context.new_page(), self.running.address)

        def complain(text: str) -> None:
            if not any(quiet in text for quiet in QUIET):
                somebody.complaints.append(text)

        somebody.page.on("console", lambda m: complain(m.text) if m.type == "error" else None)
        somebody.page.on("pageerror", lambda error: complain(str(error)))
        self.windows.append(context)
        self.people.append(somebody)
        return somebody

    def leave(self) -> None:
        """Everybody closes their window; nothing may have gone wrong in any of them."""
        said = [complaint for somebody in self.people for complaint in somebody.complaints]
        for context in self.windows:
            context.close()
        self.windows, self.people = [], []
        assert said == []


def session_of(person: Person) -> str:
    """The session cookie of somebody signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


@pytest.fixture(scope="package")
def furnished(
    databases: Databases, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """One house and one browser for all journeys; both end with them, as the next module starts its own driver."""
    if chromium_path() is None or not (BUILD / "app.js").exists():
        pytest.skip("no Chromium on this machine, or the browser side is not built")
    var = tmp_path_factory.mktemp("house")
    key_file, settings.SHOPKEEPER_MASTER_KEY_FILE = settings.SHOPKEEPER_MASTER_KEY_FILE, var / "keys" / "master.key"
    var_before, settings.SHOPKEEPER_VAR = settings.SHOPKEEPER_VAR, var
    _forget_keys()
    try:
        with django_db_blocker.unblock(), databases.fresh() as fresh, running_sandboxes() as sandboxes:
            environment = sandbox_environment(sandboxes)
            with pytest.MonkeyPatch.context() as patch:
                for name, value in environment.items():
                    patch.setenv(name, value)
                tokens = demo.seed(lambda done, total: None)
            open_shops(sandboxes.control, "http://127.0.0.1:9")  # known before the worker asks; nobody listens yet
            own = {"SHOPKEEPER_DEMO": "1", "SHOPKEEPER_LEASE_S": "2", **environment, **_keys(var)}
            with hosted(fresh.url, var, own) as running:
                open_shops(sandboxes.control, running.address)
                with chromium() as browser:
                    yield House(running, sandboxes.control, browser, tokens)
                log = (var / "log" / "web.log").read_text()
            assert "Traceback" not in log, log[-4_000:]
    finally:
        settings.SHOPKEEPER_MASTER_KEY_FILE, settings.SHOPKEEPER_VAR = key_file, var_before
        _forget_keys()


@pytest.fixture
def house(furnished: House, request: pytest.FixtureRequest) -> Iterator[House]:
    """The house, with nobody in it yet. Whoever waited in vain is shown what the house had left to do."""
    failed_before = request.session.testsfailed
    yield furnished
    if request.session.testsfailed > failed_before:
        for errand in ErrandEntry.objects.order_by("next_at").values():
            print(errand)
    furnished.leave()


def _keys(var: Path) -> dict[str, str]:
    """What web server and tests share: master key, and the key sessions and tokens are signed with."""
    return {
        "SHOPKEEPER_MASTER_KEY_FILE": str(var / "keys" / "master.key"),
        "SHOPKEEPER_SECRET_KEY": settings.SECRET_KEY,
    }


def _forget_keys() -> None:
    personal.master_key.cache_clear()
    personal._derived.cache_clear()
