"""The pages of products in a real Chromium: they fit, keep quiet, can be used by everybody, and check as one types."""

import pytest
from playwright.sync_api import Browser, expect
from tools.build_assets import MODULES

from shopkeeper.flows.products.listing.models import Product, ProductImage
from tests.flows.products.listing import stage
from tests.web.browser import in_browser, visitor

pytestmark = [*in_browser(), pytest.mark.clause("P2.1")]
AXE = MODULES / "axe-core" / "axe.min.js"


def furnish() -> None:
    stage.make_template(stage.make_leaf(platforms=("taobao", "jd")))
    stage.make_approved("TEE-01", platforms=("taobao", "jd"))
    stage.make_ready("TEE-02", title="冰丝凉席三件套夏季可折叠", core_keyword="凉席")
    draft = stage.make_draft("TEE-03", title="纯棉纯棉短袖", scenarios=(), attributes={})
    stage.attach(draft, stage.picture(background="grey", seed=4))
    stage.attach(draft, stage.picture(600, blur=2, seed=5), "gallery")


def paths() -> list[str]:
    draft, image = Product.objects.get(code="TEE-03"), ProductImage.objects.filter(verdict="failed").first()
    leaf = Product.objects.get(code="TEE-01").leaf_id
    assert image is not None
    return [
        "/products/?tab=all", f"/products/{draft.pk}/", f"/products/{draft.pk}/edit/", "/products/new/",
        "/products/images/", f"/products/images/{image.pk}/", "/products/categories/",
        f"/products/categories/{leaf}/", "/products/import/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "theme", "size"), [("zh", "light", "desk"), ("en", "dark", "desk"), ("zh", "light", "phone")]
)
def test_every_page_fits_is_quiet_and_accessible(
    browser: Browser, demo_shop: str, language: str, theme: str, size: str
) -> None:
    with visitor(browser, demo_shop, language=language, theme=theme, size=size) as seen:
        for path in paths():
            seen.go(path)
            assert seen.overflow() <= 0, path
            assert seen.covered() == 0, path
            if language == "zh":
                assert seen.accessibility(AXE) == [], path
        assert seen.complaints == []


def test_a_title_is_checked_while_it_is_typed_and_variants_are_made_in_one_go(browser: Browser, demo_shop: str) -> None:
    with visitor(browser, demo_shop) as seen:
        page = seen.go("/products/new/")
        page.get_by_label("商品编码").fill("NEW-1")
        page.get_by_label("淘宝").check()
        page.get_by_label("标题", exact=True).fill("棉" * 31)
        checks = page.locator("#checks")
        expect(checks).to_contain_text("62/60")
        expect(checks).to_contain_text("请删去 2 字节")
        page.get_by_label("标题", exact=True).fill("纯棉T恤男夏季")
        page.get_by_label("核心词").fill("T恤")
        expect(checks).not_to_contain_text("核心词")
        page.get_by_label("批量生成").fill("颜色：白色 黑色\n尺码：M L")
        page.get_by_role("button", name="添加规格").click()
        expect(page.locator('input[name="sku_code"]')).to_have_count(4)
        page.get_by_role("button", name="保存").click()
        page.wait_for_url("**/products/*/")
        expect(page.locator("h1")).to_contain_text("NEW-1")
        assert seen.complaints == []


def test_a_cell_that_cannot_be_read_is_gone_to_and_left_in_peace_afterwards(browser: Browser, demo_shop: str) -> None:
    with visitor(browser, demo_shop) as seen:
        page = seen.go("/products/new/")
        page.get_by_label("商品编码").fill("NEW-2")
        page.get_by_label("标题", exact=True).fill("高脚杯")
        cell = page.locator('input[name="sku_spec"]')
        cell.fill("酒红")
        page.locator('input[name="sku_code"]').fill("NEW-2-1")
        page.get_by_role("button", name="保存").click()
        expect(page.locator("#skus-error")).to_be_visible()
        expect(cell).to_be_focused()
        page.wait_for_function(
            """() => {
                const box = document.querySelector('input[name="sku_spec"]').getBoundingClientRect();
                return box.top > 0 && box.bottom <= document.querySelector(".sk-form-foot").getBoundingClientRect().top;
            }"""
        )
        title = page.get_by_label("标题", exact=True)
        title.fill("高脚杯 酒红")
        expect(page.locator("#checks .sk-lengths, #checks .sk-findings").first).to_be_visible()
        page.wait_for_timeout(900)  # the panel beside it is renewed while one types
        expect(title).to_be_focused()
