"""The warehouse's doors: pages, stations, papers and API answer, in scope and in both languages."""

import json
from typing import Any

import pytest
from django.test import Client

from shopkeeper.flows.fulfilment.intake.commands.decide_holds import DecideHold, decide_holds
from shopkeeper.flows.fulfilment.intake.commands.hold_orders import HoldOrder, hold_orders
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.parcels.commands.hand_over_parcels import HandOver, hand_over_parcels
from shopkeeper.flows.fulfilment.parcels.commands.print_labels import PrintLabel, print_labels
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.warehouse.commands.leave_waves import LeaveWave, leave_waves
from shopkeeper.flows.fulfilment.warehouse.models import PickLine, Wave, WaveOrder
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry, Person
from shopkeeper.sop.roles import Role
from shopkeeper.web.labels import outcome_text
from tests import factories
from tests.flows.fulfilment.warehouse.stage import (
    RecordRefundCheck,
    Stage,
    give_number,
    key,
    record_refund_check,
    set_stage,
)


@pytest.fixture
def stage(db: None) -> Stage:
    return set_stage()


@pytest.fixture
def worker(stage: Stage) -> Person:
    return factories.make_person(Role.WAREHOUSE, Role.OPERATIONS_SUPERVISOR, warehouses=[stage.warehouse])


@pytest.fixture
def client(worker: Person) -> Client:
    client = Client(headers={"accept-language": "zh"})
    client.force_login(worker)
    return client


def stranger() -> Client:
    client = Client()
    client.force_login(factories.make_person(Role.WAREHOUSE, warehouses=[factories.make_warehouse()]))
    return client


def scan(client: Client, door: str, code: str, context: dict[str, str], scan_key: str = "") -> dict[str, Any]:
    body = json.dumps({"key": scan_key or f"{key()}-{'x' * 8}", "code": code, "context": context})
    answer = client.post(f"/warehouse/{door}/scan/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    answered: dict[str, Any] = answer.json()
    context.update(answered["context"])
    return answered


@pytest.mark.clause("O2.1")
def test_board_lists_and_records_open(stage: Stage, client: Client) -> None:
    shirt = stage.sku(("A-01-01", 2), ("B-01-01", 9))
    for _ in range(3):
        stage.order((shirt, 1), gifts=[(shirt, 1)])
    stage.wave(*Order.objects.order_by("id").values_list("id", flat=True)[:2])
    order = WaveOrder.objects.first()
    wave = Wave.objects.get()
    assert order is not None
    addresses = {
        "/warehouse/": "待生成波次",
        f"/warehouse/?warehouse={stage.warehouse.pk}": stage.warehouse.name,
        "/warehouse/waves/?tab=picking": wave.number,
        f"/warehouse/waves/?tab=all&q={Order.objects.first().number}": wave.number,  # type: ignore[union-attr]
        "/warehouse/waves/?counts=1": "1",
        f"/warehouse/waves/{wave.pk}/": "A-01-01",
        "/warehouse/orders/?tab=all": order.order.number,
        f"/warehouse/orders/?tab=all&q={order.order.platform_no}": order.order.number,
        "/warehouse/orders/?counts=1": "count-packing-to_pack",
        f"/warehouse/orders/{order.pk}/": "赠品",
        "/warehouse/pick/": "F8",
        f"/warehouse/pick/?wave={wave.pk}": "A-01-01",
        "/warehouse/pack/": "F9",
        "/warehouse/hand-over/": "待交运",
        "/warehouse/hand-over/station/": "扫运单号",
        f"/warehouse/orders/{order.pk}/force/": "为什么与应重不符",
    }
    for address, word in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert word in answer.content.decode(), address
    abroad = stranger()
    for hidden in (f"/warehouse/waves/{wave.pk}/", f"/warehouse/orders/{order.pk}/"):
        assert abroad.get(hidden).status_code == 404
        assert abroad.get(hidden + ("pick-list.pdf" if "waves" in hidden else "packing-list.pdf")).status_code == 404
    assert wave.number not in abroad.get("/warehouse/waves/?tab=all").content.decode()


@pytest.mark.clause("O2.1")
def test_a_wave_is_released_claimed_and_picked_on_screen(stage: Stage, client: Client) -> None:
    near, far = stage.sku(("A-01-01", 9)), stage.sku(("A-01-02", 1))
    stage.order((near, 2), (far, 1))
    stage.order((near, 1))
    answer = client.post("/warehouse/waves/release/", {"warehouse_id": stage.warehouse.pk, "form_token": "t1"})
    assert answer.status_code == 302
    wave = Wave.objects.get()
    context = {"wave": "", "qty": "", "bin": "", "short": ""}
    assert scan(client, "pick", near.barcode, context)["verdict"] == "bad"
    assert 'placeholder="扫拣货单号"' in client.get("/warehouse/pick/").content.decode()
    claimed = scan(client, "pick", wave.number, context)
    assert (claimed["verdict"], claimed["prompt"], context["wave"]) == ("good", "扫商品条码", str(wave.pk))
    wrong = scan(client, "pick", far.barcode, context)
    assert (wrong["verdict"], wrong["title"], wrong["repeat"]) == ("bad", "商品不符", True)
    assert scan(client, "pick", "CMD:QTY:2", context)["verdict"] == "warn"
    right = scan(client, "pick", near.barcode, context, "one-and-the-same")
    assert (right["title"], right["progress"], context["qty"]) == ("放 1 号格", [2, 4], "")
    assert scan(client, "pick", near.barcode, dict(context), "one-and-the-same") == right
    assert scan(client, "pick", "LOC:A-01-01", context)["say"] == "请扫商品"
    assert scan(client, "pick", "A-01-01", context)["say"] == "请扫商品", "a bin's code as it is printed on the page"
    assert scan(client, "pick", near.barcode, context)["say"] == "2号格，数量完成"
    assert scan(client, "pick", "CMD:OK", context)["verdict"] == "bad"
    assert "F6" in scan(client, "pick", "CMD:SHORT", context)["detail"]
    short = scan(client, "pick", "CMD:SHORT", context)
    assert (short["title"], short["detail"]) == ("已登记缺货", "没有替代库存，1 单剔出波次")
    assert short["prompt"] == "点“拣货完成”（F8）"
    finished = scan(client, "pick", "CMD:OK", context)
    assert (finished["title"], finished["detail"]) == ("波次完成", "拣了 3 件，送去打包台")
    assert finished["progress"] == [3, 3]
    assert 'href="/warehouse/"' in client.get("/warehouse/pick/").content.decode()
    assert (Wave.objects.get().state, context["wave"]) == ("picked", "")
    returning = WaveOrder.objects.get(state="returning")
    assert "已归位" in client.get(f"/warehouse/orders/{returning.pk}/").content.decode()
    assert client.post(f"/warehouse/orders/{returning.pk}/return/", {"form_token": "t2"}).status_code == 302
    assert WaveOrder.objects.get(id=returning.pk).state == "dropped"


@pytest.mark.clause("O2.2")
def test_an_order_is_packed_on_screen(stage: Stage, client: Client) -> None:
    shirt, cup = stage.sku(("A-01-01", 9), is_fragile=True), stage.sku(("A-01-02", 9))
    order = stage.order((shirt, 1), (cup, 1))
    stage.picked(order)
    number = Order.objects.get().number
    context = {"order": "", "verdict": "", "qty": "", "place": str(stage.warehouse.pk), "printed": "", "wanted": ""}
    assert scan(client, "pack", "JY9999999999", context)["verdict"] == "bad"
    opened = scan(client, "pack", number, context)
    assert (opened["verdict"], opened["progress"]) == ("good", [0, 2])
    assert scan(client, "pack", "6900000000000", context)["title"] == "商品不符"
    assert scan(client, "pack", shirt.barcode, context)["title"] == "合格"
    assert scan(client, "pack", "CMD:STAINED", context)["verdict"] == "warn"
    failed = scan(client, "pack", cup.barcode, context)
    assert (failed["title"], context["order"], context["verdict"]) == ("已入残次区", "", "")
    assert scan(client, "pack", number, context)["verdict"] == "warn"
    assert stage.pick(Wave.objects.get(), cup.barcode).changed
    scan(client, "pack", number, context)
    assert scan(client, "pack", cup.barcode, context)["title"] == "验齐了"
    assert scan(client, "pack", "CMD:PRINT", context)["verdict"] == "warn"
    assert scan(client, "pack", "480", context)["title"] == "等退款复核"
    record_refund_check.one(factories.SYSTEM, RecordRefundCheck(order, False))
    give_number(order)
    assert scan(client, "pack", "0.9KG", context)["title"] == "超重"
    forced = scan(client, "pack", "CMD:FORCE", context)
    assert forced["open_url"].endswith("/force/")
    closed = scan(client, "pack", "480", context)
    assert (closed["verdict"], closed["title"]) == ("warn", "已封箱，还没打面单")
    assert "F9" in closed["next"]
    assert closed["progress"] == [2, 2]
    assert "1 件没打面单" in client.get("/warehouse/").content.decode()
    assert "没打面单" in client.get("/warehouse/hand-over/").content.decode()
    printed = scan(client, "pack", "CMD:PRINT", context)
    assert printed["verdict"] == "good"
    assert printed["next"] == "贴好面单，扫下一单"
    anew = client.get("/warehouse/pack/").content.decode()
    assert f"<b>{cup.barcode}</b><br><span>合格</span>" in anew
    assert "<b>6900000000000</b><br><span>不是本单商品</span>" in anew
    assert "没打面单" not in client.get("/warehouse/").content.decode()
    assert scan(client, "pack", "CMD:PRINT", context)["title"] == "重复打印"
    assert scan(client, "pack", "CMD:REPRINT", context)["detail"] == "第 2 次打印"
    paper = client.get(printed["open_url"])
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    tracking = Parcel.objects.get().number or ""
    count = {"count": "0"}
    assert scan(client, "hand-over", tracking, count)["title"] == "已发货"
    assert scan(client, "hand-over", tracking, count)["title"] == "重复扫描"
    assert scan(client, "hand-over", "NOPE1234", count)["verdict"] == "bad"
    assert (count["count"], Order.objects.get().state) == ("1", "shipped")


@pytest.mark.clause("O2.2")
def test_an_order_is_opened_from_its_page(stage: Stage, client: Client) -> None:
    order = stage.order((stage.sku(("A-01-01", 9)), 1))
    stage.picked(order)
    packing = WaveOrder.objects.get()
    assert "开始验货" in client.get(f"/warehouse/orders/{packing.pk}/").content.decode()
    went = client.post(f"/warehouse/orders/{packing.pk}/open/", {"form_token": "o1"})
    assert packing.order.number in client.get(went["Location"]).content.decode()
    assert WaveOrder.objects.get().state == "packing"


@pytest.mark.clause("O2.2")
def test_forcing_on_screen_keeps_what_was_entered(stage: Stage, client: Client) -> None:
    packing = stage.opened(stage.order((stage.sku(("A-01-01", 9)), 1)))
    stage.check_all(packing)
    address = f"/warehouse/orders/{packing.pk}/force/"
    empty = client.post(address, {"weight_g": "900", "reason": " ", "form_token": "f1"})
    assert empty.status_code == 422
    assert 'value="900"' in empty.content.decode()
    done = client.post(address, {"weight_g": "900", "reason": "加固木箱", "form_token": "f2"})
    assert done.status_code == 302
    assert WaveOrder.objects.get().state == "packed"
    assert "加固木箱" in client.get(f"/warehouse/orders/{packing.pk}/").content.decode()


@pytest.mark.clause("O2.2")
def test_papers_come_as_pdf(stage: Stage, client: Client) -> None:
    packing = stage.opened(stage.order((stage.sku(("A-01-01", 9)), 1)))
    papers = [f"waves/{packing.wave_id}/pick-list.pdf", f"orders/{packing.pk}/packing-list.pdf"]
    for paper in papers:
        answer = client.get(f"/warehouse/{paper}")
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-"), paper
    label = f"/warehouse/orders/{packing.pk}/label.pdf"
    assert client.get(label).status_code != 200  # no print was counted
    parcel = Parcel.objects.get()
    to = f"/warehouse/parcels/{parcel.pk}/print/"
    went = client.post(to, {"wave_order_id": packing.pk, "size": "76x130", "form_token": "p1"})
    assert went["Location"] == f"{label}?size=76x130"
    assert client.get(went["Location"]).content[:5] == b"%PDF-"
    client.post(to, {"wave_order_id": packing.pk, "form_token": "p2"})
    parcel.refresh_from_db()
    assert parcel.print_count == 1  # a second print needs a reason
    client.post(to, {"wave_order_id": packing.pk, "reason": "卡纸", "form_token": "p3"})
    parcel.refresh_from_db()
    assert parcel.print_count == 2


@pytest.mark.clause("O2.2")
def test_where_the_platform_prints_a_person_gets_a_stand_in_and_a_program_the_print_data(
    stage: Stage, client: Client
) -> None:
    packing = stage.opened(stage.order((stage.sku(("A-01-01", 9)), 1)))
    Parcel.objects.update(print_data="encrypted:SF1:abc")
    context = {"order": str(packing.pk), "place": str(stage.warehouse.pk)}
    printed = scan(client, "pack", "CMD:PRINT", context)
    assert (printed["verdict"], printed["title"]) == ("warn", "打开的是替代标签")
    assert "第 1 次打印" in printed["detail"]
    assert "打印组件" in printed["detail"]
    paper = client.get(printed["open_url"])
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    told = client.get(f"/api/v1/warehouse/orders/{packing.pk}/label.pdf").json()
    assert told["print_data"] == "encrypted:SF1:abc"


@pytest.mark.clause("O2.2")
def test_the_station_says_what_it_waits_for_and_resumes_the_packers_own_order(stage: Stage, client: Client) -> None:
    shirt = stage.sku(("A-01-01", 9))
    order = stage.order((shirt, 2))
    stage.picked(order)
    context = {"order": "", "place": str(stage.warehouse.pk)}
    assert scan(client, "pack", f"JY{order:010d}", context)["prompt"] == "扫商品条码"
    scan(client, "pack", shirt.barcode, context)
    assert scan(client, "pack", shirt.barcode, context)["prompt"] == "等运单号"
    give_number(order)
    back = client.get("/warehouse/pack/").content.decode()
    assert 'placeholder="输入重量（克）"' in back
    assert f"&quot;order&quot;: &quot;{WaveOrder.objects.get().pk}&quot;" in back
    left = scan(client, "pack", "CMD:NEXT", context)
    assert left["prompt"] == "扫订单、格号或运单"
    assert f'data-code="JY{order:010d}"' in left["panel"]
    assert "2/2" in left["panel"]
    weighed = scan(client, "pack", "480", context)
    assert (weighed["verdict"], weighed["title"]) == ("warn", "先扫订单再称重")
    other = Client(headers={"accept-language": "zh"})
    other.force_login(factories.make_person(Role.WAREHOUSE, warehouses=[stage.warehouse]))
    station = other.get("/warehouse/pack/").content.decode()
    assert 'placeholder="扫订单、格号或运单"' in station
    assert "已打开，未封箱" in station


@pytest.mark.clause("O2.1")
def test_programs_read_the_same(stage: Stage, client: Client) -> None:
    shirt = stage.sku(("A-01-01", 9))
    order = stage.order((shirt, 2))
    wave = stage.wave(order)
    base = "/api/v1/warehouse"
    assert [row["number"] for row in client.get(f"{base}/waves?tab=picking").json()["rows"]] == [wave.number]
    record = client.get(f"{base}/waves/{wave.pk}").json()
    assert (record["lines"][0]["barcode"], record["orders"][0]["order_id"]) == (shirt.barcode, order)
    stage.pick_all(wave)
    queue = client.get(f"{base}/orders?tab=all").json()
    packing = client.get(f"{base}/orders/{queue['rows'][0]['id']}").json()
    assert (packing["number"], packing["pieces"], packing["expected_g"]) == (Order.objects.get().number, 2, 480)
    assert client.get(f"{base}/counts").json()["waves"] == {"picking": 1}
    assert client.get(f"{base}/board").json()["packed_today"] == 0
    assert client.get(f"{base}/waves/{wave.pk}/pick-list.pdf?lang=en").content[:5] == b"%PDF-"
    assert client.get(f"{base}/orders/{packing['id']}/label.pdf").status_code == 409
    abroad = stranger()
    assert abroad.get(f"{base}/waves/{wave.pk}").status_code == 404
    assert abroad.get(f"{base}/waves").json()["rows"] == []
    nobody = Client()
    assert nobody.get(f"{base}/waves").status_code == 401
    poor = Client()
    poor.force_login(factories.make_person(Role.DESIGN))
    assert poor.get(f"{base}/waves").status_code == 403
    assert PickLine.objects.get().state == "picked"


@pytest.mark.clause("O2.2")
def test_a_label_printed_before_closes_green(stage: Stage, client: Client) -> None:
    sku = stage.sku(("A-01-01", 9))
    order = stage.order((sku, 1))
    stage.picked(order)
    context = {"order": "", "verdict": "", "qty": "", "place": str(stage.warehouse.pk), "printed": "", "wanted": ""}
    scan(client, "pack", Order.objects.get().number, context)
    give_number(order)
    record_refund_check.one(factories.SYSTEM, RecordRefundCheck(order, False))
    scan(client, "pack", sku.barcode, context)
    assert scan(client, "pack", "CMD:PRINT", context)["verdict"] == "good"
    closed = scan(client, "pack", "280", context)
    assert (closed["verdict"], closed["title"]) == ("good", "已封箱")


@pytest.mark.clause("O2.2")
def test_what_the_buyer_asked_for_reaches_the_packer(stage: Stage, client: Client) -> None:
    sku = stage.sku(("A-01-01", 9))
    order = factories.make_order(stage.shop, factories.received_line(sku), buyer_remark="不要圆通，13900001111")
    wish = DecideHold(order, "buyer_remark", "不发圆通，周末送")
    assert decide_holds.one(factories.SYSTEM, wish).changed
    factories.release(stage.shop, order)
    stage.picked(order)
    context = {"order": "", "verdict": "", "qty": "", "place": str(stage.warehouse.pk), "printed": "", "wanted": ""}
    opened = scan(client, "pack", Order.objects.get().number, context)
    assert "不发圆通，周末送" in opened["panel"]
    assert "13900001111" not in opened["panel"]
    packing = WaveOrder.objects.get()
    assert "不发圆通，周末送" in client.get(f"/warehouse/orders/{packing.pk}/").content.decode()
    parcel = Parcel.objects.get()
    assert "不发圆通，周末送" in client.get(f"/parcels/{parcel.pk}/").content.decode()


@pytest.mark.clause("O3.1")
def test_a_called_back_parcel_stands_apart_until_its_label_is_void(stage: Stage, client: Client) -> None:
    shirt = stage.sku(("A-01-01", 9))
    kept, moved = (stage.opened(stage.order((shirt, 1))) for _ in range(2))
    for packing in (kept, moved):
        stage.check_all(packing)
        assert stage.close(packing, 280).changed
    parcel = Parcel.objects.get(order_id=moved.order_id)
    assert print_labels.one(SYSTEM, PrintLabel(parcel.pk)).changed
    assert hold_orders.one(SYSTEM, HoldOrder(moved.order_id, "address_changed")).changed
    assert leave_waves.one(SYSTEM, LeaveWave(moved.order_id)).changed
    listed = client.get("/warehouse/hand-over/").content.decode()
    assert "1 件已召回：不要交运" in listed
    assert f'value="{parcel.pk}"' not in listed
    apart = client.get("/warehouse/hand-over/?tab=recalled").content.decode()
    assert f"/warehouse/orders/{moved.pk}/" in apart
    assert 'name="ids"' not in apart
    counts = client.get("/warehouse/hand-over/?counts=1").content.decode()
    assert ">1</span>" in counts.replace("\n", "")
    refusal = hand_over_parcels.one(SYSTEM, HandOver(parcel.pk))
    assert not refusal.ok
    assert f"CK{parcel.pk:010d}" in outcome_text(refusal)
    assert f"JY{moved.order_id:010d}" in outcome_text(refusal)
    opened = client.get(f"/warehouse/orders/{moved.pk}/").content.decode()
    assert "先撕下面单并销毁" in opened
    assert "系统：订单转异常（买家改了地址）" in opened
    assert "重打面单" not in opened
    client.post(f"/warehouse/orders/{moved.pk}/return/")
    parcel.refresh_from_db()
    assert parcel.state == "cancelled"
    assert ErrandEntry.objects.filter(kind="cancel_waybill", subject_id=parcel.pk).exists()
    scanned = scan(client, "hand-over", parcel.number or "", {})
    assert scanned["title"] == "已作废请拦截"
    assert "件已召回" not in client.get("/warehouse/hand-over/").content.decode()
