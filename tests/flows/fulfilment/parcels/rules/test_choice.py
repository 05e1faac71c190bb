"""O2.2: which courier takes a parcel, and why."""

import pytest

from shopkeeper.flows.fulfilment.parcels.rules.choice import (
    RATES,
    choose_courier,
    cost_of,
    province_of,
    zone_between,
)

pytestmark = pytest.mark.clause("O2.2")
HANGZHOU = "浙江省杭州市余杭区文一西路969号"


@pytest.mark.parametrize(
    ("destination", "zone"),
    [("浙江省", "same"), ("上海市", "near"), ("广东省", "far"), ("西藏自治区", "remote"), ("海外", "far")],
)
def test_how_far_it_goes(destination: str, zone: str) -> None:
    assert zone_between(HANGZHOU, destination) == zone


def test_the_cheapest_that_reaches_the_place() -> None:
    choice = choose_courier(HANGZHOU, "浙江省", 400, is_fragile=False)
    assert (choice.courier, choice.reason, choice.cost_minor) == ("yunda", "cheapest", 310)


def test_glass_goes_with_who_takes_glass() -> None:
    choice = choose_courier(HANGZHOU, "浙江省", 400, is_fragile=True)
    assert choice.reason == "fragile"
    assert next(rate for rate in RATES if rate.courier == choice.courier).takes_fragile


def test_remote_places_go_with_who_gets_there() -> None:
    choice = choose_courier(HANGZHOU, "新疆维吾尔自治区", 400, is_fragile=False)
    assert (choice.courier, choice.reason) == ("youzhengguonei", "remote")


def test_heavy_things_go_with_who_lifts_them() -> None:
    assert choose_courier(HANGZHOU, "广东省", 200_000, is_fragile=False).courier == "debangkuaidi"
    assert choose_courier(HANGZHOU, "广东省", 2_000_000, is_fragile=False).reason == "heavy"


def test_a_started_kilogram_is_paid() -> None:
    rate = RATES[0]
    assert cost_of(rate, "same", 0) == cost_of(rate, "same", 1000) == 320
    assert cost_of(rate, "same", 1001) == 410


def test_the_choice_does_not_hang_on_the_order_of_the_table() -> None:
    for destination in ("浙江省", "北京市", "新疆维吾尔自治区"):
        there = choose_courier(HANGZHOU, destination, 900, is_fragile=False)
        assert choose_courier(HANGZHOU, destination, 900, is_fragile=False, rates=RATES[::-1]) == there


def test_provinces_are_known_by_their_short_names() -> None:
    assert province_of("内蒙古自治区呼和浩特市") == "内蒙古"
    assert province_of("Berlin") == ""
