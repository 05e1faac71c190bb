"""S2.3: the buyer accepts the solution or does not; what was accepted is carried out at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.commands.casework import CASE_SCOPE, cases_under_way, load, owe_solution
from shopkeeper.flows.service.aftersale.commands.goodswork import await_returns, order_replacements
from shopkeeper.flows.service.aftersale.commands.moneywork import give_money, lacks_money
from shopkeeper.flows.service.aftersale.events import OfferAnswered
from shopkeeper.flows.service.aftersale.models import Offer
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.proposals import JudgedCase
from shopkeeper.flows.service.aftersale.sql import cases as sql
from shopkeeper.flows.service.aftersale.sql import returns as return_sql
from shopkeeper.flows.service.aftersale.states import (
    CASE_FLOW,
    WITH_GOODS,
    WITH_RETURN,
    CaseState,
    OfferAnswer,
    ReturnState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, passed_on, refused, unchanged
from shopkeeper.sop.deadlines import close

Agreed = tuple[JudgedCase, Offer]


@dataclass(frozen=True, slots=True)
class AnswerOffer:
    """The buyer's answer to the case's offer of this number."""

    case_id: int
    number: Annotated[int, Field(ge=1, le=1_000)]
    answer: Literal["accepted", "declined"]


@command(clause="S2.3", permission=Permission.CASE_HANDLE, scope=CASE_SCOPE)
def answer_offer(step: Step, items: Sequence[AnswerOffer]) -> list[Outcome]:
    """Record answers. Accepted: a return is awaited, money goes back, or goods go out again. Declined: another
    solution is owed.

    Refused: "offer_unknown", "offer_replaced", "offer_lapsed", "offer_answered" otherwise, "refund_above_paid" where
    the pieces were given back meanwhile, "offer_under_way" where what was agreed before runs, and whatever keeps
    goods from being ordered again ("buyer_erased"). The same answer again is unchanged.
    """
    judged = load(step, [item.case_id for item in items])
    offers = {(offer.case_id, offer.number): offer for offer in Offer.objects.filter(case_id__in=list(judged))}
    returned = {
        row.case_id
        for row in return_sql.LOCK_OF_CASES.rows(cases=sorted(judged))
        if row.state in (ReturnState.RECEIVED, ReturnState.GRADED)
    }
    busy = cases_under_way(judged)
    told: dict[int, Agreed] = {}
    outcomes = []
    for item in items:
        offer = offers.get((item.case_id, item.number))
        outcome = _verdict(item, offer, judged[item.case_id], item.case_id in told)
        if outcome.changed and item.answer == "accepted" and item.case_id in busy:
            outcome = refused("offer_under_way", item.case_id, what=busy[item.case_id])
        outcomes.append(outcome)
        if outcome.changed and offer is not None:
            offer.answer = item.answer
            told[item.case_id] = (judged[item.case_id], offer)
    stopped = _carry_out(step, list(told.values()), returned)
    return [stopped.get(o.id or 0, o) if o.changed else o for o in outcomes]


def _verdict(item: AnswerOffer, offer: Offer | None, judged: JudgedCase, is_repeated: bool) -> Outcome:
    if offer is None:
        return refused("offer_unknown", item.case_id, number=item.number)
    if is_repeated or offer.answer == item.answer:
        return unchanged(item.case_id)
    if offer.answer != OfferAnswer.PENDING:
        codes = {OfferAnswer.REPLACED: "offer_replaced", OfferAnswer.LAPSED: "offer_lapsed"}
        return refused(codes.get(OfferAnswer(offer.answer), "offer_answered"), item.case_id)
    if OfferAnswer(item.answer) is OfferAnswer.ACCEPTED and lacks_money(judged, offer):
        return refused("refund_above_paid", item.case_id)
    return done(item.case_id)


def _carry_out(step: Step, told: Sequence[Agreed], returned: set[int | None]) -> dict[int, Outcome]:
    """Write the answers and what follows; cases whose goods cannot be ordered stay as they were."""
    accepted = [pair for pair in told if pair[1].answer == OfferAnswer.ACCEPTED]
    at_once = [(j, o) for j, o in accepted if o.solution not in WITH_RETURN or j.row.id in returned]
    ordered = order_replacements(step, [(j, o) for j, o in at_once if o.solution in WITH_GOODS])
    stopped = {case_id: outcome for case_id, outcome in ordered.items() if not outcome.ok}
    stopped = {case_id: passed_on(o, case_id) for case_id, o in stopped.items()}
    going = [(j, o) for j, o in told if j.row.id not in stopped]
    _note(step, going)
    _accept(step, [pair for pair in accepted if pair[0].row.id not in stopped], returned)
    owe_solution(step, [j.row for j, o in going if o.answer == OfferAnswer.DECLINED], "declined")
    return stopped


def _note(step: Step, told: Sequence[Agreed]) -> None:
    for answer in (OfferAnswer.ACCEPTED, OfferAnswer.DECLINED):
        ids = [offer.pk for _, offer in told if offer.answer == answer]
        Offer.objects.filter(id__in=ids, answer=OfferAnswer.PENDING).update(
            answer=answer, answered_at=step.now, answered_by=step.actor.id
        )
    close(step, deadlines.OFFER_ANSWER, [judged.row.id for judged, _ in told])
    step.emit(
        *(
            OfferAnswered(
                judged.row.id,
                judged.row.order_id,
                judged.row.shop_id,
                offer.number,
                offer.answer,
                int((step.now - judged.row.opened_at).total_seconds()),
            )
            for judged, offer in told
        )
    )


def _accept(step: Step, accepted: Sequence[Agreed], returned: set[int | None]) -> None:
    if not accepted:
        return
    ids = [judged.row.id for judged, _ in accepted]
    step.move(CASE_FLOW, ids, CaseState.ACCEPTED)
    sql.NOTE_ACCEPTED.run(cases=ids, solutions=[offer.solution for _, offer in accepted], now=step.now)
    back = [judged.row for judged, offer in accepted if offer.solution in WITH_RETURN and judged.row.id not in returned]
    await_returns(step, back)
    waiting = {row.id for row in back}
    give_money(step, [pair for pair in accepted if pair[0].row.id not in waiting])
