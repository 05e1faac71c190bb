"""What was agreed and is being carried out is the only thing agreed: no other offer, answer or refusal beside it."""

import pytest

from shopkeeper.flows.service.aftersale.commands.answer_offer import AnswerOffer, answer_offer
from shopkeeper.flows.service.aftersale.commands.approve_refunds import RejectRefund, reject_refunds
from shopkeeper.flows.service.aftersale.commands.end_aftersale import RefuseAfterSale, refuse_aftersale
from shopkeeper.flows.service.aftersale.commands.offer_solution import OfferSolution, offer_solution
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, Offer, Refund, Replacement
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.states import Grade, OfferAnswer, Solution
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests.flows.service.aftersale import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def everything(case: AfterSaleCase) -> tuple[object, ...]:
    """What an offer, an answer or a refusal would change."""
    found = AfterSaleCase.objects.get(id=case.pk)
    offers = list(Offer.objects.filter(case=case).values_list("number", "answer"))
    refunds = list(Refund.objects.filter(case=case).values_list("id", "state"))
    return found.state, found.offers_made, offers, refunds, Replacement.objects.filter(case=case).count()


def exchange(case: AfterSaleCase) -> OfferSolution:
    return OfferSolution(case.pk, Solution.EXCHANGE, case.offers_made + 1, why="老客户")


def dear_goods_back() -> AfterSaleCase:
    """Graded goods whose refund is above what goes by itself."""
    shop = make.make_shop()
    sku = make.make_sku(price_minor=500_000)
    make.stock_up(sku, shop.default_warehouse, 100)  # type: ignore[arg-type]
    order = stage.signed_order(shop, make.received_line(sku, 2))
    return stage.graded(stage.received(stage.accepted(stage.proven(stage.opened(order)))))


@pytest.mark.parametrize("state", ["proposed", "approved", "failed", "paid"])
def test_no_exchange_is_offered_while_the_refund_of_graded_goods_runs(state: str) -> None:
    case = dear_goods_back() if state == "proposed" else stage.graded()
    if state in ("failed", "paid"):
        Refund.objects.filter(case=case).update(state=state, paid_at=make.NOON if state == "paid" else None)
    before = everything(case)
    assert before[0] == "graded"
    supervisor = stage.agent(Permission.OUTSIDE_POLICY)
    refusal = offer_solution.one(supervisor, exchange(case))
    assert (refusal.code, refusal.facts["what"]) == ("offer_under_way", f"refund_{state}")
    assert refuse_aftersale.one(supervisor, RefuseAfterSale(case.pk, "不退了")).code == "offer_under_way"
    assert everything(case) == before


def test_no_refund_is_offered_while_the_exchanged_goods_are_ordered() -> None:
    case = stage.graded(stage.received(stage.accepted(solution=Solution.EXCHANGE)))
    before = everything(case)
    assert (before[0], before[-1]) == ("graded", 1)
    wish = OfferSolution(case.pk, Solution.RETURN_REFUND, case.offers_made + 1)
    refusal = offer_solution.one(stage.agent(Permission.OUTSIDE_POLICY), wish)
    assert (refusal.code, refusal.facts["what"]) == ("offer_under_way", "goods")
    assert everything(case) == before


def test_an_offer_made_before_is_not_accepted_once_something_else_runs() -> None:
    case = stage.graded()
    made = Offer.objects.get(case=case)
    made.pk, made.number, made.answer, made.solution = None, 2, OfferAnswer.PENDING, Solution.EXCHANGE
    made.refund_minor, made.parts = 0, []
    made.answered_at = made.answered_by = None
    made.save(force_insert=True)
    AfterSaleCase.objects.filter(id=case.pk).update(state="offered", offers_made=2)
    before = everything(case)
    assert answer_offer.one(SYSTEM, AnswerOffer(case.pk, 2, "accepted")).code == "offer_under_way"
    assert everything(case) == before


def test_where_nothing_follows_another_solution_is_offered() -> None:
    worn = stage.graded(grade=Grade.SCRAP)
    assert not Refund.objects.filter(case=worn).exists()
    supervisor = stage.agent(Permission.OUTSIDE_POLICY)
    assert offer_solution.one(supervisor, exchange(worn)).changed
    withdrawn = stage.graded()
    Refund.objects.filter(case=withdrawn).update(state="cancelled")
    assert offer_solution.one(supervisor, exchange(withdrawn)).changed


def test_a_refund_turned_down_makes_room_for_another_solution() -> None:
    case = dear_goods_back()
    refund = stage.refund_of(case)
    assert reject_refunds.one(stage.agent(Permission.REFUND_APPROVE), RejectRefund(refund.pk, "先换货")).changed
    assert offer_solution.one(stage.agent(Permission.OUTSIDE_POLICY), exchange(case)).changed


def test_a_compensation_turned_down_beside_money_that_was_paid_settles_the_case() -> None:
    case = dear_goods_back()
    goods = stage.refund_of(case)
    Refund.objects.filter(id=goods.pk).update(state="approved")
    Refund.objects.filter(id=goods.pk).update(state="paid", paid_at=make.NOON)
    goods.pk, goods.is_compensation, goods.parts, goods.state = None, True, [], "proposed"
    goods.save(force_insert=True)
    assert reject_refunds.one(stage.agent(Permission.REFUND_APPROVE), RejectRefund(goods.pk, "已退全款")).changed
    assert everything(case)[0] == "settled"
