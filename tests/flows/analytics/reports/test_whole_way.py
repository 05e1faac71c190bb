"""From orders in a file or from a shop, through the lake, to a report: its totals equal the source's own."""

import csv
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from shopkeeper.flows.analytics.lake.commands.decide_set_asides import PutBack, put_back
from shopkeeper.flows.analytics.lake.models import SetAside
from shopkeeper.flows.analytics.reports import performers
from shopkeeper.flows.analytics.reports.commands.make_reports import MakeReport, make_reports
from shopkeeper.flows.analytics.reports.models import Report, ReportVersion
from shopkeeper.flows.analytics.reports.queries.figures import Drill, behind, count_behind, divided, figure, known
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Dimension, Figure
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.states import ReportPeriod
from shopkeeper.flows.fulfilment.intake.imports import import_orders
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import ErrandRow
from shopkeeper.foundation.models import Shop
from tests import factories as make
from tests.flows.analytics.lake import stage as lakes
from tests.flows.analytics.lake.conftest import empty_lake, own_lake
from tests.flows.analytics.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("D2.1"), pytest.mark.clause("D2.3")]
__all__ = ["empty_lake", "own_lake"]  # fixtures
DAY = date(2026, 6, 1)


def test_a_day_of_orders_becomes_a_report_that_leads_back_to_them(own_lake, monkeypatch) -> None:
    shop, other = make.make_shop(), make.make_shop()
    ids = [
        lakes.order(shop, price=price, at=lakes.NOON + timedelta(minutes=20 * n))
        for n, price in enumerate((5_000, 7_000, 9_900))
    ]
    lakes.order(other, price=1_000)
    lakes.order(shop, price=4_000, at=lakes.NOON - timedelta(days=1))
    lakes.write()
    lakes.at(monkeypatch, lakes.NOON + timedelta(hours=20))
    report = stage.made(shop, first=DAY)
    sales = ReportVersion.objects.get(report=report).figures["blocks"]["sales"]["figures"]
    assert sales["paid_amount"] == {"now": [21_900, None], "before": [4_000, None]}
    assert sales["paid_orders"]["now"] == [3, None]
    drill = Drill(METRICS["paid_amount"], Span(DAY, DAY), shop.pk)
    rows, following = behind(SYSTEM, drill)
    assert ([row.order_id for row in rows], following) == (sorted(ids, reverse=True), "")
    assert count_behind(SYSTEM, drill) == (3, 21_900)
    of_one = stage.person("data_specialist", shops=[shop])
    assert figure("paid_orders", None, DAY, DAY, of_one).figure == Figure(3)
    assert figure("paid_orders", None, DAY, DAY).figure == Figure(4)
    assert figure("paid_orders", other.pk, DAY, DAY, of_one).figure == Figure(0)
    assert known("paid_orders")
    assert not known("beauty")


def test_what_the_lake_lacks_of_a_period_is_written_before_its_report_is_made(own_lake, monkeypatch) -> None:
    shop = make.make_shop()
    lakes.order(shop, price=5_000)
    lakes.at(monkeypatch, lakes.NOON + timedelta(hours=20))
    report = stage.made(shop, first=DAY)
    sales = ReportVersion.objects.get(report=report).figures["blocks"]["sales"]["figures"]
    assert sales["paid_amount"]["now"] == [5_000, None]


def test_a_report_waits_while_its_period_is_not_in_the_lake(own_lake, monkeypatch) -> None:
    shop = make.make_shop()
    lakes.order(shop, price=5_000)
    lakes.at(monkeypatch, lakes.NOON + timedelta(hours=20))
    stuck = SimpleNamespace(one=lambda actor, item: None)  # a log that cannot be read further
    monkeypatch.setattr(performers, "write_lake", stuck)
    made = make_reports.one(SYSTEM, MakeReport(shop.pk, ReportPeriod.DAY, DAY))
    (result,) = performers.make_report([ErrandRow(1, "make_report", made.id, shop.pk, {}, 1)])
    assert (result.ending, result.reason) == ("retry", "lake_behind")
    assert Report.objects.get(pk=made.id).state == "making"
    assert not ReportVersion.objects.exists()


ORDERS = [  # number, buyer, state, placed, approved, [(product, price, freight)]
    ("o1", "u1", "delivered", "2017-05-03 10:00:00", "2017-05-03 10:20:00",
     [("p1", "29.90", "8.72"), ("p2", "10.00", "1.00")]),
    ("o2", "u1", "delivered", "2017-05-20 09:00:00", "2017-05-21 09:30:00", [("p2", "45.50", "9.10")]),
    ("o3", "u2", "shipped", "2017-05-31 08:00:00", "2017-06-01 08:05:00", [("p1", "29.90", "8.72")]),
    ("o4", "u3", "canceled", "2017-05-09 10:00:00", "", [("p2", "12.00", "3.00")]),
    ("o5", "u3", "delivered", "2017-06-02 11:00:00", "2017-06-02 11:00:30", [("p1", "59.80", "17.44")]),
]  # fmt: skip
CATEGORIES = {"p1": "perfumaria", "p2": "artes"}


@pytest.fixture
def marketplace(tmp_path: Path) -> Path:
    """The tables of a small marketplace as they are published."""

    def write(name: str, heading: str, rows: list[list[str]]) -> None:
        with (tmp_path / f"{name}.csv").open("w", newline="") as target:
            csv.writer(target).writerows([heading.split(","), *rows])

    write(
        "orders",
        "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,"
        "order_delivered_customer_date,order_estimated_delivery_date",
        [[no, f"c{no}", state, placed, paid, "", "", "2017-07-01"] for no, _, state, placed, paid, _ in ORDERS],
    )
    write(
        "order_items",
        "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
        [
            [no, str(n), product, "s1", "2017-06-20 10:00:00", price, freight]
            for no, *_, lines in ORDERS
            for n, (product, price, freight) in enumerate(lines, 1)
        ],
    )
    write(
        "order_payments",
        "order_id,payment_sequential,payment_type,payment_installments,payment_value",
        [[no, "1", "boleto", "1", f"{paid_of(lines) / 100:.2f}"] for no, _, _, _, paid, lines in ORDERS if paid],
    )
    write(
        "customers",
        "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state",
        [[f"c{no}", buyer, "01000", "sao paulo", "SP"] for no, buyer, *_ in ORDERS],
    )
    write(
        "products", "product_id,product_category_name,product_weight_g", [[p, c, "100"] for p, c in CATEGORIES.items()]
    )
    return tmp_path


def paid_of(lines: list[tuple[str, str, str]]) -> int:
    return sum(round(float(price) * 100) + round(float(freight) * 100) for _, price, freight in lines)


def test_a_marketplace_replayed_gives_its_own_totals(own_lake, marketplace, monkeypatch) -> None:
    import_orders("olist", marketplace, True, lambda done, whole: None)
    lakes.write()
    # Their money is not ours: cleaning sets them aside until somebody says that they count.
    put_back(SYSTEM, [PutBack(id_, "全部为雷亚尔，单独成表") for id_ in SetAside.objects.values_list("id", flat=True)])
    lakes.write()
    shop = Shop.objects.get(code="olist")
    lakes.at(monkeypatch, datetime(2017, 8, 1, 4, tzinfo=lakes.NOON.tzinfo))
    # Independently, from the rows above: by month of payment in the shop's zone.
    wanted: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    buyers: dict[int, set[str]] = defaultdict(set)
    for _, buyer, _, _, paid, lines in ORDERS:
        if paid:
            month = in_zone(paid, shop.zone).month
            wanted[month][0] += paid_of(lines)
            wanted[month][1] += 1
            buyers[month].add(buyer)
    for month in (5, 6):
        report = stage.made(shop, ReportPeriod.MONTH, date(2017, month, 1))
        sales = ReportVersion.objects.get(report=report).figures["blocks"]["sales"]["figures"]
        found = [sales[name]["now"][0] for name in ("paid_amount", "paid_orders", "paid_buyers")]
        assert found == [*wanted[month], len(buyers[month])]
    span = Span(date(2017, 5, 1), date(2017, 6, 30))
    by = divided(SYSTEM, METRICS["goods_pieces"], Dimension.CATEGORY, shop.pk, span)
    assert {member: of.numerator for member, of in by} == {"perfumaria": 3, "artes": 2}
    cancelled = figure("cancelled_unpaid", shop.pk, span.first, span.last)
    assert cancelled.figure == Figure(1)
    assert Report.objects.count() == 2


def in_zone(text: str, zone: str) -> datetime:

    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Sao_Paulo"))
    return local.astimezone(ZoneInfo(zone))
