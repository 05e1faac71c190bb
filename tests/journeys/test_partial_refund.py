"""S1.1 to S2.3 on the phone and at two desks: one of two pots came broken. The shopper says so in the chat and sends
pictures by a one-time link, an agent offers half the money, a second person agrees, the platform pays once."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeVar

import pytest
from playwright.sync_api import expect

from shopkeeper.simulator import catalogue
from shopkeeper.simulator.days import teams
from shopkeeper.simulator.house import House as Doors
from shopkeeper.simulator.living import RealTime
from shopkeeper.simulator.pictures import drawn
from shopkeeper.simulator.service_desk import opened as service_opened
from shopkeeper.simulator.shoppers import line_of
from shopkeeper.simulator.staff import Staff
from tests.journeys.conftest import House, Somebody

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
PATIENCE_S = 60.0
PATIENCE_MS = PATIENCE_S * 1_000
FRONT = catalogue.SHOPFRONTS[0]
POT = catalogue.BY_CODE["POT-1"]
HALF = f"{POT.price_minor / 100:.2f}"  # of two
RECEIVER = {
    "name": "秦晓月", "mobile": "13812345678", "state": "浙江省", "city": "杭州市", "district": "余杭区",
    "address": "文一西路969号3幢401室",
}  # fmt: skip
REFUND = "tbody tr:has(a[href*='/aftersale/refunds/'])"
Found = TypeVar("Found")


@pytest.fixture
def signed(house: House) -> Iterator[tuple[str, str]]:
    """Two pots, sent and signed for: the platform's number of the order and ours."""
    with closing(Doors(house.running.address, house.tokens)) as doors:
        service_opened(doors)
        for key, value in (("check_mode", "continuous"), ("pull_minutes", 1)):
            doors.do("supervisor", "sop/set-policy", [{"key": key, "value": value, "reason": "演练"}])
        order = {
            "session": FRONT.session, "receiver": RECEIVER, "lines": [line_of(POT, 2)], "paid": True, "post_fee": "0",
            "ship_within_h": 48, "buyer_nick": "tb10020030", "buyer_open_uid": "AAH1002003004",
        }  # fmt: skip
        tid = str(house.outside.place([order])[0]["tid"])

        def row() -> dict[str, str]:
            return next(r for r in doors.all_rows("supervisor", "audit/orders") if r["platform_no"] == tid)

        eventually(lambda: row()["state"] == "released")
        team, _ = teams()
        staff = Staff(RealTime(doors, house.outside), scans=time.time_ns())
        staff.finish(team, staff.release(team))
        orders = eventually(lambda: staff.to_pack(team))
        staff.pack(team, staff.open_packing(team, orders))
        (parcel,) = eventually(lambda: staff.hand_over(team))
        eventually(lambda: _is_watched(house, parcel["number"]))
        house.outside.post("/courier/moves", {"moves": [{"number": parcel["number"], "to": "signed"}]})
        eventually(lambda: row()["state"] == "signed")
        yield tid, row()["number"]


def _is_watched(house: House, number: str) -> bool:
    parcels = house.outside.get("/courier/parcels")["parcels"]
    return any(parcel["number"] == number and parcel["subscription"] for parcel in parcels)


def eventually(ask: Callable[[], Found]) -> Found:
    """What the worker makes true by itself, in good time."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if found := ask():
                return found
        except StopIteration:
            pass  # not there yet
        time.sleep(0.2)
    raise AssertionError("it did not come true")


@pytest.mark.clause("S1.1")
@pytest.mark.clause("S2.3")
def test_one_shopper_and_two_agents_settle_a_partial_refund(house: House, signed: tuple[str, str]) -> None:
    tid, number = signed
    shopper, agent, second = house.come_by(), house.sit_down("service"), house.sit_down("supervisor")
    complained(shopper, agent)
    case = opened(agent, number)
    link = asked_for_pictures(agent, shopper, case)
    shown(shopper, link)
    judged(agent, case)
    offered(agent, shopper, case)
    agreed(second, case)
    house.outside.act(tid, "refund", reason="商品破损", amount=HALF)
    page = agent.go(case)
    expect(page.locator("main")).to_contain_text("已完结", timeout=PATIENCE_MS)
    expect(page.locator(REFUND)).to_contain_text(HALF)
    payments = [row["count"] for row in house.outside.ledger("refund_agree") if str(row["tid"]) == tid]
    assert payments == [1]
    used = shopper.page.context.request.get(link)
    assert used.status == 410  # the link was for once
    for somebody in (shopper, agent, second):
        assert somebody.overflow() == 0


def complained(shopper: Somebody, agent: Somebody) -> None:
    """S1.1: written on the phone, seen at the desk, answered."""
    desk = agent.go("/service/desk/")
    expect(desk.locator("[data-live-state]").first).to_have_attribute("data-state", "up")
    phone = shopper.go(f"/widget/{FRONT.code}/")
    phone.get_by_role("textbox").fill("收到两把壶，有一把壶嘴破了")
    phone.keyboard.press("Enter")
    talk = desk.locator("[data-talk]").first
    expect(talk).to_be_visible(timeout=PATIENCE_MS)
    talk.click()
    expect(desk.locator(".sk-said.is-customer")).to_contain_text("壶嘴破了")
    says(agent, "非常抱歉，我马上给您处理。")
    expect(phone.locator(".w-line.is-agent")).to_contain_text("马上给您处理", timeout=PATIENCE_MS)


def says(agent: Somebody, words: str) -> None:
    agent.page.locator("[data-say]").fill(words)
    agent.page.keyboard.press("Enter")


def opened(agent: Somebody, number: str) -> str:
    """S2.3: a case about one of the two pots. Its address."""
    page = agent.page.context.new_page()
    page.goto(f"{agent.address}/aftersale/new/?order={number}")
    page.locator("input[name^=pieces-]").fill("1")
    page.locator("#field-reason").select_option(label="运输破损")
    page.locator("button[data-primary]").click()
    page.wait_for_url(re.compile(r"/aftersale/\d+/$"))
    case = page.url
    page.close()
    return case


def asked_for_pictures(agent: Somebody, shopper: Somebody, case: str) -> str:
    """S2.3: a one-time link, sent in the chat; there it can be tapped."""
    page = agent.page.context.new_page()
    page.goto(case)
    page.locator("summary", has_text="请买家举证").click()
    page.get_by_role("button", name="生成链接").click()
    link = page.locator(".sk-alert", has_text="一次性举证链接").locator("[data-copy]").first
    address = str(link.get_attribute("data-copy"))
    page.close()
    says(agent, f"麻烦您拍两张照片：{address}")
    expect(shopper.page.locator(".w-bubble a")).to_have_attribute("href", address, timeout=PATIENCE_MS)
    return address


def shown(shopper: Somebody, link: str) -> None:
    """S2.3: the shopper opens the link and sends two pictures, which nobody else sees."""
    page = shopper.page.context.new_page()
    page.goto(link)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0
    for place, field in enumerate(page.locator("input[type=file]").all()):
        picture = {"name": f"{place}.jpg", "mimeType": "image/jpeg", "buffer": drawn(30 + place)}
        field.set_input_files(picture)  # type: ignore[arg-type]
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".sk-proof")).to_contain_text("照片已收到")
    page.close()


def judged(agent: Somebody, case: str) -> None:
    """S2.3: each picture is looked at and found good."""
    page = agent.page.context.new_page()
    page.goto(case)
    for shot in page.locator(".sk-pictures li").all():
        shot.get_by_role("button", name="有效", exact=True).click()
        expect(shot.locator(".sk-chip.tone-green")).to_have_count(1)
    page.close()


def offered(agent: Somebody, shopper: Somebody, case: str) -> None:
    """S2.3: what the policy owes is half of what was paid; the shopper agrees in the chat."""
    page = agent.page.context.new_page()
    page.goto(case)
    expect(page.locator("main")).to_contain_text(HALF)
    page.locator("#field-solution").select_option(label="仅退款")
    page.get_by_role("button", name="给出方案").click()
    expect(page.get_by_role("button", name="买家接受", exact=True)).to_be_visible()
    says(agent, f"给您退一把壶的钱 {HALF} 元，您看可以吗？")
    expect(shopper.page.locator(".w-line.is-agent").last).to_contain_text(HALF, timeout=PATIENCE_MS)
    shopper.page.get_by_role("textbox").fill("可以，谢谢")
    shopper.page.keyboard.press("Enter")
    expect(agent.page.locator(".sk-said.is-customer").last).to_contain_text("可以，谢谢", timeout=PATIENCE_MS)
    page.get_by_role("button", name="买家接受", exact=True).click()
    expect(page.locator(REFUND)).to_contain_text("待审批")
    page.close()


def agreed(second: Somebody, case: str) -> None:
    """S2.3: above an agent's limit, so a supervisor looks at it and agrees."""
    page = second.go(case)
    page.locator(f"{REFUND} a").click()
    page.get_by_role("button", name="批准退款", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=f"批准 ¥{HALF}").click()
    expect(page.locator("main")).not_to_contain_text("待审批")
