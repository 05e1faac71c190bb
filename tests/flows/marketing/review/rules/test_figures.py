"""Arithmetic of reviews: definitions, what they do without anything behind them, and that keeping loses nothing."""

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkeeper.flows.marketing.review.papers.curves import charts
from shopkeeper.flows.marketing.review.papers.parts import compared, groups
from shopkeeper.flows.marketing.review.papers.tables import tables
from shopkeeper.flows.marketing.review.rules.figures import (
    ActionLine,
    AlertLine,
    Base,
    Borne,
    Changed,
    CostLine,
    CouponLine,
    Goals,
    Goods,
    Hour,
    MailLine,
    ReviewFigures,
    Sales,
    Service,
    Theme,
    Traffic,
    hundredths,
    kept_figures,
    share,
)
from shopkeeper.flows.marketing.review.rules.learning import (
    Learned,
    LearnedGoods,
    Planned,
    differences,
    hourly_shares,
    kept_learned,
    learned_of,
)

pytestmark = pytest.mark.clause("M4.1")
HOURS = tuple(Hour(f"2026-06-18 {hour:02d}:00", hour, hour * 100, hour * 5) for hour in range(24))
FULL = ReviewFigures(
    since="2026-06-17T16:00:00+00:00",
    until="2026-06-18T16:00:00+00:00",
    goals=Goals(1_000_000, 100, 5_000, 300),
    sales=Sales(
        paid_minor=900_000, orders=120, pieces=200, buyers=110, new_customers=60, refund_minor=50_000,
        cost_minor=300_000, commission_minor=42_500, gift_minor=5_000, gift_pieces=10, cost_unknown=1,
    ),
    traffic=Traffic(100_000, 9_000, 4_000, 24, ("typed",), 110),
    discounts=(Borne("shop", 80_000), Borne("platform", 20_000)),
    costs=(CostLine("ads", 60_000, 50_000), CostLine("coupon", 90_000, 80_000), CostLine("other", 10_000, 5_000)),
    base=Base(4, 1, 1, 0, 600_000, 80),
    hours=HOURS,
    goods=(Goods(1, "A1", "T恤", 100, 100, 500_000, 0), Goods(2, "A2", "裤", 100, 40, 400_000, 60)),
    coupons=(CouponLine("C1", "满减券", 1_000, 400, 100, 20, 60_000, 500_000),),
    alerts=(
        AlertLine(
            "2026-06-18T02:00:00+00:00", "stock_low", "A1 T恤", "acted",
            (ActionLine("urgent_restock", 200, 310, 5, 60),),
        ),
        AlertLine("2026-06-18T05:00:00+00:00", "conversion_low", "", "dismissed"),
    ),
    mailings=(MailLine("预热", "sms", 900, 12, 3),),
    service=Service(
        12, 120, 40, 38, (1, 0, 1, 3, 5), (Theme("size", "A1 T恤", "", 4), Theme("logistics", "", "yunda", 2))
    ),
    changes=(
        Changed("2026-06-18T03:00:00+00:00", "promotion", "618 满减", "paused"),
        Changed("2026-06-18T04:00:00+00:00", "budget", "ads", "20000"),
    ),
)  # fmt: skip


def test_every_figure_by_its_definition() -> None:
    assert (FULL.sales_attained, FULL.customers_attained) == (9_000, 6_000)
    assert FULL.conversion_bp == 275
    assert FULL.click_rate == 900
    assert FULL.cost_minor == 50_000 + 5_000 + 80_000 + 5_000
    assert FULL.gross_profit_minor == 900_000 + 100_000 - 50_000 - 42_500 - 300_000
    assert FULL.profit_minor == 607_500 - 140_000
    assert FULL.roi_bp == 33_393
    assert FULL.roas_hundredths == 1_800
    assert FULL.net_roas_hundredths == 654
    assert (FULL.increment_minor, FULL.increment_share) == (300_000, 5_000)
    assert [one.is_sold_out for one in FULL.goods] == [True, False]
    assert (FULL.coupons[0].claim_rate, FULL.coupons[0].use_rate) == (4_000, 2_500)
    assert FULL.service is not None
    assert (FULL.service.satisfied, FULL.service.contact_hundredths) == (8_000, 1_000)


def test_nothing_behind_a_figure_is_no_zero() -> None:
    empty = ReviewFigures(since=FULL.since, until=FULL.until)
    names = ("sales_attained", "customers_attained", "conversion_bp", "click_rate", "basket_minor", "roi_bp",
             "roas_hundredths", "net_roas_hundredths", "increment_minor", "increment_share", "new_share")  # fmt: skip
    assert [getattr(empty, name) for name in names] == [None] * len(names)
    assert charts(empty) == []
    assert all(not table.rows for table in tables(empty))
    assert groups(empty)


def test_a_version_is_read_back_as_it_was_kept() -> None:
    assert kept_figures(orjson.loads(orjson.dumps(FULL.plain()))) == FULL
    older = FULL.plain()
    del older["changes"], older["service"]
    assert kept_figures(orjson.loads(orjson.dumps(older))) == replace(FULL, changes=(), service=None)


def test_the_paper_shows_every_part() -> None:
    assert [len(table.rows) for table in tables(FULL)] == [5, 2, 1, 2, 1, 2, 2]
    assert len(charts(FULL)) == 1
    long = replace(
        FULL, hours=tuple(Hour(f"2026-06-{day} {h:02d}:00", 1, 100) for day in range(10, 14) for h in range(24))
    )
    assert len(charts(long)) == 2
    assert str(charts(long)[1].title) == "每小时的下单"  # every hour alike: no hour is called the best
    assert compared(FULL, FULL) == []
    changed = replace(FULL, sales=replace(FULL.sales, refund_minor=60_000))
    assert [str(name) for name, _, _ in compared(FULL, changed)] == ["退款", "利润 ROI"]


@given(st.integers(-(10**9), 10**12), st.integers(1, 10**12))
def test_shares_are_rounded_half_up(part: int, whole: int) -> None:
    for found, scale in ((share(part, whole), 10_000), (hundredths(part, whole), 100)):
        assert found is not None
        assert -whole <= 2 * (found * whole - part * scale) <= whole
    assert share(part, 0) is None


@settings(max_examples=60)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=72))
def test_shares_of_the_hours_make_a_whole(orders: list[int]) -> None:
    hours = tuple(Hour(f"2026-06-{18 + n // 24} {n % 24:02d}:00", count, 0) for n, count in enumerate(orders))
    shares = hourly_shares(replace(FULL, hours=hours))
    assert len(shares) == 24
    assert abs(sum(shares) - (10_000 if sum(orders) else 0)) <= 12


@pytest.mark.clause("M4.2")
def test_few_orders_teach_no_rates() -> None:
    thin = learned_of(FULL, least_orders=121)
    assert thin.is_thin
    assert (thin.conversion_bp, thin.hourly_bp, thin.sales_minor) == (None, (), 900_000)
    assert thin.goods[0].sell_through_bp == 10_000
    whole = learned_of(FULL, least_orders=120)
    assert (whole.conversion_bp, whole.basket_minor, whole.discount_share_bp) == (275, 8_182, 1_000)
    assert whole.best_hours == [21, 22, 23]
    assert kept_learned(orjson.loads(orjson.dumps(whole.plain()))) == whole


@pytest.mark.clause("M4.2")
def test_a_plan_is_held_against_what_was_learned() -> None:
    learned = Learned(
        orders=120, sales_minor=900_000, new_customers=60, visitors=4_000, conversion_bp=275, basket_minor=8_182,
        goods=(LearnedGoods(1, "A1", "T恤", 100, 100, 10_000), LearnedGoods(2, "A2", "裤", 100, 40, 4_000)),
    )  # fmt: skip
    plan = Planned(1_800_000, 60, 4_000, 300, ((1, "A1", 150), (3, "A3", 20)))
    found = {(one.name, one.about): (one.planned, one.learned, one.change_bp) for one in differences(plan, learned)}
    assert found[("sales", "")] == (1_800_000, 900_000, 10_000)
    assert ("new_customers", "") not in found
    assert found[("conversion", "")] == (300, 275, 909)
    assert found[("basket", "")] == (15_000, 8_182, 8_333)
    assert found[("pieces", "A1")] == (150, 100, 5_000)
    assert found[("pieces", "A3")] == (20, None, None)
    assert found[("pieces", "A2")] == (None, 40, None)
