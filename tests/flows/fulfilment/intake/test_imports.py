"""O1.1: files of orders: every row accounted for, a second import changes nothing, bad rows go to a sheet."""

from datetime import timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from shopkeeper.flows.fulfilment.intake.commands.take_in_history import HistoryOrder, take_in_history
from shopkeeper.flows.fulfilment.intake.imports import import_orders, run_import
from shopkeeper.flows.fulfilment.intake.models import Hold, Order, OrderLine
from shopkeeper.flows.fulfilment.intake.profiles import ImportRefused
from shopkeeper.flows.fulfilment.intake.queries.cards import receivers_of
from shopkeeper.flows.products.listing.commands.import_skus import ImportSku, import_skus
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.stock.models import Promise
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import kept_files
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.1")]
HEADINGS = (
    "订单编号,买家会员名,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,收货地址,联系手机,"
    "订单创建时间,订单付款时间,子订单编号,商家编码,宝贝标题,数量,单价"
)


def taobao_row(n: int, **changed: str) -> str:
    cells = {
        "number": f'="{4000000000000000000 + n}"', "buyer": f"buyer{n}", "goods": "50.00", "post": "0.00",
        "total": "50.00", "paid": "50.00", "state": "买家已付款，等待卖家发货", "name": "张小明",
        "address": f"浙江省 杭州市 西湖区 文三路{n}号2幢",
        "phone": f"'138{n:08d}", "placed": "2026-06-01 10:00:00", "paid_at": "2026-06-01 10:01:00", "line": f'="{n}"',
        "code": "SKU-A", "title": "纯棉T恤", "count": "1", "price": "50.00", **changed,
    }  # fmt: skip
    return ",".join(cells.values()).replace("，等待", "，等待")


def gbk_file(path: Path, rows: list[str]) -> Path:
    path.write_bytes("\r\n".join([HEADINGS, *rows]).encode("gbk"))
    return path


def quiet(done: int, total: int | None) -> None:
    """Nobody watches."""


@pytest.fixture
def olist(tmp_path: Path) -> Path:
    """Four orders: delivered, shipped, without items, created."""
    files = {
        "orders": "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
        "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date\n"
        "a1,c1,delivered,2017-10-02 10:56:33,2017-10-02 11:07:15,2017-10-04 19:55:00,2017-10-10 21:25:13,2017-10-18\n"
        "a2,c2,shipped,2017-10-03 10:00:00,2017-10-03 10:10:00,2017-10-05 10:00:00,,2017-10-20\n"
        "a3,c3,unavailable,2017-10-04 10:00:00,2017-10-04 10:10:00,,,2017-10-21\n"
        "a4,c4,created,2017-10-05 10:00:00,,,,2017-10-22\n",
        "order_items": "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n"
        "a1,1,p1,s1,2017-10-06 11:07:15,29.99,8.72\na1,2,p1,s1,2017-10-06 11:07:15,29.99,8.72\n"
        "a2,1,p2,s1,2017-10-07 11:07:15,10.00,1.00\na4,1,p2,s1,2017-10-07 11:07:15,10.00,1.00\n",
        "order_payments": "order_id,payment_sequential,payment_type,payment_installments,payment_value\n"
        "a1,1,credit_card,1,77.42\na2,1,boleto,1,11.00\na3,1,boleto,1,20.00\n",
        "customers": "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\n"
        + "".join(f"c{n},u{n},01000,sao paulo,SP\n" for n in range(1, 5)),
        "products": "product_id,product_category_name,product_weight_g\np1,perfumaria,225\np2,artes,1000\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def test_history_comes_at_its_own_times_and_starts_nothing(olist: Path) -> None:
    counts = import_orders("olist", olist, True, quiet)
    assert counts == {"read": 4, "created": 4, "updated": 0, "unchanged": 0, "rejected": 0, "held": 1}
    shop = Shop.objects.get(code="olist")
    assert shop.currency == "BRL"
    done = Order.objects.get(platform_no="a1")
    assert (done.state, done.is_history, done.currency) == ("completed", True, "BRL")
    assert done.placed_at.isoformat() == "2017-10-02T13:56:33+00:00"  # São Paulo is three hours behind
    assert done.shipped_at and done.signed_at == done.completed_at
    assert Order.objects.get(platform_no="a2").state == "shipped"
    held = Order.objects.get(platform_no="a3")
    assert (held.state, held.open_holds) == ("cancelled", ["no_lines"])
    assert Hold.objects.get(order=held, cleared_at=None).code == "no_lines"
    assert Sku.objects.get(code="p1").weight_g == 225
    assert not OrderLine.objects.filter(sku=None).exists()
    assert not Promise.objects.exists()
    assert not Deadline.objects.exists()
    assert receivers_of([done.pk])[done.pk].city == "sao paulo"


@pytest.mark.parametrize("history", [True, False])
def test_a_second_import_changes_nothing(olist: Path, history: bool) -> None:
    first = import_orders("olist", olist, history, quiet)
    before = list(Order.objects.order_by("id").values())
    again = import_orders("olist", olist, history, quiet)
    assert again == {**first, "created": 0, "unchanged": 4}
    assert list(Order.objects.order_by("id").values()) == before


def test_a_newer_file_brings_history_on(olist: Path) -> None:
    import_orders("olist", olist, True, quiet)
    orders = olist / "orders.csv"
    text = (
        orders.read_text()
        .replace("a2,c2,shipped", "a2,c2,delivered")
        .replace("10:00:00,,2017-10-20", "10:00:00,2017-10-09 10:00:00,2017-10-20")
    )
    orders.write_text(text)
    counts = import_orders("olist", olist, True, quiet)
    assert (counts["updated"], counts["unchanged"]) == (1, 3)
    order = Order.objects.get(platform_no="a2")
    assert order.state == "completed"
    assert order.completed_at is not None


def test_history_never_touches_an_order_at_work() -> None:
    shop = make.make_shop()
    order = make.received_order(shop, make.received_line(None))
    order_id = make.take_in(order)[0]
    later = make.received_order(
        shop,
        *order.lines,
        platform_no=order.platform_no,
        state="closed",
        modified_at=order.modified_at + timedelta(days=1),
    )
    outcome = take_in_history.one(SYSTEM, HistoryOrder(later, None, None, None))
    assert (outcome.code, outcome.id) == ("unchanged", order_id)
    assert Order.objects.get().state == "to_check"


def test_what_cannot_be_kept_and_what_is_foreign_is_refused() -> None:
    shop = make.make_shop()
    bad = HistoryOrder(make.received_order(shop, platform_no=""), None, None, None)
    good = HistoryOrder(make.received_order(shop), None, None, None)
    assert [o.code for o in take_in_history(SYSTEM, [bad, good, good])] == [
        "platform_no_unreadable",
        "done",
        "unchanged",
    ]
    stranger = make.actor_with("fulfilment.order.import", shops=[make.make_shop()])
    assert take_in_history.one(stranger, HistoryOrder(make.received_order(shop), None, None, None)).code == "not_found"
    with pytest.raises(NotAllowed):
        take_in_history(make.actor_with(), [good])
    assert Order.objects.count() == 1


def test_a_gbk_export_with_bad_rows(tmp_path: Path) -> None:
    shop = make.make_shop(code="taobao_csv")
    sku = make.make_sku(code="SKU-A")
    make.stock_up(sku, shop.default_warehouse, 1_000)
    bad = {7: {"price": "abc"}, 40: {"placed": "昨天"}, 77: {"count": "-1"}, 90: {"state": "不知道"}}
    path = gbk_file(tmp_path / "ExportOrderList.csv", [taobao_row(n, **bad.get(n, {})) for n in range(100)])
    imported = run_import("taobao_csv", path, history=False, progress=quiet)
    held = Order.objects.exclude(open_holds=[]).count()
    numbers = {"read": 100, "created": 96, "updated": 0, "unchanged": 0, "rejected": 4, "held": held}
    assert imported.numbers() == numbers
    sheet = CalamineWorkbook.from_path(kept_files().path(imported.failures)).get_sheet_by_index(0).to_python()
    assert [row[4] for row in sheet[1:]] == ["bad_amount", "bad_date", "bad_quantity", "unknown_state"]
    assert Promise.objects.count() == 96
    again = run_import("taobao_csv", path, history=False, progress=quiet)
    assert (again.counts["unchanged"], again.counts["rejected"], again.counts["created"]) == (96, 4, 0)


def test_lines_that_do_not_add_up_hold_the_order(tmp_path: Path) -> None:
    shop, sku = make.make_shop(code="taobao_csv"), make.make_sku(code="SKU-A")
    make.stock_up(sku, shop.default_warehouse)
    path = tmp_path / "one.csv"
    path.write_bytes("\n".join([HEADINGS + ",宝贝总数量", taobao_row(1) + ",3"]).encode("gb18030"))
    counts = import_orders("taobao_csv", path, False, quiet)
    assert (counts["created"], counts["held"]) == (1, 1)
    assert Order.objects.get().open_holds == ["lines_incomplete"]


@pytest.mark.parametrize(
    ("profile", "make_it", "code"),
    [
        ("nonsense", None, "import_profile_unknown"),
        ("olist", None, "import_source_missing"),
        ("taobao_csv", "", "import_empty"),
        ("taobao_csv", "a,b\n1,2\n", "import_columns_missing"),
    ],
)
def test_a_source_that_cannot_be_read_says_why(tmp_path: Path, profile: str, make_it: str | None, code: str) -> None:
    path = tmp_path
    if make_it is not None:
        path = tmp_path / "x.csv"
        path.write_text(make_it)
    with pytest.raises(ImportRefused) as refused:
        import_orders(profile, path, False, quiet)
    assert refused.value.code == code
    assert not Order.objects.exists()


@pytest.mark.clause("P2.1")
def test_import_skus_makes_each_once() -> None:
    items = [ImportSku("S1", "杯子", "家居", 300), ImportSku("S1", "杯子", "家居", 300), ImportSku(" ", "x")]
    assert [o.code for o in import_skus(SYSTEM, items)] == ["done", "unchanged", "sku_code_unreadable"]
    assert [o.code for o in import_skus(SYSTEM, items[:1])] == ["unchanged"]
    assert Sku.objects.get().product.category == "家居"
    with pytest.raises(NotAllowed):
        import_skus(make.actor_with(), items)


@pytest.mark.soak
def test_a_hundred_thousand_rows_with_five_hundred_bad(tmp_path: Path) -> None:
    make.make_shop(code="taobao_csv")
    make.make_sku(code="SKU-A")
    rows = [taobao_row(n, **({"price": "x"} if n % 200 == 0 else {})) for n in range(100_000)]
    counts = import_orders("taobao_csv", gbk_file(tmp_path / "big.csv", rows), False, quiet)
    assert (counts["read"], counts["created"], counts["rejected"]) == (100_000, 99_500, 500)


def test_a_workbook_reads_like_the_export_it_was(tmp_path: Path) -> None:
    import xlsxwriter

    shop = make.make_shop(code="taobao_csv")
    make.stock_up(make.make_sku(code="SKU-A"), shop.default_warehouse)
    path = tmp_path / "export.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    for row, line in enumerate([HEADINGS, taobao_row(1), taobao_row(2)]):
        for column, cell in enumerate(line.split(",")):
            if row and column == 15:
                page.write_number(row, column, 1)
            else:
                page.write_string(row, column, cell)
    book.close()
    counts = import_orders("taobao_csv", path, False, quiet)
    assert (counts["created"], counts["rejected"]) == (2, 0)
    assert Order.objects.filter(platform_no="4000000000000000001").exists()


def test_a_workbook_that_claims_more_than_can_be_laid_out_is_refused(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "订单编号")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(ImportRefused) as refusal:
        run_import("taobao_csv", path, history=False, progress=quiet)
    assert (refusal.value.code, refusal.value.facts["columns"]) == ("table_too_large", 16_384)
