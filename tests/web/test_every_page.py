"""G5: every page there is, opened: it fits, is quiet, speaks one language at a time, and is accessible.

One walk as English dark phone belongs to the ordinary tests; all eight, with axe-core on every page, are a soak.
"""

import itertools
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser
from tools.build_assets import MODULES

from shopkeeper.config.hosting import hosted
from shopkeeper.flows.products.listing.models import Category, Product
from shopkeeper.foundation.models import Person, Shop, Warehouse
from shopkeeper.sop.roles import Role
from tests.access import world
from tests.databases import Databases
from tests.factories import make_person
from tests.web.browser import Visitor, chromium, in_browser, visitor
from tests.web.tour import CHROME, CUT, LINKS, WIDEST, Tour, untranslated

pytestmark = [*in_browser(), pytest.mark.clause("G5")]
AXE = MODULES / "axe-core" / "axe.min.js"
# Pages a manager may not open, by whoever may.
ELSEWHERE = (Role.DATA_SPECIALIST, Role.ENGINEERING)
# What a place of the access tests has nothing of: a talk of a platform, a file handed in, and the like.
MOST_UNSEEN = 16


@pytest.fixture(scope="module")
def place(
    databases: Databases, django_db_setup: None, django_db_blocker: object, tmp_path_factory: object
) -> Iterator[tuple[str, frozenset[str]]]:
    """A shop with something at every desk: its address, and the names in it that are nobody's translation."""
    var = tmp_path_factory.mktemp("shop")  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), databases.fresh() as fresh:  # type: ignore[attr-defined]
        make_person(Role.OPERATIONS_MANAGER)
        for role in ELSEWHERE:
            make_person(role)
        world.build()
        own = {"SHOPKEEPER_DEMO": "1", "SHOPKEEPER_MASTER_KEY_FILE": str(settings.SHOPKEEPER_MASTER_KEY_FILE)}
        with hosted(fresh.url, var, own, worker=False) as running:
            yield running.address, _names()
            log = (var / "log" / "web.log").read_text()
        assert "Traceback" not in log, log[-4_000:]


def _names() -> frozenset[str]:
    named = [Shop, Warehouse, Person, Category]
    names = {name for model in named for name in model._default_manager.values_list("name", flat=True)}
    return frozenset(names | set(Product.objects.values_list("title", flat=True)))


@pytest.fixture(scope="module")
def browser(place: tuple[str, frozenset[str]]) -> Iterator[Browser]:
    with chromium() as started:
        yield started


def walk(seen: Visitor, tour: Tour, language: str, names: frozenset[str], *, with_axe: bool) -> dict[str, list[str]]:
    """Open every page once, following the links that lead to further ones; troubles by the page's address."""
    troubles: dict[str, list[str]] = {}
    opened: set[str] = set()
    while ahead := _ahead(tour, opened, seen):
        for name, path in ahead:
            opened.add(name)
            said = _look(seen, path, language, names, with_axe=with_axe)
            tour.note(seen.page.evaluate(LINKS))
            if said:
                troubles[f"{name} {path}"] = said
    return troubles


def _ahead(tour: Tour, opened: set[str], seen: Visitor) -> list[tuple[str, str]]:
    """What was found and not opened yet; when that is all, what has to be guessed."""
    if set(tour.found) == opened:
        tour.guess(lambda path: seen.context.request.get(seen.address + path).status == 200)
    return [(name, path) for name, path in tour.found.items() if name not in opened]


def _look(seen: Visitor, path: str, language: str, names: frozenset[str], *, with_axe: bool) -> list[str]:
    seen.complaints.clear()
    answer = seen.page.goto(seen.address + path)
    assert answer is not None
    said = [] if answer.status in (200, 403) else [f"answers {answer.status}"]
    if seen.overflow() > 0:
        said.append(f"wider than the window by {seen.overflow()}: {seen.page.evaluate(WIDEST)}")
    said += seen.page.evaluate(CUT)
    if language == "en":
        said += [f"untranslated: {text}" for text in untranslated(seen.page.evaluate(CHROME), names)]
    if with_axe:
        said += seen.accessibility(AXE)
    return said + seen.complaints


def told(troubles: dict[str, list[str]]) -> str:
    return "\n".join(f"{path}: {said}" for path, troubled in troubles.items() for said in troubled)


def test_every_page_opens_fits_and_speaks_english_on_a_phone(
    browser: Browser, place: tuple[str, frozenset[str]]
) -> None:
    address, names = place
    tour = Tour.of_the_house()
    with visitor(browser, address, language="en", theme="dark", size="phone") as seen:
        troubles = walk(seen, tour, "en", names, with_axe=False)
    assert not troubles, told(troubles)
    assert len(tour.unseen) <= MOST_UNSEEN, tour.unseen


@pytest.mark.soak
@pytest.mark.parametrize(
    ("language", "theme", "size"), list(itertools.product(["zh", "en"], ["light", "dark"], ["desk", "phone"]))
)
def test_every_page_is_accessible_in_every_dress(
    browser: Browser, place: tuple[str, frozenset[str]], language: str, theme: str, size: str
) -> None:
    address, names = place
    with visitor(browser, address, language=language, theme=theme, size=size) as seen:
        troubles = walk(seen, Tour.of_the_house(), language, names, with_axe=True)
    assert not troubles, told(troubles)
