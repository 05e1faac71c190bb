"""The page kind List: what is read from an address, and what a bulk action takes."""

from dataclasses import replace

from django.http import QueryDict
from django.test import RequestFactory

from shopkeeper.shared.words import T
from shopkeeper.web.listing import Column, Filter, Listing, Tab

LIST = Listing(
    key="things",
    title=T("东西", "Things"),
    columns=(Column("number", T("号", "No."), always=True), Column("paid", T("实付", "Paid"), sort="paid"),
             Column("memo", T("备注", "Memo"), shown=False)),
    tabs=(Tab("open", T("待办", "Open")), Tab("all", T("全部", "All"))),
    filters=(Filter("shop", T("店铺", "Shop")), Filter("day", T("日期", "Day"), kind="dates")),
)  # fmt: skip
get = RequestFactory().get


def test_an_address_is_read() -> None:
    asked = LIST.read(get("/?tab=all&q=A1&shop=3&day_from=2026-11-01&sort=-paid&after=77"))
    assert (asked.tab, asked.text, asked.filters, asked.sort, asked.after) == (
        "all", "A1", {"shop": "3", "day": ("2026-11-01", "")}, "-paid", "77",
    )  # fmt: skip


def test_nonsense_in_an_address_falls_back() -> None:
    asked = LIST.read(get("/?tab=nope&sort=password&day_from=yesterday&q=%00"))
    assert (asked.tab, asked.sort, asked.filters, asked.text) == ("open", "", {}, "")


def test_pasted_numbers_are_taken_apart_and_bounded() -> None:
    asked = LIST.read(get("/", {"q": "A1\nA2, A3；A4　A5"}))
    assert asked.numbers == ["A1", "A2", "A3", "A4", "A5"]
    assert LIST.read(get("/", {"q": "A1"})).numbers == []
    assert len(LIST.read(get("/", {"q": "1 " * 5_000})).numbers) == 1_000


def test_a_changed_question_starts_at_the_first_page_and_closes_the_sheet() -> None:
    asked = LIST.read(get("/?tab=all&shop=3&after=77&open=/x/&counts=1"))
    assert asked.url(shop="4") == "?tab=all&shop=4"
    assert asked.here == "?tab=all&shop=3&after=77"
    assert asked.cleared == "?tab=all"


def test_a_search_on_one_tab_may_go_on_in_all() -> None:
    asked = LIST.read(get("/?q=A1&shop=3&after=77"))
    assert LIST.in_all(asked) == "?q=A1&shop=3&tab=all"
    assert LIST.in_all(LIST.read(get("/?tab=all&q=A1"))) == ""
    assert LIST.in_all(LIST.read(get("/?shop=3"))) == ""
    assert replace(LIST, tabs=LIST.tabs[:1]).in_all(asked) == ""


def test_columns_are_the_person_s_choice() -> None:
    request = get("/")
    assert [c.name for c in LIST.shown_columns(request)] == ["number", "paid"]
    request.COOKIES["sk_cols_things"] = "memo.nonsense"
    assert [c.name for c in LIST.shown_columns(request)] == ["number", "memo"]


def test_a_bulk_action_gets_ids_or_the_question() -> None:
    post = RequestFactory().post
    chosen = LIST.chosen(post("/", {"ids": ["3", "x", "-1", "9" * 30, "4"], "reason": " 缺货 "}))
    assert (chosen.ids, chosen.all_matching, chosen.reason) == ([3, 4], False, "缺货")
    chosen = LIST.chosen(post("/", {"all_matching": "1", "list_query": "?tab=all&shop=3"}))
    assert chosen.all_matching
    assert chosen.asked.tab == "all"
    assert chosen.asked.filters == {"shop": "3"}


def test_an_empty_address_is_the_default() -> None:
    asked = LIST._read(QueryDict(""))
    assert (asked.tab, asked.limit, asked.url()) == ("open", 50, "?")
