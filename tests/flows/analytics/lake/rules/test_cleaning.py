"""D1.2, pure: which orders and events are no honest ones."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.analytics.lake.rules.cleaning import (
    EVERYBODY,
    Limits,
    OrderLook,
    TrafficKey,
    judge_order,
    key_of_event,
    traffic_key,
    traffic_rule,
)
from shopkeeper.flows.analytics.lake.states import CleaningRule

pytestmark = pytest.mark.clause("D1.2")
LIMITS = Limits(most_paid_minor=1_000_000, most_pieces=100, repeat_orders=3, repeat_minutes=30)
AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
HONEST = OrderLook(1, "b1", False, "CNY", "CNY", AT, AT + timedelta(minutes=1), 5_000, 5_000, 0, 0, 1)
NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"buyer": "tester"}, CleaningRule.TEST_BUYER),
        ({"is_suspected_test": True}, CleaningRule.TEST_ORDER),
        ({"currency": "USD"}, CleaningRule.FOREIGN_CURRENCY),
        ({"paid_minor": -1}, CleaningRule.IMPOSSIBLE),
        ({"pieces": -2}, CleaningRule.IMPOSSIBLE),
        ({"paid_minor": 1_000_001}, CleaningRule.IMPOSSIBLE),
        ({"pieces": 101}, CleaningRule.IMPOSSIBLE),
        ({"paid_at": AT - timedelta(seconds=5)}, CleaningRule.IMPOSSIBLE),
        ({"paid_minor": 0}, CleaningRule.ZERO_VALUE),
        ({"together": 3}, CleaningRule.REPEAT_BUYER),
    ],
)
def test_each_rule_finds_its_own(change: dict[str, object], rule: CleaningRule) -> None:
    verdict = judge_order(replace(HONEST, **change), LIMITS, frozenset({"tester"}))  # type: ignore[arg-type]
    assert verdict is not None
    assert verdict.rule == rule


@pytest.mark.parametrize(
    "change", [{}, {"paid_at": None, "paid_minor": 0}, {"together": 2}, {"paid_minor": 1_000_000}, {"pieces": 100}]
)
def test_honest_orders_and_those_on_the_bound_count(change: dict[str, object]) -> None:
    assert judge_order(replace(HONEST, **change), LIMITS, NOBODY) is None  # type: ignore[arg-type]


def test_the_arithmetic_is_kept() -> None:
    verdict = judge_order(replace(HONEST, together=3), LIMITS, NOBODY)
    assert verdict is not None
    assert verdict.facts == {"orders": 3, "limit": 3, "minutes": 30}
    impossible = judge_order(replace(HONEST, pieces=101), LIMITS, NOBODY)
    assert impossible is not None
    assert impossible.facts == {"what": "pieces", "value": 101, "limit": 100}


def test_a_robot_is_a_robot_whoever_it_works_for() -> None:
    staff = frozenset({"v1"})
    assert traffic_rule("bot_agent", "v1", staff) == CleaningRule.BOT
    assert traffic_rule("", "v1", staff) == CleaningRule.STAFF_VISITOR
    assert traffic_rule("", "v2", staff) is None


def test_robots_are_one_verdict_a_day_and_fast_visitors_one_each() -> None:
    day = date(2026, 6, 1)
    assert key_of_event(1, day, "v1", CleaningRule.BOT).visitor == EVERYBODY
    assert key_of_event(1, day, "v1", CleaningRule.TOO_FAST).visitor == "v1"


@given(
    st.integers(1, 2**62),
    st.dates(),
    st.from_regex(r"[0-9A-Za-z_-]{8,64}", fullmatch=True),
    st.sampled_from(CleaningRule),
)
def test_a_key_reads_as_it_was_written(shop: int, day: date, visitor: str, rule: CleaningRule) -> None:
    key = TrafficKey(shop, day, visitor, rule)
    assert traffic_key(str(key)) == key
