"""The pages of products in a real Chromium: they fit, keep quiet, can be used by everybody, and check as one types."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tools.build_assets import MODULES

from shopkeeper.config.hosting import hosted
from shopkeeper.flows.products.listing.models import Product, ProductImage
from shopkeeper.sop.roles import Role
from tests.databases import Databases
from tests.factories import make_person
from tests.flows.products.listing import stage
from tests.web.browser import chromium, in_browser, visitor

pytestmark = [*in_browser(), pytest.mark.clause("P2.1")]
AXE = MODULES / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def shop(
    databases: Databases, django_db_setup: None, django_db_blocker: object, tmp_path_factory: object
) -> Iterator[str]:
    """A demo shop with a few products and their pictures."""
    from django.conf import settings

    var = tmp_path_factory.mktemp("shop")  # type: ignore[attr-defined]
    before, settings.SHOPKEEPER_VAR = settings.SHOPKEEPER_VAR, var
    try:
        with django_db_blocker.unblock(), databases.fresh() as fresh:  # type: ignore[attr-defined]
            make_person(Role.OPERATIONS_MANAGER)
            furnish()
            with hosted(fresh.url, var, {"SHOPKEEPER_DEMO": "1"}, worker=False) as running:
                yield running.address
                log = (var / "log" / "web.log").read_text()
            assert "Traceback" not in log, log[-4_000:]
    finally:
        settings.SHOPKEEPER_VAR = before


def furnish() -> None:
    stage.make_template(stage.make_leaf(platforms=("taobao", "jd")))
    stage.make_approved("TEE-01", platforms=("taobao", "jd"))
    stage.make_ready("TEE-02", title="冰丝凉席三件套夏季可折叠", core_keyword="凉席")
    draft = stage.make_draft("TEE-03", title="纯棉纯棉短袖", scenarios=(), attributes={})
    stage.attach(draft, stage.picture(background="grey", seed=4))
    stage.attach(draft, stage.picture(600, blur=2, seed=5), "gallery")


@pytest.fixture(scope="module")
def browser(shop: str) -> Iterator[Browser]:
    with chromium() as started:
        yield started


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
    browser: Browser, shop: str, language: str, theme: str, size: str
) -> None:
    with visitor(browser, shop, language=language, theme=theme, size=size) as seen:
        for path in paths():
            seen.go(path)
            assert seen.overflow() <= 0, path
            assert seen.covered() == 0, path
            if language == "zh":
                assert seen.accessibility(AXE) == [], path
        assert seen.complaints == []


def test_a_title_is_checked_while_it_is_typed_and_variants_are_made_in_one_go(browser: Browser, shop: str) -> None:
    with visitor(browser, shop) as seen:
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
