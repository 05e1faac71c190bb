"""Money going back: limits, the second person, never above what was paid, booked once, clicked twice."""

import json
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.flows.fulfilment.settlement.models import Refund as BookedRefund
from shopkeeper.flows.service.aftersale.commands.answer_offer import AnswerOffer, answer_offer
from shopkeeper.flows.service.aftersale.commands.approve_refunds import (
    ApproveRefund,
    RejectRefund,
    approve_refunds,
    reject_refunds,
)
from shopkeeper.flows.service.aftersale.commands.end_aftersale import CloseAfterSale, close_aftersale
from shopkeeper.flows.service.aftersale.commands.pay_refunds import (
    ConfirmRefund,
    RefundAnswer,
    RetryRefund,
    confirm_refunds,
    record_refund_answers,
    retry_refunds,
)
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, LineBalance, Refund, RefundLine
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.states import PayWay, Reason, Shot, Solution
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ApiToken, ErrandEntry
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.service.aftersale import stage

pytestmark = pytest.mark.clause("S2.3")
database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def damaged(price: int = 5_000, **offer: object) -> AfterSaleCase:
    """A damaged delivery whose refund without return the buyer has accepted."""
    shop = make.make_shop()
    sku = make.make_sku(price_minor=price)
    make.stock_up(sku, shop.default_warehouse, 100)  # type: ignore[arg-type]
    order = stage.signed_order(shop, make.received_line(sku, 2))
    case = stage.proven(stage.opened(order, Reason.DAMAGED), Shot.FAULT, Shot.PACKAGE)
    actor = offer.pop("actor", SYSTEM)
    return stage.accepted(case, Solution.REFUND_ONLY, actor, **offer)  # type: ignore[arg-type]


def waiting(case: AfterSaleCase) -> Refund:
    refund = stage.refund_of(case)
    assert refund.state == "proposed", refund.state
    return refund


@database
def test_within_the_limit_it_is_approved_by_itself_and_told_to_the_platform() -> None:
    case = damaged()
    refund = stage.refund_of(case)
    assert (refund.state, refund.amount_minor, refund.approved_by) == ("approved", 10_000, 0)
    assert ErrandEntry.objects.get(kind="pay_refund").subject_id == refund.pk
    line = stage.lines_of(case.order)[0]
    balance = LineBalance.objects.get(order_line_id=line.pk)
    assert (balance.given_quantity, balance.given_minor, balance.paid_minor) == (2, 10_000, 10_000)


@database
def test_above_the_limit_a_second_person_agrees_and_never_who_offered_it() -> None:
    offering = stage.agent(Permission.REFUND_APPROVE)
    case = damaged(price=20_000, actor=offering)
    refund = waiting(case)
    assert Deadline.objects.filter(kind="aftersale_approve", subject_id=refund.pk).exists()
    assert not ErrandEntry.objects.filter(kind="pay_refund").exists()
    item = ApproveRefund(refund.pk, 40_000)
    assert approve_refunds.one(offering, item).code == "own_refund"
    second = make.actor_with(Permission.REFUND_APPROVE)
    assert approve_refunds.one(second, ApproveRefund(refund.pk, 39_999)).code == "amount_changed"
    assert approve_refunds.one(second, item).changed
    assert approve_refunds.one(second, item).code == "unchanged"
    refund.refresh_from_db()
    assert (refund.state, refund.approved_by) == ("approved", second.id)
    assert ErrandEntry.objects.filter(kind="pay_refund", subject_id=refund.pk).count() == 1


@database
def test_a_rejected_refund_gives_the_pieces_back_and_owes_another_solution() -> None:
    case = damaged(price=20_000)
    refund = waiting(case)
    second = make.actor_with(Permission.REFUND_APPROVE)
    assert reject_refunds.one(second, RejectRefund(refund.pk, " ")).code == "reason_needed"
    assert reject_refunds.one(second, RejectRefund(refund.pk, "先要照片")).changed
    assert reject_refunds.one(second, RejectRefund(refund.pk, "先要照片")).code == "unchanged"
    assert approve_refunds.one(second, ApproveRefund(refund.pk, 40_000)).code == "refund_not_waiting"
    case.refresh_from_db()
    assert case.state == "opened"
    balance = LineBalance.objects.get(order_id=case.order_id)
    assert (balance.given_quantity, balance.given_minor) == (0, 0)
    stage.accepted(case, Solution.REFUND_ONLY)
    assert waiting(case).amount_minor == 40_000


@database
def test_outside_the_policy_every_amount_needs_the_second_person() -> None:
    supervisor = stage.agent(Permission.OUTSIDE_POLICY)
    case = stage.accepted(stage.opened(), Solution.REFUND_ONLY, supervisor, refund_minor=100, why="老客户")
    assert waiting(case).amount_minor == 100


@database
def test_two_cases_of_one_line_cannot_both_have_its_money() -> None:
    order = stage.signed_order()
    first = stage.proven(stage.opened(order, Reason.DAMAGED), Shot.FAULT, Shot.PACKAGE)
    second = stage.proven(stage.opened(order, Reason.WRONG_OR_MISSING), Shot.WHOLE, Shot.PACKAGE)
    stage.offered(first, Solution.REFUND_ONLY)
    stage.offered(second, Solution.REFUND_ONLY)
    assert answer_offer.one(SYSTEM, AnswerOffer(first.pk, 1, "accepted")).changed
    assert answer_offer.one(SYSTEM, AnswerOffer(second.pk, 1, "accepted")).code == "refund_above_paid"
    assert Refund.objects.count() == 1


@database
def test_the_database_itself_refuses_more_than_was_paid() -> None:
    case = damaged()
    with pytest.raises(IntegrityError, match="refund_never_above_paid"), transaction.atomic():
        LineBalance.objects.filter(order_id=case.order_id).update(given_minor=10_001)
    with pytest.raises(IntegrityError, match="refund_never_more_pieces"), transaction.atomic():
        LineBalance.objects.filter(order_id=case.order_id).update(given_quantity=3)


@database
def test_part_of_the_pieces_first_the_rest_later_is_what_was_paid() -> None:
    shop = make.make_shop()
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 100)  # type: ignore[arg-type]
    order = stage.signed_order(shop, make.received_line(sku, 3, price_minor=3_334, paid_minor=10_000, discount_minor=2))
    line = stage.lines_of(order)[0]
    first = stage.opened(order, Reason.DAMAGED, pieces={line.pk: 1})
    stage.accepted(stage.proven(first, Shot.FAULT, Shot.PACKAGE), Solution.REFUND_ONLY)
    second = stage.opened(order, Reason.WRONG_OR_MISSING, pieces={line.pk: 2})
    stage.accepted(stage.proven(second, Shot.WHOLE, Shot.PACKAGE), Solution.REFUND_ONLY)
    amounts = list(RefundLine.objects.order_by("id").values_list("amount_minor", flat=True))
    assert amounts == [3_334, 6_666]


@database
def test_a_coupon_is_given_at_once_and_the_case_is_settled() -> None:
    order = stage.signed_order()
    case = stage.proven(stage.opened(order, Reason.QUALITY), Shot.WHOLE, Shot.FAULT)
    offer = {"compensation_minor": 500, "pay_way": PayWay.COUPON, "coupon_code": "SORRY5"}
    stage.accepted(case, Solution.COMPENSATION, **offer)
    case.refresh_from_db()
    assert case.state == "settled"
    refund = stage.refund_of(case)
    assert (refund.state, refund.way, refund.is_compensation) == ("paid", "coupon", True)
    assert not BookedRefund.objects.exists()  # a coupon is no money of this order's


@database
def test_by_hand_waits_for_its_evidence_and_is_booked_once() -> None:
    case = damaged()
    refund = stage.refund_of(case)
    payer = make.actor_with(Permission.REFUND_PAY)
    assert confirm_refunds.one(payer, ConfirmRefund(refund.pk, "支付宝 2026060112345")).changed
    assert confirm_refunds.one(payer, ConfirmRefund(refund.pk, "支付宝 2026060112345")).code == "unchanged"
    case.refresh_from_db()
    assert case.state == "settled"
    assert [(b.reference, b.refund_minor) for b in BookedRefund.objects.all()] == [(f"aftersale:{refund.pk}", 10_000)]
    assert stage.closed(refund.pk, "aftersale_pay") == [("done", False)]


@database
def test_a_compensation_above_its_limit_waits_for_approval_and_is_confirmed_by_hand() -> None:
    case = stage.proven(stage.opened(reason=Reason.QUALITY), Shot.WHOLE, Shot.FAULT)
    stage.accepted(case, Solution.COMPENSATION, compensation_minor=2_001)
    refund = waiting(case)
    payer = make.actor_with(Permission.REFUND_PAY, Permission.REFUND_APPROVE)
    assert confirm_refunds.one(payer, ConfirmRefund(refund.pk, "转账记录")).code == "refund_not_approved"
    assert retry_refunds.one(payer, RetryRefund(refund.pk)).code == "refund_not_approved"
    assert approve_refunds.one(payer, ApproveRefund(refund.pk, 2_001)).changed
    assert retry_refunds.one(payer, RetryRefund(refund.pk)).code == "not_through_platform"
    assert confirm_refunds.one(payer, ConfirmRefund(refund.pk, "转账记录")).changed


@database
def test_the_limit_is_not_passed_in_small_parts_over_several_cases_of_an_order() -> None:
    order = stage.signed_order()
    first = stage.proven(stage.opened(order, Reason.QUALITY), Shot.WHOLE, Shot.FAULT)
    stage.accepted(first, Solution.COMPENSATION, compensation_minor=1_500)
    assert stage.refund_of(first).approved_by == 0
    second = stage.proven(stage.opened(order, Reason.DAMAGED), Shot.FAULT, Shot.PACKAGE)
    stage.accepted(second, Solution.COMPENSATION, compensation_minor=501)
    assert waiting(second).approved_by is None
    other = stage.proven(stage.opened(reason=Reason.QUALITY), Shot.WHOLE, Shot.FAULT)
    stage.accepted(other, Solution.COMPENSATION, compensation_minor=501)
    assert stage.refund_of(other).approved_by == 0


@database
def test_two_cases_of_an_order_accepted_at_once_never_give_the_same_money_twice() -> None:
    order = stage.signed_order()
    cases = [
        stage.offered(
            stage.proven(stage.opened(order, reason), Shot.FAULT, Shot.PACKAGE, Shot.WHOLE), Solution.REFUND_ONLY
        )
        for reason in (Reason.DAMAGED, Reason.QUALITY)
    ]
    outcomes = answer_offer(SYSTEM, [AnswerOffer(case.pk, 1, "accepted") for case in cases])
    assert [outcome.code for outcome in outcomes] == ["done", "refund_above_paid"]
    assert [case.state for case in AfterSaleCase.objects.order_by("id")] == ["accepted", "offered"]


@database
def test_a_failure_is_on_record_and_may_be_tried_again() -> None:
    refund = stage.refund_of(damaged())
    ErrandEntry.objects.all().delete()
    assert record_refund_answers.one(SYSTEM, RefundAnswer(refund.pk, "failed", "amount_differs")).changed
    refund.refresh_from_db()
    assert (refund.state, refund.last_error) == ("failed", "amount_differs")
    payer = make.actor_with(Permission.REFUND_PAY)
    first, second = retry_refunds(payer, [RetryRefund(refund.pk), RetryRefund(refund.pk)])
    assert (first.changed, second.changed) == (True, False)
    assert ErrandEntry.objects.filter(kind="pay_refund").count() == 1


@database
def test_once_approved_the_case_cannot_be_closed_what_waits_is_taken_back() -> None:
    going, held = damaged(), damaged(price=20_000)
    assert close_aftersale.one(SYSTEM, CloseAfterSale(going.pk, "withdrawn")).code == "money_under_way"
    assert close_aftersale.one(SYSTEM, CloseAfterSale(held.pk, "withdrawn")).changed
    assert stage.refund_of(held).state == "cancelled"
    assert LineBalance.objects.get(order_id=held.order_id).given_minor == 0


def test_a_refund_clicked_twice_in_parallel_is_one_refund(fresh_db: object) -> None:
    """Two answers and two approvals at the same moment, under different keys: the locks decide, not the clicks."""
    case = stage.proven(stage.opened(reason=Reason.DAMAGED), Shot.FAULT, Shot.PACKAGE)
    stage.offered(case, Solution.REFUND_ONLY, stage.agent(Permission.OUTSIDE_POLICY), compensation_minor=2_500)
    token, person = "twice", make.make_person(*Role)
    ApiToken.objects.create(person=person, name="t", token_hash=token_hash(token), made_at=machine_now())
    answer = {"case_id": case.pk, "number": 1, "answer": "accepted"}
    assert sorted(_at_once("answer-offer", answer, token)) == ["done", "unchanged"]
    assert Refund.objects.filter(is_compensation=False).count() == 1
    assert LineBalance.objects.get(order_id=case.order_id).given_minor == 10_000
    waits = Refund.objects.get(is_compensation=True)
    approval = {"refund_id": waits.pk, "amount_minor": 2_500}
    assert sorted(_at_once("approve-refunds", approval, token)) == ["done", "unchanged"]
    confirm = {"refund_id": waits.pk, "evidence": "转账凭证 123"}
    assert sorted(_at_once("confirm-refunds", confirm, token)) == ["done", "unchanged"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_event WHERE type = 'aftersale.refund_paid'")
        assert cursor.fetchone() == (1,)


def _at_once(command: str, item: dict[str, object], token: str) -> list[str]:
    codes: list[str] = []
    meet = threading.Barrier(2)

    def send(n: int) -> None:
        client = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"{command}-{n}"})
        meet.wait(5)
        answer = client.post(
            f"/api/v1/aftersale/{command}", json.dumps({"items": [item]}), content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        codes.extend(row["code"] for row in answer.json()["outcomes"])
        connection.close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes
