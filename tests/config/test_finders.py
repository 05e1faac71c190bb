import pytest

from shopkeeper.flows.analytics.collection.models import Disagreement
from shopkeeper.flows.analytics.decisions.models import Finding, finding_number
from shopkeeper.flows.analytics.reports.models import report_number
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.marketing.campaigns.commands.campaign_tasks import AddTask, add_tasks
from shopkeeper.flows.products.listing.models import Product
from shopkeeper.flows.products.listing.rules.searching import search_fields
from shopkeeper.flows.products.stock.models import Stock
from shopkeeper.flows.service.aftersale.models import Refund, ReturnParcel, case_number
from shopkeeper.flows.service.feedback.deadlines import RECOVERY
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.commands import COMMANDS, Step
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.roles import Role
from shopkeeper.web import plugs
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.analytics.reports import stage as reports
from tests.flows.fulfilment.settlement import stage as settlements
from tests.flows.marketing.campaigns import stage
from tests.flows.marketing.launch import stage as launch
from tests.flows.products.pricing import stage as pricing
from tests.flows.service.aftersale import stage as aftersale

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G2")]


def test_the_palette_finds_orders_by_either_number_and_stock_by_its_code() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 5)
    order = Order.objects.get(id=make.make_order(shop, make.received_line(sku)))
    actor = actor_of(make.make_person("order_specialist").pk)
    for text in (order.number, order.platform_no):
        assert [hit.url for hit in plugs.find(actor, text)] == [f"/orders/{order.pk}/"]
    assert any(sku.code in hit.label for hit in plugs.find(actor, sku.code))


def test_what_is_called_just_so_comes_first_and_enter_opens_it() -> None:
    product = Product.objects.create(code="POT", title="砂锅")
    product.search_text, product.search_grams = search_fields(product.title, product.code)
    product.save()
    shop = make.make_shop()
    for n in range(10, 16):
        make.stock_up(make.make_sku(product=product, code=f"POT-2{n}"), shop.default_warehouse, 5)
    wanted = make.make_sku(product=product, code="POT-2")
    make.stock_up(wanted, shop.default_warehouse, 5)
    actor = actor_of(make.make_person("product_specialist").pk)
    assert plugs.find(actor, "pot-2")[0].url == f"/stock/{Stock.objects.get(sku=wanted).pk}/"
    assert plugs.find(actor, "pot")[0].url == f"/products/{product.pk}/"


def test_nobody_finds_what_is_not_theirs() -> None:
    shop, foreign, sku = make.make_shop(), make.make_shop(), make.make_sku()
    order = Order.objects.get(id=make.make_order(foreign, make.received_line(sku)))
    assert plugs.find(actor_of(make.make_person("order_specialist", shops=[shop]).pk), order.platform_no) == []
    assert plugs.find(actor_of(make.make_person("design").pk), order.platform_no) == []


def test_the_palette_finds_campaigns_and_reports_by_code_name_and_number(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)
    shop, foreign = make.make_shop(), make.make_shop()
    campaign = stage.planned(shop, "CRAFT-9")
    stage.planned(foreign, "CRAFT-8")
    reports.now(monkeypatch)
    report, other = reports.made(shop), reports.made(foreign)
    actor = actor_of(make.make_person("operations_supervisor", shops=[shop]).pk)
    assert [hit.url for hit in plugs.find(actor, "craft-")] == [f"/campaigns/{campaign}/"]
    assert [hit.url for hit in plugs.find(actor, report_number(report.pk).lower())] == [f"/reports/{report.pk}/"]
    assert plugs.find(actor, report_number(other.pk)) == []
    assert plugs.find(actor, "BG99999999999999999999") == []


def test_what_stands_on_ones_work_list_is_found_by_whoever_has_it_there() -> None:
    shop, foreign = make.make_shop(), make.make_shop()
    step = Step(SYSTEM, business_time.now(), COMMANDS["mark_deadlines_late"])
    arm(step, [Arm(RECOVERY, n, step.now, at.pk, None, f"PJ{n:010d}") for n, at in ((31, shop), (32, foreign))])
    agent = actor_of(make.make_person("customer_service", shops=[shop]).pk)
    assert [hit.url for hit in plugs.find(agent, "pj0000000031")] == ["/feedback/recoveries/31/"]
    assert plugs.find(agent, "PJ0000000032") == []
    assert plugs.find(actor_of(make.make_person("design", shops=[shop]).pk), "PJ0000000031") == []


def test_what_people_read_out_is_found_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    settlements.at(monkeypatch, make.NOON)
    shop, foreign = make.make_shop(), make.make_shop()
    order_id = settlements.completed_order(shop)
    settlement = settlements.settlement_of(order_id)
    finance = actor_of(make.make_person("finance", shops=[shop]).pk)
    assert f"/settlement/{settlement.pk}/" in urls(finance, f"jy{order_id:010d}")
    back = aftersale.graded()
    parcel = ReturnParcel.objects.get(case=back)
    ReturnParcel.objects.filter(id=parcel.pk).update(number="YT1234567890123")
    anyone = actor_of(make.make_person("operations_supervisor", "warehouse").pk)
    assert f"/aftersale/returns/{parcel.pk}/" in urls(anyone, "yt1234567890123")
    refund = Refund.objects.get(case=back)
    assert f"/aftersale/refunds/{refund.pk}/" in urls(anyone, case_number(back.pk).lower())
    assert urls(actor_of(make.make_person("finance", shops=[foreign]).pk), f"JY{order_id:010d}") == []


def test_materials_decisions_and_days_of_disagreement_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    launch.at(monkeypatch, launch.NOON)
    shop = make.make_shop()
    material = launch.briefed(launch.campaign(shop), title="端午主图文案")
    designer = actor_of(make.make_person("design", shops=[shop]).pk)
    assert urls(designer, "端午主图") == [f"/launch/materials/{material}/"]
    day = make.NOON.date()
    case = Disagreement.objects.create(
        shop=shop, day=day, figure="orders", source="own", other_source="sycm", value=1, other_value=2,
        state_at=make.NOON, opened_at=make.NOON, due_at=make.NOON,
    )  # fmt: skip
    finding = Finding.objects.create(
        shop=shop, metric="paid_amount", unit="money", first_day=day, last_day=day, value=1, words="x",
        state_at=make.NOON, found_at=make.NOON, found_by=0, due_at=make.NOON,
    )  # fmt: skip
    data = actor_of(make.make_person("data_specialist", shops=[shop]).pk)
    assert f"/data/disagreements/{case.pk}/" in urls(data, day.isoformat())
    assert urls(data, finding_number(finding.pk)) == [f"/decisions/{finding.pk}/"]


def test_a_campaigns_task_is_found_by_its_title_and_a_price_plan_by_its_sku(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)
    shop, foreign, sku = make.make_shop(), make.make_shop(), make.make_sku(code="POT-7")
    tasks = [
        add_tasks.one(
            stage.planner(), AddTask(stage.planned(at, code), "核对主图尺寸", Role.DESIGN, stage.START)
        ).facts["task_id"]
        for at, code in ((shop, "CRAFT-9"), (foreign, "CRAFT-8"))
    ]
    plans = [pricing.proposed(sku, 50_000, shop_id=at.pk) for at in (shop, foreign)]
    specialist = actor_of(make.make_person("campaign_specialist", shops=[shop]).pk)
    assert urls(specialist, "主图尺寸") == [f"/campaigns/tasks/{tasks[0]}/"]
    assert urls(pricing.specialist(), "主图尺寸") == []
    priced = urls(actor_of(make.make_person("product_specialist", shops=[shop]).pk), "pot-7")
    assert [url for url in priced if "/pricing/" in url] == [f"/pricing/{plans[0].pk}/"]
    assert urls(stage.planner(), "POT-7") == []


def urls(actor: Actor, text: str) -> list[str]:
    return [hit.url for hit in plugs.find(actor, text)]
