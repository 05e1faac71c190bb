"""What a platform says of refunds converges, opens cases, and is booked once however often it is heard."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.intake.models import Order, OrderLine
from shopkeeper.flows.fulfilment.settlement.models import Refund as BookedRefund
from shopkeeper.flows.service.aftersale.commands.end_refunded_orders import EndRefundedOrder, end_refunded_orders
from shopkeeper.flows.service.aftersale.commands.pay_refunds import ConfirmRefund, confirm_refunds
from shopkeeper.flows.service.aftersale.commands.take_in_refunds import TakeInRefund, take_in_refunds
from shopkeeper.flows.service.aftersale.commands.watch_refunds import WatchRefund, watch_refunds
from shopkeeper.flows.service.aftersale.models import (
    AfterSaleCase,
    LineBalance,
    PlatformRefund,
    RefundLine,
    ReturnParcel,
)
from shopkeeper.flows.service.aftersale.states import PlatformRefundState, Reason, Shot, Solution
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.foundation.personal import open_json
from tests import factories as make
from tests.flows.service.aftersale import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def told(order: Order, standing: str = "asked", **fields: Any) -> TakeInRefund:
    line = stage.lines_of(order)[0]
    given: dict[str, Any] = {
        "order_id": order.pk,
        "refund_no": "900000000001",
        "platform_line_no": line.platform_line_no,
        "standing": PlatformRefundState(standing),
        "asked_minor": 10_000,
        "version": "1",
        "phase": "onsale",
        "wants_return": True,
        "created_at": make.NOON,
        "modified_at": make.NOON,
        "words": "质量问题 袖口开线",
        **fields,
    }
    return TakeInRefund(**given)


def booked() -> list[tuple[str, int]]:
    return sorted(BookedRefund.objects.values_list("reference", "refund_minor"))


def test_a_refund_asked_for_on_the_platform_opens_a_case_with_the_reason_read_from_the_words() -> None:
    order = stage.signed_order()
    assert take_in_refunds.one(SYSTEM, told(order)).changed
    case = AfterSaleCase.objects.get()
    assert (case.reason, case.reason_words, case.state) == ("quality", ["质量", "开线"], "opened")
    kept = PlatformRefund.objects.get()
    assert case.platform_refund == kept
    assert "开线".encode() not in bytes(kept.words_sealed)
    assert "开线" in open_json(kept.subject_id, bytes(kept.words_sealed))["words"]
    assert take_in_refunds.one(SYSTEM, told(order)).code == "unchanged"
    assert AfterSaleCase.objects.count() == 1


def test_a_case_the_agent_opened_takes_the_platforms_refund() -> None:
    order = stage.signed_order()
    case = stage.opened(order, Reason.DAMAGED)
    take_in_refunds.one(SYSTEM, told(order))
    case.refresh_from_db()
    assert AfterSaleCase.objects.count() == 1
    assert case.platform_refund_id == PlatformRefund.objects.get().pk


def test_versions_converge_whatever_their_order_of_arrival() -> None:
    order = stage.signed_order()
    later = make.NOON + timedelta(minutes=5)
    newer = told(order, "return_awaited", modified_at=later, version="2")
    take_in_refunds(SYSTEM, [newer, told(order)])
    assert take_in_refunds.one(SYSTEM, told(order, "refused", modified_at=make.NOON)).code == "unchanged"
    assert PlatformRefund.objects.get().state == "return_awaited"
    paid = told(order, "paid", modified_at=later, version="3")
    assert take_in_refunds.one(SYSTEM, paid).changed  # the same second, and further on
    assert take_in_refunds.one(SYSTEM, told(order, "closed", modified_at=later + timedelta(1))).code == "unchanged"
    assert PlatformRefund.objects.get().state == "paid"


def test_money_that_went_back_without_us_is_booked_once_as_it_really_was_and_the_case_ends() -> None:
    order = stage.signed_order()
    take_in_refunds.one(SYSTEM, told(order, asked_minor=3_000))
    paid = told(order, "paid", asked_minor=3_000, modified_at=make.NOON + timedelta(minutes=1))
    assert take_in_refunds.one(SYSTEM, paid).changed
    assert take_in_refunds.one(SYSTEM, paid).code == "unchanged"
    assert booked() == [("refund:900000000001", 3_000)]
    case = AfterSaleCase.objects.get()
    assert (case.state, case.end_reason) == ("closed", "paid_by_platform")
    assert LineBalance.objects.get().given_minor == 3_000


def test_our_own_refund_is_paid_by_the_platforms_word_and_settles_the_case() -> None:
    order = stage.signed_order()
    take_in_refunds.one(SYSTEM, told(order, words="破损"))
    case = stage.proven(AfterSaleCase.objects.get(), Shot.FAULT, Shot.PACKAGE)
    stage.accepted(case, Solution.REFUND_ONLY)
    refund = stage.refund_of(case)
    assert refund.platform_refund_id == case.platform_refund_id
    take_in_refunds.one(SYSTEM, told(order, "paid", modified_at=make.NOON + timedelta(minutes=1)))
    case.refresh_from_db()
    refund.refresh_from_db()
    assert (case.state, refund.state, refund.paid_evidence) == ("settled", "paid", "platform 900000000001")
    assert booked() == [("refund:900000000001", 10_000)]


def test_a_refund_of_ours_that_waited_is_told_once_the_buyer_has_asked() -> None:
    order = stage.signed_order()
    case = stage.proven(stage.opened(order, Reason.DAMAGED), Shot.FAULT, Shot.PACKAGE)
    stage.accepted(case, Solution.REFUND_ONLY)
    ErrandEntry.objects.all().delete()
    take_in_refunds.one(SYSTEM, told(order))
    refund = stage.refund_of(case)
    assert refund.platform_refund_id == PlatformRefund.objects.get().pk
    assert ErrandEntry.objects.get(kind="pay_refund").subject_id == refund.pk


def test_what_was_paid_by_hand_is_not_booked_again_when_the_platform_tells_of_it() -> None:
    order = stage.signed_order()
    case = stage.proven(stage.opened(order, Reason.DAMAGED), Shot.FAULT, Shot.PACKAGE)
    stage.accepted(case, Solution.REFUND_ONLY)
    refund = stage.refund_of(case)
    assert confirm_refunds.one(SYSTEM, ConfirmRefund(refund.pk, "千牛里已同意")).changed
    take_in_refunds.one(SYSTEM, told(order, "paid"))
    assert booked() == [(f"aftersale:{refund.pk}", 10_000)]


def test_another_amount_than_ours_is_what_the_lines_gave() -> None:
    order = stage.signed_order()
    take_in_refunds.one(SYSTEM, told(order, words="破损"))
    case = stage.proven(AfterSaleCase.objects.get(), Shot.FAULT, Shot.PACKAGE)
    stage.accepted(case, Solution.REFUND_ONLY, refund_minor=8_000)
    take_in_refunds.one(SYSTEM, told(order, "paid", asked_minor=9_500, modified_at=make.NOON + timedelta(minutes=1)))
    assert stage.refund_of(case).amount_minor == 9_500
    assert RefundLine.objects.get().amount_minor == 9_500
    assert LineBalance.objects.get().given_minor == 9_500
    assert booked() == [("refund:900000000001", 9_500)]


def test_the_buyer_withdraws_and_nothing_is_paid() -> None:
    order = stage.signed_order()
    take_in_refunds.one(SYSTEM, told(order, words="破损"))
    case = stage.proven(AfterSaleCase.objects.get(), Shot.FAULT, Shot.PACKAGE)
    stage.accepted(case, Solution.REFUND_ONLY)
    take_in_refunds.one(SYSTEM, told(order, "closed", modified_at=make.NOON + timedelta(minutes=1)))
    case.refresh_from_db()
    assert (case.state, case.end_reason) == ("closed", "withdrawn")
    assert stage.refund_of(case).state == "cancelled"
    assert LineBalance.objects.get().given_minor == 0
    assert booked() == []


def test_the_parcels_number_told_on_the_platform_is_noted() -> None:
    order = stage.signed_order()
    take_in_refunds.one(SYSTEM, told(order, words="不想要了"))
    case = stage.proven(AfterSaleCase.objects.get(), Shot.TAGS)
    stage.accepted(case)
    assert ErrandEntry.objects.filter(kind="agree_return").exists()
    sent = told(order, "return_sent", modified_at=make.NOON + timedelta(minutes=1), return_number="YT1234567890123")
    take_in_refunds.one(SYSTEM, sent)
    assert ReturnParcel.objects.get(case=case).number == "YT1234567890123"


def test_what_makes_no_sense_is_refused() -> None:
    assert take_in_refunds.one(SYSTEM, told(stage.signed_order(), asked_minor=-1)).code == "amount_unreadable"


def test_only_orders_that_speak_of_a_refund_are_read() -> None:
    quiet, loud = stage.signed_order(), stage.signed_order()
    Order.objects.filter(id=loud.pk).update(refund_state="requested")
    outcomes = watch_refunds(SYSTEM, [WatchRefund(quiet.pk), WatchRefund(loud.pk)])
    assert [outcome.changed for outcome in outcomes] == [False, True]
    assert ErrandEntry.objects.get(kind="read_refunds").subject_id == loud.pk


def test_an_order_refunded_in_full_whose_goods_are_back_is_at_its_end() -> None:
    case = stage.graded()
    refund = stage.refund_of(case)
    confirm_refunds.one(SYSTEM, ConfirmRefund(refund.pk, "已退"))
    assert end_refunded_orders.one(SYSTEM, EndRefundedOrder(case.order_id)).code == "unchanged"
    OrderLine.objects.filter(order_id=case.order_id).update(refund_state="refunded")
    Order.objects.filter(id=case.order_id).update(refund_state="refunded")
    assert end_refunded_orders.one(SYSTEM, EndRefundedOrder(case.order_id)).changed
    assert Order.objects.get(id=case.order_id).state == "returned"
    assert end_refunded_orders.one(SYSTEM, EndRefundedOrder(case.order_id)).code == "unchanged"


def test_a_batch_with_one_order_twice_writes_the_newest() -> None:
    order = stage.signed_order()
    newer = told(order, "refused", modified_at=make.NOON + timedelta(minutes=1))
    codes = [outcome.code for outcome in take_in_refunds(SYSTEM, [told(order), newer, replace(newer)])]
    assert codes == ["unchanged", "done", "unchanged"]
