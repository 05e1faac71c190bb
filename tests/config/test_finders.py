import pytest

from shopkeeper.flows.analytics.reports.models import report_number
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.web import plugs
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.analytics.reports import stage as reports
from tests.flows.marketing.campaigns import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G2")]


def test_the_palette_finds_orders_by_either_number_and_stock_by_its_code() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 5)
    order = Order.objects.get(id=make.make_order(shop, make.received_line(sku)))
    actor = actor_of(make.make_person("order_specialist").pk)
    for text in (order.number, order.platform_no):
        assert [hit.url for hit in plugs.find(actor, text)] == [f"/orders/{order.pk}/"]
    assert any(sku.code in hit.label for hit in plugs.find(actor, sku.code))


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
