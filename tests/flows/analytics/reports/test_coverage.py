"""Both sides of a ratio are of the same shops, whoever counted the visitors; else the report says why it has none."""

import html
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shopkeeper.flows.analytics.reports.documents.members import Members
from shopkeeper.flows.analytics.reports.documents.traffic import traffic
from shopkeeper.flows.analytics.reports.models import Report, ReportVersion
from shopkeeper.flows.analytics.reports.queries.reports import report_record
from shopkeeper.flows.analytics.reports.rules.counting import Counter
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Dimension, Figure
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.states import ReportPeriod
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.analytics.reports import stage
from tests.flows.analytics.reports.small_lake import SmallLake, at
from tests.flows.analytics.reports.test_pages import page_of, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.clause("D2.2"), pytest.mark.clause("D2.3")]
CONVERSIONS = ("pay_conversion", "order_conversion")
DAY = Span(stage.DAY, stage.DAY)
EARLIER = stage.DAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.now(monkeypatch)


def paid(shop_id: int, order_id: int, day=stage.DAY) -> dict:
    return {
        "biz_date": day, "shop_id": shop_id, "version": 1, "order_id": order_id, "platform": "taobao",
        "buyer": f"b{order_id}", "state": "completed", "placed_at": at(day), "paid_at": at(day), "paid_minor": 8_900,
        "goods_minor": 8_900, "discount_minor": 0, "freight_minor": 0, "pieces": 1,
    }  # fmt: skip


def seen(shop_id: int, visitor: str, day=stage.DAY) -> dict:
    return {
        "biz_date": day, "shop_id": shop_id, "version": 1, "event_id": f"{shop_id}-{visitor}-{day}", "kind": "view",
        "visitor": visitor, "session": visitor, "channel": "search", "page": "/", "at": at(day), "stay_ms": None,
    }  # fmt: skip


def exported(shop_id: int, figure: str, value: int, day=stage.DAY, period: str = "day") -> dict:
    return {
        "biz_date": day, "shop_id": shop_id, "version": 1, "source": "sycm", "period": period, "channel": "",
        "figure": figure, "value": value,
    }  # fmt: skip


def test_buyers_of_two_shops_are_not_held_against_the_visitors_of_one() -> None:
    lake = SmallLake(orders=[paid(1, 1), paid(2, 2)], traffic=[seen(1, "a"), seen(1, "b"), seen(1, "c")])
    metrics = [METRICS[name] for name in CONVERSIONS]
    whole = Counter(lake).figures(DAY, [*metrics, METRICS["visitor_value"]])
    assert list(whole.values()) == [Figure(None)] * 3
    assert Counter(lake, (1,)).figures(DAY, metrics)["pay_conversion"] == Figure(1, 3)
    by_shop = Counter(lake).figures_by(DAY, metrics, Dimension.SHOP)
    assert [by_shop[shop]["pay_conversion"] for shop in (1, 2)] == [Figure(1, 3), Figure(None)]
    lake.rows["traffic"].append(seen(2, "a"))
    assert Counter(lake).figures(DAY, metrics)["pay_conversion"] == Figure(2, 3)  # "a" came to both


def test_an_order_of_nobody_known_stands_in_no_ratios_way() -> None:
    lake = SmallLake(orders=[paid(1, 1), {**paid(2, 2), "buyer": ""}], traffic=[seen(1, "a")])
    assert Counter(lake).figures(DAY, [METRICS["pay_conversion"]])["pay_conversion"] == Figure(1, 1)


def test_a_day_is_known_or_not_by_itself() -> None:
    lake = SmallLake(
        orders=[paid(1, 1), paid(2, 2, EARLIER), paid(1, 3, EARLIER)],
        traffic=[seen(1, "a"), seen(1, "a", EARLIER)],
    )
    metric = METRICS["pay_conversion"]
    by_day = Counter(lake).figures_by(Span(EARLIER, stage.DAY), [metric], Dimension.DAY)
    assert {day: of[metric.id] for day, of in by_day.items()} == {EARLIER: Figure(None), stage.DAY: Figure(1, 1)}


@pytest.fixture
def shops() -> tuple[Shop, Shop]:
    return make.make_shop(name="向日葵女装店"), make.make_shop(name="山野良品专营店")


def lake_of(shops: tuple[Shop, Shop], first=stage.DAY, period: str = "day") -> SmallLake:
    """Both sold; the platform's export was brought in for the first shop only."""
    one, other = (shop.pk for shop in shops)
    return SmallLake(
        orders=[paid(one, 1), paid(other, 2)],
        traffic_figures=[exported(one, name, n, first, period) for name, n in (("visitors", 401), ("exposure", 9_000))],
    )


def kept(report: Report, block: str = "sales") -> dict:
    return ReportVersion.objects.get(report=report).figures["blocks"][block]


@pytest.mark.parametrize(("period", "first"), [("day", stage.DAY), ("week", stage.WEEK)])
def test_the_report_of_all_shops_says_whose_visitors_nobody_counted(monkeypatch, shops, period, first) -> None:
    stage.use(monkeypatch, lake_of(shops, first, period))
    report = stage.made(None, ReportPeriod(period), first)
    for name in CONVERSIONS:
        assert kept(report)["figures"][name]["now"] == [None, None]
        assert kept(report)["unknown"]["now"][name] == ["unseen", [shops[1].pk]]
    page = html.unescape(page_of(signed_in(Role.DATA_SPECIALIST), "reports-report", report.pk))
    assert "支付转化率、下单转化率未知：山野良品专营店有买家，但没有访客数据" in page
    assert "来自导出：生意参谋（向日葵女装店）" in page
    assert "0.50%" not in page
    assert '<a href="#sales" class="sk-tile">' in page  # from the head to the reason
    assert "漏斗（人数）" not in page  # its last stage would be of other shops
    alone = stage.made(shops[0], ReportPeriod(period), first)
    assert kept(alone)["figures"]["pay_conversion"]["now"] == [1, 401]


def test_people_of_two_exports_are_not_added_up_and_the_report_says_so(monkeypatch, shops) -> None:
    lake = lake_of(shops)
    lake.rows["traffic_figures"].append(exported(shops[1].pk, "visitors", 300))
    stage.use(monkeypatch, lake)
    report = stage.made(None)
    page = html.unescape(page_of(signed_in(Role.DATA_SPECIALIST, language="en"), "reports-report", report.pk))
    assert "Unknown: Visitors. The exports of 向日葵女装店, 山野良品专营店 each count a person once" in page
    assert "Unknown: Conversion to payment, Conversion to an order." in page


def test_figures_of_several_shops_exports_stand_shop_by_shop(monkeypatch, shops) -> None:
    lake = lake_of(shops)
    lake.rows["traffic_figures"] += [exported(shop.pk, "stay_mean_seconds", 46) for shop in shops]
    lake.rows["traffic_figures"].append(exported(shops[1].pk, "visitors", 300))
    stage.use(monkeypatch, lake)
    report, client = stage.made(None), signed_in(Role.DATA_SPECIALIST, language="en")
    page = html.unescape(page_of(client, "reports-report", report.pk))
    names = [shop.name for shop in shops]
    assert re.search(".*".join(f"<th[^>]*>{re.escape(name)}</th>" for name in names), page)
    lines = [["SYCM", "All", "Mean stay, seconds", "46", "46"], ["SYCM", "All", "Visitors", "401", "300"]]
    assert [line for line in cells(page) if line[2:3] in (["Mean stay, seconds"], ["Visitors"])] == lines
    assert ">701<" not in page and ">92<" not in page
    content = client.get(reverse("reports-document", args=[report.pk, "xlsx"])).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    named = next(name for name in book.sheet_names if name.startswith("Figures of platforms"))
    sheet = book.get_sheet_by_name(named).to_python()
    assert [row[3:5] for row in sheet if row[2] in ("Figure", "Visitors")] == [names, [401, 300]]
    assert client.get(reverse("reports-document", args=[report.pk, "pdf"])).content.startswith(b"%PDF-")
    alone = html.unescape(page_of(client, "reports-report", stage.made(shops[1]).pk))
    assert ["SYCM", "All", "Mean stay, seconds", "46"] in cells(alone)


def test_more_shops_than_fit_beside_each_other_stand_below_each_other(monkeypatch, shops) -> None:
    stage.use(monkeypatch, lake_of(shops))
    found = report_record(SYSTEM, stage.made(None).pk)
    assert found is not None
    many = [*shops, *(make.make_shop() for _ in range(5 - len(shops)))]
    tables = found.figures["blocks"]["traffic"]["tables"]
    tables["exports"] = [["sycm", "", "visitors", shop.pk, 7] for shop in many]
    table = traffic(found, Members())[1][-1]
    assert [row[-2:] for row in table.rows] == [[shop.name, 7] for shop in many]
    tables["exports"] = tables["exports"][:4]
    assert [row[3:] for row in traffic(found, Members())[1][-1].rows] == [[7, 7, 7, 7]]


def test_a_version_that_added_shops_up_shows_what_may_be_added_and_says_what_is_left_out(monkeypatch, shops) -> None:
    stage.use(monkeypatch, lake_of(shops))
    report = stage.made(None)
    found = report_record(SYSTEM, report.pk)
    assert found is not None
    del found.figures["blocks"]["traffic"]["tables"]["exports"]
    found.figures["blocks"]["traffic"]["tables"]["imported"] = [
        ["sycm", "", "stay_mean_seconds", 92, 2], ["sycm", "", "page_views", 900, 2], ["sycm", "", "buyers", 7, 1],
    ]  # fmt: skip
    table = traffic(found, Members())[1][-1]
    assert [row[-2:] for row in table.rows] == [["浏览量", 900], ["支付买家数", 7]]
    assert len(table.columns) == 4
    assert "未列出，请看单店报告" in table.note


def cells(page: str) -> list[list[str]]:
    """The lines of a page's tables."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [[re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def test_the_hint_on_sources_follows_what_the_figures_are_from(monkeypatch, shops) -> None:
    stage.use(monkeypatch, lake_of(shops))
    page = page_of(signed_in(Role.DATA_SPECIALIST, language="en"), "reports-report", stage.made(shops[0]).pk)
    assert "from an export: SYCM" in page
    assert "are from SYCM. Visits, bounces" in page
    assert "visitors and conversion are unknown" not in page


def test_an_exports_figure_is_not_compared_with_one_of_other_shops(monkeypatch, shops) -> None:
    lake = lake_of(shops)
    lake.rows["traffic_figures"] += [exported(shop.pk, "exposure", 9_000, EARLIER) for shop in shops]
    stage.use(monkeypatch, lake)
    assert "−50.0%" not in page_of(signed_in(Role.DATA_SPECIALIST), "reports-report", stage.made(None).pk)
    alone = page_of(signed_in(Role.DATA_SPECIALIST), "reports-report", stage.made(shops[0]).pk)
    assert "0.0%" in alone


def test_two_sides_an_export_gives_of_different_shops_make_no_ratio(monkeypatch, shops) -> None:
    lake = lake_of(shops)
    lake.rows["traffic_figures"] += [exported(shop.pk, "clicks", 90) for shop in shops]
    stage.use(monkeypatch, lake)
    report = stage.made(None)
    assert kept(report, "traffic")["figures"]["click_rate"]["now"] == [None, None]
    assert kept(report, "traffic")["unknown"]["now"]["click_rate"] == ["different", [shop.pk for shop in shops]]


def test_who_explores_a_figure_reads_why_it_is_unknown(monkeypatch, shops) -> None:
    one, other = (shop.pk for shop in shops)
    stage.use(monkeypatch, SmallLake(orders=[paid(one, 1), paid(other, 2)], traffic=[seen(one, "a")]))
    asked = {"metric": "pay_conversion", "first": str(stage.DAY), "last": str(stage.DAY)}
    assert "山野良品专营店有买家，但没有访客数据" in page_of(signed_in(Role.FINANCE), "reports-explore", **asked)
    alone = page_of(signed_in(Role.FINANCE), "reports-explore", **asked, shop=str(one))
    assert "但没有访客数据" not in alone and "100.00%" in alone
