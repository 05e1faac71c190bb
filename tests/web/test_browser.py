"""The house in a real Chromium: every page kind, both languages, both themes, desk and phone; and how it behaves."""

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tools.build_assets import MODULES

from tests.web.browser import Visitor, in_browser, notify, visitor

pytestmark = in_browser()
GALLERY = ["", "list/", "record/3/", "work/", "board/", "form/", "station/"]
AXE = MODULES / "axe-core" / "axe.min.js"


@pytest.fixture
def desk(browser: Browser, demo_shop: str) -> Iterator[Visitor]:
    with visitor(browser, demo_shop) as seen:
        yield seen
        assert seen.complaints == []


@pytest.mark.parametrize(
    ("language", "theme", "size"), list(itertools.product(["zh", "en"], ["light", "dark"], ["desk", "phone"]))
)
@pytest.mark.clause("G5")
def test_every_page_kind_fits_is_quiet_and_accessible(
    browser: Browser, demo_shop: str, language: str, theme: str, size: str
) -> None:
    with visitor(browser, demo_shop, language=language, theme=theme, size=size) as seen:
        for path in GALLERY:
            page = seen.go(f"/gallery/{path}")
            assert page.locator("html").get_attribute("data-bs-theme") == theme
            page.wait_for_timeout(150)
            assert seen.overflow() <= 0, path
            if language == "zh" and (theme, size) != ("dark", "phone"):  # words differ, the markup does not
                assert seen.accessibility(AXE) == [], path
            if language == "en":
                for text in page.locator(".sk-nav, .sk-top, .sk-page-head h1").all_inner_texts():
                    assert not re.search(r"[\u4e00-\u9fff]{2,}", re.sub("中文|员工", "", text)), text
        assert seen.complaints == []


def test_rows_are_chosen_in_bulk_and_the_answer_is_told(desk: Visitor) -> None:
    page = desk.go("/gallery/list/")
    expect(page.locator("#count-gallery-to_check")).to_have_text("128")
    boxes = page.locator("tbody input[name=ids]")
    boxes.nth(0).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-chosen]")).to_have_text("已选 5")
    page.locator(".sk-bulk").get_by_role("button", name="确认").click()
    expect(page.locator(".sk-toast.tone-green")).to_contain_text("已确认 3 单")
    expect(page.locator(".sk-toast.tone-amber")).to_contain_text("1 项没有办成")
    expect(page.locator(".sk-bulk")).to_be_hidden()
    page.locator("[data-choose-page]").click()
    page.locator("[data-choose-matching]").click()
    expect(page.locator("[data-chosen]")).to_have_text("已选 12345")
    page.locator(".sk-bulk").get_by_role("button", name="挂起").click()
    expect(page.locator("dialog[open]")).to_contain_text("已选 12345")
    page.locator("dialog[open] textarea").fill("缺货")
    page.locator("dialog[open]").get_by_role("button", name="挂起").click()
    expect(page.locator(".sk-toast.tone-green").last).to_be_visible()


def test_a_row_opens_beside_the_list_and_has_an_address(desk: Visitor) -> None:
    page = desk.go("/gallery/list/")
    page.locator("tbody tr").nth(2).locator("td").nth(3).click()
    expect(page.locator("#sheet h1")).to_contain_text("订单")
    assert "open=" in page.url
    page.locator("tbody tr").nth(2).focus()
    page.keyboard.press("j")
    expect(page.locator("tbody tr").nth(3)).to_have_attribute("aria-current", "")
    page.reload()
    expect(page.locator("#sheet .sk-steps")).to_be_visible()
    page.locator("#sheet").get_by_role("button", name="确认").click()
    expect(page.locator(".sk-toast.tone-green")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    assert "open=" not in page.url


def test_filters_tabs_and_columns_live_in_the_address(desk: Visitor) -> None:
    page = desk.go("/gallery/list/")
    page.locator(".sk-filter summary").first.click()
    page.get_by_role("link", name="山野良品专营店").click()
    expect(page.locator(".sk-filter.is-set")).to_contain_text("山野良品专营店")
    assert "shop=2" in page.url
    page.locator(".sk-tab").nth(1).click()
    expect(page.locator(".sk-tab").nth(1)).to_have_attribute("aria-current", "page")
    assert "shop=2" in page.url
    page.go_back()
    expect(page.locator(".sk-tab").nth(0)).to_have_attribute("aria-current", "page")
    page.locator("[data-columns] summary").click()
    page.locator("[data-column=memo]").check()
    expect(page.locator("thead")).to_contain_text("留言")
    page.keyboard.press("Escape")
    page.locator("[data-search]").focus()
    page.evaluate(
        "const e = new ClipboardEvent('paste', {bubbles: true, cancelable: true, clipboardData: new DataTransfer()});"
        "e.clipboardData.setData('text', 'A1\\nA2\\nA3'); document.querySelector('[data-search]').dispatchEvent(e)"
    )
    expect(page.locator(".sk-query-tools")).to_contain_text("按 3 个号码查找")


def test_the_palette_goes_anywhere_by_keyboard(desk: Visitor) -> None:
    page = desk.go("/gallery/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()


def test_personal_data_asks_for_a_reason_before_it_is_shown(desk: Visitor) -> None:
    page = desk.go("/gallery/record/3/")
    page.locator(".sk-masked button").first.click()
    expect(page.locator("dialog[open]")).to_contain_text("会记下")
    page.locator("dialog[open]").get_by_role("button", name="取消").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.get_by_text("更多").first.click()
    page.get_by_role("button", name="取消订单").click()
    page.locator("dialog[open] textarea").fill("买家不要了")
    page.locator("dialog[open]").get_by_role("button", name="取消订单").click()
    expect(page.locator(".sk-toast.tone-green")).to_be_visible()


def test_what_was_revealed_stands_through_a_refresh_and_is_masked_again(desk: Visitor) -> None:
    page = desk.page
    page.clock.install()
    desk.go("/gallery/record/3/")
    page.locator(".sk-masked button").first.click()
    page.locator("dialog[open] input[name=reason]").fill("核对收件人")
    page.locator("dialog[open]").get_by_role("button", name="显示").click()
    expect(page.get_by_text("欧阳娜娜")).to_be_visible()
    with page.expect_response("**/gallery/record/3/"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('sk:record'))")
    expect(page.get_by_text("欧阳娜娜")).to_be_visible()
    page.clock.fast_forward(61_000)
    expect(page.get_by_text("欧阳娜娜")).to_have_count(0)
    expect(page.locator(".sk-masked button").first).to_be_visible()


def test_words_not_sent_are_there_again_after_a_reload_until_they_are_sent(desk: Visitor) -> None:
    page = desk.go("/gallery/form/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#field-note").fill("写到一半的备注")
    page.reload()
    expect(page.locator("#field-note")).to_have_value("写到一半的备注")
    expect(page.locator(".sk-toast.tone-blue")).to_contain_text("已恢复")
    page.locator("#field-sku").fill("TEA-1")
    page.locator("#field-warehouse").select_option("gz")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".sk-toast.tone-green")).to_contain_text("已保存")
    desk.go("/gallery/form/")
    expect(page.locator("#field-note")).to_have_value("")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('sk-draft'))") == []


def test_words_of_one_form_do_not_come_back_in_another(desk: Visitor) -> None:
    page = desk.go("/gallery/form/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate(
        """() => {
            const form = document.querySelector("#field-note").form;
            form.after(Object.assign(form.cloneNode(true), {id: "twin"}));
        }"""
    )
    notes = page.locator("textarea[name=note]")
    notes.first.fill("为什么决定")
    page.evaluate(
        """() => {
            for (const note of document.querySelectorAll("textarea[name=note]")) note.value = "";
            document.dispatchEvent(new CustomEvent("htmx:afterSwap"));
        }"""
    )
    expect(notes.first).to_have_value("为什么决定")
    expect(notes.last).to_have_value("")


def test_a_record_reached_from_the_work_list_leads_back_there(desk: Visitor) -> None:
    page = desk.page
    page.goto(f"{desk.address}/gallery/record/3/", referer=f"{desk.address}/")
    back = page.locator(".sk-back")
    expect(back).to_have_text("返回我的工作")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('sk:record'))")
    page.wait_for_timeout(400)
    expect(back).to_have_text("返回我的工作")
    back.click()
    assert page.url == f"{desk.address}/"
    desk.go("/gallery/record/4/")
    expect(page.locator(".sk-back")).to_have_text("返回列表")


def test_the_work_list_is_walked_by_keyboard(desk: Visitor) -> None:
    page = desk.go("/gallery/work/")
    lines = page.locator(".sk-work-item")
    page.keyboard.press("j")
    expect(lines.first).to_be_focused()
    page.keyboard.press("j")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet h1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()


def test_a_form_with_mistakes_shows_them_in_place(desk: Visitor) -> None:
    page = desk.go("/gallery/form/")
    page.locator("#field-sku").fill("ab")
    page.locator("#field-warehouse").select_option("gz")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#field-sku-error")).to_contain_text("至少 3 个字")
    expect(page.locator("#field-sku")).to_be_focused()
    page.locator("#field-sku").fill("TEA-1")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".sk-toast.tone-green")).to_contain_text("已保存")


def test_theme_and_language_are_switched_and_kept(desk: Visitor) -> None:
    page = desk.go("/gallery/")
    page.locator(".sk-top details summary").click()
    page.locator("[data-set-theme=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator(".sk-top details").get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def scan(desk: Visitor, code: str) -> None:
    desk.page.keyboard.type(code, delay=5)
    desk.page.keyboard.press("Enter")


@pytest.mark.clause("O2.1")
def test_the_station_loses_and_doubles_nothing_without_network(desk: Visitor) -> None:
    page = desk.go("/gallery/station/")
    scan(desk, "69010001")
    expect(page.locator("[data-answer]")).to_have_attribute("data-verdict", "good")
    expect(page.locator("[data-tote]")).to_contain_text("1 / 5")
    desk.context.set_offline(True)
    for code in ("69010002", "69010003", "69010004"):
        scan(desk, code)
        page.wait_for_timeout(300)
    expect(page.locator("[data-offline]")).to_contain_text("3 次扫描待发送")
    page.wait_for_timeout(4_000)
    desk.context.set_offline(False)
    expect(page.locator("[data-tote]")).to_contain_text("4 / 5", timeout=10_000)
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert page.locator("[data-scans] li").count() == 4
    scan(desk, "X-WRONG")
    expect(page.locator("[data-answer]")).to_have_attribute("data-verdict", "bad")
    page.keyboard.press("F6")
    expect(page.locator("[data-answer]")).to_have_attribute("data-verdict", "warn")
    page.keyboard.press("F1")
    expect(page.locator("#keys-help .sk-codes svg").first).to_be_visible()


def test_an_answer_that_got_lost_is_asked_for_again_and_counts_once(desk: Visitor) -> None:
    """The server did its work, but the answer never arrived: the same key asks again."""
    page = desk.go("/gallery/station/")
    lost = []

    def lose_the_first_answer(route: object) -> None:
        if not lost:
            route.fetch()  # type: ignore[attr-defined]
            lost.append(True)
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/gallery/station/scan/", lose_the_first_answer)
    scan(desk, "69010001")
    expect(page.locator("[data-tote]")).to_contain_text("1 / 5", timeout=10_000)
    scan(desk, "69010002")
    expect(page.locator("[data-tote]")).to_contain_text("2 / 5")
    desk.complaints.clear()  # the lost answer itself


def test_live_messages_refresh_and_wait_without_moving_the_rows(desk: Visitor) -> None:
    page = desk.go("/gallery/list/")
    expect(page.locator("[data-live-state]").first).to_have_attribute("data-state", "up")
    first = page.locator("tbody tr").first.get_attribute("id")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('sk:intake.order_taken_in', {detail: {count: 12}}))")
    expect(page.locator("[data-show-arrivals]")).to_have_text("12 条新的")
    assert page.locator("tbody tr").first.get_attribute("id") == first
    page.locator("[data-show-arrivals]").click()
    expect(page.locator("[data-show-arrivals]")).to_be_hidden()


def test_what_happens_right_after_something_is_told_too(desk: Visitor) -> None:
    page = desk.page
    page.add_init_script("window.heard = []; addEventListener('sk:parcels', e => heard.push(e.detail.count), true)")
    desk.go("/gallery/list/")
    expect(page.locator("[data-live-state]").first).to_have_attribute("data-state", "up")
    for _ in range(3):
        notify("parcels.parcel_signed")
        page.wait_for_timeout(400)
    assert eventually(page, "heard.reduce((all, one) => all + one, 0)", 3)
    assert page.evaluate("heard.length") == 2  # at once, and after the pause


def test_a_page_hears_what_happened_before_it_was_connected(desk: Visitor) -> None:
    page = desk.page
    desk.go("/gallery/list/")
    expect(page.locator("[data-live-state]").first).to_have_attribute("data-state", "up")
    page.add_init_script("window.lost = 0; addEventListener('sk:parcels.parcel_lost', () => lost++, true)")
    # The page is rendered; its script comes only after something has happened.
    page.route("**/build/app.js*", lambda route: (notify("parcels.parcel_lost"), route.continue_()))
    page.reload()
    assert eventually(page, "lost", 1)


def test_a_page_that_back_brought_up_looks_again(desk: Visitor) -> None:
    page = desk.go("/gallery/work/")
    desk.go("/gallery/form/")
    with page.expect_request(lambda asked: asked.headers.get("hx-target") == "work"):
        page.go_back()
    desk.go("/gallery/work/")
    with page.expect_request(lambda asked: asked.headers.get("hx-target") == "work"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")


@pytest.mark.parametrize("grown", [0, 9])
def test_what_one_reads_stays_in_its_place_when_the_page_renews_itself(desk: Visitor, grown: int) -> None:
    page = desk.page
    page.set_viewport_size({"width": 390, "height": 600})
    desk.go("/gallery/list/")
    expect(page.locator("#count-gallery-to_check")).to_have_text("128")
    row = page.locator("tbody tr").nth(12)
    here = f"#{row.get_attribute('id')}"
    place = "here => document.querySelector(here).getBoundingClientRect().top"
    page.evaluate("far => scrollTo({top: far - 120, behavior: 'instant'})", page.evaluate(place, here))
    before = page.evaluate(place, here)

    def answer(route: Route) -> None:
        came = route.fetch()
        route.fulfill(response=came, body="<p>neu</p>" * grown + came.text())

    page.route(
        lambda _: True, lambda route: answer(route) if "hx-target" in route.request.headers else route.fallback()
    )
    # What a browser does now and then by itself: it lays the page out while old and new stand beside one another.
    page.evaluate(
        """() => {
            const remove = Node.prototype.removeChild;
            Node.prototype.removeChild = function (child) {
                scrollTo({top: document.body.offsetHeight, behavior: 'instant'});
                return remove.call(this, child);
            };
        }"""
    )
    with page.expect_response(lambda came: came.request.headers.get("hx-target") == "rows"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('sk:rows'))")
    page.wait_for_timeout(300)
    assert page.get_by_text("neu").count() == grown
    assert abs(page.evaluate(place, here) - before) <= 1


def test_a_live_refresh_waits_until_nobody_is_in_the_middle_of_something(desk: Visitor) -> None:
    page = desk.go("/gallery/record/3/")
    expect(page.locator("[data-live-state]").first).to_have_attribute("data-state", "up")
    page.wait_for_timeout(2_500)
    form = "<form><textarea id=told></textarea></form><i id=old></i>"
    page.evaluate("form => document.querySelector('#record').insertAdjacentHTML('afterbegin', form)", form)
    page.locator("#told").fill("写到一半的话")
    page.keyboard.press("Tab")
    notify("intake.order_paid")
    page.wait_for_timeout(1_500)
    expect(page.locator("#told")).to_have_value("写到一半的话")
    page.locator("#told").fill("")
    page.locator("h1").click()
    expect(page.locator("#old")).to_have_count(0)  # now it was refreshed


def eventually(page: Page, expression: str, wanted: int) -> bool:
    """Whether a value of the page comes to what is wanted, within ten seconds."""
    for _ in range(50):
        if page.evaluate(expression) == wanted:
            return True
        page.wait_for_timeout(200)
    return False


def test_twelve_tabs_stay_alive_and_hear_the_same(desk: Visitor) -> None:
    """A browser opens six connections to one address; twelve tabs must not want one each."""
    tabs = [desk.page, *(desk.context.new_page() for _ in range(11))]
    for tab in tabs:
        tab.add_init_script("window.heard = 0; addEventListener('sk:parcels', e => heard += e.detail.count, true)")
        tab.goto(f"{desk.address}/gallery/list/")
    for tab in tabs:
        expect(tab.locator("[data-live-state]").first).to_have_attribute("data-state", "up")
    notify("parcels.parcel_signed")
    assert all(eventually(tab, "heard", 1) for tab in tabs)
    answer = tabs[-1].goto(f"{desk.address}/gallery/record/3/")  # and there is a connection left for the next page
    assert answer is not None and answer.ok
