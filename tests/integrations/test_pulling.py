"""Pulling loses nothing: orders change while pages are read, totals lie, answers come late, twice, cut or
not at all."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopkeeper.flows.fulfilment.intake.ports import ShopAccess
from shopkeeper.integrations.outside_http import OutsideHttp
from shopkeeper.integrations.platforms.taobao import TaobaoOrders
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.shared.outside import OutsideError
from tests.outside import Outside

LIST = "taobao.trades.sold.increment.get"
SECOND = timedelta(seconds=1)


def test_everything_of_the_window_oldest_first(outside: Outside) -> None:
    since = outside.now
    numbers = outside.place(12)
    until = outside.clock(timedelta(minutes=3))
    pages = list(outside.orders.pull(outside.shop, since, until))
    assert [order.platform_no for page in pages for order in page.orders] == numbers
    assert [len(page.orders) for page in pages] == [2, 5, 5]
    assert [page.slice_done for page in pages] == [False, False, True]
    assert {(page.total, page.window_end) for page in pages} == {(12, until)}
    assert not any(page.unreadable for page in pages)
    order = pages[0].orders[0]
    assert order.raw.startswith(b'{"trade_fullinfo_get_response"')
    assert order.receiver.masked
    assert order.receiver_token
    assert outside.orders.fetch(outside.shop, [numbers[0]])[0].raw == order.raw


def test_long_spans_are_sliced_and_empty_slices_move_the_cursor(outside: Outside) -> None:
    since = outside.now
    (early,) = outside.place()
    outside.clock(timedelta(hours=1))
    (late,) = outside.place()
    until = outside.clock(timedelta(minutes=5))
    pages = list(outside.orders.pull(outside.shop, since, until))
    ends = [page.window_end for page in pages]
    assert ends == [since + timedelta(minutes=30), since + timedelta(minutes=60), until]
    assert all(page.slice_done for page in pages)
    assert [[order.platform_no for order in page.orders] for page in pages] == [[early], [], [late]]
    assert list(outside.orders.pull(outside.shop, until, until)) == []


def test_half_seconds_belong_to_the_window(outside: Outside) -> None:
    (number,) = outside.place()
    exact = outside.orders.fetch(outside.shop, [number])[0].modified_at
    assert len(outside.pulled(exact + timedelta(microseconds=500), exact + timedelta(microseconds=900))) == 1
    assert len(outside.pulled(exact - timedelta(microseconds=500), exact - timedelta(microseconds=1))) == 1


def test_another_shops_orders_stay_there(outside: Outside) -> None:
    since = outside.now
    (number,) = outside.place()
    outside.control.post("/shops", outside.shop_form(session="other"))
    stranger = ShopAccess(2, "taobao", outside.shop.base_url, outside.shop.app_key, outside.shop.app_secret, "other")
    assert [p.orders for p in outside.orders.pull(stranger, since, outside.now + SECOND)] == [()]
    assert outside.orders.fetch(stranger, [number]) == []
    assert outside.orders.refund_open(stranger, [number]) == {number}


@pytest.mark.parametrize("by", [-12, -7, -1, 1, 40])
def test_wrong_totals_lose_nothing(outside: Outside, by: int) -> None:
    since = outside.now
    numbers = outside.place(12)
    outside.control.misbehave("platform", "wrong_totals", probability=1, by=by)
    assert [order.platform_no for order in outside.pulled(since, outside.now + SECOND)] == numbers


@pytest.mark.parametrize("what", ["down", "cut", "half_json", "server_error", "lost_answer"])
def test_passing_failures_are_got_over(outside: Outside, what: str) -> None:
    since = outside.now
    numbers = outside.place(6)
    outside.control.misbehave("platform", what, next=3)
    assert [order.platform_no for order in outside.pulled(since, outside.now + SECOND)] == numbers


@pytest.mark.parametrize(
    ("what", "kind"), [("down", "transient"), ("half_json", "transient"), ("throttle", "throttled")]
)
def test_lasting_failures_stop_the_pull_before_the_slice_is_done(outside: Outside, what: str, kind: str) -> None:
    since = outside.now
    outside.place(12)
    pages = outside.orders.pull(outside.shop, since, outside.now + SECOND)
    done = [next(pages).slice_done]
    outside.control.misbehave("platform", what, probability=1)
    with pytest.raises(OutsideError) as caught:
        done += [page.slice_done for page in pages]
    assert caught.value.kind == kind
    assert not any(done)


def test_slow_answers_end_in_a_timeout(outside: Outside) -> None:
    gateway = TopGateway(OutsideHttp(timeout_s=0.2))
    outside.control.misbehave("platform", "slow", probability=1, delay_ms=600)
    try:
        with pytest.raises(OutsideError) as caught:
            gateway.call(outside.shop, LIST, fields="tid")
    finally:
        gateway.close()
    assert (caught.value.kind, caught.value.code) == ("transient", "timeout")


def test_the_same_order_twice_on_a_page_is_read_once(outside: Outside) -> None:
    since = outside.now
    numbers = outside.place(4)
    outside.control.misbehave("platform", "twice", probability=1)
    assert [order.platform_no for order in outside.pulled(since, outside.now + SECOND)] == numbers


def test_an_unreadable_order_does_not_hold_up_the_others(outside: Outside) -> None:
    since = outside.now
    numbers = outside.place(3)
    outside.control.act(numbers[1], "raw", raw={"status": "A_NEW_WORD"}, at=outside.now.isoformat())
    pages = list(outside.orders.pull(outside.shop, since, outside.now + SECOND))
    assert {order.platform_no for page in pages for order in page.orders} == {numbers[0], numbers[2]}
    (odd,) = [odd for page in pages for odd in page.unreadable]
    assert (odd.platform_no, odd.reason) == (numbers[1], "status")
    assert b"A_NEW_WORD" in odd.raw
    with pytest.raises(OutsideError) as caught:
        outside.orders.fetch(outside.shop, numbers)
    assert (caught.value.kind, caught.value.code) == ("permanent", "unreadable_order")


def test_a_wrong_secret_is_a_matter_for_a_person(outside: Outside) -> None:
    outside.place()
    shop = outside.shop
    wrong = ShopAccess(1, "taobao", shop.base_url, shop.app_key, "not it", shop.session)
    with pytest.raises(OutsideError) as caught:
        outside.orders.fetch(wrong, ["1"])
    assert caught.value.kind == "auth"
    assert "not it" not in repr(wrong)
    assert shop.session not in repr(wrong)


def test_a_clock_far_off_is_refused_by_the_platform(outside: Outside) -> None:
    gateway = TopGateway(now=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    try:
        with pytest.raises(OutsideError) as caught:
            TaobaoOrders(gateway).fetch(outside.shop, ["1"])
    finally:
        gateway.close()
    assert caught.value.code == "isv.invalid-timestamp"


_rounds = itertools.count()
changes = st.lists(st.tuples(st.integers(0, 22), st.sampled_from(["memo", "refund", "address"])), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(0, 23),
    between=st.lists(changes, max_size=6),
    total_off=st.sampled_from([0, -30, -3, 9]),
)
def test_orders_changing_between_pages_are_never_lost(
    outside: Outside, count: int, between: list[list[tuple[int, str]]], total_off: int
) -> None:
    """Whatever changes between two pages, this pull and the next together bring every order in its last
    state."""
    outside.control.behave()
    since = outside.clock(timedelta(hours=2))
    numbers = outside.place(count) if count else []
    until = outside.now
    if total_off:
        outside.control.misbehave("platform", "wrong_totals", probability=1, by=total_off)
    known = {}
    moments = iter(between)
    for page in outside.orders.pull(outside.shop, since, until):
        known.update({order.platform_no: order for order in page.orders})
        for which, do in next(moments, []):
            if which < count:
                outside.clock(SECOND)
                details = {"memo": str(next(_rounds)), "receiver": {"address": f"{next(_rounds)}号"}}
                outside.control.post("/platform/actions", {"actions": [{"tid": numbers[which], "do": do, **details}]})
    outside.clock(SECOND)
    for order in outside.pulled(until + SECOND, outside.now):
        if order.platform_no not in known or order.modified_at >= known[order.platform_no].modified_at:
            known[order.platform_no] = order
    assert sorted(known) == sorted(numbers)
    assert [known[n] for n in numbers] == outside.orders.fetch(outside.shop, numbers)
