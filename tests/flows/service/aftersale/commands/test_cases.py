"""A case from its opening to the buyer's answer: who may, what is refused, what the clocks do."""

from datetime import timedelta

import pytest

from shopkeeper.flows.products.listing.models import Product
from shopkeeper.flows.service.aftersale.commands.answer_offer import AnswerOffer, answer_offer
from shopkeeper.flows.service.aftersale.commands.end_aftersale import (
    CloseAfterSale,
    RefuseAfterSale,
    close_aftersale,
    lapse_offers,
    lapse_returns,
    refuse_aftersale,
)
from shopkeeper.flows.service.aftersale.commands.offer_solution import OfferSolution, offer_solution
from shopkeeper.flows.service.aftersale.commands.open_aftersale import OpenAfterSale, WantedPieces, open_aftersale
from shopkeeper.flows.service.aftersale.commands.publish_aftersale_policy import (
    PolicyLineWish,
    PublishAfterSalePolicy,
    publish_aftersale_policy,
)
from shopkeeper.flows.service.aftersale.events import AfterSaleClosed
from shopkeeper.flows.service.aftersale.models import AfterSaleCase, CaseLine, Offer, Refund, Replacement, ReturnParcel
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.reactions import resolve_tickets_of
from shopkeeper.flows.service.aftersale.rules.policy import FIRST_RULES
from shopkeeper.flows.service.aftersale.states import PayWay, Reason, Shot, Solution
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.personal import destroy_keys, open_json
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.service.aftersale import stage
from tests.flows.service.tickets import stage as tickets

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def due(case: AfterSaleCase, kind: str) -> Deadline | None:
    return Deadline.objects.filter(kind=kind, subject_id=case.pk).first()


def test_a_case_is_opened_for_all_pieces_with_48_hours_and_the_words_sealed() -> None:
    order = stage.signed_order()
    case = stage.opened(order, words="不想要了，联系 13812341234")
    assert [(line.order_line_id, line.quantity) for line in CaseLine.objects.filter(case=case)] == [
        (stage.lines_of(order)[0].pk, 2)
    ]
    clock = due(case, "aftersale_offer")
    assert clock is not None
    assert clock.due_at == make.NOON + timedelta(hours=48)
    assert b"138" not in bytes(case.words_sealed)
    assert open_json(case.subject_id, bytes(case.words_sealed))["words"].startswith("不想要了")


def test_the_same_wish_twice_is_one_case_and_another_reason_another() -> None:
    order = stage.signed_order()
    item = OpenAfterSale(order.pk, Reason.QUALITY)
    first, second = open_aftersale(SYSTEM, [item, item])
    assert (first.changed, second.changed) == (True, False)
    again = open_aftersale.one(SYSTEM, item)
    assert (again.code, again.id) == ("unchanged", first.id)
    assert open_aftersale.one(SYSTEM, OpenAfterSale(order.pk, Reason.LATE)).changed


def test_what_cannot_be_opened() -> None:
    order, other = stage.signed_order(), stage.signed_order()
    line, foreign = stage.lines_of(order)[0], stage.lines_of(other)[0]
    wishes = [
        OpenAfterSale(order.pk, Reason.LATE, (WantedPieces(foreign.pk, 1),)),
        OpenAfterSale(order.pk, Reason.DAMAGED, (WantedPieces(line.pk, 3),)),
    ]
    assert [outcome.code for outcome in open_aftersale(SYSTEM, wishes)] == ["pieces_unknown", "pieces_gone"]
    unpaid = make.make_order(make.make_shop(), make.received_line(), state="unpaid", paid_at=None)
    assert open_aftersale.one(SYSTEM, OpenAfterSale(unpaid, Reason.LATE)).code == "order_not_paid"
    assert not AfterSaleCase.objects.exists()


def test_a_foreign_shops_order_does_not_exist() -> None:
    order = stage.signed_order()
    stranger = stage.agent(shops=[make.make_shop()])
    assert open_aftersale.one(stranger, OpenAfterSale(order.pk, Reason.LATE)).code == "not_found"
    with pytest.raises(NotAllowed):
        open_aftersale.one(make.actor_with(), OpenAfterSale(order.pk, Reason.LATE))


def test_the_offer_stops_the_clock_and_waits_for_the_buyer() -> None:
    case = stage.proven(stage.opened())
    agent = stage.agent()
    outcome = offer_solution.one(agent, OfferSolution(case.pk, Solution.RETURN_REFUND, 1))
    assert outcome.changed
    case.refresh_from_db()
    assert (case.state, case.offered_at, case.offers_made) == ("offered", make.NOON, 1)
    assert due(case, "aftersale_offer") is None
    assert stage.closed(case.pk, "aftersale_offer") == [("done", False)]
    assert due(case, "aftersale_offer_answer") is not None
    offer = Offer.objects.get(case=case)
    line = stage.lines_of(case.order)[0]
    assert (offer.refund_minor, offer.parts, offer.outside_policy) == (10_000, [[line.pk, 2, 10_000]], False)
    assert offer_solution.one(agent, OfferSolution(case.pk, Solution.RETURN_REFUND, 1)).code == "unchanged"
    assert offer_solution.one(agent, OfferSolution(case.pk, Solution.EXCHANGE, 3)).code == "offer_ahead"


def test_an_offer_after_48_hours_is_late_and_escalated(monkeypatch: pytest.MonkeyPatch) -> None:
    case = stage.proven(stage.opened())
    stage.at(monkeypatch, make.NOON + timedelta(hours=49))
    sweep()
    late = due(case, "aftersale_offer")
    assert late is not None
    assert late.late_at is not None
    stage.offered(case)
    assert stage.closed(case.pk, "aftersale_offer") == [("done", True)]


def test_without_evidence_or_outside_the_policy_an_agent_may_not_and_a_supervisor_says_why() -> None:
    case = stage.opened()
    agent, supervisor = stage.agent(), stage.agent(Permission.OUTSIDE_POLICY)
    assert offer_solution.one(agent, OfferSolution(case.pk, Solution.RETURN_REFUND, 1)).code == "evidence_missing"
    assert offer_solution.one(agent, OfferSolution(case.pk, Solution.REFUND_ONLY, 1)).code == "outside_policy"
    silent = OfferSolution(case.pk, Solution.REFUND_ONLY, 1)
    assert offer_solution.one(supervisor, silent).code == "why_needed"
    assert offer_solution.one(supervisor, OfferSolution(case.pk, Solution.REFUND_ONLY, 1, why="老客户")).changed
    assert Offer.objects.get(case=case).outside_policy


def test_exempt_goods_get_nothing_without_reason() -> None:
    order = stage.signed_order()
    Product.objects.filter(skus=stage.lines_of(order)[0].sku).update(no_reason="custom")
    case = stage.proven(stage.opened(order))
    refusal = offer_solution.one(stage.agent(), OfferSolution(case.pk, Solution.RETURN_REFUND, 1))
    assert refusal.code == "outside_policy"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"refund_minor": 10_001}, "refund_above_paid"),
        ({"refund_minor": 0}, "nothing_to_refund"),
        ({"compensation_minor": 999_999}, "compensation_above_most"),
        ({"compensation_minor": 100, "pay_way": PayWay.COUPON}, "coupon_code_needed"),
        ({"freight_minor": 999_999}, "freight_above_most"),
    ],
)
def test_amounts_have_bounds(fields: dict[str, object], code: str) -> None:
    case = stage.proven(stage.opened(reason=Reason.QUALITY), Shot.WHOLE, Shot.FAULT)
    outcome = offer_solution.one(stage.agent(), OfferSolution(case.pk, Solution.RETURN_REFUND, 1, **fields))  # type: ignore[arg-type]
    assert outcome.code == code


def test_freight_is_not_owed_without_reason() -> None:
    case = stage.proven(stage.opened())
    wish = OfferSolution(case.pk, Solution.RETURN_REFUND, 1, freight_minor=100)
    assert offer_solution.one(stage.agent(), wish).code == "freight_not_owed"


def test_compensation_needs_an_amount() -> None:
    case = stage.opened(reason=Reason.PRICE_PROTECTION, loss_minor=0)
    stage.proven(case, Shot.PRICE)
    assert offer_solution.one(SYSTEM, OfferSolution(case.pk, Solution.COMPENSATION, 1)).code == "compensation_needed"


def test_a_newer_offer_replaces_the_older() -> None:
    case = stage.offered()
    stage.offered(case, Solution.EXCHANGE)
    assert answer_offer.one(SYSTEM, AnswerOffer(case.pk, 1, "accepted")).code == "offer_replaced"
    assert answer_offer.one(SYSTEM, AnswerOffer(case.pk, 3, "accepted")).code == "offer_unknown"


def test_a_declined_offer_owes_another_and_the_clock_runs_again() -> None:
    case = stage.offered()
    assert answer_offer.one(stage.agent(), AnswerOffer(case.pk, 1, "declined")).changed
    case.refresh_from_db()
    assert case.state == "opened"
    assert due(case, "aftersale_offer") is not None
    assert answer_offer.one(stage.agent(), AnswerOffer(case.pk, 1, "declined")).code == "unchanged"
    assert answer_offer.one(stage.agent(), AnswerOffer(case.pk, 1, "accepted")).code == "offer_answered"


def test_an_accepted_return_is_awaited_and_no_money_goes_yet() -> None:
    case = stage.accepted()
    assert case.state == "return_awaited"
    assert case.accepted_at == make.NOON
    assert ReturnParcel.objects.get(case=case).state == "awaited"
    assert not Refund.objects.exists()
    assert answer_offer.one(SYSTEM, AnswerOffer(case.pk, 1, "accepted")).code == "unchanged"


def test_silence_on_an_offer_ends_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    case = stage.offered()
    stage.at(monkeypatch, make.NOON + timedelta(hours=72))
    sweep()
    case.refresh_from_db()
    assert (case.state, case.end_reason) == ("closed", "no_answer")
    assert answer_offer.one(SYSTEM, AnswerOffer(case.pk, 1, "accepted")).code == "offer_lapsed"
    assert lapse_offers.one(SYSTEM, lapse_offers.item(case.pk)).code == "unchanged"


def test_a_return_never_sent_ends_the_case_one_on_its_way_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    silent, sent = stage.accepted(), stage.accepted()
    ReturnParcel.objects.filter(case=sent).update(state="on_the_way", number="YT1234567890123")
    stage.at(monkeypatch, make.NOON + timedelta(days=7))
    sweep()
    silent.refresh_from_db()
    sent.refresh_from_db()
    assert (silent.state, silent.end_reason) == ("closed", "return_not_sent")
    assert ReturnParcel.objects.get(case=silent).state == "cancelled"
    assert sent.state == "return_awaited"
    waiting = due(sent, "aftersale_return")
    assert waiting is not None
    assert waiting.due_at == make.NOON + timedelta(days=14)
    assert lapse_returns.one(SYSTEM, lapse_returns.item(silent.pk)).code == "unchanged"


def test_what_the_policy_owes_only_a_supervisor_may_refuse() -> None:
    case = stage.proven(stage.opened())
    assert refuse_aftersale.one(stage.agent(), RefuseAfterSale(case.pk, "不退")).code == "owed_by_policy"
    supervisor = stage.agent(Permission.OUTSIDE_POLICY)
    assert refuse_aftersale.one(supervisor, RefuseAfterSale(case.pk, " ")).code == "reason_needed"
    assert refuse_aftersale.one(supervisor, RefuseAfterSale(case.pk, "恶意退货")).changed
    case.refresh_from_db()
    assert (case.state, case.end_reason) == ("refused", "恶意退货")
    assert refuse_aftersale.one(supervisor, RefuseAfterSale(case.pk, "恶意退货")).code == "unchanged"
    assert due(case, "aftersale_offer") is None


def test_an_agent_refuses_what_came_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    order = stage.signed_order()
    stage.at(monkeypatch, make.NOON + timedelta(days=9))
    case = stage.opened(order)
    assert refuse_aftersale.one(stage.agent(), RefuseAfterSale(case.pk, "超过七天")).changed


def test_a_withdrawn_wish_is_closed_but_not_once_goods_are_back() -> None:
    case = stage.offered()
    assert close_aftersale.one(stage.agent(), CloseAfterSale(case.pk, "withdrawn", "买家来电撤销")).changed
    assert close_aftersale.one(stage.agent(), CloseAfterSale(case.pk, "withdrawn")).code == "unchanged"
    back = stage.received().case
    assert back is not None
    assert close_aftersale.one(stage.agent(), CloseAfterSale(back.pk, "withdrawn")).code == "case_not_closable"


def test_a_reissue_orders_the_goods_again_without_money_for_the_same_buyer() -> None:
    order = stage.signed_order()
    case = stage.opened(order, Reason.WRONG_OR_MISSING)
    stage.accepted(stage.proven(case, Shot.WHOLE, Shot.PACKAGE), Solution.REISSUE)
    replacement = Replacement.objects.get(case=case).order
    assert replacement.platform_no == f"OWN-{case.number}"
    assert (replacement.state, replacement.paid_minor, replacement.open_holds) == ("to_check", 0, [])
    assert replacement.subject_id == order.subject_id
    again = open_json(order.subject_id, bytes(replacement.receiver_sealed))
    assert again["receiver"] == open_json(order.subject_id, bytes(order.receiver_sealed))["receiver"]
    line, bought = stage.lines_of(replacement)[0], stage.lines_of(order)[0]
    assert (line.sku_id, line.quantity, line.price_minor) == (bought.sku_id, 2, 0)


def test_goods_for_an_erased_buyer_cannot_be_sent_and_nothing_moves() -> None:
    case = stage.proven(stage.opened(reason=Reason.WRONG_OR_MISSING), Shot.WHOLE, Shot.PACKAGE)
    stage.offered(case, Solution.REISSUE)
    destroy_keys([case.subject_id], now=make.NOON)
    assert answer_offer.one(SYSTEM, AnswerOffer(case.pk, 1, "accepted")).code == "buyer_erased"
    case.refresh_from_db()
    assert (case.state, Offer.objects.get(case=case).answer) == ("offered", "pending")


def wish(**fields: object) -> tuple[PolicyLineWish, ...]:
    """The first policy with changes to its line without reason."""
    lines = []
    for rule in FIRST_RULES:
        values = {name: getattr(rule, name) for name in PolicyLineWish.__dataclass_fields__}
        lines.append(PolicyLineWish(**{**values, **(fields if rule.reason is Reason.NO_REASON else {})}))  # type: ignore[arg-type]
    return tuple(lines)


def test_a_policy_is_a_new_version_and_old_cases_keep_the_old_one() -> None:
    publisher = make.actor_with(Permission.POLICY_PUBLISH)
    order = stage.signed_order()
    old = stage.opened(order)
    item = PublishAfterSalePolicy("taobao", 0, wish(days=15), "双11延长")
    assert publish_aftersale_policy.one(publisher, item).facts == {"version": 1}
    assert publish_aftersale_policy.one(publisher, item).code == "unchanged"
    stale = PublishAfterSalePolicy("taobao", 0, wish(days=20))
    assert publish_aftersale_policy.one(publisher, stale).code == "policy_changed"
    below = PublishAfterSalePolicy("taobao", 1, wish(days=3))
    assert publish_aftersale_policy.one(publisher, below).code == "policy_below_the_law"
    new = stage.opened(stage.signed_order())
    assert (old.policy_line.days, new.policy_line.days) == (7, 15)


def test_a_ticket_of_another_shop_is_refused_and_ones_own_is_resolved_with_the_case() -> None:
    order = stage.signed_order()
    _, agent = tickets.make_agent()
    own, foreign = tickets.make_ticket(order.shop), tickets.make_ticket(make.make_shop())
    item = OpenAfterSale(order.pk, Reason.QUALITY, ticket_id=foreign.pk)
    assert open_aftersale.one(SYSTEM, item).code == "ticket_elsewhere"
    case = stage.opened(order, Reason.QUALITY, ticket_id=own.pk)
    own.refresh_from_db()
    assert (case.ticket_id, own.state, own.agent_id) == (own.pk, "assigned", agent.pk)
    type(own).objects.filter(id=own.pk).update(first_reply_at=make.NOON)
    assert close_aftersale.one(SYSTEM, CloseAfterSale(case.pk, "withdrawn")).changed
    told = Recorded(1, 1, AfterSaleClosed(case.pk, order.pk, order.shop_id, "withdrawn", own.pk), make.NOON, 0, "S2.3")
    resolve_tickets_of(SYSTEM, [told])
    own.refresh_from_db()
    assert (own.state, own.resolution) == ("resolved", "after_sale")
