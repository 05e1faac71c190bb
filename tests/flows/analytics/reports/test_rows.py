"""What a question is called and what it is about are two things: its words are kept, its answer never."""

from datetime import date, timedelta

from shopkeeper.flows.analytics.reports.rules.counting import Counter
from shopkeeper.flows.analytics.reports.rules.rows import sql_of
from shopkeeper.flows.analytics.reports.rules.spans import Span
from tests.flows.analytics.reports.small_lake import SmallLake, at

MONDAY = date(2026, 6, 1)
MEASURES = ("paid_minor", "paid_orders", "paid_buyers")


def one_order(day: date, paid_minor: int) -> SmallLake:
    return SmallLake(
        orders=[
            {"biz_date": day, "order_id": 1, "shop_id": 1, "buyer": "b", "paid_at": at(day), "paid_minor": paid_minor}
        ]
    )


def counted(day: date, paid_minor: int) -> dict[str, int | None]:
    return Counter(one_order(day, paid_minor)).totals(Span(day, day), MEASURES)


def test_the_next_day_asks_in_the_same_words_and_hears_its_own_answer() -> None:
    assert counted(MONDAY, 500) == {"paid_minor": 500, "paid_orders": 1, "paid_buyers": 1}
    before = sql_of.cache_info()
    assert counted(MONDAY + timedelta(days=1), 700) == {"paid_minor": 700, "paid_orders": 1, "paid_buyers": 1}
    assert sql_of.cache_info().misses == before.misses
    assert sql_of.cache_info().hits > before.hits
