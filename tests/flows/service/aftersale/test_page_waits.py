"""S2.3: what waits for the buyer or the platform stands apart, says for whom, and comes back; what a page offers can
be done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.products.stock.commands.receive_stock import ReceiveStock, receive_stock
from shopkeeper.flows.service.aftersale.commands.ask_evidence import AskEvidence, ask_evidence
from shopkeeper.flows.service.aftersale.commands.end_aftersale import RefuseAfterSale, refuse_aftersale
from shopkeeper.flows.service.aftersale.commands.pay_refunds import (
    RefundAnswer,
    RetryRefund,
    record_refund_answers,
    retry_refunds,
)
from shopkeeper.flows.service.aftersale.states import Reason, Shot
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.service.aftersale import stage
from tests.flows.service.aftersale.test_pages import agent, page_of, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def duty(kind: str, subject_id: int) -> Deadline:
    return Deadline.objects.get(kind=kind, subject_id=subject_id)


def test_a_case_that_waits_for_pictures_stands_apart_until_they_come_and_is_due_as_before() -> None:
    case = stage.opened(reason=Reason.QUALITY)
    due_at = duty("aftersale_offer", case.pk).due_at
    assert ask_evidence.one(SYSTEM, AskEvidence(case.pk)).changed
    waiting = duty("aftersale_offer", case.pk)
    assert waiting.due_at == due_at
    assert waiting.opens_at == make.NOON + (due_at - make.NOON) * 0.75
    page = agent().get("/?flow=").content.decode()
    assert "还没到时候" in page and "等买家交来照片 · 可办时间" in page
    stage.proven(case, Shot.FAULT)
    assert (duty("aftersale_offer", case.pk).opens_at, duty("aftersale_offer", case.pk).due_at) == (None, due_at)


def test_an_overdue_case_stays_late_and_waits_as_long_as_the_buyers_link(monkeypatch: pytest.MonkeyPatch) -> None:
    case = stage.opened(reason=Reason.QUALITY)
    due_at = duty("aftersale_offer", case.pk).due_at
    stage.at(monkeypatch, late := make.NOON + timedelta(days=3))
    assert ask_evidence.one(SYSTEM, AskEvidence(case.pk)).changed
    waiting = duty("aftersale_offer", case.pk)
    assert (waiting.due_at, waiting.opens_at) == (due_at, late + timedelta(hours=48))
    page = agent().get("/?flow=").content.decode()
    assert "等买家交来照片" in page and "已超时" not in page
    stage.proven(case, Shot.FAULT)
    assert "已超时" in agent().get("/?flow=").content.decode()


def test_a_refund_through_the_platform_waits_apart_and_comes_back_when_it_fails() -> None:
    case = stage.graded()
    refund = stage.refund_of(case)
    pay = duty("aftersale_pay", refund.pk)
    assert pay.opens_at is not None and business_time.now() < pay.opens_at < pay.due_at
    record_refund_answers.one(SYSTEM, RefundAnswer(refund.pk, "failed", "amount_differs"))
    assert duty("aftersale_pay", refund.pk).opens_at is None
    assert retry_refunds.one(SYSTEM, RetryRefund(refund.pk)).changed
    assert duty("aftersale_pay", refund.pk).opens_at == pay.opens_at


def test_the_case_says_that_its_refund_waits_for_the_buyer_and_who_tells_them() -> None:
    case = stage.graded()
    refund = stage.refund_of(case)
    record_refund_answers.one(SYSTEM, RefundAnswer(refund.pk, "waiting", "buyer_must_ask"))
    for page in (
        page_of(agent(), "aftersale-case", case.pk),
        page_of(agent(), "aftersale-refund", refund.pk),
    ):
        assert "由处理售后单的客服在会话里或打电话请买家到平台订单页申请" in page
        assert "最晚" in page
    assert reverse("aftersale-refund", args=[refund.pk]) in page_of(agent(), "aftersale-case", case.pk)


def test_what_the_policy_does_not_owe_is_refused_first_and_asks_for_no_pictures() -> None:
    order = stage.signed_order()
    Order.objects.filter(pk=order.pk).update(signed_at=make.NOON - timedelta(days=30))
    case = stage.opened(order)
    page = page_of(agent(), "aftersale-case", case.pk)
    assert "政策不支持" in page
    head = page[page.index("sk-record-head") : page.index("政策怎么说")]
    assert "拒绝申请" in head and head.index("拒绝申请") < head.index("买家撤销")
    assert "请买家举证" not in page and "还缺" not in page
    assert refuse_aftersale.one(SYSTEM, RefuseAfterSale(case.pk, "超过七天")).changed
    assert "举证链接" not in page_of(agent(), "aftersale-case", case.pk)


def test_the_buyers_answer_is_entered_at_one_place() -> None:
    page = page_of(agent(), "aftersale-case", stage.offered().pk)
    assert page.count('value="accepted"') == 1 and "买家接受方案" not in page


def test_good_pieces_are_put_where_such_goods_lie_and_the_place_is_shown_afterwards() -> None:
    parcel = stage.received()
    make.make_bin(parcel.warehouse, "A-01-01")
    make.make_bin(parcel.warehouse, "B-02-02")
    sku_id = stage.lines_of(parcel.case.order)[0].sku_id or 0  # type: ignore[union-attr]
    item = ReceiveStock(sku_id, parcel.warehouse_id, "B-02-02", "L-9", 4_000)
    assert receive_stock.one(SYSTEM, item).changed
    keeper = signed_in(Role.WAREHOUSE)
    page = page_of(keeper, "aftersale-return", parcel.pk)
    assert "B-02-02（现有 4000 件）" in page
    assert page.index('value="B-02-02"') < page.index('value="A-01-01"')
    stage.graded(parcel)
    page = page_of(keeper, "aftersale-return", parcel.pk)
    assert "<b>A-01-01</b>" in page
