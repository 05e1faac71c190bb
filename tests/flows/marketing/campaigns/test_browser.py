"""The plan's page in a real Chromium: from the work list to a task, and the task done, on a desk and on a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from tools.build_assets import MODULES

from shopkeeper.flows.marketing.campaigns.commands.approve_plans import ApprovePlan, approve_plans
from shopkeeper.flows.marketing.campaigns.commands.campaign_tasks import AddTask, add_tasks
from shopkeeper.flows.marketing.campaigns.commands.slots import AddSlot, add_slots
from shopkeeper.flows.marketing.campaigns.commands.submit_plans import SubmitPlan, submit_plans
from shopkeeper.flows.marketing.campaigns.models import Campaign, CampaignTask
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.foundation import business_time
from shopkeeper.sop.roles import Role
from tests.factories import make_shop, make_sku
from tests.flows.marketing.campaigns import stage
from tests.web.browser import in_browser, visitor

pytestmark = [*in_browser(), pytest.mark.clause("M1.2")]
AXE = MODULES / "axe-core" / "axe.min.js"
SIZES = ["desk", "phone"]


def furnish() -> None:
    soon = business_time.now() + timedelta(days=20)
    who, shop = stage.planner(), make_shop()
    campaign_id = stage.planned(shop, "CRAFT", who, starts_at=soon, ends_at=soon + timedelta(days=3))
    assert submit_plans.one(who, SubmitPlan(campaign_id)).changed
    assert approve_plans.one(stage.manager(), ApprovePlan(campaign_id)).changed
    for n, size in enumerate(SIZES, 1):
        title = f"专场结束后撤下首页海报，换回日常主图（{size}）"
        assert add_tasks.one(who, AddTask(campaign_id, title, Role.DESIGN, soon - timedelta(days=9 - n))).changed
        assert add_tasks.one(
            who, AddTask(campaign_id, f"客服话术 {n}", Role.CUSTOMER_SERVICE, soon - timedelta(days=5))
        ).changed
    stage.planned(shop, "WRITTEN", starts_at=soon, ends_at=soon + timedelta(days=3))
    make_sku()
    slot = AddSlot(campaign_id, "首页焦点图", soon, soon + timedelta(days=1), soon - timedelta(days=9), 80_000)
    assert add_slots.one(who, slot).changed


def wait_till_in_sight(page: Page, selector: str) -> None:
    """The row is below the bar on top, above the one at the bottom, no wider than the window, and at rest."""
    page.wait_for_function(
        """selector => {
            const box = document.querySelector(selector).getBoundingClientRect();
            const foot = document.querySelector(".sk-bottom-bar")?.getBoundingClientRect();
            const end = foot && foot.height ? foot.top : innerHeight;
            const moved = window.lastTop !== box.top;
            window.lastTop = box.top;
            return !moved && box.top >= 48 && box.bottom <= end && box.left >= 0 && box.right <= innerWidth;
        }""",
        arg=selector,
        polling=200,
        timeout=10_000,
    )


@pytest.mark.parametrize("size", SIZES)
def test_from_the_work_list_to_the_task_and_done_in_its_place(browser: Browser, demo_shop: str, size: str) -> None:
    task = CampaignTask.objects.get(title__contains=size)
    row = f"#task-{task.pk}"
    with visitor(browser, demo_shop, size=size) as seen:
        page = seen.go(f"/campaigns/tasks/{task.pk}/")
        assert page.url.endswith(row)
        assert seen.overflow() <= 0
        wait_till_in_sight(page, row)
        for control in page.locator(f"{row} :is(textarea, button)").all():
            box = control.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= (390 if size == "phone" else 1440)
        plain = page.locator(f"tr[id^=task-]:not({row}) td").first
        marked = page.locator(f"{row}" if size == "phone" else f"{row} td").first
        background = "one => getComputedStyle(one).backgroundColor"
        assert marked.evaluate(background) != plain.evaluate(background)
        assert seen.accessibility(AXE) == []
        page.locator(f"{row} textarea").fill("首页已换回日常主图")
        before = page.evaluate("scrollY")
        page.locator(f"{row} button").click()
        expect(page.locator(row)).to_contain_text("首页已换回日常主图")
        expect(page.locator(row)).to_have_class("is-target")  # also after the page has refreshed itself
        assert abs(page.evaluate("scrollY") - before) < 200
        wait_till_in_sight(page, row)
        assert seen.complaints == []


@pytest.mark.parametrize(("language", "theme", "size"), [("en", "dark", "desk"), ("zh", "light", "phone")])
def test_the_page_fits_is_quiet_and_accessible(
    browser: Browser, demo_shop: str, language: str, theme: str, size: str
) -> None:
    with visitor(browser, demo_shop, language=language, theme=theme, size=size) as seen:
        page = seen.go(f"/campaigns/{Campaign.objects.get(code='CRAFT').pk}/")
        assert seen.overflow() <= 0
        assert seen.accessibility(AXE) == []
        if size == "phone":
            wide = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"
            assert page.locator(".sk-scroll-x:has(> .is-cards)").evaluate_all(wide) == 0
        assert seen.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_goods_that_were_found_are_added_as_lines_to_go_on_typing(browser: Browser, demo_shop: str, size: str) -> None:
    campaign = Campaign.objects.get(code="WRITTEN")
    sku = Sku.objects.order_by("-id")[0]
    with visitor(browser, demo_shop, size=size) as seen:
        page = seen.go(f"/campaigns/{campaign.pk}/edit/")
        goods = page.locator("#field-goods")
        before = goods.input_value()
        page.locator("#field-find").press_sequentially(sku.code)
        add = page.locator(f"#goods-found [data-add-line='{sku.code}']")
        add.click()
        page.keyboard.type("5 99")
        assert goods.input_value() == f"{before}\n{sku.code} 5 99"
        add.click()  # it stands there: no second line
        assert goods.input_value() == f"{before}\n{sku.code} 5 99"
        expect(goods).to_be_focused()
        assert seen.overflow() <= 0
        assert seen.accessibility(AXE) == []
        assert seen.complaints == []
