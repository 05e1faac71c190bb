"""O3.2: a parcel's state from all that is known of it, however late and in whatever order it came."""

from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkeeper.flows.fulfilment.parcels.ports import TrackState
from shopkeeper.flows.fulfilment.parcels.rules.tracking import (
    Scan,
    cases_called_for,
    stalled_until,
    stand,
    without_persons,
)
from shopkeeper.flows.fulfilment.parcels.states import PARCEL_FLOW, CaseKind, ParcelState
from tests.factories import NOON

pytestmark = pytest.mark.clause("O3.2")
CODES = ["101", "103", "0", "1001", "1002", "2", "201", "203", "204", "208", "209", "301", "304", "4", "5", "501",
         "6", "7", "8", "14"]  # fmt: skip


def at(hours: float) -> "timedelta":
    return timedelta(hours=hours)


def scan(hours: float, word: str, code: str = "", text: str = "") -> Scan:
    return Scan(NOON + at(hours), code, word, text or word)


scans = st.builds(
    scan,
    hours=st.integers(0, 12),
    word=st.sampled_from(get_args(TrackState)),
    code=st.sampled_from(CODES),
    text=st.sampled_from(["", "破损", "错分", "遗失"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(scans, max_size=12), st.randoms())
def test_any_order_of_arrival_gives_the_same_standing(told: list[Scan], shuffler: object) -> None:
    expected = stand(told)
    shuffled = list(told)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stand(shuffled) == expected
    assert stand([*shuffled, *told]).state == expected.state


@settings(max_examples=300, deadline=None)
@given(st.lists(scans, max_size=12))
def test_news_in_any_order_moves_only_where_the_table_allows(told: list[Scan]) -> None:
    """Heard one by one, in an order that has nothing to do with time, every step is a move of the table."""
    state = ParcelState.HANDED_OVER
    for heard in range(1, len(told) + 1):
        following = stand(told[:heard]).state
        if following not in (state, ParcelState.HANDED_OVER):
            assert PARCEL_FLOW.may(state, following), (state, following)
            state = following
    assert state == stand(told).state


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([], "handed_over"),
        ([scan(1, "ordered", "101")], "handed_over"),
        ([scan(1, "picked", "103")], "in_transit"),
        ([scan(1, "picked"), scan(2, "delivering", "5")], "delivering"),
        ([scan(2, "delivering", "5"), scan(3, "transit", "1001")], "in_transit"),
        ([scan(3, "signed", "301"), scan(4, "transit", "0")], "signed"),
        ([scan(3, "problem", "203")], "refused"),
        ([scan(3, "refused", "14"), scan(4, "delivering", "5")], "refused"),
        ([scan(3, "refused", "14"), scan(4, "returning", "6"), scan(9, "returned", "4")], "returned"),
        ([scan(3, "signed", "301"), scan(4, "returning", "6")], "returning"),
        ([scan(9, "returned", "4"), scan(10, "signed", "301")], "returned"),
        ([scan(3, "problem", "204")], "handed_over"),
    ],
)
def test_where_a_parcel_stands(told: list[Scan], state: str) -> None:
    assert stand(told).state == state


def test_the_moment_of_signing_is_the_couriers() -> None:
    assert stand([scan(3, "signed"), scan(1, "picked")]).signed_at == NOON + at(3)
    assert stand([scan(3, "signed"), scan(5, "returning")]).signed_at is None


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (scan(2, "problem", "204"), CaseKind.UNDELIVERED),
        (scan(2, "problem", "209"), CaseKind.DAMAGED),
        (scan(2, "problem", "207"), CaseKind.MIS_SORTED),
        (scan(2, "problem", "202"), CaseKind.STALLED),
        (scan(2, "problem", "2", "外包装破损"), CaseKind.DAMAGED),
        (scan(2, "problem", "2", "快件疑似遗失"), CaseKind.LOST),
        (scan(2, "problem", "2", "错分到他站"), CaseKind.MIS_SORTED),
        (scan(2, "problem", "2", "其他原因"), CaseKind.UNDELIVERED),
    ],
)
def test_a_problem_calls_for_its_case_until_it_is_overtaken(problem: Scan, kind: CaseKind) -> None:
    assert cases_called_for("in_transit", stand([problem]), [problem]) == [kind]
    after = stand([problem, scan(3, "transit", "0")])
    overtaken = kind is not CaseKind.DAMAGED
    assert cases_called_for("in_transit", after, [problem]) == ([] if overtaken else [kind])


def test_a_fate_turned_bad_calls_for_a_case_once() -> None:
    told = [scan(2, "refused", "14")]
    assert cases_called_for("delivering", stand(told), told) == [CaseKind.REFUSED]
    assert cases_called_for("refused", stand(told), told) == []


def test_the_same_scan_told_twice_has_one_fingerprint() -> None:
    assert scan(1, "transit", "0").fingerprint == scan(1, "transit", "0").fingerprint
    assert scan(1, "transit", "0").fingerprint != scan(1, "transit", "0", "别的话").fingerprint


def test_silence_becomes_a_stall() -> None:
    assert stalled_until(NOON, 48) == NOON + at(48)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("已签收，签收人：张三丰，感谢使用", "已签收，签收人：***，感谢使用"),
        ("派件员李四，电话13812345678", "派件员李四，电话138****5678"),
        ("网点电话0571-88886666", "网点电话0571-****6666"),
        ("快件已到达【杭州转运中心】", "快件已到达【杭州转运中心】"),
        ("运单 YT1234567890123 已揽收", "运单 YT1234567890123 已揽收"),
    ],
)
def test_nobody_is_named_in_what_is_kept(text: str, kept: str) -> None:
    assert without_persons(text) == kept
