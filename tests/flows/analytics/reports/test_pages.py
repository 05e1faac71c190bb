"""The doors of D2: each page opens for who may, in both languages; numbers lead to orders; papers say the same."""

import html
import io
import logging
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shopkeeper.flows.analytics.reports.documents.members import Members
from shopkeeper.flows.analytics.reports.documents.paper import changes_said, figure_line
from shopkeeper.flows.analytics.reports.models import Report, ReportVersion, Target
from shopkeeper.flows.analytics.reports.queries.reports import report_record
from shopkeeper.flows.analytics.reports.rules import snapshot
from shopkeeper.flows.analytics.reports.rules.metric import METRICS
from shopkeeper.flows.analytics.reports.states import Block, ReportPeriod
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.analytics.reports import stage
from tests.flows.analytics.reports.small_lake import SmallLake

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.now(monkeypatch)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    found = make.make_shop(name="向日葵女装店")
    stage.use(monkeypatch, stage.shop_lake(found))
    return found


def signed_in(*roles: str, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(make.make_person(*roles, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


@BOTH
@pytest.mark.clause("D2.1")
def test_a_report_reads_like_its_paper(shop, language) -> None:
    report = stage.made(shop, ReportPeriod.WEEK, stage.WEEK)
    client = signed_in(Role.DATA_SPECIALIST, language=language)
    assert shop.name in page_of(client, "reports-reports", tab="complete", period="week")
    assert client.get(reverse("reports-reports"), {"counts": "1"}).status_code == 200
    page = html.unescape(page_of(client, "reports-report", report.pk))
    for metric in METRICS.values():
        if metric.dimensions:  # stock is the whole company's
            assert metric.name.text(language) in page, metric.id
    assert ("口径说明" if language == "zh" else "Definitions") in page
    assert ("搜索" if language == "zh" else "Search") in page
    assert "<svg" in page
    assert reverse("reports-drill") in page
    pdf = client.get(reverse("reports-document", args=[report.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF-")
    assert client.get(reverse("reports-document", args=[report.pk, "doc"])).status_code == 404


@pytest.mark.clause("D2.1")
def test_amounts_carry_the_sign_of_their_shops_currency(shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(currency="BRL")
    report, client = stage.made(shop, ReportPeriod.WEEK, stage.WEEK), signed_in(Role.FINANCE)
    span = {"shop": str(shop.pk), "from": str(stage.WEEK), "to": str(stage.WEEK + timedelta(days=6))}
    for page in (
        page_of(client, "reports-reports", tab="complete", period="week"),
        page_of(client, "reports-report", report.pk),
        page_of(client, "reports-explore", metric="paid_amount", **span),
    ):
        assert "R$" in page
        assert "¥" not in page


@pytest.mark.clause("D2.1")
def test_only_what_an_export_gave_is_said_to_be_from_it(shop) -> None:
    report = stage.made(shop, ReportPeriod.WEEK, stage.WEEK)
    version = ReportVersion.objects.get(report=report)
    for block in ("traffic", "sales"):
        version.figures["blocks"][block]["sources"] = {"now": {"name": "sycm", "figures": ["visitors"]}}
    version.figures["blocks"]["sales"]["figures"]["paid_amount"] |= {"now": [500_000, None], "before": [0, None]}
    found = report_record(SYSTEM, report.pk)
    assert found is not None
    with_export = replace(found, figures=version.figures)
    lines = {metric.id: figure_line(with_export, metric) for metric in METRICS.values()}
    assert [id_ for id_, line in lines.items() if line and line.source] == ["visitors"]
    assert any("上一周为零" in text for text in changes_said(with_export, Members()))


@pytest.mark.clause("D2.1")
def test_the_workbook_has_every_figure_with_its_parts_and_the_definitions(shop) -> None:
    report = stage.made(shop, ReportPeriod.WEEK, stage.WEEK)
    content = signed_in(Role.FINANCE).get(reverse("reports-document", args=[report.pk, "xlsx"])).content
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert {"运营数据分析报告", "指标", "渠道", "类目排行", "SKU 排行", "口径说明"} <= set(book.sheet_names)
    figures = {row[1]: row for row in book.get_sheet_by_name("指标").to_python()}
    conversion = figures["支付转化率"]
    assert conversion[9] / conversion[10] == pytest.approx(float(conversion[2].rstrip("%")) / 100, abs=0.0001)
    definitions = {row[0]: row[1] for row in book.get_sheet_by_name("口径说明").to_python()}
    assert "90 天" in definitions["复购率"]  # the window is always printed
    assert len(definitions) == len(METRICS) + 1
    skus = book.get_sheet_by_name("SKU 排行").to_python()
    assert skus[1][1] > 100  # yuan, a number


@pytest.mark.clause("D2.2")
@pytest.mark.clause("D2.3")
@pytest.mark.clause("D2.4")
@pytest.mark.parametrize("part", ["traffic", "sales", "customers"])
def test_each_part_is_explained_on_its_page(shop, part) -> None:
    report = stage.made(shop)
    client = signed_in(Role.DATA_SPECIALIST)
    address = reverse(f"reports-{part}", args=[report.pk])
    page = page_of(client, f"reports-{part}", report.pk)
    assert "写分析" in page
    assert 'class="mb-3" data-guard' in page  # the form stands off from the figures
    assert client.post(address, {"words": " "}).status_code == 422
    assert client.post(address, {"words": "搜索下降，付费补上"}).status_code == 302
    assert "搜索下降，付费补上" in page_of(client, "reports-report", report.pk)
    reader = signed_in(Role.OPERATIONS_SUPERVISOR)
    assert "写分析" not in page_of(reader, f"reports-{part}", report.pk)
    assert reader.post(address, {"words": "改"}).status_code == 403


@pytest.mark.clause("D2.1")
def test_signed_then_read(shop) -> None:
    report = stage.made(shop)
    client, manager = signed_in(Role.DATA_SPECIALIST), signed_in(Role.OPERATIONS_MANAGER)
    address = reverse("reports-sign", args=[report.pk])
    refused = client.post(address, {"comment": " "})
    assert refused.status_code == 422
    assert "请先写总评" in refused.content.decode()
    asked = client.post(address, {"comment": "平稳，新客增加"})
    assert asked.status_code == 422
    assert "还没有写：流量分析、销售分析、客户分析" in asked.content.decode()
    assert "平稳，新客增加" in asked.content.decode()
    report.refresh_from_db()
    assert report.state == "complete"
    assert client.post(address, {"comment": "平稳，新客增加", "without_analyses": "1"}).status_code == 302
    page = page_of(client, "reports-traffic", report.pk)
    assert "签发时没有写这一部分的分析" in page and "还没有写分析" not in page
    to_read = page_of(manager, "reports-report", report.pk)
    assert "确认已阅" in to_read
    assert 'aria-current="step"' not in to_read and "btn-primary" not in to_read  # nobody has to
    assert manager.post(reverse("reports-confirm", args=[report.pk])).status_code == 302
    assert client.post(reverse("reports-confirm", args=[report.pk])).status_code == 403
    assert client.post(reverse("reports-remake", args=[report.pk])).status_code == 302
    report.refresh_from_db()
    assert report.state == "confirmed"  # a signed one is not made again


@pytest.mark.clause("D2.1")
@pytest.mark.clause("D2.2")
def test_the_page_to_sign_names_the_analyses_still_to_be_written(shop) -> None:
    day, week = stage.made(shop), stage.made(shop, ReportPeriod.WEEK, stage.WEEK)
    client = signed_in(Role.DATA_SPECIALIST)
    assert "签发后不能再补" in page_of(client, "reports-report", day.pk)
    assert "data-due" not in page_of(client, "reports-traffic", day.pk)  # nobody waits for it
    page = page_of(client, "reports-report", week.pk)
    assert "签发前必须写完" in page and "without_analyses" not in page
    assert reverse("reports-traffic", args=[week.pk]) in page
    assert "要写完分析才能签发" in page_of(client, "reports-traffic", week.pk)
    refused = client.post(reverse("reports-sign", args=[week.pk]), {"comment": "平稳", "without_analyses": "1"})
    assert refused.status_code == 422  # the policy wants them
    work = page_of(client, "sop-work")
    assert f"日报 06-07 · {shop.name}" in work
    assert f"周报 06-01 – 06-07 · {shop.name}，先写流量分析、销售分析、客户分析" in work
    stage.analysed(day)
    page = page_of(client, "reports-report", day.pk)
    assert "签发后不能再补" not in page
    assert client.post(reverse("reports-sign", args=[day.pk]), {"comment": "平稳"}).status_code == 302


@pytest.mark.clause("D2.1")
def test_the_list_says_by_when_and_by_whom_each_report_is_signed(shop) -> None:
    stage.signed(stage.made(shop), stage.person(Role.DATA_SPECIALIST))
    page = page_of(signed_in(Role.DATA_SPECIALIST, language="en"), "reports-reports", tab="all")
    assert "Sign by" in page and ">Signed<" in page


@pytest.mark.clause("D2.1")
def test_what_failed_is_named_everywhere(shop, monkeypatch, caplog) -> None:
    monkeypatch.setitem(snapshot.MAKERS, Block.TRAFFIC, lambda asked: 1 / 0)
    with caplog.at_level(logging.CRITICAL):
        report = stage.made(shop)
    client = signed_in(Role.DATA_SPECIALIST)
    page = page_of(client, "reports-report", report.pk)
    assert "这份报告不完整" in page
    assert "缺部分仍签发的原因" in page
    assert client.get(reverse("reports-document", args=[report.pk, "pdf"])).status_code == 200
    refused = client.post(reverse("reports-sign", args=[report.pk]), {"comment": "平稳"})
    assert refused.status_code == 422
    assert "不能当作完整报告签发" in refused.content.decode()


@pytest.mark.clause("D2.1")
def test_without_traffic_the_page_says_so_and_not_zero(monkeypatch) -> None:
    shop = make.make_shop()
    stage.use(monkeypatch, SmallLake())
    report = stage.made(shop)
    page = page_of(signed_in(Role.DATA_SPECIALIST), "reports-report", report.pk)
    assert "没有来源：这一期没有自有采集的流量" in page
    assert "没有超过阈值的变化" in page


@pytest.mark.clause("D2.1")
def test_a_report_that_is_being_made_says_so(shop) -> None:
    client = signed_in(Role.DATA_SPECIALIST)
    answer = client.post(
        reverse("reports-new"), {"shop_id": str(shop.pk), "period": "day", "first_day": stage.DAY.isoformat()}
    )
    assert answer.status_code == 302
    report = Report.objects.get()
    assert "正在从数据湖计算" in page_of(client, "reports-report", report.pk)
    assert "还在生成" in page_of(client, "reports-traffic", report.pk)
    assert client.get(reverse("reports-document", args=[report.pk, "pdf"])).status_code == 404
    refused = client.post(reverse("reports-new"), {"period": "week", "first_day": "2026-06-02"})
    assert refused.status_code == 422
    assert "周报从周一开始" in refused.content.decode()


@BOTH
@pytest.mark.clause("D2.3")
def test_from_a_number_to_its_orders(monkeypatch, language) -> None:
    shop = make.make_shop()
    ids = [make.make_order(shop, make.received_line(make.make_sku())) for _ in range(12)]
    stage.use(monkeypatch, stage.shop_lake(shop, days=1, order_ids=ids))
    client = signed_in(Role.DATA_SPECIALIST, language=language)
    asked = {"metric": "goods_amount", "first": stage.DAY.isoformat(), "last": stage.DAY.isoformat()}
    page = page_of(client, "reports-drill", **asked)
    assert all(f"JY{order_id:010d}" in page for order_id in ids)
    assert client.get(reverse("intake-order", args=[ids[0]])).status_code == 200
    one = page_of(client, "reports-drill", **asked, by="sku_code", member="SKU-1")
    assert 0 < sum(f"JY{order_id:010d}" in one for order_id in ids) < 12
    sheet = client.get(reverse("reports-drill"), {**asked, "export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(sheet.streaming_content))).get_sheet_by_index(0)
    assert len(rows.to_python()) == 13
    assert client.get(reverse("reports-drill"), {"metric": "visitors"}).status_code == 404


@BOTH
@pytest.mark.clause("D2.1")
def test_any_figure_by_any_dimension(shop, language) -> None:
    client = signed_in(Role.CAMPAIGN_SPECIALIST, language=language)
    for metric, by in (
        ("visitors", "channel"),
        ("paid_amount", "hour"),
        ("gross_margin_rate", "category"),
        ("csat", ""),
    ):
        page = page_of(client, "reports-explore", metric=metric, by=by, first="2026-06-01", last="2026-06-07")
        assert METRICS[metric].name.text(language) in page
        assert "<svg" in page
    csv = client.get(reverse("reports-explore"), {"metric": "paid_orders", "by": "day", "export": "csv"})
    text = b"".join(csv.streaming_content).decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 8
    assert (
        "no source" in page_of(client, "reports-explore", metric="sell_through", shop=str(shop.pk)) or language == "zh"
    )
    assert METRICS["dwell"].formula.text(language)[:6] in page_of(client, "reports-metrics")


@pytest.mark.clause("D2.3")
def test_targets_are_set_in_the_units_people_use(shop) -> None:
    client, reader = signed_in(Role.OPERATIONS_MANAGER), signed_in(Role.DATA_SPECIALIST)
    address = reverse("reports-targets")
    posted = {"metric_id": "paid_amount", "shop_id": str(shop.pk), "month": "2026-06", "value": "30000.5"}
    assert client.post(address, posted).status_code == 302
    assert client.post(address, {**posted, "metric_id": "pay_conversion", "value": "3.25"}).status_code == 302
    kept = dict(Target.objects.values_list("metric_id", "value"))
    assert kept == {"paid_amount": 3_000_050, "pay_conversion": 325}
    page = page_of(reader, "reports-targets", month="2026-06")
    assert "¥30,000.50" in page
    assert "3.25%" in page
    assert "设定目标" not in page
    assert client.post(address, {**posted, "value": "-1"}).status_code == 422
    assert client.post(address, {**posted, "month": "2026-05"}).status_code == 422
    assert "还没有目标" in page_of(reader, "reports-targets", month="2027-01")


@pytest.mark.clause("D2.1")
def test_whoever_may_not_read_reports_does_not(shop) -> None:
    report = stage.made(shop)
    of_all = stage.made(None)
    warehouse = signed_in(Role.WAREHOUSE)
    for name, args in (("reports-reports", ()), ("reports-report", (report.pk,)), ("reports-explore", ())):
        assert warehouse.get(reverse(name, args=args)).status_code == 403
    elsewhere = signed_in(Role.DATA_SPECIALIST, shops=[make.make_shop()])
    assert elsewhere.get(reverse("reports-report", args=[report.pk])).status_code == 404
    of_one = signed_in(Role.DATA_SPECIALIST, shops=[shop])
    assert of_one.get(reverse("reports-report", args=[report.pk])).status_code == 200
    assert of_one.get(reverse("reports-report", args=[of_all.pk])).status_code == 404
    assert date(2026, 6, 7) == report.first_day
