"""M2.2: each check of the gate, green, red and not applicable."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.marketing.launch.rules import gate
from shopkeeper.flows.marketing.launch.rules.gate import (
    BatchFacts,
    ClaimRehearsal,
    ExampleResult,
    GoodsFacts,
    MaterialFacts,
    RuleFacts,
    in_time,
)
from shopkeeper.flows.marketing.launch.rules.loads import Load, load_of
from shopkeeper.flows.marketing.promotions.rules.promises import Promise

pytestmark = pytest.mark.clause("M2.2")
START = datetime(2026, 6, 18, tzinfo=UTC)
END = START + timedelta(days=3)
RULE = RuleFacts(1, "R1", "满减", "published", START - timedelta(days=1), END, needs_coupon=True)
GOODS = GoodsFacts(
    1, "SKU1", "T恤", planned=10, price_minor=4_000, list_minor=5_000, reached_minor=4_000, worst_minor=3_500,
    cost_minor=2_000, target_basis_points=2_000, lowest_minor=5_000, strike_minor=None, strike_most_minor=5_000,
    sellable=10, listing="on_sale",
)  # fmt: skip
BATCH = BatchFacts(1, 1, "C1", "券", 100, START - timedelta(days=1), END, is_stopped=False)
FAST = Load(100, 0.1, 1_000, 1.0, 2.0)
CLAIMED = ClaimRehearsal(
    1, "R1", total=50, per_buyer=2, given=50, kept=50, counted=50, most_each=2, refused=50, load=FAST
)


def why_of(checked: gate.Checked) -> str:
    return checked.rows[0]["why"]


def test_rules_hold_from_start_to_end_and_prices_can_be_reached() -> None:
    assert gate.check_rules([RULE], [GOODS], START, END).verdict == "green"
    for change, why in [
        ({"state": ""}, "rule_not_published"),
        ({"state": "paused"}, "rule_paused"),
        ({"starts_at": START + timedelta(hours=1)}, "rule_begins_late"),
        ({"ends_at": END - timedelta(hours=1)}, "rule_ends_early"),
    ]:
        found = gate.check_rules([replace(RULE, **change)], [], START, END)
        assert (found.verdict, why_of(found)) == ("red", why)
    dear = gate.check_rules([RULE], [replace(GOODS, reached_minor=4_001)], START, END)
    assert (dear.verdict, why_of(dear), dear.facts["red"]) == ("red", "price_not_reached", 1)
    assert gate.check_rules([], [], START, END).verdict == "red"


def test_what_is_promised_in_words_and_no_rule_gives_is_red() -> None:
    found = gate.check_rules([RULE], [GOODS], START, END, [Promise("force", "满200减20")])
    assert (found.verdict, why_of(found), found.rows[0]["promise"]) == ("red", "promise_without_rule", "满200减20")
    assert (found.facts["red"], found.facts["of"]) == (1, 3)
    assert gate.check_rules([], [], START, END, [Promise("theme", "8折")]).verdict == "red"


def test_examples_come_out_to_the_fen_in_sum_and_per_line() -> None:
    right = ExampleResult(1, "满减", 25_000, 25_000, (("SKU1", 25_000, 25_000),))
    assert gate.check_examples([right, right], 2, has_rules=True).verdict == "green"
    assert gate.check_examples([right], 2, has_rules=True).verdict == "red"  # too few
    wrong = gate.check_examples([right, replace(right, payable_minor=25_001)], 2, has_rules=True)
    assert (wrong.verdict, wrong.rows[0]["payable_minor"]) == ("red", 25_001)
    line = replace(right, lines=(("SKU1", 24_999, 25_000),))
    assert gate.check_examples([right, line], 2, has_rules=True).rows[0]["lines"][0]["ok"] is False
    assert gate.check_examples([replace(right, trouble="cart_sku_unknown")], 1, has_rules=True).verdict == "red"
    assert gate.check_examples([], 2, has_rules=False).verdict == "not_applicable"


def test_coupons_are_open_at_the_start_and_enough() -> None:
    def check(batches: list[BatchFacts], visitors: int = 1_000) -> gate.Checked:
        return gate.check_coupon_stock([RULE], batches, visitors, 10, START)

    assert check([BATCH]).verdict == "green"
    assert why_of(check([BATCH], visitors=1_001)) == "coupons_short"
    assert why_of(check([replace(BATCH, is_stopped=True)])) == "no_open_batch"
    assert why_of(check([replace(BATCH, claim_from=START + timedelta(minutes=1))])) == "no_open_batch"
    assert gate.check_coupon_stock([replace(RULE, needs_coupon=False)], [], 0, 10, START).verdict == "not_applicable"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"given": 51}, "claims_not_exact"),
        ({"kept": 49}, "claims_not_exact"),
        ({"most_each": 3}, "claims_not_exact"),
        ({"trouble": "batch_not_open"}, "batch_not_open"),
        ({"load": replace(FAST, p95_ms=501)}, "too_slow"),
        ({"load": replace(FAST, per_second=9)}, "too_slow"),
    ],
)
def test_a_rehearsal_of_claims_is_exact_and_fast(change: dict, why: str) -> None:
    found = gate.check_claims([replace(CLAIMED, **change)], 500, 10)
    assert (found.verdict, why_of(found)) == ("red" if why else "green", why)


def test_no_coupons_no_claims() -> None:
    assert gate.check_claims([], 500, 10).verdict == "not_applicable"


def test_pricing_is_alike_every_time_and_fast() -> None:
    assert gate.check_pricing(FAST, 0, 0, 500, 10).verdict == "green"
    assert gate.check_pricing(FAST, 1, 0, 500, 10).facts["why"] == "price_wavers"
    assert gate.check_pricing(FAST, 0, 1, 500, 10).facts["why"] == "price_failed"
    assert gate.check_pricing(FAST, 0, 0, 1, 10).facts["why"] == "too_slow"
    assert gate.check_pricing(load_of([], 0), 0, 0, 1, 10).verdict == "not_applicable"


def test_stock_covers_the_plan() -> None:
    assert gate.check_stock([GOODS]).verdict == "green"
    short = gate.check_stock([replace(GOODS, sellable=7), GOODS])
    assert (short.verdict, short.rows[0]["short"], short.facts["short"]) == ("red", 3, 3)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"lowest_minor": None}, ""),
        ({"lowest_minor": 3_999}, "above_lowest"),
        ({"strike_minor": 6_000}, "strike_unproved"),
        ({"strike_minor": 5_000}, ""),
        ({"strike_minor": 5_000, "strike_most_minor": None}, "strike_unproved"),
    ],
)
def test_the_price_law_holds(change: dict, why: str) -> None:
    found = gate.check_price_law([replace(GOODS, **change)], 30, 7)
    assert (found.verdict, why_of(found)) == ("red" if why else "green", why)


@pytest.mark.parametrize(
    ("change", "by", "why", "verdict"),
    [
        ({}, "cost", "", "green"),
        ({"worst_minor": 1_999}, "cost", "below_cost", "red"),
        ({"worst_minor": 2_100}, "cost", "under_target", "green"),
        ({"worst_minor": 2_100}, "target", "below_target", "red"),
        ({"cost_minor": 0}, "cost", "cost_unknown", "red"),
        ({"worst_minor": 0}, "cost", "below_cost", "red"),
    ],
)
def test_the_worst_price_leaves_something(change: dict, by: str, why: str, verdict: str) -> None:
    found = gate.check_margin([replace(GOODS, **change)], by)
    assert (found.verdict, why_of(found)) == (verdict, why)


def test_materials_are_approved_and_there_is_one() -> None:
    made = MaterialFacts(1, "主视觉", "poster", "approved")
    assert gate.check_materials([made], 1).verdict == "green"
    assert gate.check_materials([], 1).verdict == "red"
    assert gate.check_materials([], 0).verdict == "green"
    assert gate.check_materials([made, replace(made, state="in_review")], 1).rows[0]["state"] == "in_review"


def test_goods_are_on_sale() -> None:
    assert gate.check_listing([GOODS]).verdict == "green"
    assert gate.check_listing([GOODS, replace(GOODS, listing="mismatch")]).verdict == "red"
    for check in (gate.check_stock, gate.check_listing):
        assert check([]).verdict == "not_applicable"
    assert gate.check_margin([], "cost").verdict == "not_applicable"
    assert gate.check_price_law([], 30, 7).verdict == "not_applicable"


@given(st.lists(st.booleans(), max_size=120))
def test_red_rows_stand_first_and_the_sums_are_of_all(oks: list[bool]) -> None:
    found = gate.check_stock([replace(GOODS, sellable=10 if ok else 0) for ok in oks])
    if not oks:
        return
    shown = [row["ok"] for row in found.rows]
    assert shown == sorted(shown)
    assert len(shown) == min(len(oks), gate.MOST_ROWS)
    assert (found.facts["red"], found.facts["of"]) == (oks.count(False), len(oks))
    assert (found.verdict == "green") == all(oks)


@given(st.lists(st.floats(0.0001, 5), min_size=1, max_size=200))
def test_percentiles_are_of_what_was_measured(durations: list[float]) -> None:
    load = load_of(durations, sum(durations))
    assert load.calls == len(durations)
    assert round(min(durations) * 1_000, 2) <= load.p50_ms <= load.p95_ms <= round(max(durations) * 1_000, 2)


def test_a_gate_is_due_in_time_but_never_before_it_can_be_tested_nor_after_the_start() -> None:
    start = START
    assert in_time(start - timedelta(hours=24), start - timedelta(days=9), start) == start - timedelta(hours=24)
    assert in_time(start - timedelta(hours=24), start - timedelta(hours=2), start) == start - timedelta(hours=2)
    assert in_time(start - timedelta(hours=24), start + timedelta(hours=2), start) == start
