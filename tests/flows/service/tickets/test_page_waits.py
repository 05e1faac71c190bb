"""S2.2: a record says whom it waits for and what is to be done; the work list says what only the buyer can do."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.answer_changes import AnswerChange, answer_changes
from shopkeeper.flows.service.tickets.commands.answer_interceptions import AnswerInterception, answer_interceptions
from shopkeeper.flows.service.tickets.commands.request_changes import RequestChange, request_changes
from shopkeeper.flows.service.tickets.commands.request_interceptions import (
    RequestInterception,
    request_interceptions,
)
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.fulfilment.parcels import making
from tests.flows.service.tickets.stage import NOON, make_ticket
from tests.flows.service.tickets.test_pages import signed_in, text_of

pytestmark = pytest.mark.clause("S2.2")


@pytest.fixture(autouse=True)
def clock(db: None, settings: Any) -> Iterator[None]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(NOON)
    yield


def test_an_interception_says_whom_it_waits_for_and_shows_both_numbers() -> None:
    client, _ = signed_in()
    parcel = making.sent_parcel()
    ticket = make_ticket(parcel.shop, "帮我拦截", order_id=parcel.order_id)
    item = RequestInterception(parcel.pk, "return", "changed_mind", ticket_id=ticket.pk)
    asked = request_interceptions.one(SYSTEM, item)
    page = text_of(client, "tickets-interception", asked.id or 0)
    assert "等快递答复" in page
    assert f"CK{parcel.pk:010d}" in page and parcel.number in page
    assert ticket.number in page
    assert reverse("intake-order", args=[parcel.order_id]) in page
    assert answer_interceptions.one(SYSTEM, AnswerInterception(asked.id or 0, True)).changed
    page = text_of(client, "tickets-interception", asked.id or 0)
    assert "等快递把包裹送回仓库，这里不用操作" in page
    assert "上报异常" in page
    duty = Deadline.objects.get(kind="interception_end", subject_id=asked.id)
    assert NOON < (duty.opens_at or NOON) < duty.due_at
    assert "物流到了自动完成" in client.get("/?flow=").content.decode()


def waiting_cancellation() -> int:
    order = make.make_order(make.make_shop(), make.received_line())
    outcome = request_changes.one(SYSTEM, RequestChange(order, "cancel", "changed_mind"))
    assert outcome.changed, outcome
    return outcome.id or 0


def test_a_cancellation_that_waits_for_the_buyer_says_so_on_its_page_and_on_the_work_list() -> None:
    client, _ = signed_in()
    change = waiting_cancellation()
    assert "等买家" not in text_of(client, "tickets-change", change)
    answer_changes.one(SYSTEM, AnswerChange(change, "by_hand", "buyer_must_apply"))
    assert "等买家在平台申请退款，现在不用操作" in text_of(client, "tickets-change", change)
    page = client.get("/?flow=").content.decode()
    assert "等买家申请退款" in page and "等买家或平台，之后自动办完 · 可办时间" in page
    duty = Deadline.objects.get(kind="order_change", subject_id=change)
    assert NOON < (duty.opens_at or NOON) < duty.due_at  # by then somebody asks the buyer again, or withdraws it
    answer_changes.one(SYSTEM, AnswerChange(change, "by_hand", "no_platform"))
    assert Deadline.objects.get(kind="order_change", subject_id=change).opens_at is None


def test_the_example_of_evidence_is_that_of_the_change() -> None:
    client, _ = signed_in()
    change = waiting_cancellation()
    answer_changes.one(SYSTEM, AnswerChange(change, "by_hand", "no_platform"))
    for page in (text_of(client, "tickets-change", change), text_of(client, "tickets-change-confirm", change)):
        assert "新地址" not in page
        assert "交易关闭" in page


@pytest.mark.clause("S2.1")
def test_who_cannot_add_a_canned_reply_is_told_who_can() -> None:
    client, _ = signed_in()
    assert "快捷回复由运营主管添加和修改" in text_of(client, "tickets-replies")
    boss, _ = signed_in(Role.OPERATIONS_SUPERVISOR)
    assert "快捷回复由运营主管添加和修改" not in text_of(boss, "tickets-replies")
