"""O1.3: by when exceptions are decided, as a pure rule."""

from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.intake.holds import ALL_HOLDS, ENDS_ELSEWHERE
from shopkeeper.flows.fulfilment.intake.rules import DecideBy, decide_by, phone_is_plausible, region_of
from tests.factories import NOON

pytestmark = pytest.mark.clause("O1.3")
DECISION, WAIT, TO_SHIP = timedelta(hours=4), timedelta(hours=12), NOON + timedelta(hours=48)


def by(*codes: str, **given: object) -> DecideBy:
    times = {"ship_by_at": TO_SHIP, "decision": DECISION, "wait": WAIT, **given}
    return decide_by(codes, NOON, **times)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", sorted(ENDS_ELSEWHERE))
def test_what_ends_elsewhere_waits_until_before_the_promise_to_ship(code: str) -> None:
    assert by(code) == DecideBy(TO_SHIP, TO_SHIP - WAIT)
    assert by(*ENDS_ELSEWHERE) == DecideBy(TO_SHIP, TO_SHIP - WAIT)


@pytest.mark.parametrize("code", sorted(ALL_HOLDS - ENDS_ELSEWHERE))
def test_one_exception_that_a_person_decides_makes_it_due_as_ever(code: str) -> None:
    assert by(code) == DecideBy(NOON + DECISION)
    assert by("short_stock", code) == DecideBy(NOON + DECISION)


def test_without_a_promise_to_ship_it_is_due_as_ever() -> None:
    assert by("short_stock", ship_by_at=None) == DecideBy(NOON + DECISION)


@pytest.mark.parametrize("hours", [-30, 0, 3, 12])
def test_close_to_the_promise_it_can_be_decided_now_and_has_its_hours(hours: int) -> None:
    to_ship = NOON + timedelta(hours=hours)
    assert by("short_stock", ship_by_at=to_ship) == DecideBy(max(to_ship, NOON + DECISION))


def test_a_further_exception_does_not_put_off_what_is_due_already() -> None:
    late = NOON - timedelta(hours=1)
    since = NOON - timedelta(hours=5)
    assert by("by_hand", held_since=since, was=late) == DecideBy(late)
    assert by("by_hand", held_since=since, was=TO_SHIP) == DecideBy(NOON + DECISION)


def test_what_is_left_to_end_elsewhere_counts_from_when_the_order_was_first_held() -> None:
    since, to_ship = NOON - timedelta(hours=5), NOON - timedelta(hours=2)
    assert by("short_stock", ship_by_at=to_ship, held_since=since, was=to_ship) == DecideBy(since + DECISION)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("北京", "北京市", "朝阳区"), "北京市朝阳区"),
        (("上海市", "上海市", "徐汇区"), "上海市徐汇区"),
        (("重庆市", "", "渝北区"), "重庆市渝北区"),
        (("浙江省", "杭州市", "西湖区"), "浙江省杭州市西湖区"),
        (("吉林省", "吉林市", "船营区"), "吉林省吉林市船营区"),
        (("", "", ""), ""),
    ],
)
def test_a_municipality_is_named_once(parts: tuple[str, ...], said: str) -> None:
    assert region_of(*parts) == said


@pytest.mark.parametrize(
    ("phone", "is_one"),
    [
        ("13812341234", True), ("+86 13812341234", True), ("0755-12341234", True), ("057912345678", True),
        ("0571-8888666", True), ("88886666", True), ("400-123-4567", True), ("18877771111-1234", True),
        ("1381234", False), ("13812341", False), ("0138123", False), ("abc", False), ("", False),
    ],
)  # fmt: skip
def test_a_mobile_number_cut_short_is_no_landline(phone: str, is_one: bool) -> None:
    assert phone_is_plausible(phone, masked=False) is is_one
