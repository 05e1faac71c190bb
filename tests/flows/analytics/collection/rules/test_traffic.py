"""What a page may send, where it came from, and what of it counts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.analytics.collection.rules.channels import channel_named, channel_of
from shopkeeper.flows.analytics.collection.rules.counting import count, marks_of
from shopkeeper.flows.analytics.collection.rules.sketch import hash_of
from shopkeeper.flows.analytics.collection.rules.traffic import EVENTS_MOST, OLDEST_MS, BatchWrong, Sent, events_of

pytestmark = pytest.mark.clause("D1.1")
NOW = 1_780_286_400_000  # 2026-06-01 12:00 in Shanghai
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
SENT = Sent(7, NOW, BROWSER)


def event(**fields: Any) -> dict[str, Any]:
    return {
        "event_id": "event-0001", "kind": "view", "at": NOW - 1_000,
        "page": "https://shop.example/goods/9?utm_medium=cpc&phone=13812341234",
        "referrer": "//www.baidu.com/s?wd=x", **fields,
    }  # fmt: skip


def batch(*events: Any, **fields: Any) -> dict[str, Any]:
    return {
        "visitor": "visitor-0001", "session": "session-0001", "sent_at": NOW, "events": list(events) or [event()],
        **fields,
    }  # fmt: skip


def kept(body: Any, sent: Sent = SENT) -> list[dict[str, Any]]:
    return events_of(body, sent, lambda text: f"n:{text}")


def test_an_event_is_kept_without_what_is_nobodys_business() -> None:
    one = kept(batch())[0]
    assert one == {
        "id": "event-0001", "shop": 7, "v": "n:7:visitor-0001", "s": "n:7:visitor-0001:session-0001", "m": "",
        "kind": "view", "at": NOW - 1_000, "ch": "paid", "p": "/goods/9", "sku": None, "stay": None,
    }  # fmt: skip
    assert "138" not in str(one)


def test_a_number_as_long_as_a_phone_is_not_kept_of_an_address() -> None:
    assert kept(batch(event(page="https://shop.example/u/13812341234/orders")))[0]["p"] == "/u/*/orders"


def test_a_mail_address_is_not_kept_of_an_address() -> None:
    for name in ("li.lei@mail.example", "li.lei%40mail.example"):
        assert kept(batch(event(page=f"https://shop.example/u/{name}/orders")))[0]["p"] == "/u/*/orders"


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ([], "batch_not_object", None),
        ({}, "events_missing", None),
        (batch(events=[]), "events_missing", None),
        (batch(events=[event()] * (EVENTS_MOST + 1)), "events_too_many", None),
        (batch(visitor="x"), "visitor_wrong", None),
        (batch(session=None), "session_wrong", None),
        (batch(sent_at="now"), "sent_at_wrong", None),
        (batch(sent_at=True), "sent_at_wrong", None),
        (batch(event(), "no event"), "event_not_object", 1),
        (batch(event(kind="buy")), "kind_unknown", 0),
        (batch(event(kind=["view"])), "kind_unknown", 0),
        (batch(event(event_id="with space")), "event_id_wrong", 0),
        (batch(event(), event(at=-1)), "at_wrong", 1),
        (batch(event(page=5)), "page_wrong", 0),
        (batch(event(page="//[")), "page_wrong", 0),
        (batch(event(referrer="//[")), "referrer_wrong", 0),
        (batch(event(referrer=5)), "referrer_wrong", 0),
        (batch(event(sku_id=-1)), "sku_id_wrong", 0),
        (batch(event(sku_id=2**63)), "sku_id_wrong", 0),
        (batch(event(stay_ms="long")), "stay_ms_wrong", 0),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(body: Any, code: str, place: int | None) -> None:
    with pytest.raises(BatchWrong) as refused:
        kept(body)
    assert (refused.value.code, refused.value.place) == (code, place)


def test_a_page_whose_clock_is_off_is_put_right() -> None:
    slow = NOW - 3_600_000
    assert kept(batch(event(at=slow - 5_000), sent_at=slow))[0]["at"] == NOW - 5_000


def test_times_nobody_believes_become_now() -> None:
    assert kept(batch(event(at=NOW + 60_000)))[0]["at"] == NOW
    assert kept(batch(event(at=NOW - OLDEST_MS - 1)))[0]["at"] == NOW


def test_where_time_is_stepped_the_senders_clock_counts() -> None:
    then = NOW - 30 * 24 * 3_600_000
    assert kept(batch(event(at=then), sent_at=then), Sent(7, NOW, BROWSER, trusts_clock=True))[0]["at"] == then


@pytest.mark.parametrize("agent", ["Googlebot/2.1", "curl/8.0", "HeadlessChrome/126", "python-requests/2", ""])
def test_machines_are_known_by_what_they_call_themselves(agent: str) -> None:
    assert kept(batch(), Sent(7, NOW, agent))[0]["m"] == "bot_agent"


@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.booleans(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(["events", "visitor", "session", "sent_at", "kind", "at", "page", "event_id"]), x
            )
        ),
        max_leaves=12,
    )
)
def test_no_body_breaks_the_reader(body: Any) -> None:
    try:
        kept(body)
    except BatchWrong as wrong:
        assert wrong.code


@pytest.mark.parametrize(
    ("host", "medium", "channel"),
    [
        ("", "", "direct"),
        ("shop.example", "", "direct"),
        ("www.baidu.com", "", "search"),
        ("s.taobao.com", "", "search"),
        ("www.xiaohongshu.com", "", "content"),
        ("t.cn", "", "content"),
        ("somewhere.example", "", "other"),
        ("www.baidu.com", "cpc", "paid"),
        ("", "feed", "recommendation"),
        ("", "sms", "other"),
        ("", "mystery", "other"),
    ],
)
def test_channels_of_visits(host: str, medium: str, channel: str) -> None:
    assert channel_of(host, medium, "shop.example") == channel


@pytest.mark.parametrize(
    ("name", "channel"),
    [("手淘搜索", "search"), ("直通车", "paid"), ("手淘推荐", "recommendation"), ("购物车", "direct"),
     ("淘宝直播", "content"), ("淘宝客", "paid"), ("某个新来源", "other")],
)  # fmt: skip
def test_channels_as_platforms_name_them(name: str, channel: str) -> None:
    assert channel_named(name) == channel


def line(**fields: Any) -> dict[str, Any]:
    return {
        "id": "a", "shop": 1, "v": "v1", "s": "s1", "m": "", "kind": "view", "at": NOW, "ch": "search", "p": "/",
        "sku": None, "stay": None, **fields,
    }  # fmt: skip


def test_events_are_marked_and_never_dropped() -> None:
    lines = [line(), line(), line(id="b", m="bot_agent"), line(id="c"), *[line(id=f"f{n}", v="fast") for n in range(4)]]
    marks = marks_of(lines, frozenset({hash_of("c")}), {1: 3})
    assert marks == ["", "duplicate", "bot_agent", "duplicate", *["too_fast"] * 4]


def test_sums_and_sets_of_what_counts() -> None:
    lines = [line(), line(id="b", kind="order"), line(id="c", v="v2", ch="paid"), line(id="d", kind="cart", m="x")]
    counts = count(lines, ["", "", "", "bot_agent"])
    minute = NOW - NOW % 60_000
    hour = NOW - NOW % 3_600_000
    assert counts.minutes == {
        (1, minute, "search", "view"): 1, (1, minute, "search", "order"): 1, (1, minute, "paid", "view"): 1,
        (1, minute, "search", "bots"): 1,
    }  # fmt: skip
    assert len(counts.sets[1, hour, "", "visitors"]) == 2
    assert len(counts.sets[1, hour, "search", "visitors"]) == 1
    assert len(counts.sets[1, hour, "", "order_visitors"]) == 1
    assert (1, hour, "", "cart_visitors") not in counts.sets
    assert counts.events[1, hour] == 3
    assert (counts.first_ms, counts.last_ms) == (NOW, NOW)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 200)), max_size=40))
def test_every_event_counts_once_or_is_marked(drawn: list[tuple[str, str, int]]) -> None:
    lines = [line(id=f"{i}", v=v, at=NOW + second * 1_000) for i, v, second in drawn]
    marks = marks_of(lines, frozenset(), {1: 10})
    counts = count(lines, marks)
    assert sum(counts.minutes.values()) == len(lines)
    assert sum(counts.events.values()) == marks.count("") == len({i for i, _, _ in drawn if i}) or "too_fast" in marks
