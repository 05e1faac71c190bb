"""Pure: what a batch of the log speaks of, the grid of writes, and the shop's own clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkeeper.flows.analytics.lake.rules.slots import next_slot
from shopkeeper.flows.analytics.lake.rules.tables import TABLES
from shopkeeper.flows.analytics.lake.rules.times import day_on, wall_clock
from shopkeeper.flows.analytics.lake.rules.touched import touched

pytestmark = pytest.mark.clause("D1.1")
AT = datetime(2026, 6, 1, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai


def test_ids_are_read_by_what_they_name() -> None:
    found = touched(
        [
            ("intake.order_paid", {"order_id": 1, "shop_id": 9}, AT),
            ("parcels.parcel_opened", {"parcel_id": 2, "order_id": 1}, AT),
            ("tickets.ticket_opened", {"ticket_id": 3, "order_id": None}, AT),
            ("aftersale.replacement_ordered", {"case_id": 4, "order_id": 1, "replacement_order_id": 5}, AT),
            ("parcels.case_opened", {"case_id": 6, "parcel_id": 2}, AT),
            ("feedback.survey_invited", {"survey_id": 7, "ticket_id": 3}, AT),
            ("intake.history_taken_in", {"shop_id": 9, "count": 2}, AT),
            ("collection.figures_taken_in", {"shop_id": 9}, AT),
        ]
    )
    assert found.orders == {1, 5}
    assert found.parcels == {2}
    assert found.tickets == {3}
    assert found.surveys == {7}
    assert found.cases == {4}
    assert found.histories == {(9, AT)}
    assert found.has_figures


def test_what_was_put_back_is_read_again() -> None:
    back = {"subject": "traffic", "key": "1:2026-06-01:v:too_fast"}
    found = touched(
        [
            ("lake.rows_put_back", {"subject": "orders", "key": "8"}, AT),
            ("lake.rows_set_aside", {"subject": "orders", "key": "9"}, AT),
            ("lake.rows_put_back", back, AT),
            ("lake.rows_set_aside", {**back, "key": "1:2026-06-01:w:too_fast"}, AT),
        ]
    )
    assert found.orders == {8, 9}
    assert found.put_back == {back["key"]}


@given(st.integers(0, 40 * 365 * 86_400_000_000), st.integers(1, 240))
def test_the_next_moment_of_the_grid_is_after_now_and_near(microseconds: int, minutes: int) -> None:
    now = AT + timedelta(microseconds=microseconds)
    slot = next_slot(now, minutes)
    assert timedelta() < slot - now <= timedelta(minutes=minutes)
    assert next_slot(slot - timedelta(microseconds=1), minutes) == slot


def test_days_and_times_are_the_shops() -> None:
    assert day_on(AT, "Asia/Shanghai") == date(2026, 6, 2)
    assert wall_clock(AT, "Asia/Shanghai") == datetime(2026, 6, 2, 0, 30)  # noqa: DTZ001  (the lake keeps no zone)
    assert wall_clock(None, "Asia/Shanghai") is None


def test_every_key_is_a_column() -> None:
    for table in TABLES.values():
        assert set(table.key) <= table.columns.keys()
        assert {"biz_date", "version"} <= table.columns.keys()
