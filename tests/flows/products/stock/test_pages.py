"""The doors of P3.1 and P5: levels, lots, counting, moving, bins, reminders, thresholds."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shopkeeper.flows.products.listing.rules.searching import search_fields
from shopkeeper.flows.products.stock.models import Stock
from tests import factories as make
from tests.flows.products.stock import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P3.1")]


def visitor(role: str = "warehouse", **scope) -> Client:
    client = Client()
    client.force_login(make.make_person(role, **scope), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_levels_page_takes_as_many_statements_for_thirty_rows_as_for_one() -> None:
    warehouse = make.make_warehouse()
    client = visitor()
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make.stock_up(make.make_sku(), warehouse, 20)
        client.get("/stock/")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/stock/")
        assert answer.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_balance_shows_its_lots_and_its_ledger() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.stock_up(sku, warehouse, 20, lot="LOT-A")
    page = visitor().get(f"/stock/{Stock.objects.get().pk}/").content.decode()
    assert "LOT-A" in page
    assert sku.code in page


def test_a_foreign_warehouse_is_not_there() -> None:
    own, foreign = make.make_warehouse(), make.make_warehouse()
    make.stock_up(make.make_sku(), foreign, 20)
    client = visitor(warehouses=[own])
    assert client.get(f"/stock/{Stock.objects.get().pk}/").status_code == 404


def test_receiving_books_a_lot_and_raises_the_balance() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.stock_up(sku, warehouse, 20)
    stock = Stock.objects.get()
    client = visitor()
    form = {"quantity": "5", "bin_code": "A-01-01", "lot_code": "NEW", "reason": ""}
    assert client.post(f"/stock/{stock.pk}/receive/", form).status_code in (200, 302)
    stock.refresh_from_db()
    assert stock.on_hand == 25
    answer = client.post(f"/stock/{stock.pk}/receive/", {**form, "quantity": "0", "lot_code": "N2"})
    assert answer.status_code == 422


def test_goods_no_warehouse_holds_yet_are_booked_in_by_their_code() -> None:
    warehouse, sku = make.make_warehouse(), make.make_sku()
    make.stock_up(make.make_sku(), warehouse, 1)  # so that the bin is there
    client = visitor()
    form = {"warehouse_id": str(warehouse.pk), "quantity": "60", "bin_code": "A-01-01", "lot_code": "L1", "reason": ""}
    unknown = client.post("/stock/receive/", {**form, "code": "NO-SUCH"})
    assert (unknown.status_code, Stock.objects.filter(sku=sku).count()) == (422, 0)
    assert "NO-SUCH" in unknown.content.decode()
    answer = client.post("/stock/receive/", {**form, "code": sku.code})
    assert answer.status_code == 302
    assert Stock.objects.get(sku=sku).on_hand == 60


def test_nobody_books_in_at_another_warehouse() -> None:
    own, foreign, sku = make.make_warehouse(), make.make_warehouse(), make.make_sku()
    make.stock_up(make.make_sku(), foreign, 1)
    form = {"code": sku.code, "warehouse_id": str(foreign.pk), "quantity": "6", "bin_code": "A-01-01", "lot_code": "L"}
    answer = visitor(warehouses=[own]).post("/stock/receive/", form)
    assert answer.status_code in (404, 422)
    assert not Stock.objects.filter(sku=sku).exists()


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def test_a_count_is_booked_from_the_lot_and_a_mistake_keeps_what_was_entered() -> None:
    sku, _ = stage.stocked(20)
    lot = stage.lot_of(sku)
    client = visitor()
    url = f"/stock/lots/{lot.pk}/count/"
    assert url in client.get(f"/stock/{Stock.objects.get().pk}/").content.decode()
    assert 'name="seen" value="20"' in client.get(url).content.decode()
    wrong = client.post(url, {"counted": "18", "reason": " ", "seen": "20"})
    assert wrong.status_code == 422
    assert 'value="18"' in wrong.content.decode()
    assert client.post(url, {"counted": "18", "reason": "盘点少 2 件", "seen": "20"}).status_code == 302
    assert Stock.objects.get().on_hand == 18
    assert "盘点少 2 件" in client.get(f"/stock/{Stock.objects.get().pk}/").content.decode()
    assert visitor(warehouses=[make.make_warehouse()]).get(url).status_code == 404
    assert visitor("customer_service").get(url).status_code == 403


def test_a_lot_is_moved_to_a_bin_that_was_made_before() -> None:
    sku, warehouse = stage.stocked(20)
    client = visitor()
    sent = {"warehouse_id": warehouse.pk, "code": "B-09", "path_order": "4"}
    assert client.post("/stock/bins/put/", sent).status_code == 302
    assert client.post("/stock/bins/put/", {**sent, "code": "坏"}).status_code == 422
    bins = client.get("/stock/bins/").content.decode()
    assert "B-09" in bins
    assert "B-09" in client.get("/stock/bins/", {"q": "B-", "warehouse": warehouse.pk}).content.decode()
    url = f"/stock/lots/{stage.lot_of(sku).pk}/move/"
    assert "B-09" in client.get(url).content.decode()
    assert client.post(url, {"bin_code": "B-09"}).status_code == 302
    assert stage.lot_of(sku).bin.code == "B-09"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reminders_are_listed_read_put_off_and_closed(language: str, noon: None) -> None:
    sku, _ = stage.stocked(5)
    reminder = stage.reminded(sku)
    client = visitor("product_specialist")
    client.cookies["sk_lang"] = language
    assert sku.code in client.get("/stock/reminders/").content.decode()
    assert ">1<" in client.get("/stock/reminders/", {"counts": "1"}).content.decode()
    url = f"/stock/reminders/{reminder.pk}/"
    page = client.get(url).content.decode()
    assert ("建议补货" if language == "zh" else "What is suggested") in page
    late = client.post(f"{url}snooze/", {"until": "2027-01-01", "reason": "等到货"})
    assert late.status_code == 422
    assert "等到货" in late.content.decode()
    assert client.post(f"{url}snooze/", {"until": "2026-06-03", "reason": "周三到货"}).status_code == 302
    assert sku.code not in client.get("/stock/reminders/").content.decode()
    assert sku.code in client.get("/stock/reminders/", {"tab": "snoozed"}).content.decode()
    sheet = client.get("/stock/reminders/", {"tab": "all", "export": "xlsx"})
    assert sheet["Content-Type"].endswith("sheet")
    assert sheet_of(sheet)[1][0] == sku.code
    sent = {"all_matching": "1", "list_query": "?tab=snoozed", "reason": "停产"}
    assert client.post("/stock/reminders/close/", sent).status_code == 302
    reminder.refresh_from_db()
    assert (reminder.state, reminder.ended_reason) == ("closed", "停产")
    assert "停产" in client.get(url).content.decode()
    assert visitor("warehouse").post("/stock/reminders/close/", sent).status_code == 403


def test_a_reminder_asks_for_what_short_orders_wait_for_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    sku, warehouse = stage.stocked(5)
    reminder = stage.reminded(sku)
    stage.set_rule(sku, pack_size=10)
    url, client = f"/stock/reminders/{reminder.pk}/", visitor("product_specialist")
    assert "订单在等" not in client.get(url).content.decode()
    make.make_order(make.make_shop(warehouse), make.received_line(sku, 24))
    wanted = -(-(reminder.suggested + 24) // 10) * 10
    page = client.get(url).content.decode()
    assert "订单在等" in page and f"向供应商订 {wanted} 件" in page and "系统不会替你下单" in page
    sheet = sheet_of(client.get("/stock/reminders/", {"export": "xlsx"}))
    row = dict(zip(sheet[0], sheet[1], strict=True))
    assert (row["订单在等"], row["建议补货"]) == (24, wanted)
    assert "已过期" not in page and "还不能订货" in page
    stage.at(monkeypatch, make.NOON + timedelta(days=30))
    late = client.get(url).content.decode()
    assert "已过期" in late and "不能再推迟" in late and "登记已订货" in late
    assert "已过期" in client.get("/stock/reminders/").content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_order_is_noted_from_the_overdue_reminder(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    sku, _ = stage.stocked(5)
    reminder = stage.reminded(sku)
    stage.at(monkeypatch, reminder.due_at + timedelta(hours=1))
    url, client = f"/stock/reminders/{reminder.pk}/", visitor("product_specialist")
    client.cookies["sk_lang"] = language
    assert f'href="{url}order/"' in client.get(url).content.decode()
    form = client.get(f"{url}order/").content.decode()
    assert f'value="{reminder.suggested}"' in form and sku.code in form
    sent = {"quantity": "30", "expected_on": "2026-06-20", "note": "采购单 88"}
    past = client.post(f"{url}order/", {**sent, "expected_on": "2026-05-01"})
    assert past.status_code == 422 and "采购单 88" in past.content.decode()
    assert client.post(f"{url}order/", sent).status_code == 302
    page = client.get(url).content.decode()
    assert (
        "已订货 30 件，预计 2026-06-20 到货" if language == "zh" else "30 pieces ordered, expected on 2026-06-20"
    ) in page
    assert ("改到货日" if language == "zh" else "Change the order") in page
    assert sku.code not in client.get("/stock/reminders/").content.decode()
    assert sku.code in client.get("/stock/reminders/", {"tab": "ordered"}).content.decode()
    noted = client.get(f"{url}order/").content.decode()
    assert 'value="30"' in noted
    assert 'value="2026-06-20"' in noted  # as a browser reads it, in every language
    assert visitor("warehouse").post(f"{url}order/", sent).status_code == 403
    stage.at(monkeypatch, reminder.due_at + timedelta(days=60))
    assert sku.code in client.get("/stock/reminders/").content.decode()


def test_only_who_may_book_in_is_told_to() -> None:
    sku, _ = stage.stocked(5)
    url, stock = f"/stock/reminders/{stage.reminded(sku).pk}/", Stock.objects.get()
    theirs = visitor("product_specialist").get(url).content.decode()
    assert f"/stock/{stock.pk}/receive/" in theirs and "由仓库登记入库" not in theirs
    others = visitor("data_specialist").get(url).content.decode()
    assert "由仓库登记入库" in others and "/receive/" not in others


def test_receiving_says_which_warehouse() -> None:
    _, warehouse = stage.stocked(5)
    form = visitor().get(f"/stock/{Stock.objects.get().pk}/receive/").content.decode()
    assert f"· {warehouse.name}</h1>" in form and f"<b>{warehouse.name}</b>" in form


def test_stock_is_found_by_the_beginning_of_its_code_and_by_its_name() -> None:
    sku, _ = stage.stocked(5, code="KNF-1", barcode="6901234567890", name="三德刀")
    other, _ = stage.stocked(5, code="POT-2", name="砂锅")
    for one in (sku, other):
        one.search_text, one.search_grams = search_fields(one.name, one.spec, one.code, one.barcode)
        one.save()
    reminders = [stage.reminded(one) for one in (sku, other)]
    assert all(reminders)
    client = visitor("product_specialist")
    for path in ("/stock/", "/stock/reminders/"):
        for text in ("KNF", "knf", "KNF-1", "69012", "三德", "6901234567890"):
            page = client.get(path, {"q": text}).content.decode()
            assert "KNF-1" in page and "POT-2" not in page, (path, text)
        assert "POT-2" not in client.get(path, {"q": "P%"}).content.decode()


def test_the_threshold_is_shown_beside_what_all_warehouses_have_together() -> None:
    sku, _ = stage.stocked(7)
    make.stock_up(sku, make.make_warehouse(), 9)
    page = visitor().get("/stock/").content.decode()
    assert "全部仓合计 / 预警值" in page
    assert page.count("16 / 10") == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_thresholds_are_set_and_removed_from_their_page(language: str) -> None:
    sku, _ = stage.stocked(12)
    client = visitor("product_specialist")
    client.cookies["sk_lang"] = language
    assert f'value="{sku.code}"' in client.get("/stock/thresholds/", {"sku": sku.code}).content.decode()
    sent = {"code": sku.code, "threshold": "20", "pack_size": "6", "lead_days": "", "reason": "主推"}
    assert client.post("/stock/thresholds/", {**sent, "threshold": ""}).status_code == 422
    assert client.post("/stock/thresholds/", {**sent, "code": "NOPE"}).status_code == 422
    assert client.post("/stock/thresholds/", sent).status_code == 302
    assert "主推" in client.get("/stock/thresholds/").content.decode()
    assert sku.code in client.get("/stock/", {"tab": "low"}).content.decode()
    removed = client.post("/stock/thresholds/remove/", {"sku_id": sku.pk, "category_id": "", "reason": "恢复"})
    assert removed.status_code == 302
    assert sku.code not in client.get("/stock/", {"tab": "low"}).content.decode()


def test_a_lot_counted_to_nothing_can_be_counted_up_again() -> None:
    sku, _ = stage.stocked(5)
    url = f"/stock/lots/{stage.lot_of(sku).pk}/count/"
    client = visitor("warehouse")
    assert client.post(url, {"counted": "0", "seen": "5", "reason": "没找到"}).status_code == 302
    assert client.get(url).status_code == 200
    assert client.post(url, {"counted": "5", "seen": "0", "reason": "在别的货架找到"}).status_code == 302
    assert stage.lot_of(sku).on_hand == 5


def test_a_long_list_of_thresholds_says_that_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    client = visitor("product_specialist")
    for _ in range(2):
        sku, _ = stage.stocked(5)
        sent = {"code": sku.code, "threshold": "20", "pack_size": "1", "lead_days": "", "reason": "主推"}
        assert client.post("/stock/thresholds/", sent).status_code == 302
    assert "只显示" not in client.get("/stock/thresholds/").content.decode()
    monkeypatch.setattr("shopkeeper.flows.products.stock.pages.thresholds.MOST_THRESHOLDS", 2)
    assert "只显示" in client.get("/stock/thresholds/").content.decode()


def sheet_of(answer) -> list[list[object]]:
    content = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_levels_go_out_as_a_workbook() -> None:
    sku, _ = stage.stocked(12)
    answer = visitor().get("/stock/", {"export": "xlsx"})
    rows = sheet_of(answer)
    assert (rows[1][0], rows[1][7], rows[1][8]) == (sku.code, 12.0, 10.0)


def test_a_workbook_that_is_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        stage.stocked(12)
    monkeypatch.setattr("shopkeeper.web.exporting.MOST_ROWS", 1)
    rows = sheet_of(visitor().get("/stock/", {"export": "xlsx"}))
    assert len(rows) == 3 and str(rows[-1][0]).startswith("未导出完")


def test_a_place_in_the_list_that_is_none_is_no_error() -> None:
    for after in ("²", "9" * 30):
        assert visitor().get("/stock/", {"after": after}).status_code == 200


def test_a_program_reads_levels_lots_reminders_and_thresholds(noon: None) -> None:
    sku, _ = stage.stocked(5)
    reminder = stage.reminded(sku)
    client = visitor("product_specialist")

    def get(path: str) -> object:
        answer = client.get(f"/api/v1/stock{path}")
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    level = get("/levels")["rows"][0]  # type: ignore[index]
    assert (level["free"], level["free_in_all"], level["threshold"]) == (5, 5, 10)
    assert [lot["on_hand"] for lot in get(f"/levels/{level['id']}")["lots"]] == [5]  # type: ignore[index]
    assert [item["id"] for item in get("/reminders")["items"]] == [reminder.pk]  # type: ignore[index]
    one = get(f"/reminders/{reminder.pk}")
    assert (one["suggested"], len(one["levels"])) == (5, 1)  # type: ignore[index]
    assert get("/thresholds") == []
    assert visitor("customer_service").get("/api/v1/stock/reminders").status_code == 403
