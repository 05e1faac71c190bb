"""The warehouse's judgements without a database: waves, scans, pieces, weights, codes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.fulfilment.warehouse.rules.packing import (
    ToCheck,
    expected_weight,
    judge_piece,
    judge_weight,
    read_order_code,
)
from shopkeeper.flows.fulfilment.warehouse.rules.picking import ToPick, judge_pick, plain_code
from shopkeeper.flows.fulfilment.warehouse.rules.waves import Candidate, due_at, waves_of
from shopkeeper.flows.fulfilment.warehouse.states import Verdict

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)


@pytest.mark.clause("O2.1")
@given(
    hours=st.lists(st.one_of(st.none(), st.integers(-50, 50)), max_size=40),
    size=st.integers(1, 12),
)
def test_every_candidate_is_in_one_wave_by_urgency(hours: list[int | None], size: int) -> None:
    candidates = [Candidate(i, None if h is None else NOW + timedelta(hours=h), NOW) for i, h in enumerate(hours)]
    waves = waves_of(candidates, size)
    flat = [candidate for wave in waves for candidate in wave]
    assert sorted(c.order_id for c in flat) == list(range(len(hours)))
    assert all(1 <= len(wave) <= size for wave in waves)
    dated = [c.ship_by_at for c in flat if c.ship_by_at]
    assert dated == sorted(dated)
    assert all(c.ship_by_at is None for c in flat[len(dated) :])


@pytest.mark.clause("O2.1")
def test_work_is_due_by_the_platforms_time_when_that_is_sooner() -> None:
    assert due_at(NOW, 120, None) == NOW + timedelta(hours=2)
    assert due_at(NOW, 120, NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert due_at(NOW, 120, NOW + timedelta(hours=9)) == NOW + timedelta(hours=2)
    assert due_at(NOW, 120, NOW - timedelta(hours=9)) == NOW + timedelta(hours=2)


def line(id: int, sku: int, bin_code: str, left: int, slot: int = 1) -> ToPick:
    return ToPick(id, sku, frozenset({f"BAR{sku}", f"SKU{sku}"}), bin_code, slot, left)


@pytest.mark.clause("O2.1")
@pytest.mark.parametrize(
    ("code", "quantity", "bin_code", "expected"),
    [
        ("BAR1", 1, "", "ok"),
        ("sku1", 3, "", "ok"),
        ("]C1BAR1", 3, "LOC:A-1", "ok"),
        ("BAR1", 4, "", "over_pick"),
        ("BAR2", 1, "", "wrong_piece"),
        ("BAR2", 1, "A-2", "ok"),
        ("BAR1", 1, "A-9", "wrong_bin"),
        ("BAR3", 1, "", "over_pick"),
        ("BAR4", 1, "", "not_in_wave"),
        ("", 1, "", "not_in_wave"),
    ],
)
def test_a_scan_at_the_shelf(code: str, quantity: int, bin_code: str, expected: str) -> None:
    lines = [line(1, 1, "A-1", 2), line(2, 1, "A-1", 1, 2), line(3, 2, "A-2", 1), line(4, 3, "A-3", 0)]
    before = sum(one.left for one in lines)
    verdict = judge_pick(lines, code, quantity, bin_code)
    assert verdict.code == expected
    taken = sum(take.quantity for take in verdict.takes)
    assert taken == (quantity if expected == "ok" else 0)
    assert sum(one.left for one in lines) == before - taken


@pytest.mark.clause("O2.1")
def test_pieces_go_slot_by_slot() -> None:
    verdict = judge_pick([line(1, 1, "A-1", 2, 7), line(2, 1, "A-1", 2, 9)], "BAR1", 3)
    assert [(take.slot, take.quantity) for take in verdict.takes] == [(7, 2), (9, 1)]
    assert judge_pick([line(1, 1, "A-1", 0)], "BAR1", 1).code == "over_pick"


@pytest.mark.clause("O2.2")
@given(
    quantity=st.integers(1, 5),
    scans=st.lists(st.tuples(st.sampled_from(list(Verdict)), st.integers(1, 3)), max_size=12),
)
def test_a_line_never_holds_more_than_was_ordered_or_fetched(quantity: int, scans: list[tuple[Verdict, int]]) -> None:
    lines = [ToCheck(1, 11, 1, frozenset({"A"}), quantity, 0, quantity)]
    failed = 0
    for verdict, pieces in scans:
        result = judge_piece(lines, "a", pieces, verdict)
        failed += result.failed
        assert 0 <= lines[0].checked <= lines[0].in_tote == quantity - failed
        if result.code != "ok":
            assert (result.passed, result.failed) == (0, 0)
    assert judge_piece(lines, "B", 1, Verdict.OK).code == "not_in_order"


@pytest.mark.clause("O2.2")
def test_weight_and_its_tolerance() -> None:
    scale = expected_weight([(500, 2), (100, 1)], tare_g=80, tolerance_g=50, tolerance_percent=10)
    assert (scale.expected_g, scale.tolerance_g) == (1180, 118)
    assert judge_weight(scale, 1298) == "ok"
    assert judge_weight(scale, 1299) == "too_heavy"
    assert judge_weight(scale, 1061) == "too_light"
    unknown = expected_weight([(0, 1)], tare_g=80, tolerance_g=50, tolerance_percent=10)
    assert (unknown.expected_g, judge_weight(unknown, 9_999)) == (None, "ok")


@pytest.mark.clause("O2.2")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("JY0000000012", (12, None, None, None)),
        (" jy12 ", (12, None, None, None)),
        ("BC00000003-07", (None, 3, 7, None)),
        ("SLOT:BC00000003-07", (None, 3, 7, None)),
        ("]C1CK0000000009", (None, None, None, 9)),
        ("SF1234567890123", (None, None, None, None)),
        ("JY99999999999999999999", (None, None, None, None)),
        ("JY１２", (None, None, None, None)),
    ],
)
def test_codes_are_read_by_their_form(text: str, found: tuple[int | None, ...]) -> None:
    sought = read_order_code(text)
    assert (sought.order_id, sought.wave_id, sought.slot, sought.parcel_id) == found


def test_a_scanners_prefix_and_case_do_not_matter() -> None:
    assert plain_code("]C16901234 ") == "6901234"
    assert plain_code("loc:a-01-02") == "A-01-02"
