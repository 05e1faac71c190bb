"""S2.3: a solution is offered to the buyer; with it the 48-hour clock stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.commands.casework import CASE_SCOPE, cases_under_way, load
from shopkeeper.flows.service.aftersale.events import SolutionOffered
from shopkeeper.flows.service.aftersale.models import Offer, case_number
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.proposals import JudgedCase
from shopkeeper.flows.service.aftersale.rules.refunds import LineRefund, refund_of_lines
from shopkeeper.flows.service.aftersale.sql import cases as sql
from shopkeeper.flows.service.aftersale.states import (
    CASE_FLOW,
    OFFERABLE,
    WITH_GOODS,
    WITH_REFUND,
    WITH_RETURN,
    CaseState,
    Freight,
    OfferAnswer,
    PayWay,
    Solution,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import Policies, policies

Minor = Annotated[int, Field(ge=0, le=10**12)]


@dataclass(frozen=True, slots=True)
class OfferSolution:
    """One offer. `number` counts from 1, so that the same offer sent twice counts once.

    Amounts left out are what the policy says. `why` is needed for anything outside the policy.
    """

    case_id: int
    solution: Solution
    number: Annotated[int, Field(ge=1, le=1_000)]
    refund_minor: Minor | None = None
    compensation_minor: Minor | None = None
    freight_minor: Minor = 0
    pay_way: PayWay = PayWay.BY_HAND
    coupon_code: Annotated[str, Field(max_length=40)] = ""
    exchange_sku_id: int | None = None
    why: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """An offer that may be made."""

    judged: JudgedCase
    item: OfferSolution
    parts: tuple[LineRefund, ...]
    compensation_minor: int
    outside_policy: bool


@command(clause="S2.3", permission=Permission.CASE_HANDLE, scope=CASE_SCOPE)
def offer_solution(step: Step, items: Sequence[OfferSolution]) -> list[Outcome]:
    """Offer solutions; an open offer of the case is replaced.

    Refused: "case_not_offerable", "offer_under_way" while what was agreed is carried out, "offer_ahead",
    "outside_policy" and "evidence_missing" (unless the actor may go outside the policy and says why), "why_needed",
    "nothing_to_refund", "refund_above_paid", "compensation_needed", "compensation_above_most", "coupon_code_needed",
    "freight_not_owed", "freight_above_most", "goods_unknown", "exchange_one_line", "no_warehouse". An offer already
    made is unchanged.
    """
    judged = load(step, [item.case_id for item in items])
    busy = cases_under_way(judged)
    policy = policies(step)
    drafted: dict[int, Drafted] = {}
    outcomes = []
    for item in items:
        case = judged[item.case_id]
        if item.number <= case.row.offers_made or item.case_id in drafted:
            outcomes.append(unchanged(item.case_id))
            continue
        if item.case_id in busy and case.row.state in OFFERABLE:
            outcomes.append(refused("offer_under_way", item.case_id, what=busy[item.case_id]))
            continue
        made = _draft(step, item, case, policy)
        if isinstance(made, Outcome):
            outcomes.append(made)
        else:
            drafted[item.case_id] = made
            outcomes.append(done(item.case_id, number=item.number))
    _write(step, list(drafted.values()), policy)
    return outcomes


def _draft(step: Step, item: OfferSolution, case: JudgedCase, policy: Policies) -> Drafted | Outcome:
    row, proposal = case.row, case.proposal
    if row.state not in OFFERABLE:
        return refused("case_not_offerable", row.id, state=CaseState(row.state))
    if item.number > row.offers_made + 1:
        return refused("offer_ahead", row.id, made=row.offers_made)
    outside = not proposal.allows(item.solution)
    if (outside or proposal.missing_shots) and not step.actor.may(Permission.OUTSIDE_POLICY):
        return refused("outside_policy" if outside else "evidence_missing", row.id, missing=len(proposal.missing_shots))
    outside = outside or bool(proposal.missing_shots)
    if outside and not item.why.strip():
        return refused("why_needed", row.id)
    code = _goods_flaw(item, case) or _freight_flaw(item, case, policy)
    if code:
        return refused(code, row.id)
    parts = _parts(item, case)
    if isinstance(parts, str):
        return refused(parts, row.id)
    compensation = _compensation(item, case)
    code = _compensation_flaw(item, compensation, row.shop_id, policy)
    return refused(code, row.id) if code else Drafted(case, item, parts, compensation, outside)


def _goods_flaw(item: OfferSolution, case: JudgedCase) -> str:
    """Why goods cannot go or come as offered."""
    if item.solution in WITH_RETURN and not case.row.warehouse_id:
        return "no_warehouse"
    if item.solution in WITH_GOODS and any(line.sku_id is None for line in case.lines) and not item.exchange_sku_id:
        return "goods_unknown"
    return "exchange_one_line" if item.exchange_sku_id and len(case.lines) > 1 else ""


def _freight_flaw(item: OfferSolution, case: JudgedCase, policy: Policies) -> str:
    if not item.freight_minor:
        return ""
    if item.solution not in WITH_RETURN or case.row.freight_by != Freight.SELLER:
        return "freight_not_owed"
    return "freight_above_most" if item.freight_minor > policy("aftersale_freight_most_minor", case.row.shop_id) else ""


def _parts(item: OfferSolution, case: JudgedCase) -> tuple[LineRefund, ...] | str:
    """What goes back of each line, or why that cannot be."""
    if item.solution not in WITH_REFUND:
        return ()
    left = sum(money.left_minor for money, _ in case.wanted)
    if not left or item.refund_minor == 0:
        return "nothing_to_refund"
    if item.refund_minor is not None and item.refund_minor > left:
        return "refund_above_paid"
    parts = tuple(refund_of_lines(case.wanted, item.refund_minor))
    return parts if any(part.amount_minor for part in parts) else "nothing_to_refund"


def _compensation(item: OfferSolution, case: JudgedCase) -> int:
    if item.compensation_minor is None:
        return case.proposal.compensation_minor if item.solution is Solution.COMPENSATION else 0
    return item.compensation_minor


def _compensation_flaw(item: OfferSolution, amount_minor: int, shop_id: int, policy: Policies) -> str:
    if item.solution is Solution.COMPENSATION and not amount_minor:
        return "compensation_needed"
    if amount_minor > policy("aftersale_compensation_most_minor", shop_id):
        return "compensation_above_most"
    coupon = item.pay_way is PayWay.COUPON and amount_minor + item.freight_minor
    return "coupon_code_needed" if coupon and not item.coupon_code.strip() else ""


def _write(step: Step, drafted: Sequence[Drafted], policy: Policies) -> None:
    if not drafted:
        return
    ids = [draft.judged.row.id for draft in drafted]
    Offer.objects.filter(case_id__in=ids, answer=OfferAnswer.PENDING).update(
        answer=OfferAnswer.REPLACED, answered_at=step.now, answered_by=step.actor.id
    )
    offers = [_offer(step, draft, policy) for draft in drafted]
    Offer.objects.bulk_create(offers)
    sql.NOTE_OFFER.run(cases=ids, now=step.now)
    step.move(CASE_FLOW, ids, CaseState.OFFERED)
    close(step, deadlines.OFFER, ids)
    arm(
        step,
        [
            Arm(
                deadlines.OFFER_ANSWER,
                o.case_id,
                o.valid_until,
                shop_id=d.judged.row.shop_id,
                label=case_number(o.case_id),
            )
            for o, d in zip(offers, drafted, strict=True)
        ],
    )
    step.emit(
        *(
            SolutionOffered(
                draft.judged.row.id,
                draft.judged.row.order_id,
                draft.judged.row.shop_id,
                draft.item.number,
                str(draft.item.solution),
                offer.refund_minor + offer.compensation_minor + offer.freight_minor,
                draft.outside_policy,
                int((step.now - draft.judged.row.opened_at).total_seconds()),
            )
            for offer, draft in zip(offers, drafted, strict=True)
        )
    )


def _offer(step: Step, draft: Drafted, policy: Policies) -> Offer:
    item, row = draft.item, draft.judged.row
    beside = PayWay.BY_HAND if item.pay_way is PayWay.PLATFORM else item.pay_way
    return Offer(
        case_id=row.id,
        number=item.number,
        solution=str(item.solution),
        refund_minor=sum(part.amount_minor for part in draft.parts),
        compensation_minor=draft.compensation_minor,
        freight_minor=item.freight_minor,
        parts=[[part.order_line_id, part.quantity, part.amount_minor] for part in draft.parts],
        pay_way=str(beside),
        coupon_code=item.coupon_code.strip(),
        exchange_sku_id=item.exchange_sku_id if item.solution is Solution.EXCHANGE else None,
        freight_by=str(row.freight_by if item.solution in WITH_RETURN else Freight.NONE),
        outside_policy=draft.outside_policy,
        why=item.why.strip(),
        offered_at=step.now,
        offered_by=step.actor.id,
        valid_until=step.now + timedelta(hours=policy("aftersale_offer_valid_hours", row.shop_id)),
    )
