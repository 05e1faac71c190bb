"""S2.2: the pages of a change say what happens next, ask before they end something, and name who did."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from shopkeeper.config import plugs  # noqa: F401 (which platforms take changes)
from shopkeeper.flows.service.tickets.commands.answer_changes import (
    AnswerChange,
    WithdrawChange,
    answer_changes,
    withdraw_changes,
)
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.models import OrderChange, Ticket
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from tests import factories as make
from tests.flows.fulfilment.settlement.stage import signed_order
from tests.flows.service.tickets.commands.test_changes import WISH
from tests.flows.service.tickets.stage import NOON, make_ticket
from tests.flows.service.tickets.test_pages import agent_signed_in, post, text_of

pytestmark = pytest.mark.clause("S2.2")


@pytest.fixture(autouse=True)
def clock(db: None, settings: Any) -> Iterator[None]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(NOON)
    yield


def by_hand(shop: Shop) -> OrderChange:
    order_id = make.make_order(shop, make.received_line())
    outcome = request_changes.one(SYSTEM, RequestChange(order_id, "address", "other", receiver=WISH))
    answer_changes.one(SYSTEM, AnswerChange(outcome.id or 0, "by_hand", "no_platform"))
    return OrderChange.objects.get(pk=outcome.id)


def test_a_platform_without_an_interface_is_named_as_a_persons_work() -> None:
    shop = make.make_shop(platform="pinduoduo")
    client, _ = agent_signed_in()
    change = by_hand(shop)
    page = text_of(client, "tickets-change", change.pk)
    assert "这个平台没有改单接口" in page and "06-01 14:00" in page and "平台不给改" in page
    order_id = make.make_order(shop, make.received_line())
    form = text_of(client, "tickets-change-order", order_id)
    assert "由客服在平台后台手工办理" in form and "系统随即通知平台" not in form
    with_door = make.make_order(make.make_shop(), make.received_line())
    assert "系统随即通知平台" in text_of(client, "tickets-change-order", with_door)


def test_said_to_be_made_the_page_says_when_it_is_read_and_what_if_not() -> None:
    client, person = agent_signed_in()
    change = by_hand(make.make_shop(platform="pinduoduo"))
    post(client, "tickets-change-confirm", change.pk, evidence="后台可见")
    page = text_of(client, "tickets-change", change.pk)
    assert "每 5 分钟读一次" in page and "最晚 06-01 14:00" in page and "平台没改成…" in page
    post(client, "tickets-change-withdraw", change.pk)
    change.refresh_from_db()
    assert change.state == "acknowledged"  # nothing without a reason
    post(client, "tickets-change-withdraw", change.pk, reason="后台还是旧地址")
    page = text_of(client, "tickets-change", change.pk)
    assert "订单仍扣住，等订单专员决定" in page and "照原样继续" not in page
    assert "后台还是旧地址" in page and person.name in page
    change.refresh_from_db()
    assert change.state == "refused"


def test_the_platform_refuses_by_a_persons_word() -> None:
    client, _ = agent_signed_in()
    change = by_hand(make.make_shop(platform="pinduoduo"))
    post(client, "tickets-change-confirm", change.pk, evidence="平台客服说已打单", is_refused="1")
    change.refresh_from_db()
    assert (change.state, change.evidence) == ("refused", "平台客服说已打单")


def test_the_form_warns_of_the_one_under_way_and_another_wish_is_refused() -> None:
    client, _ = agent_signed_in()
    change = by_hand(make.make_shop())
    form = text_of(client, "tickets-change-order", change.order_id)
    assert "已有一项改单在办理" in form and reverse("tickets-change", args=[change.pk]) in form
    answer = post(client, "tickets-change-order", change.order_id, kind="cancel", reason="changed_mind")
    assert answer.status_code == 422 and "新的没有提交" in answer.content.decode()


def test_an_address_ticket_without_a_change_warns_before_it_is_resolved() -> None:
    shop = make.make_shop()
    client, _ = agent_signed_in()
    order_id = make.make_order(shop, make.received_line())
    ticket = make_ticket(shop, "地址写错了，能改地址吗", order_id=order_id)
    assert ticket.kind == "address_change"
    post(client, "tickets-take", ticket.pk)
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert "还没有提交过改单" in page and f"{reverse('tickets-change-order', args=[order_id])}?kind=address" in page
    request_changes.one(SYSTEM, RequestChange(order_id, "address", "other", ticket_id=ticket.pk, receiver=WISH))
    assert "还没有提交过改单" not in text_of(client, "tickets-ticket", ticket.pk)


def mistake_at(page: str, field: str) -> str:
    """What stands at a field of a form; empty where it is not marked."""
    found = re.search(rf'id="[^"]*{field}-error">(.*?)</div>', page, re.DOTALL)
    return found[1] if found else ""


def test_a_bad_phone_is_refused_at_its_field_in_its_own_words() -> None:
    client, _ = agent_signed_in()
    order_id = make.make_order(make.make_shop(), make.received_line())
    fields = {"kind": "address", "reason": "other", "province": "浙江省", "city": "杭州市", "district": "西湖区"}
    fields |= dict.fromkeys(("name", "phone", "address"), "")
    page = post(client, "tickets-change-order", order_id, **{**fields, "phone": "1381234"})
    assert page.status_code == 422 and not OrderChange.objects.exists()
    body = page.content.decode()
    assert "电话不对" in mistake_at(body, "phone") and "请写明新的收件人" not in body
    moved = {**fields, "province": "江苏省", "city": "南京市", "district": ""}
    body = post(client, "tickets-change-order", order_id, **{**moved, "name": "李雷"}).content.decode()
    assert "请填写" in mistake_at(body, "address") and not mistake_at(body, "phone")
    body = post(client, "tickets-change-order", order_id, **{**moved, "address": "中山北路1号2栋"}).content.decode()
    assert "请填写区县" in mistake_at(body, "district")
    body = post(client, "tickets-change-order", order_id, **fields).content.decode()
    assert "请写明新的收件人" in body and not mistake_at(body, "name")


def test_the_forms_button_is_off_where_it_could_only_be_refused() -> None:
    client, _ = agent_signed_in()
    change = by_hand(make.make_shop())
    for order_id in (change.order_id, signed_order(make.make_shop())):
        form = text_of(client, "tickets-change-order", order_id)
        button = form[form.index("data-primary") :]
        assert button.startswith("data-primary disabled"), button[:80]
    fresh = text_of(client, "tickets-change-order", make.make_order(make.make_shop(), make.received_line()))
    assert "data-primary disabled" not in fresh and "提交后订单立即扣住" in fresh


def test_an_address_ticket_whose_order_is_being_cancelled_says_so_and_offers_no_change() -> None:
    shop = make.make_shop()
    client, _ = agent_signed_in()
    order_id = make.make_order(shop, make.received_line())
    ticket = make_ticket(shop, "地址写错了，能改地址吗", order_id=order_id)
    post(client, "tickets-take", ticket.pk)
    change = request_changes.one(SYSTEM, RequestChange(order_id, "cancel", "changed_mind"))
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert "还没有提交过改单" not in page and "另有一项改单在办理" in page
    assert reverse("tickets-change", args=[change.id]) in page and ">提交改单" not in page
    withdraw_changes.one(SYSTEM, WithdrawChange(change.id or 0))
    assert "还没有提交过改单" in text_of(client, "tickets-ticket", ticket.pk)


def test_reopening_is_in_the_history_with_its_reason() -> None:
    client, person = agent_signed_in()
    ticket = make_ticket(make.make_shop())
    post(client, "tickets-take", ticket.pk)
    post(client, "tickets-replied", ticket.pk)
    post(client, "tickets-resolve", ticket.pk, resolution="answered")
    post(client, "tickets-reopen", ticket.pk, reason="客户说没解决")
    page = text_of(client, "tickets-ticket", ticket.pk)
    assert "重新打开" in page and "客户说没解决" in page and person.name in page
    assert Ticket.objects.get().state != "resolved"


def test_a_new_ticket_from_an_order_knows_its_shop() -> None:
    make.make_shop()
    shop = make.make_shop()
    client, _ = agent_signed_in()
    order_id = make.make_order(shop, make.received_line())
    page = text_of(client, "tickets-new", query=f"?order=JY{order_id:010d}")
    assert f'<option value="{shop.pk}" selected' in page
