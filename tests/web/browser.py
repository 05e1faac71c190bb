"""A real Chromium on a real shop: one server and one browser for the module that asks."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from tools.build_assets import BUILD

from shopkeeper.foundation.live import CHANNEL, connection_parameters

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# A refused answer is logged by the browser itself; what a page is asked to answer is not the page's fault.
EXPECTED = ("status of 4", "ERR_INTERNET_DISCONNECTED", "/live/")


def chromium_path() -> str | None:
    named = os.environ.get("SHOPKEEPER_BROWSER")
    return shutil.which(named) if named else shutil.which("chromium")


def in_browser(bundle: str = "app.js") -> list[pytest.MarkDecorator]:
    """The marks of a module of browser tests; `bundle` is the script without which its pages do nothing."""
    return [
        pytest.mark.browser,
        pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine"),
        pytest.mark.skipif(not (BUILD / bundle).exists(), reason="the browser side is not built"),
    ]


@dataclass
class Visitor:
    """A browser context of somebody signed in, remembering what went wrong in its console."""

    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("load")
        return self.page

    def overflow(self) -> int:
        """How many pixels the page is wider than the window. (A phone zooms out, and `innerWidth` grows with it.)"""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def covered(self) -> int:
        """How many pixels of a form's buttons lie under the bar at the bottom of a phone."""
        return int(
            self.page.evaluate(
                """() => {
                    const foot = document.querySelector(".sk-form-foot")?.getBoundingClientRect();
                    const bar = document.querySelector(".sk-bottom-bar")?.getBoundingClientRect();
                    return foot && bar && bar.height ? Math.max(0, Math.round(foot.bottom - bar.top)) : 0;
                }"""
            )
        )

    def accessibility(self, axe: Path) -> list[str]:
        """Serious findings of axe-core on the page as it stands."""
        self.page.evaluate(axe.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0].get('failureSummary', '')[:200]}"
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]


def launch(playwright: Playwright) -> Browser:
    """Start Chromium. The driver's event loop lives in this thread, so Django is told that it is no server's."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """One Chromium and its driver. A thread has room for one driver: whoever starts one ends it with its module."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@contextmanager
def visitor(
    browser: Browser, address: str, *, language: str = "zh", theme: str = "light", size: str = "desk"
) -> Iterator[Visitor]:
    """Enter the demo shop as its first person."""
    phone = size == "phone"
    context = browser.new_context(viewport=SIZES[size], has_touch=phone, is_mobile=phone)  # type: ignore[arg-type]
    cookies = {"sk_lang": language, "sk_theme": theme}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    page = context.new_page()
    seen = Visitor(address, context, page)

    def complain(kind: str, text: str) -> None:
        if kind in ("error", "pageerror") and not any(expected in text for expected in EXPECTED):
            seen.complaints.append(text)

    page.on("console", lambda message: complain(message.type, f"{message.text} {message.location.get('url')}"))
    page.on("pageerror", lambda error: complain("pageerror", str(error)))
    page.goto(f"{address}/sign-in/")
    page.locator(".sk-role").first.click()
    page.wait_for_load_state("load")
    yield seen
    context.close()


def notify(kind: str) -> None:
    """One thing happened, as the relay says it."""
    payload = json.dumps({"shop": None, "events": [{"type": kind, "count": 1}]})
    with psycopg.connect(**connection_parameters(), autocommit=True) as own:
        own.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
