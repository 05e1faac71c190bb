"""The packing station in a real Chromium: the field says what it waits for, and whoever comes back goes on."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from tools.build_assets import MODULES

from shopkeeper.config.hosting import hosted
from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.warehouse.models import PackLine, WaveOrder
from shopkeeper.sop.roles import Role
from tests import factories
from tests.databases import Databases
from tests.flows.fulfilment.warehouse.stage import give_number, set_stage
from tests.web.browser import Visitor, chromium, in_browser, visitor

pytestmark = [*in_browser("station.js"), pytest.mark.clause("O2.2")]
AXE = MODULES / "axe-core" / "axe.min.js"


@dataclass
class Bench:
    seen: Visitor
    order: Order
    barcode: str


@pytest.fixture
def bench(
    databases: Databases, django_db_setup: None, django_db_blocker: object, tmp_path_factory: object
) -> Iterator[Bench]:
    """A demo shop with one picked order and its packer."""
    from django.conf import settings

    var = tmp_path_factory.mktemp("bench")  # type: ignore[attr-defined]
    before, settings.SHOPKEEPER_VAR = settings.SHOPKEEPER_VAR, var
    try:
        with django_db_blocker.unblock(), databases.fresh() as fresh:  # type: ignore[attr-defined]
            factories.make_person(Role.WAREHOUSE)
            stage = set_stage()
            order_id = stage.order((stage.sku(("A-01-01", 9)), 2))
            stage.picked(order_id)
            barcode = PackLine.objects.get().sku.barcode
            with (
                hosted(fresh.url, var, {"SHOPKEEPER_DEMO": "1"}, worker=False) as running,
                chromium() as browser,
                visitor(browser, running.address) as seen,
            ):
                yield Bench(seen, Order.objects.get(id=order_id), barcode)
    finally:
        settings.SHOPKEEPER_VAR = before


def scan(page: Page, code: str) -> None:
    page.locator("[data-scan]").fill(code)
    page.keyboard.press("Enter")


def test_the_prompt_follows_the_order_and_the_packer_goes_on_where_they_were(bench: Bench) -> None:
    page, number = bench.seen.go("/warehouse/pack/"), bench.order.number
    field = page.locator("[data-scan]")
    expect(field).to_have_attribute("placeholder", "扫订单、格号或运单")
    scan(page, number)
    expect(field).to_have_attribute("placeholder", "扫商品条码")
    scan(page, bench.barcode)
    expect(page.locator("#station-panel")).to_contain_text("1/2")
    page.wait_for_timeout(700)  # the same code at once is the scanner's echo
    scan(page, bench.barcode)
    expect(field).to_have_attribute("placeholder", "等运单号")
    give_number(bench.order.pk)
    bench.seen.go("/")
    bench.seen.go("/warehouse/pack/")
    expect(page.locator("[data-answer]")).to_contain_text("输入重量（克）")
    expect(page.locator("[data-answer]")).to_contain_text(number)
    expect(page.locator("#station-panel")).to_contain_text("2/2")
    assert bench.seen.accessibility(AXE) == []
    page.keyboard.press("F10")
    expect(field).to_have_attribute("placeholder", "扫订单、格号或运单")
    expect(page.locator("#station-panel")).to_contain_text("已打开，未封箱")
    page.locator(f'[data-code="{number}"]').click()
    expect(field).to_have_attribute("placeholder", "输入重量（克）")
    assert WaveOrder.objects.get().state == "packing"
    assert bench.seen.complaints == []
