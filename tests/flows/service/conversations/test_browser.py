"""S1.1 in a real Chromium: one shopper on a phone, two agents at their desks, everything live and by keyboard."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from shopkeeper.flows.service.conversations.models import Conversation, Message
from shopkeeper.flows.service.tickets.models import CannedReply
from shopkeeper.foundation.models import Person
from shopkeeper.shared.clock import SHOP_ZONE
from tests import factories as make
from tests.flows.service.conversations import stage
from tests.flows.service.conversations.site import Site, cookie_of
from tests.flows.service.conversations.test_hooks import png
from tests.web.browser import SIZES, chromium, in_browser

pytestmark = [*in_browser("desk.js"), pytest.mark.clause("S1.1")]
QUIET = ("status of 4", "ERR_INTERNET_DISCONNECTED", "/live/")


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    with chromium() as started:
        yield started


def tab(browser: Browser, site: Site, size: str = "desk", person: Person | None = None, **cookies: str) -> Page:
    """A page of somebody: of an agent signed in, or of a customer."""
    phone = size == "phone"
    context = browser.new_context(
        viewport=SIZES[size],  # type: ignore[arg-type]
        has_touch=phone,
        is_mobile=phone,
        timezone_id="America/Sao_Paulo",  # wherever one sits, the desk tells the shop's time
    )
    values = {"sk_lang": "zh", **cookies, **({"sessionid": cookie_of(person)} if person else {})}
    context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in values.items()])
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]

    def complain(text: str) -> None:
        if not any(quiet in text for quiet in QUIET):
            page.complaints.append(text)  # type: ignore[attr-defined]

    page.on("console", lambda m: complain(f"{m.text} {m.location.get('url')}") if m.type == "error" else None)
    page.on("pageerror", lambda error: complain(str(error)))
    return page


def shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look: SHOPKEEPER_SHOTS names the folder."""
    if folder := os.environ.get("SHOPKEEPER_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_a_shopper_and_two_agents(browser: Browser, site: Site) -> None:
    sku = make.make_sku(name="羊毛围巾", price_minor=12_900)
    make.stock_up(sku, site.shop.default_warehouse, 30)  # type: ignore[arg-type]
    CannedReply.objects.create(
        shop=site.shop, shortcut="fh", title="发货时间", text="亲，现货当天发出～", changed_at=make.NOON, changed_by=0
    )
    desks = [tab(browser, site, person=stage.person_of(agent)) for agent in site.agents]
    for page in desks:
        page.goto(f"{site.address}/service/desk/")
        expect(page.locator("[data-live-state]").first).to_have_attribute("data-state", "up")
    shopper = tab(browser, site, "phone")
    talk = asked(shopper, site)
    mine = next(n for n, agent in enumerate(site.agents) if agent.pk == talk.agent_id)
    desk, other = desks[mine], desks[1 - mine]
    answered_by_keyboard(desk, shopper, talk)
    both_write(desk, other, shopper, f"{site.address}/service/desk/?open={talk.pk}")
    network_goes_away(desk, shopper, talk)
    picture_and_reload(desk, shopper)
    desk.locator("[data-end]").click()
    expect(desk.locator("[data-context]")).to_contain_text("处理中")
    desk.locator('[data-ending="solved"]').click()
    expect(desk.locator("[data-talk-meta]")).to_contain_text("已结束")
    expect(desk.locator("[data-context]")).not_to_contain_text("处理中")
    expect(desk.locator("[data-context]")).to_contain_text("已解决")
    expect(desk.locator("[data-composer]")).to_be_hidden()
    expect(desk.locator("[data-over]")).to_contain_text("会话已结束")
    expect(desk.locator("[data-over-ticket]")).to_have_attribute("href", f"/tickets/{talk.ticket_id}/")
    for page in (shopper, desk, other):
        assert page.complaints == []  # type: ignore[attr-defined]
        page.context.close()


def asked(shopper: Page, site: Site) -> Conversation:
    """A question on the phone; the greeting comes by itself."""
    shopper.goto(site.widget)
    shot(shopper, "widget-empty-phone")
    assert overflow(shopper) == 0
    shopper.get_by_role("textbox").fill("你好，<b>围巾</b>什么时候发货？")
    shopper.keyboard.press("Enter")
    expect(shopper.locator(".w-line.is-bot")).to_be_visible()
    return Conversation.objects.latest("id")


def answered_by_keyboard(desk: Page, shopper: Page, talk: Conversation) -> None:
    """The ring counts, a canned reply goes out, then a product's card with price and stock; no mouse."""
    row = desk.locator(f'[data-talk="{talk.pk}"]')
    expect(row).to_be_visible()
    expect(row.locator(".sk-ring")).to_have_attribute("data-tone", re.compile("green|amber|red"))
    shot(desk, "desk-queue")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator(".sk-said.is-customer")).to_contain_text("<b>围巾</b>")
    said = Message.objects.filter(conversation=talk, sender="customer").earliest("id").said_at
    at = said.astimezone(SHOP_ZONE)
    expect(desk.locator(".sk-said.is-customer .sk-said-meta")).to_contain_text(f"{at:%H:%M:%S}")
    expect(row.locator(".sk-meta")).to_contain_text(f"{talk.last_at.astimezone(SHOP_ZONE):%H:}")
    desk.locator("[data-say]").press_sequentially("/fh")
    expect(desk.locator("[data-suggest] button").first).to_contain_text("发货时间")
    shot(desk, "desk-suggest")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-say]")).to_have_value("亲，现货当天发出～")
    desk.keyboard.press("Enter")
    expect(shopper.locator(".w-line.is-agent")).to_contain_text("现货当天发出")
    expect(desk.locator(".sk-waiting")).to_have_count(0)
    expect(desk.locator("[data-talk-meta]")).to_contain_text("首次回复")
    desk.locator("[data-say]").press_sequentially("/羊毛")
    expect(desk.locator("[data-suggest] button").first).to_contain_text("羊毛围巾")
    desk.keyboard.press("Enter")
    expect(shopper.locator(".w-goods")).to_contain_text("129.00")


def both_write(desk: Page, other: Page, shopper: Page, address: str) -> None:
    """The second agent looks in and writes: the first sees it, both lines arrive."""
    other.goto(address)
    expect(other.locator(".sk-said.is-customer")).to_be_visible()
    other.locator("[data-say]").press_sequentially("我来补充")
    expect(desk.locator("[data-attending]")).to_contain_text("正在回复")
    shot(desk, "desk-attending")
    other.keyboard.press("Enter")
    expect(shopper.locator(".w-line.is-agent")).to_have_count(3)
    desk.locator("[data-say]").fill(f"好的，请看 {address}。别处：https://elsewhere.example/a javascript:alert(1)")
    desk.keyboard.press("Enter")
    for page in (desk, other):
        expect(page.locator(".sk-said.is-agent")).to_have_count(4)
    expect(shopper.locator(".w-line.is-agent")).to_have_count(4)
    expect(shopper.locator(".w-bubble a")).to_have_attribute("href", address)  # only our own house is a link
    expect(shopper.locator(".w-line.is-agent").last).to_contain_text("https://elsewhere.example/a javascript:alert(1)")


def network_goes_away(desk: Page, shopper: Page, talk: Conversation) -> None:
    """What the shopper writes meanwhile is sent once; what was said meanwhile arrives once."""
    shopper.context.set_offline(True)
    shopper.get_by_role("textbox").fill("网断了也要发出去")
    shopper.keyboard.press("Enter")
    expect(shopper.locator(".w-line.is-waiting")).to_have_count(1)
    desk.locator("[data-say]").fill("稍等我查一下")
    desk.keyboard.press("Enter")
    expect(desk.locator(".sk-said.is-agent")).to_have_count(5)
    shopper.context.set_offline(False)
    expect(shopper.locator(".w-line.is-waiting")).to_have_count(0, timeout=20_000)
    expect(shopper.locator(".w-line.is-agent")).to_have_count(5, timeout=20_000)
    assert Message.objects.filter(conversation=talk, sender="customer").count() == 2
    expect(desk.locator(".sk-said.is-customer")).to_have_count(2)


def picture_and_reload(desk: Page, shopper: Page) -> None:
    """A picture arrives; the same conversation stands there after the page was loaded again."""
    shopper.locator("[data-file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": png(8)})
    expect(shopper.locator(".w-line.is-customer img")).to_be_visible()
    expect(desk.locator(".sk-said.is-customer img")).to_be_visible()
    shopper.reload()
    expect(shopper.locator(".w-line.is-customer")).to_have_count(3)
    expect(shopper.locator(".w-line.is-agent")).to_have_count(5)
    shot(shopper, "widget-talk-phone")
    shot(desk, "desk-talk")


@pytest.mark.parametrize(("language", "theme", "size"), [("zh", "light", "phone"), ("en", "dark", "desk")])
def test_the_desk_fits_one_pane_at_a_time_on_a_phone(
    browser: Browser, site: Site, language: str, theme: str, size: str
) -> None:
    customer = site.customer()
    customer.say("在吗，尺码怎么选", f"key-{size}-0001")
    talk = Conversation.objects.get(id=customer.conversation)
    page = tab(browser, site, size, site.supervisor, sk_lang=language, sk_theme=theme)
    page.goto(f"{site.address}/service/desk/?whose=all")
    row = page.locator(f'[data-talk="{talk.pk}"]')
    expect(row).to_be_visible()
    shot(page, f"desk-{language}-{theme}-{size}-queue")
    row.click()
    expect(page.locator(".sk-said.is-customer")).to_be_visible()
    expect(page.locator(".sk-desk-queue")).to_be_visible(visible=size == "desk")
    shot(page, f"desk-{language}-{theme}-{size}-talk")
    assert overflow(page) == 0
    if size == "phone":
        page.locator("[data-show-context]").click()
        expect(page.locator(".sk-desk-context .sk-card").first).to_be_visible()
        shot(page, f"desk-{language}-{theme}-{size}-context")
        assert overflow(page) == 0
    for path in ("supervision/", "talks/", f"talks/{talk.pk}/", "calls/", "channels/"):
        page.goto(f"{site.address}/service/{path}")
        shot(page, f"{path.strip('/').replace('/', '-')}-{language}-{theme}-{size}")
        assert overflow(page) == 0, path
    page.goto(f"{site.address}/widget/{site.shop.code}/form/")
    assert overflow(page) == 0
    shot(page, f"form-{language}-{size}")
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()


def test_back_on_a_phone_closes_the_conversation_and_the_address_says_so(browser: Browser, site: Site) -> None:
    customer = site.customer()
    customer.say("昨天的事", "key-back-0001")
    talk = Conversation.objects.get(id=customer.conversation)
    Conversation.objects.filter(id=talk.pk).update(
        waiting_from=talk.opened_at - timedelta(seconds=378), replied_at=talk.opened_at, open_since=None
    )
    Message.objects.filter(conversation=talk).update(said_at=talk.opened_at - timedelta(days=1))
    page = tab(browser, site, "phone", site.supervisor)
    page.goto(f"{site.address}/service/desk/?whose=all")
    row = page.locator(f'[data-talk="{talk.pk}"]')
    for leave in (page.go_back, page.locator("[data-back]").click):
        row.click()
        expect(page.locator(".sk-said.is-customer")).to_be_visible()
        assert f"open={talk.pk}" in page.url
        leave()
        expect(row).to_be_visible()
        expect(page.locator(".sk-desk-talk")).to_be_hidden()
        assert "open=" not in page.url
    page.goto(f"{site.address}/service/desk/?whose=all&open={talk.pk}")  # by a link: no queue stands behind it
    said = f"{(talk.opened_at - timedelta(days=1)).astimezone(SHOP_ZONE):%Y-%m-%d}"
    expect(page.locator(".sk-said.is-customer .sk-said-meta")).to_contain_text(said)
    expect(page.locator("[data-talk-meta]")).to_contain_text("首次回复 6 分钟")
    arrow, name = page.locator("[data-back]").bounding_box(), page.locator("[data-contact]").bounding_box()
    assert arrow is not None and name is not None
    assert abs(arrow["y"] + arrow["height"] / 2 - name["y"] - name["height"] / 2) < arrow["height"]
    page.locator("[data-back]").click()
    expect(row).to_be_visible()
    assert "open=" not in page.url
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()


def test_a_reply_that_is_typed_and_not_sent_waits_for_its_conversation(browser: Browser, site: Site) -> None:
    talks = []
    for n in (1, 2):
        customer = site.customer()
        customer.say(f"第 {n} 位客户在问", f"key-draft-{n:04d}")
        talks.append(customer.conversation)
    page = tab(browser, site, "desk", site.supervisor)
    page.goto(f"{site.address}/service/desk/?whose=all")
    say = page.locator("[data-say]")
    first, second = (page.locator(f'[data-talk="{talk}"]') for talk in talks)
    first.click()
    expect(page.locator(".sk-said.is-customer")).to_contain_text("第 1 位")
    say.fill("写了一半的话")
    second.click()
    expect(page.locator(".sk-said.is-customer")).to_contain_text("第 2 位")
    expect(say).to_have_value("")
    first.click()
    expect(say).to_have_value("写了一半的话")
    page.reload()
    expect(say).to_have_value("写了一半的话")
    say.press("Enter")
    expect(page.locator(".sk-said.is-agent")).to_contain_text("写了一半的话")
    page.reload()
    expect(page.locator(".sk-said.is-agent")).to_contain_text("写了一半的话")
    expect(say).to_have_value("")
    say.fill("不该留下的话")
    page.context.clear_cookies()
    page.goto(f"{site.address}/service/desk/")
    assert "不该留下" not in page.evaluate("JSON.stringify(sessionStorage)")
    page.context.close()


def test_a_line_whose_answer_was_never_heard_stands_once_when_the_page_is_loaded_again(
    browser: Browser, site: Site
) -> None:
    customer = site.customer()
    customer.say("在吗", "key-unheard-0001")
    page = tab(browser, site, "desk", site.supervisor)
    page.goto(f"{site.address}/service/desk/?whose=all&open={customer.conversation}")
    expect(page.locator(".sk-said.is-customer")).to_contain_text("在吗")
    stored: list[int] = []
    page.route("**/say/", lambda route: stored.append(route.fetch().status))  # the browser is told nothing
    page.locator("[data-say]").fill("在的")
    page.locator("[data-say]").press("Enter")
    expect(page.locator(".sk-said.is-agent")).to_contain_text("在的")
    page.wait_for_function("() => !document.querySelector('.sk-waiting')")  # the stream brought it
    page.reload()
    expect(page.locator(".sk-said.is-customer")).to_contain_text("在吗")
    page.wait_for_timeout(500)
    assert stored
    assert page.locator(".sk-said.is-agent").count() == 1
    page.unroute("**/say/")
    page.context.close()
