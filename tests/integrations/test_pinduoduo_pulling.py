"""Pulling from the second platform loses nothing either; a life of an order as the house sees it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopkeeper.integrations.platforms.pinduoduo import PinduoduoOrders
from shopkeeper.integrations.platforms.pinduoduo.gateway import PddGateway, classed
from shopkeeper.shared.outside import OutsideError
from tests.outside import Mall

pytestmark = [pytest.mark.clause("O1.1")]
SECOND = timedelta(seconds=1)


def pulled(mall: Mall, since: datetime, until: datetime) -> list[str]:
    return [order.platform_no for page in mall.orders.pull(mall.shop, since, until) for order in page.orders]


def test_everything_of_the_window_oldest_first(mall: Mall) -> None:
    since = mall.outside.now
    numbers = mall.place(12)
    until = mall.outside.clock(timedelta(minutes=3))
    pages = list(mall.orders.pull(mall.shop, since, until))
    assert [order.platform_no for page in pages for order in page.orders] == numbers
    assert [len(page.orders) for page in pages] == [2, 5, 5]
    assert [page.slice_done for page in pages] == [False, False, True]
    assert {(page.total, page.window_end) for page in pages} == {(12, until)}
    order = pages[0].orders[0]
    assert order.raw.startswith(b'{"order_info_get_response"')
    assert (order.shop_id, order.receiver.masked, bool(order.receiver_token)) == (3, True, True)


def test_long_spans_are_sliced_to_half_an_hour(mall: Mall) -> None:
    since = mall.outside.now
    (early,) = mall.place()
    mall.outside.clock(timedelta(hours=1))
    (late,) = mall.place()
    until = mall.outside.clock(timedelta(minutes=5))
    uneven = timedelta(microseconds=700)
    pages = list(mall.orders.pull(mall.shop, since + uneven, until + uneven))
    assert [[order.platform_no for order in page.orders] for page in pages] == [[early], [], [late]]
    assert all(page.slice_done for page in pages)
    assert list(mall.orders.pull(mall.shop, until, until)) == []


@pytest.mark.parametrize("by", [-12, -7, -1, 1, 40])
def test_wrong_totals_lose_nothing(mall: Mall, by: int) -> None:
    since = mall.outside.now
    numbers = mall.place(12)
    mall.control.misbehave("platform", "wrong_totals", probability=1, by=by)
    assert pulled(mall, since, mall.outside.now + SECOND) == numbers


@pytest.mark.parametrize("what", ["down", "cut", "half_json", "server_error", "lost_answer", "twice"])
def test_passing_failures_are_got_over(mall: Mall, what: str) -> None:
    since = mall.outside.now
    numbers = mall.place(6)
    mall.control.misbehave("platform", what, next=3)
    assert pulled(mall, since, mall.outside.now + SECOND) == numbers


@pytest.mark.parametrize(("what", "kind"), [("down", "transient"), ("throttle", "throttled")])
def test_lasting_failures_stop_the_pull_before_the_slice_is_done(mall: Mall, what: str, kind: str) -> None:
    since = mall.outside.now
    mall.place(12)
    pages = mall.orders.pull(mall.shop, since, mall.outside.now + SECOND)
    done = [next(pages).slice_done]
    mall.control.misbehave("platform", what, probability=1)
    with pytest.raises(OutsideError) as caught:
        done += [page.slice_done for page in pages]
    assert caught.value.kind == kind
    assert not any(done)


changes = st.lists(st.tuples(st.integers(0, 22), st.sampled_from(["memo", "refund", "address"])), max_size=5)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 17), between=st.lists(changes, max_size=5), total_off=st.sampled_from([0, -30, 9]))
def test_orders_changing_between_pages_are_never_lost(
    mall: Mall, count: int, between: list[list[tuple[int, str]]], total_off: int
) -> None:
    """This pull and the next together bring every order in its last state."""
    mall.control.behave()
    since = mall.outside.clock(timedelta(hours=2))
    numbers = mall.place(count) if count else []
    until = mall.outside.now
    if total_off:
        mall.control.misbehave("platform", "wrong_totals", probability=1, by=total_off)
    known = {}
    moments = iter(between)
    for page in mall.orders.pull(mall.shop, since, until):
        known.update({order.platform_no: order for order in page.orders})
        for which, do in next(moments, []):
            if which < count:
                mall.outside.clock(SECOND)
                details = {"memo": str(which), "receiver": {"address": f"{which}号"}}
                mall.control.post("/platform/actions", {"actions": [{"tid": numbers[which], "do": do, **details}]})
    mall.outside.clock(SECOND)
    for page in mall.orders.pull(mall.shop, until + SECOND, mall.outside.now):
        known.update({order.platform_no: order for order in page.orders})
    assert sorted(known) == sorted(numbers)
    assert [known[n] for n in numbers] == mall.orders.fetch(mall.shop, numbers)


def test_a_life(mall: Mall) -> None:
    (number,) = mall.place(paid=False)
    assert mall.orders.fetch(mall.shop, [number]) == []  # shops are not told of unpaid orders
    assert mall.act(number, "pay", held=True) == "PAID_FORBID_CONSIGN"
    assert mall.fetched(number).state == "held_by_platform"
    mall.act(number, "release")
    order = mall.fetched(number)
    assert order.state == "to_ship"
    assert order.ship_by_at is not None
    assert order.paid_at is not None
    assert order.ship_by_at - order.paid_at == timedelta(hours=48)
    before = order.receiver_token
    mall.act(number, "address", receiver={"address": "新地址1号"})
    assert mall.fetched(number).receiver_token != before
    assert mall.fetched(number).modified_at == mall.outside.now


def test_refunds_from_asking_to_the_end(mall: Mall) -> None:
    (number,) = mall.place()
    (other,) = mall.place()
    seen = []
    for do in ("refund", "refund_withdraw", "refund", "refund_refuse", "refund_agree"):
        mall.act(number, do)
        order = mall.fetched(number)
        blocked = mall.orders.refund_open(mall.shop, [number, other, "1-2"])
        seen.append((order.lines[0].refund_state, order.state, sorted(blocked - {"1-2"})))
        assert "1-2" in blocked
    assert seen == [
        ("requested", "to_ship", [number]),
        ("closed", "to_ship", []),
        ("requested", "to_ship", [number]),
        ("requested", "to_ship", [number]),
        ("refunded", "closed", [number]),
    ]
    assert mall.fetched(number).ended_at == mall.outside.now


def test_many_orders_are_asked_about_in_hundreds(mall: Mall) -> None:
    assert mall.orders.refund_open(mall.shop, []) == set()
    numbers = mall.place(3)
    unknown = [f"1-{n}" for n in range(205)]
    assert mall.orders.refund_open(mall.shop, [*unknown, *numbers]) == set(unknown)


def test_the_seller_writes_on_the_order(mall: Mall) -> None:
    (number,) = mall.place()
    for _ in range(2):
        mall.orders.set_memo(mall.shop, number, "请核对地址 🙏", "yellow")
    order = mall.fetched(number)
    assert (order.seller_memo, order.seller_flag) == ("请核对地址 🙏", "yellow")
    mall.orders.set_memo(mall.shop, number, "")
    assert (mall.fetched(number).seller_memo, mall.fetched(number).seller_flag) == ("", "yellow")
    with pytest.raises(OutsideError) as caught:
        mall.orders.set_memo(mall.shop, number, "x", "gray")
    assert (caught.value.kind, caught.value.code) == ("permanent", "unknown_flag")


def test_an_unreadable_order_does_not_hold_up_the_others(mall: Mall) -> None:
    since = mall.outside.now
    numbers = mall.place(3)
    mall.control.act(numbers[1], "raw", raw={"order_status": 99}, at=mall.outside.now.isoformat())
    pages = list(mall.orders.pull(mall.shop, since, mall.outside.now + SECOND))
    assert {order.platform_no for page in pages for order in page.orders} == {numbers[0], numbers[2]}
    (odd,) = [odd for page in pages for odd in page.unreadable]
    assert (odd.platform_no, odd.reason) == (numbers[1], "status")
    with pytest.raises(OutsideError) as caught:
        mall.orders.fetch(mall.shop, numbers)
    assert (caught.value.kind, caught.value.code) == ("permanent", "unreadable_order")


def test_a_wrong_secret_an_old_token_and_a_clock_far_off(mall: Mall) -> None:
    mall.place()
    for wrong in (replace(mall.shop, app_secret="not it"), replace(mall.shop, session="expired")):
        with pytest.raises(OutsideError) as caught:
            mall.orders.fetch(wrong, ["1-1"])
        assert caught.value.kind == "auth"
        assert "not it" not in str(caught.value)
    gateway = PddGateway(now=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    try:
        with pytest.raises(OutsideError) as caught:
            PinduoduoOrders(gateway).fetch(mall.shop, ["1-1"])
    finally:
        gateway.close()
    assert "timestamp" in caught.value.message


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"error_code": 10019}, "auth"), ({"error_code": 20004}, "auth"), ({"error_code": "10019"}, "auth"),
        ({"error_code": 52101}, "throttled"), ({"error_code": 70031}, "throttled"),
        ({"error_code": 52102}, "transient"), ({"error_code": 52103}, "transient"),
        ({"error_code": 50001}, "permanent"), ({"error_code": 50000}, "permanent"),
        ({"error_code": 10000}, "permanent"), ({"error_code": 39999}, "permanent"),
        ({"error_code": "?"}, "transient"), ({}, "transient"),
        ([], "transient"), (None, "transient"), ({"error_code": None}, "transient"),
    ],
)  # fmt: skip
def test_error_classes(error: object, kind: str) -> None:
    assert classed(error).kind == kind
