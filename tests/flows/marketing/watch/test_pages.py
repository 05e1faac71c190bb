"""The doors of M3: every page opens for who may, in both languages; forms reach their command; others get 403."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shopkeeper.flows.marketing.watch.models import (
    Action,
    Alert,
    Benchmark,
    DaySheet,
    Presale,
    RestockCall,
    TrafficHour,
)
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.watch import stage
from tests.flows.marketing.watch.stage import HOUR, START

pytestmark = pytest.mark.django_db
DUE = "2026-06-18T20:00"
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch):
    stage.at(monkeypatch, START)
    return make.make_shop()


@pytest.fixture
def sku(shop):
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 20)
    return sku


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
@pytest.mark.clause("M3.1")
def test_the_live_board_says_what_to_do_where_nothing_is_live_and_shows_what_is(
    shop, sku, monkeypatch, language: str
) -> None:
    client = signed_in(Role.CAMPAIGN_SPECIALIST, language=language)
    assert ("没有进行中的活动" if language == "zh" else "No campaign is live") in page_of(client, "watch-live")
    made = stage.watched(shop, sku)
    stage.budget(made, 100_000, 50_000)
    stage.low_conversion(monkeypatch, made)
    page = page_of(client, "watch-live")
    assert made.name in page
    assert "50.00%" in page  # of the budget
    assert ("连续 2 小时偏低" if language == "zh" else "Low for 2 hours in a row") in page
    assert ("手工填写" if language == "zh" else "Typed") in page
    assert page.count('class="sk-chart"') == 3
    assert made.name in page_of(client, "watch-live", campaign=str(made.pk))


@BOTH
@pytest.mark.clause("M3.1")
def test_a_day_is_read_signed_and_printed(shop, sku, monkeypatch, language: str) -> None:
    made = stage.watched(shop, sku, ends_at=START + 2 * HOUR)
    stage.tick(monkeypatch, made, START + 2 * HOUR)
    recorder = make.make_person(Role.CAMPAIGN_SPECIALIST)
    stage.record(made, START, 1_234, by=replace(stage.specialist(), id=recorder.pk))
    sheet = DaySheet.objects.get()
    client = signed_in(Role.OPERATIONS_SUPERVISOR, language=language)
    assert made.name in page_of(client, "watch-sheets")
    assert made.name not in page_of(client, "watch-sheets", tab="signed")
    assert client.get(reverse("watch-sheets"), {"counts": "1"}).status_code == 200
    page = page_of(client, "watch-sheet", sheet.pk)
    assert "1,234" in page
    assert "10:00" in page
    said = "登记：{}（1 小时）；缺 1 个小时" if language == "zh" else "Recorded by {} (1 hour); 1 hour is"
    said = said.format(recorder.name)
    assert said in page
    pdf = client.get(reverse("watch-sheet-document", args=[sheet.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF")
    table = client.get(reverse("watch-sheet-document", args=[sheet.pk, "xlsx"]))
    inside = zipfile.ZipFile(io.BytesIO(table.content)).read("xl/worksheets/sheet1.xml").decode()
    assert "1234" in inside
    assert client.get(reverse("watch-sheet-document", args=[sheet.pk, "exe"])).status_code == 404
    client.post(reverse("watch-sheet-sign", args=[sheet.pk]), {})
    assert DaySheet.objects.get().state == "open"  # an hour is without traffic: the reason is asked for
    client.post(reverse("watch-sheet-sign", args=[sheet.pk]), {"reason": "平台故障"})
    assert DaySheet.objects.get().state == "signed"
    assert made.name in page_of(client, "watch-sheets", tab="signed")
    assert said not in page_of(client, "watch-sheet", sheet.pk)


@BOTH
@pytest.mark.clause("M3.1")
def test_a_day_that_runs_is_not_offered_for_signing(shop, sku, monkeypatch, language: str) -> None:
    made = stage.watched(shop, sku)
    alert = stage.low_conversion(monkeypatch, made)
    client = signed_in(Role.CAMPAIGN_SPECIALIST, Role.OPERATIONS_SUPERVISOR, language=language)
    stage.at(monkeypatch, START + 2 * HOUR + timedelta(minutes=24))
    client.post(reverse("watch-alert-act", args=[alert.pk, "change_copy"]), {"what": "换标题", "due_at": DUE})
    sheet_id = stage.reading(made).sheet_id
    page = page_of(client, "watch-sheet", sheet_id)
    assert ("06-19 00:00 起可以签字" if language == "zh" else "it can be signed from 06-19 00:00") in page
    assert ("没有缺少的小时" if language == "zh" else "no hour is missing") not in page
    assert reverse("watch-sheet-sign", args=[sheet_id]) not in page
    assert ("这个小时还没有结束" if language == "zh" else "this hour is not over yet") in page
    assert ("连续 2 个小时偏低才发预警" if language == "zh" else "an alert takes 2 low hours in a row") in page
    stage.tick(monkeypatch, made, START + 14 * HOUR)  # midnight of the shop
    page = page_of(client, "watch-sheet", sheet_id)
    assert reverse("watch-sheet-sign", args=[sheet_id]) in page
    assert ("这个小时还没有结束" if language == "zh" else "this hour is not over yet") not in page


@BOTH
@pytest.mark.clause("M3.2")
def test_an_alert_says_how_many_hours_before_it_have_visitors(shop, sku, monkeypatch, language: str) -> None:
    made = stage.watched(shop, sku)
    alert = stage.low_conversion(monkeypatch, made)
    client = signed_in(Role.CAMPAIGN_SPECIALIST, language=language)
    stage.tick(monkeypatch, made, START + 3 * HOUR + timedelta(minutes=5))
    client.post(reverse("watch-alert-act", args=[alert.pk, "change_copy"]), {"what": "换标题", "due_at": DUE})
    said = "3（2 小时有访客数据）" if language == "zh" else "3 (2 with visitors on record)"
    assert said in page_of(client, "watch-alert", alert.pk)
    assert stage.record(made, START + 2 * HOUR, 253).changed
    page = page_of(client, "watch-alert", alert.pk)
    assert said not in page
    assert "2253" in page


@BOTH
@pytest.mark.clause("M3.1")
def test_an_hour_with_few_visitors_is_not_judged_and_says_so(shop, sku, monkeypatch, language: str) -> None:
    made = stage.watched(shop, sku)
    client = signed_in(Role.CAMPAIGN_SPECIALIST, language=language)
    few = "访客少，不评" if language == "zh" else "too few visitors"
    stage.tick(monkeypatch, made, START + HOUR)
    stage.record(made, START, 120)
    sheet_id = stage.reading(made).sheet_id
    page = page_of(client, "watch-sheet", sheet_id)
    assert few in page
    assert 'tone-red">0.00%' not in page
    live = page_of(client, "watch-live")
    assert few in live
    assert ("访客不足 200，不评" if language == "zh" else "Not judged: under 200 visitors") in live
    assert "sk-tile tone-red" not in live
    stage.tick(monkeypatch, made, START + 2 * HOUR)
    stage.record(made, START + HOUR, 400)
    assert page_of(client, "watch-sheet", sheet_id).count('tone-red">0.00%') == 1
    assert "sk-tile tone-red" in page_of(client, "watch-live")


@pytest.mark.clause("M3.1")
def test_an_hour_is_typed_and_corrected_with_a_reason(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + HOUR)
    client = signed_in(Role.CAMPAIGN_SPECIALIST)
    url = reverse("watch-hour", args=[stage.reading(made).pk])
    assert "登记" in client.get(url).content.decode()
    answer = client.post(url, {"visitors": "-3"})
    assert answer.status_code == 422
    assert client.post(url, {"exposures": "9000", "clicks": "600", "visitors": "500"}).status_code == 302
    assert TrafficHour.objects.get().visitors == 500
    answer = client.post(url, {"exposures": "9000", "clicks": "600", "visitors": "550", "reason": ""})
    assert "要改请写明原因" in answer.content.decode()
    client.post(url, {"exposures": "9000", "clicks": "600", "visitors": "550", "reason": "看错行"})
    page = page_of(client, "watch-sheet", stage.reading(made).sheet_id)
    assert "550" in page
    assert "原访客 500" in page


@pytest.mark.clause("M3.1")
def test_a_table_is_pasted_looked_at_and_taken(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + 2 * HOUR)
    client = signed_in(Role.CAMPAIGN_SPECIALIST)
    text = "小时\t曝光\t点击\t点击率\t访客\n10:00\t21,330\t96\t0.45%\t2,133\n11:00\t-\t-\t-\t900\n早上\t1\t1\t1%\t1"
    form = {"scope": f"campaign:{made.pk}", "day": "2026-06-18", "pasted": text}
    page = client.post(reverse("watch-import"), form).content.decode()
    assert "读懂 2 行" in page
    assert "第 4 行：读不懂时间“早上”" in page
    assert not TrafficHour.objects.exists()
    assert client.post(reverse("watch-import"), {**form, "step": "take"}).status_code == 302
    first, second = TrafficHour.objects.order_by("hour")
    assert (first.hour, first.visitors, first.exposures, first.source) == (START, 2_133, 21_330, "pasted")
    assert (second.visitors, second.exposures) == (900, None)


@pytest.mark.clause("M3.1")
def test_a_platforms_export_in_gbk_is_brought_in(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    stage.tick(monkeypatch, made, START + HOUR)
    client = signed_in(Role.CAMPAIGN_SPECIALIST)
    content = "统计时间,展现量,点击量,点击率,访客数\n2026-06-18 10:00,1000,100,12.00%,90\n".encode("gb18030")
    form = {"scope": f"shop:{shop.pk}", "day": "2026-06-18"}
    sent = {**form, "file": SimpleUploadedFile("export.csv", content)}
    page = client.post(reverse("watch-import"), sent).content.decode()
    assert "应为 10.00%" in page
    digest = page.split('name="digest" value="')[1].split('"')[0]
    client.post(reverse("watch-import"), {**form, "digest": digest, "shown_name": "export.csv", "step": "take"})
    row = TrafficHour.objects.get()
    assert (row.source, row.campaign_id, row.digest, row.visitors) == ("file", None, digest, 90)


@BOTH
@pytest.mark.clause("M3.2")
def test_an_alert_shows_its_arithmetic_and_is_acted_on(shop, sku, monkeypatch, language: str) -> None:
    made = stage.watched(shop, sku)
    stage.budget(made)
    alert = stage.low_conversion(monkeypatch, made)
    client = signed_in(Role.CAMPAIGN_SPECIALIST, language=language)
    assert made.name in page_of(client, "watch-alerts")
    assert client.get(reverse("watch-alerts"), {"counts": "1"}).status_code == 200
    page = page_of(client, "watch-alert", alert.pk)
    assert ("付费广告  0.00 / 1,000.00" if language == "zh" else "Paid ads  0.00 / 1,000.00") in page
    assert ("支付买家 0 ÷ 访客 1000 = 0.00%" if language == "zh" else "0 paying buyers ÷ 1000 visitors") in page
    url = reverse("watch-alert-act", args=[alert.pk, "change_copy"])
    assert client.post(url, {"what": ""}).status_code == 422
    assert client.post(url, {"what": "突出满减", "due_at": ""}).status_code == 302
    page = page_of(client, "watch-alert", alert.pk)
    assert "突出满减" in page
    assert ("到时测量" if language == "zh" else "to come") in page
    assert client.post(reverse("watch-alert-act", args=[alert.pk, "explode"])).status_code == 404


@pytest.mark.clause("M3.2")
def test_an_alert_is_dismissed_with_a_reason(shop, sku, monkeypatch) -> None:
    alert = stage.low_conversion(monkeypatch, stage.watched(shop, sku))
    client = signed_in(Role.CAMPAIGN_SPECIALIST)
    client.post(reverse("watch-alert-dismiss", args=[alert.pk]), {"reason": ""})
    assert Alert.objects.get().state == "open"
    client.post(reverse("watch-alert-dismiss", args=[alert.pk]), {"reason": "大盘都低"})
    assert Alert.objects.get().state == "dismissed"
    assert "大盘都低" in page_of(client, "watch-alert", alert.pk)
    assert Action.objects.count() == 0


def refused(client: Client, url: str, **typed: str) -> str:
    """The page that a refused form comes back on."""
    answer = client.post(url, typed)
    assert answer.status_code == 422
    return answer.content.decode()


@BOTH
@pytest.mark.clause("M3.2")
def test_stock_is_called_for_answered_and_sold_ahead(shop, sku, monkeypatch, language: str) -> None:
    for n in range(5):
        stage.bought(shop, sku, START + timedelta(minutes=n))
    alert = stage.sold_out(monkeypatch, stage.watched(shop, sku))
    client = signed_in(Role.CAMPAIGN_SPECIALIST, language=language)
    page = page_of(client, "watch-alert", alert.pk)
    assert ("还能卖 3 小时 0 分" if language == "zh" else "3 h 0 min left") in page
    client.post(reverse("watch-alert-act", args=[alert.pk, "urgent_restock"]), {"quantity": "80", "note": "先发京仓"})
    call = RestockCall.objects.get()
    buyer = signed_in(Role.PRODUCT_SPECIALIST, language=language)
    assert sku.code in page_of(buyer, "watch-restocks")
    assert buyer.get(reverse("watch-restocks"), {"counts": "1"}).status_code == 200
    url = reverse("watch-restock-answer", args=[call.pk])
    assert 'aria-describedby="field-arrives_at-error"' in refused(buyer, url, quantity="80")
    assert 'aria-describedby="field-quantity-error"' in refused(buyer, url, arrives_at="2026-06-20T10:00")
    assert 'aria-describedby="field-arrives_at-error"' in refused(
        buyer, url, arrives_at="2020-01-01T10:00", quantity="1"
    )
    empty = refused(buyer, url)
    assert 'aria-describedby="field-note-error"' in empty
    assert 'role="alert"' not in empty.split('<div class="sk-record ')[1]
    assert buyer.post(url, {"arrives_at": "2026-06-20T10:00", "quantity": "80", "note": ""}).status_code == 302
    page = page_of(buyer, "watch-restock", call.pk)
    assert page.count("先发京仓") == 2  # what is needed, and the history: the answer took nothing away
    assert ("80 件" if language == "zh" else "80 pieces") in page
    assert ("新的答复会替换" if language == "zh" else "takes the place of this one") in page
    assert 'value="2026-06-20T10:00"' in page  # what was said stands in the form, which is closed
    assert "<details >" in page
    assert "data-primary" not in page
    assert buyer.post(url, {"quantity": "90"}).status_code == 422
    buyer.post(url, {"arrives_at": "2026-06-20T10:00", "quantity": "90", "note": ""})
    assert ("90 件" if language == "zh" else "90 pieces") in page_of(buyer, "watch-restock", call.pk)
    assert client.post(reverse("watch-restock-answer", args=[call.pk]), {}).status_code == 403
    client.post(reverse("watch-alert-act", args=[alert.pk, "presale"]), {"ship_within_days": "7"})
    presale = Presale.objects.get()
    assert presale.state == "on"
    assert sku.code in page_of(client, "watch-presale", presale.pk)
    client.post(reverse("watch-presale", args=[presale.pk]), {"reason": "已到货"})
    assert Presale.objects.get().state == "ended"
    assert sku.code in page_of(client, "watch-live")


@BOTH
@pytest.mark.clause("M3.2")
def test_benchmarks_are_set_by_who_may(shop, language: str) -> None:
    client = signed_in(Role.DATA_SPECIALIST, language=language)
    form = {"shop_id": shop.pk, "name": "同行同层平均", "conversion_bp": "3.2", "valid_from": "2026-06-01"}
    page_of(client, "watch-benchmarks")
    assert client.post(reverse("watch-benchmark-set"), {**form, "name": " "}).status_code == 422
    client.post(reverse("watch-benchmark-set"), form)
    assert Benchmark.objects.get().conversion_bp == 320
    assert "3.20%" in page_of(client, "watch-benchmarks")
    assert signed_in(Role.PRODUCT_SPECIALIST).post(reverse("watch-benchmark-set"), form).status_code == 403


@pytest.mark.clause("G4")
def test_another_shops_watch_does_not_exist(shop, sku, monkeypatch) -> None:
    made = stage.watched(shop, sku)
    alert = stage.low_conversion(monkeypatch, made)
    client = signed_in(Role.OPERATIONS_MANAGER, shops=[make.make_shop()])
    sheet = DaySheet.objects.get()
    for name, id_ in (
        ("watch-sheet", sheet.pk),
        ("watch-alert", alert.pk),
        ("watch-hour", stage.reading(made).pk),
    ):
        assert client.get(reverse(name, args=[id_])).status_code == 404
    assert made.name not in page_of(client, "watch-live", campaign=str(made.pk))
    assert made.name not in page_of(client, "watch-alerts")
    assert signed_in(Role.WAREHOUSE).get(reverse("watch-live")).status_code == 403
