"""POST doors: one call, one answer in words, the same form twice has one effect."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.test import RequestFactory

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.once import OnceKey
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.shared.words import T, speaking
from shopkeeper.web.command_forms import answer_outcomes, run_once, toasts_of
from tests.web.conftest import Visit


@dataclass
class CountingCommand:
    """Stands in for a command: notes under which key it is called."""

    name: str = "count_things"
    keys: list[OnceKey | None] = field(default_factory=list)

    def __call__(
        self, actor: Actor, items: Sequence[Any], *, why: str = "", key: OnceKey | None = None
    ) -> list[Outcome]:
        self.keys.append(key)
        return [done(item, parcel="P-1") for item in items]


def posted(data: dict[str, Any], **headers: str) -> HttpRequest:
    request = RequestFactory().post("/x/", data, headers=headers)
    request.actor = Actor(1, "甲", frozenset())  # type: ignore[attr-defined]
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def test_a_double_click_is_one_request() -> None:
    command: Any = CountingCommand()
    form = {"form_token": "t1", "ids": ["1", "2"]}
    assert run_once(posted(form), command, [1, 2])[0].facts == {"parcel": "P-1"}
    run_once(posted(form), command, [1, 2])
    first, second = command.keys
    assert first is not None
    assert first == second


def test_a_changed_form_with_the_same_token_is_a_new_request() -> None:
    command: Any = CountingCommand()
    run_once(posted({"form_token": "t1", "ids": "1"}), command, [1])
    run_once(posted({"form_token": "t1", "ids": "2"}), command, [2])
    run_once(posted({"ids": "2"}), command, [2])
    first, second, without = command.keys
    assert first.text != second.text
    assert without is None


def test_an_answer_names_what_was_done_refused_and_why() -> None:
    outcomes = [done(1), done(2), unchanged(3), refused("not_found", 4), refused("not_found", 5)]
    with speaking("zh"):
        green, blue, amber = toasts_of(outcomes, T("已确认 {n} 单", "{n} confirmed"), undo="/undo/")
    assert (green.tone, green.text, green.undo) == ("green", "已确认 2 单", "/undo/")
    assert (blue.tone, blue.text) == ("blue", "1 项本来就是这样，没有改动")
    assert (amber.tone, amber.text) == ("amber", "2 项没有办成")
    assert amber.details[0].endswith("×2")
    with speaking("en"):
        (red,) = toasts_of([refused("not_found", 4)], T("", ""))
    assert red.tone == "red"
    assert red.details[0].isascii()


def test_a_fragment_is_answered_in_place_and_a_page_by_going_on() -> None:
    fragment = answer_outcomes(posted({}, **{"HX-Request": "true"}), [done(1)], done=T("好", "Good"))
    told = json.loads(fragment["HX-Trigger"])
    assert fragment.status_code == 204
    assert set(told) == {"sk:toast", "sk:rows", "sk:record"}
    further = answer_outcomes(posted({}, **{"HX-Request": "true"}), [done(1)], done=T("好", "Good"), to="/orders/")
    assert further["HX-Redirect"] == "/orders/"
    page = answer_outcomes(posted({}, Referer="http://testserver/a/?b=1"), [done(1)], done=T("好", "Good"))
    assert (page.status_code, page["Location"]) == (302, "/a/?b=1")
    stranger = answer_outcomes(posted({}, Referer="http://elsewhere.example/a/"), [done(1)], done=T("好", "Good"))
    assert stranger["Location"] == "/"


def test_a_form_page_keeps_what_was_typed(visit: Visit, settings: Any) -> None:
    settings.SHOPKEEPER_DEMO = True
    client = visit()
    typed = {"sku": "ab", "quantity": "0", "price_minor": "一百", "warehouse": "gz", "note": "别<压>"}
    answer = client.post("/gallery/form/", typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count("sk-error") == 3
    assert 'value="ab"' in html
    assert "别&lt;压&gt;" in html
    good = client.post("/gallery/form/", {**typed, "sku": "TEA-1", "quantity": "2", "price_minor": "1.5"})
    assert good.status_code == 302
    assert "已保存" in client.get("/gallery/form/").content.decode()
