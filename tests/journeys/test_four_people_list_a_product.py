"""P2 to P5 through pages only: a specialist enters a product, a designer gives the picture, a manager allows the
price, a supervisor reviews and publishes; what the platform shows is what we said, and the stock follows."""

import re

import pytest
from playwright.sync_api import expect

from shopkeeper.simulator import catalogue
from shopkeeper.simulator.pictures import drawn
from tests.journeys.conftest import House, Somebody

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
PATIENCE_MS = 60_000  # the worker's beats between a decision and what follows from it
CODE = "CELADON-9"
FRONT = catalogue.SHOPFRONTS[0]


@pytest.mark.clause("P2.1")
@pytest.mark.clause("P2.2")
@pytest.mark.clause("P3.1")
@pytest.mark.clause("P3.2")
@pytest.mark.clause("P4.1")
@pytest.mark.clause("P4.2")
@pytest.mark.clause("P5")
def test_four_people_list_a_product(house: House) -> None:
    specialist, designer = house.sit_down("products"), house.sit_down("design")
    manager, supervisor = house.sit_down("manager"), house.sit_down("supervisor")
    product = entered(specialist)
    pictured(designer, product)
    submitted(specialist, product)
    returned(supervisor)
    mended(specialist, product)
    approved(supervisor)
    priced(specialist, manager)
    listing = published(supervisor, product)
    stocked(specialist)
    read_back(supervisor, listing)
    shown = house.outside.listing(FRONT.session, CODE)
    assert (shown["title"], shown["category"]) == ("龙泉青瓷斗笠杯 手工拉坯 主人杯单杯", "50016001"), shown
    for somebody in (specialist, designer, manager, supervisor):
        assert somebody.overflow() == 0


def entered(specialist: Somebody) -> str:
    """P2.1: the form, checked as one types; it may be kept before all is there. The product's address."""
    page = specialist.go("/products/new/")
    words = {
        "code": CODE,
        "title": "龙泉青瓷斗笠杯 国家级工艺 主人杯单杯",
        "core_keyword": "斗笠杯",
        "selling_points": "龙泉匠人手工拉坯\n梅子青釉 1280℃ 烧成",
        "scenarios": "一人独饮或两三好友围坐",
        "description": "取龙泉本地瓷土与釉石，胎薄釉润，端握不烫手。",
    }
    for name, text in words.items():
        page.locator(f"#field-{name}").fill(text)
    page.locator("#field-leaf_id").select_option(label="家居 / 茶具 / 盖碗")
    row = {"spec": "容量：80ml", "code": f"{CODE}-A", "barcode": "6901234509876"}
    for name, text in {**row, "weight": "180", "cost": "45", "price": "98"}.items():
        page.locator(f"[name=sku_{name}]").first.fill(text)
    expect(page.locator("#checks")).to_contain_text("没有主图")
    specialist.press("保存")
    page.wait_for_url(re.compile(r"/products/\d+/$"))
    expect(page.get_by_role("button", name=re.compile("提交审核"))).to_be_disabled()
    return page.url


def pictured(designer: Somebody, product: str) -> None:
    """P2.2: a picture too small is told why; another takes its place and passes."""
    page = designer.go(product)
    _upload(designer, "太小.jpg", drawn(8, side=300))
    failed = page.locator(".sk-pictures li.is-failed")
    expect(failed).to_contain_text("300 × 300 像素，淘宝至少 700 × 700", timeout=PATIENCE_MS)
    failed.get_by_role("link", name="更换图片").click()
    page.wait_for_url(re.compile("/products/images/"))
    page.locator("#replace-file").set_input_files({"name": "正面.jpg", "mimeType": "image/jpeg", "buffer": drawn(8)})
    designer.press("上传并更换")
    page.wait_for_url(lambda address: "/replace/" not in address)
    designer.go(product)
    expect(page.locator(".sk-pictures li.is-passed")).to_have_count(1, timeout=PATIENCE_MS)
    expect(page.locator(".sk-pictures li.is-failed")).to_have_count(0)


def _upload(designer: Somebody, name: str, picture: bytes) -> None:
    designer.page.locator("#upload-files").set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": picture})
    designer.press("上传并检查")


def submitted(specialist: Somebody, product: str) -> None:
    """P2.1: everything is there, so it goes to another person."""
    page = specialist.go(product)
    specialist.press("提交审核")
    expect(page.locator(".sk-record-head, main").first).to_contain_text("待审核")


def _under_review(supervisor: Somebody) -> None:
    """P4.1: opens the one product that waits."""
    page = supervisor.page
    for _ in range(20):  # the review is opened by what the submission announced
        supervisor.go("/publishing/reviews/")
        row = page.locator("tbody tr", has_text=CODE)
        if row.count():
            break
        page.wait_for_timeout(500)
    supervisor.go(str(row.first.get_attribute("data-record")))


def returned(supervisor: Somebody) -> None:
    """P4.1: a forbidden word stands in the title; it cannot be approved, and goes back with the place marked."""
    page = supervisor.page
    _under_review(supervisor)
    expect(page.locator("main")).to_contain_text("绝对化用语（广告法第九条）")
    supervisor.press("通过")
    expect(page.get_by_role("alert")).to_contain_text("禁用词（国家级）")
    page.locator("#field-reason").fill("标题有绝对化用语，请改")
    page.get_by_role("checkbox", name="标题").check()
    supervisor.press("退回修改")
    page.wait_for_url(re.compile(r"/publishing/reviews/$"))


def mended(specialist: Somebody, product: str) -> None:
    """P2.1: the reason is read, the title changed, the product submitted again."""
    page = specialist.page
    for _ in range(20):
        specialist.go(product)
        if page.get_by_text("标题有绝对化用语，请改").count():
            break
        page.wait_for_timeout(500)
    expect(page.locator("main")).to_contain_text("标题有绝对化用语，请改")
    specialist.go(f"{product}edit/")
    page.locator("#field-title").fill("龙泉青瓷斗笠杯 手工拉坯 主人杯单杯")
    specialist.press("保存")
    page.wait_for_url(product)
    submitted(specialist, product)


def approved(supervisor: Somebody) -> None:
    """P4.1: what changed since the last time stands beside each other."""
    page = supervisor.page
    _under_review(supervisor)
    expect(page.locator("ins")).to_contain_text(["手工拉坯"])
    expect(page.locator("main")).to_contain_text("没有发现违禁词")
    supervisor.press("通过")
    page.wait_for_url(re.compile(r"/publishing/reviews/$"))


def priced(specialist: Somebody, manager: Somebody) -> None:
    """P3.2: a member price under the target margin waits for the manager, who says why."""
    page = specialist.go("/pricing/new/")
    prices = {"code": f"{CODE}-A", "sale_minor": "98", "member_minor": "52", "reason": "新品定价，会员首单引流"}
    for name, text in prices.items():
        page.locator(f"#field-{name}").fill(text)
    expect(page.locator("#margins")).to_contain_text("低于目标")
    specialist.press("提交定价")
    page.wait_for_url(re.compile(r"/pricing/\d+/$"))
    expect(page.get_by_role("button", name="批准")).to_have_count(0)
    desk = manager.go(page.url)
    manager.press("批准")
    desk.locator("dialog[open] textarea").fill("会员首单引流，限本季")
    desk.locator("dialog[open] button[type=submit]").click()
    expect(desk.locator("main")).to_contain_text("生效中")


def published(supervisor: Somebody, product: str) -> str:
    """P4.1: on sale in every chosen shop, on two platforms. The address of the first listing."""
    number = re.findall(r"/products/(\d+)/", product)[0]
    page = supervisor.go(f"/publishing/products/{number}/")
    supervisor.press("发布到选中的店铺")
    on_sale = page.locator("tbody tr", has_text="在售")
    for _ in range(40):
        if on_sale.count() == len(catalogue.SHOPFRONTS):
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(on_sale).to_have_count(len(catalogue.SHOPFRONTS))
    return str(page.locator("tbody tr", has_text=FRONT.name).locator("a").first.get_attribute("href"))


def stocked(specialist: Somebody) -> None:
    """P3.1: sixty pieces of goods that no warehouse had yet."""
    page = specialist.go("/stock/")
    page.get_by_role("link", name="入库").click()
    receipt = {"code": f"{CODE}-A", "quantity": "60", "bin_code": "A-01-01", "lot_code": "20261126-1"}
    for name, text in receipt.items():
        page.locator(f"#field-{name}").fill(text)
    page.locator("#field-warehouse_id").select_option(label="杭州余杭仓")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("tbody tr", has_text=CODE)).to_contain_text("60")


def read_back(supervisor: Somebody, listing: str) -> None:
    """P5, P4.2: the platform accepted the quantity; read back, everything it shows is what we said."""
    page = supervisor.go(listing)
    expect(page.locator("tbody tr", has_text="已同步")).to_contain_text("60", timeout=PATIENCE_MS)
    supervisor.press("立即核验")
    compared = page.locator("tbody tr", has_text=re.compile("^(类目|价格|标题|库存|可下单)"))
    expect(compared).to_have_count(5, timeout=PATIENCE_MS)
    for row in compared.all():
        expect(row).to_contain_text("一致")
