"""The page registry: deny by default, one menu, errors that say what to do, nothing inline."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T
from shopkeeper.sop.roles import Role
from shopkeeper.web import menu
from shopkeeper.web.context import live_token
from shopkeeper.web.pages import PAGES, MenuEntry, own_address, page
from tests.factories import make_person
from tests.web.conftest import Visit

GALLERY = ["", "list/", "record/3/", "work/", "board/", "form/", "station/"]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|hx-on|hx-vals=.js:", re.I)


@pytest.fixture
def demo(settings: Any) -> None:
    settings.SHOPKEEPER_DEMO = True


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    answer = Client().get("/palette/?q=x")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fpalette%2F%3Fq%3Dx")
    fragment = Client().get("/palette/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, "/sign-in/?next=%2Fpalette%2F")
    assert Client().get("/palette/", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", GALLERY)
@pytest.mark.clause("G5")
def test_every_page_kind_renders_without_anything_inline(visit: Visit, path: str, language: str) -> None:
    answer = visit(language=language).get(f"/gallery/{path}")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert not INLINE.search(html), INLINE.search(html)
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}"' in html
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", GALLERY)
def test_the_gallery_does_not_exist_in_a_real_shop(visit: Visit, settings: Any, path: str) -> None:
    settings.SHOPKEEPER_DEMO = settings.DEBUG = False
    assert visit().get(f"/gallery/{path}").status_code == 404


@pytest.mark.usefixtures("demo")
def test_one_template_serves_page_sheet_and_block(visit: Visit) -> None:
    client = visit()
    whole = client.get("/gallery/list/").content.decode()
    rows = client.get("/gallery/list/", headers={"HX-Request": "true", "HX-Target": "rows"}).content.decode()
    sheet = client.get("/gallery/record/3/", headers={"HX-Request": "true", "HX-Target": "sheet-body"}).content.decode()
    assert "<html" in whole
    assert "<html" not in rows
    assert rows.count("<tr") == 51
    assert "sk-tabs" not in rows
    assert "<html" not in sheet
    assert "sk-steps" in sheet


@pytest.mark.usefixtures("demo")
def test_a_hidden_column_is_not_rendered_and_cells_follow_the_heads(visit: Visit) -> None:
    client = visit()
    client.cookies["sk_cols_gallery"] = "due.buyer"
    html = client.get("/gallery/list/").content.decode()
    assert re.findall(r'data-label="([^"]+)"', html)[:3] == ["订单号", "买家", "发货截止"]
    assert "sk-money" not in html


def test_a_missing_permission_is_a_page_that_says_so(visit: Visit) -> None:
    clerk = make_person(Role.DESIGN)
    closed = [p for p in PAGES.values() if p.permission and "<" not in p.path and "GET" in p.methods]
    if not closed:
        pytest.skip("no page needs a permission yet")
    from django.urls import reverse

    from shopkeeper.web.visitor import actor_of

    actor = actor_of(clerk.pk)
    assert actor
    refused = [p for p in closed if not actor.may(p.permission)]
    answer = visit(clerk).get(reverse(refused[0].name))
    assert answer.status_code == 403
    assert refused[0].permission in answer.content.decode()
    assert answer["SK-Reference"] in answer.content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_errors_say_what_to_do_in_both_languages(visit: Visit, language: str) -> None:
    answer = visit(language=language).get("/no-such-page/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert ("没有找到" if language == "zh" else "Not found") in html
    assert answer["SK-Reference"] in html
    fragment = visit(language=language).get("/no-such-page/", headers={"HX-Request": "true"})
    assert fragment.status_code == 404
    assert "sk:toast" in fragment["HX-Trigger"]


def test_the_wrong_method_is_told(visit: Visit) -> None:
    assert visit().post("/palette/").status_code == 405


def test_the_menu_shows_what_the_actor_may_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "PAGES", pages := {})
    monkeypatch.setattr(menu, "reverse", lambda name: f"/{name}/")
    monkeypatch.setattr("shopkeeper.web.pages.PAGES", pages)
    entries = {"late": ("p.a", 20), "early": ("p.a", 10), "closed": ("p.b", 5), "everyone": ("", 30)}
    for name, (permission, order) in entries.items():
        label = MenuEntry(T(name, name), "orders", order)
        page(f"{name}/", name=name, clause="G2", permission=permission, menu=label)(lambda request: HttpResponse())
    actor = Actor(1, "甲", frozenset({"p.a"}))
    (section,) = menu.menu_of(actor, None, "/late/12/")
    assert [entry.name for entry in section.entries] == ["early", "late", "everyone"]
    assert [entry.is_here for entry in section.entries] == [False, True, False]


def test_every_menu_entry_stands_in_a_known_section() -> None:
    wrong = [p.name for p in PAGES.values() if p.menu and p.menu.section not in menu.SECTIONS]
    assert not wrong


def test_the_live_token_carries_scope_and_nothing_personal() -> None:
    from django.core import signing

    actor = Actor(7, "林晓", frozenset({"p"}), frozenset({3, 1}), None)
    said = signing.loads(live_token(actor), salt="shopkeeper.live")
    assert said == {"person": 7, "shops": [1, 3], "warehouses": None}


@pytest.mark.usefixtures("demo")
def test_the_palette_knows_pages_and_bounds_what_it_is_asked(visit: Visit) -> None:
    client = visit()
    assert "entries" in client.get("/palette/").json()
    assert client.get("/palette/", {"q": "x" * 5_000 + "\x00"}).status_code == 200


def test_the_language_follows_cookie_then_browser() -> None:
    from shopkeeper.web.visitor import language_of

    get = RequestFactory().get
    assert language_of(get("/")) == "zh"
    assert language_of(get("/", headers={"Accept-Language": "en-GB,en;q=0.9"})) == "en"
    assert language_of(get("/", headers={"Accept-Language": "zh-TW"})) == "zh"
    request = get("/", headers={"Accept-Language": "en"})
    request.COOKIES["sk_lang"] = "zh"
    assert language_of(request) == "zh"


def test_a_door_that_takes_only_posts_belongs_to_the_page_above_it() -> None:
    ask = RequestFactory()
    assert own_address(ask.get("/aftersale/?tab=all")) == "/aftersale/?tab=all"
    assert own_address(ask.post("/aftersale/7/offer/")) == "/aftersale/7/"
    assert own_address(ask.post("/launch/gates/7/examples/3/drop/")) == "/launch/gates/7/"
    assert own_address(ask.post("/aftersale/new/?order=JY1")) == "/aftersale/new/?order=JY1"
    assert own_address(ask.post("/nowhere/at/all/")) == "/"
