"""Every registered figure equals a row-by-row reference on random small data; sums may be added, people may not."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopkeeper.flows.analytics.reports.rules.counting import Counter, figure_of
from shopkeeper.flows.analytics.reports.rules.customers import cohorts, rfm_groups
from shopkeeper.flows.analytics.reports.rules.measures import MEASURES
from shopkeeper.flows.analytics.reports.rules.metric import (
    Additivity,
    Dimension,
    Figure,
    FigureOf,
    WrongRollUp,
    roll_up,
)
from shopkeeper.flows.analytics.reports.rules.metrics import METRICS
from shopkeeper.flows.analytics.reports.rules.spans import Span, Windows
from shopkeeper.shared.errors import BusinessError
from tests.flows.analytics.reports.row_by_row import RowByRow
from tests.flows.analytics.reports.small_lake import SmallLake, at, random_lake

LAST = date(2026, 6, 7)
WEEK = Span(date(2026, 6, 1), LAST)
DAY = Span(LAST, LAST)
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
pytestmark = [pytest.mark.clause("D2.1"), pytest.mark.clause("D2.4")]


@FEW
@given(seed=st.integers(0, 10**9), span=st.sampled_from((DAY, WEEK)), shops=st.sampled_from((None, (1,), (1, 2))))
def test_every_measure_equals_the_rows_counted_one_by_one(seed, span, shops) -> None:
    lake = random_lake(seed, LAST)
    found = Counter(lake, shops).totals(span, MEASURES)
    wanted = RowByRow(lake, span, shops, Windows()).measures()
    assert {name: found[name] for name in wanted} == wanted
    needed = {name for metric in METRICS.values() for name in metric.measures}
    assert needed <= set(wanted), "a figure without a reference"


@FEW
@given(seed=st.integers(0, 10**9))
@pytest.mark.clause("D2.2")
def test_a_visit_belongs_to_its_last_channel_that_is_not_direct(seed) -> None:
    lake = random_lake(seed, LAST)
    found = Counter(lake).by(WEEK, ["visits"], Dimension.CHANNEL)
    wanted = RowByRow(lake, WEEK, None, Windows()).visits_by_channel()
    assert {channel: values["visits"] for channel, values in found.items()} == wanted


@FEW
@given(seed=st.integers(0, 10**9))
def test_days_add_up_to_the_week_where_they_may_and_are_refused_where_not(seed) -> None:
    counter = Counter(random_lake(seed, LAST))
    metrics = [m for m in METRICS.values() if Dimension.DAY in m.dimensions]
    week = counter.figures(WEEK, metrics)
    days = counter.figures_by(WEEK, metrics, Dimension.DAY)
    for metric in metrics:
        parts = [of[metric.id] for of in days.values()]
        if metric.additivity is Additivity.NONE:
            if len(parts) > 1:
                with pytest.raises(WrongRollUp):
                    roll_up(metric, parts)
        elif parts and all(part.is_known for part in parts):
            assert roll_up(metric, parts) == week[metric.id], metric.id


def test_unknown_is_not_zero() -> None:
    """Without a collector nobody knows how many came; without orders we know that nobody bought."""
    found = Counter(SmallLake()).figures(DAY, METRICS.values())
    assert not found["visitors"].is_known
    assert not found["pay_conversion"].is_known
    assert found["paid_amount"] == Figure(0)
    assert FigureOf(METRICS["buyer_price"], found["buyer_price"]).value is None  # nothing over nothing


def test_a_figure_cannot_be_divided_by_what_its_sources_do_not_tell() -> None:
    with pytest.raises(BusinessError, match="metric_not_by_dimension"):
        Counter(SmallLake()).figures_by(DAY, [METRICS["pay_conversion"]], Dimension.CHANNEL)


def test_smallest_parts_are_rounded_half_up() -> None:
    rate, stay, hours = METRICS["pay_conversion"], METRICS["dwell"], METRICS["receipt_hours"]
    assert FigureOf(rate, Figure(1, 3)).parts == 3_333
    assert FigureOf(rate, Figure(1, 20_000)).parts == 1  # half a part
    assert FigureOf(stay, Figure(12_340, 1)).parts == 123
    assert FigureOf(hours, Figure(36 * 3_600, 1)).parts == 360
    assert FigureOf(METRICS["paid_amount"], Figure(5)).parts == 5


def test_figures_of_a_measure_that_is_unknown_are_unknown() -> None:
    assert figure_of(METRICS["net_paid_amount"], {"paid_minor": 5, "refund_minor": None}) == Figure(None)
    assert figure_of(METRICS["net_paid_amount"], {"paid_minor": 5, "refund_minor": 7}) == Figure(-2)


def _order(order_id: int, buyer: str, day: date, minor: int = 100) -> dict:
    return {
        "biz_date": day, "shop_id": 1, "version": 1, "order_id": order_id, "buyer": buyer, "state": "completed",
        "placed_at": at(day), "paid_at": at(day), "paid_minor": minor, "pieces": 1,
    }  # fmt: skip


def test_orders_split_on_one_day_are_no_repurchase() -> None:
    lake = SmallLake(orders=[
        _order(1, "a", LAST), _order(2, "a", LAST), _order(3, "b", LAST), _order(4, "b", LAST - timedelta(days=89)),
        _order(5, "c", LAST - timedelta(days=90)),
    ])  # fmt: skip
    assert Counter(lake).figures(DAY, [METRICS["repurchase_rate"]])["repurchase_rate"] == Figure(1, 2)


@pytest.mark.parametrize("hours", [36, 48])
def test_a_ticket_is_due_on_the_day_its_hours_end(hours) -> None:
    opened = at(LAST - timedelta(days=2), 18 * 3_600)  # at six in the evening
    lake = SmallLake(tickets=[{"biz_date": opened.date(), "shop_id": 1, "version": 1, "ticket_id": 1,
                               "opened_at": opened, "offered_at": opened + timedelta(hours=hours)}])  # fmt: skip
    counter = Counter(lake, windows=Windows(offer_hours=hours))
    by_day = counter.by(WEEK, ["due_tickets", "offered_in_time"], Dimension.DAY)
    said = {day: values for day, values in by_day.items() if any(values.values())}
    assert said == {(opened + timedelta(hours=hours)).date(): {"due_tickets": 1, "offered_in_time": 1}}
    assert list(by_day) == list(WEEK.each()), "a day on which nothing was due says so"
    assert counter.by(WEEK, ["visitors"], Dimension.DAY) == {}, "nobody counted visitors: unknown, not nothing"


def test_turnover_holds_stock_against_what_was_sold_while_it_was_on_record() -> None:
    earlier = LAST - timedelta(days=9)  # nobody wrote the stock down yet
    line = {"shop_id": 1, "version": 1, "sku_id": 1, "pieces": 1, "paid_minor": 100, "cost_minor": 50}
    lake = SmallLake(
        orders=[_order(1, "a", LAST), _order(2, "a", earlier)],
        order_lines=[{**line, "biz_date": LAST, "order_id": 1, "line_id": 1},
                     {**line, "biz_date": earlier, "order_id": 2, "line_id": 2}],
        stock_days=[{"biz_date": LAST, "version": 1, "sku_id": 1, "on_hand": 20, "cost_minor": 50}],
    )  # fmt: skip
    assert Counter(lake).figures(DAY, [METRICS["turnover_days"]])["turnover_days"] == Figure(1_000, 50)


def test_rfm_groups_leave_out_what_was_wholly_refunded() -> None:
    lake = SmallLake(
        orders=[
            _order(1, "often", LAST, 900), _order(2, "often", LAST, 900), _order(3, "once", LAST - timedelta(days=99)),
            _order(4, "gone", LAST, 500),
        ],
        refunds=[{"biz_date": LAST, "shop_id": 1, "version": 1, "order_id": 4, "reference": "r", "refund_minor": 500}],
    )  # fmt: skip
    groups = rfm_groups(Counter(lake), LAST)
    assert [(group.code, group.buyers, group.net_minor) for group in groups] == [("111", 1, 1_800), ("000", 1, 100)]


def test_cohorts_count_who_came_back_in_each_later_month() -> None:
    lake = SmallLake(orders=[
        _order(1, "a", date(2026, 4, 3)), _order(2, "a", date(2026, 6, 1)), _order(3, "b", date(2026, 4, 9)),
        _order(4, "c", date(2026, 5, 9)), _order(5, "c", date(2026, 6, 7)),
    ])  # fmt: skip
    found = cohorts(Counter(lake), LAST, months=3)
    assert [(one.month.month, one.buyers, one.again) for one in found] == [(4, 2, (0, 1)), (5, 1, (1,)), (6, 2, ())]
