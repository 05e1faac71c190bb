"""How money goes back: given under the order's lock, approved, paid, booked once, or taken back."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.fulfilment.settlement.commands.book_refunds import BookRefund, book_refunds
from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.commands.casework import settle_cases
from shopkeeper.flows.service.aftersale.events import RefundApproved, RefundPaid, RefundProposed
from shopkeeper.flows.service.aftersale.models import Offer, Refund, RefundLine, case_number
from shopkeeper.flows.service.aftersale.queries.proposals import JudgedCase
from shopkeeper.flows.service.aftersale.rules.refunds import needs_second_person
from shopkeeper.flows.service.aftersale.sql import cases as case_sql
from shopkeeper.flows.service.aftersale.sql import money as sql
from shopkeeper.flows.service.aftersale.sql import returns as return_sql
from shopkeeper.flows.service.aftersale.states import (
    REFUND_FLOW,
    WITH_GOODS,
    WITH_REFUND,
    CaseState,
    PayWay,
    RefundState,
)
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.errands import Errand
from shopkeeper.sop.deadlines import Arm, arm, close, put_off
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

LIVE = (RefundState.PROPOSED, RefundState.APPROVED, RefundState.FAILED)


@dataclass(frozen=True, slots=True)
class Paid:
    """A refund that is with the buyer: what came to them, and how one knows."""

    row: sql.RefundRow
    amount_minor: int
    evidence: str
    reference: str  # '': booked before, or not of the order's money


def lacks_money(judged: JudgedCase, offer: Offer) -> bool:
    """Whether lines have less left than the offer gives back of them; somebody else was quicker."""
    left = {line.order_line_id: line for line in judged.lines}
    return any(
        line_id not in left
        or quantity > left[line_id].bought - left[line_id].given_quantity
        or amount > left[line_id].paid_minor - left[line_id].given_minor
        for line_id, quantity, amount in offer.parts
    )


def give_money(step: Step, agreed: Sequence[tuple[JudgedCase, Offer]]) -> None:
    """Write what goes back; within the policy's limit it is approved by itself, above it waits for a second person."""
    refunds = [refund for judged, offer in agreed for refund in _refunds(step, judged, offer)]
    if not refunds:
        return
    Refund.objects.bulk_create(refunds)
    parts = {offer.pk: offer.parts for _, offer in agreed}
    lines = [
        RefundLine(refund=refund, order_line_id=line_id, quantity=quantity, amount_minor=amount)
        for refund in refunds
        if not refund.is_compensation
        for line_id, quantity, amount in parts[refund.offer_id]
    ]
    RefundLine.objects.bulk_create(lines)
    if lines:
        sql.GIVE.run(
            lines=[line.order_line_id for line in lines],
            quantities=[line.quantity for line in lines],
            amounts=[line.amount_minor for line in lines],
        )
    outside = {offer.pk for _, offer in agreed if offer.outside_policy}
    waiting = _waiting(step, refunds, outside)
    step.emit(*(RefundProposed(r.pk, r.case_id, r.shop_id, r.amount_minor) for r in waiting))
    hours = policies(step)
    arm(
        step,
        [
            Arm(
                deadlines.APPROVE,
                refund.pk,
                step.now + timedelta(hours=hours("aftersale_approve_hours", refund.shop_id)),
                shop_id=refund.shop_id,
                label=case_number(refund.case_id),
            )
            for refund in waiting
        ],
    )
    held = {refund.pk for refund in waiting}
    going = [refund.pk for refund in refunds if refund.pk not in held]
    approve(step, sql.REFUNDS.rows(refunds=going) if going else [], by_itself=True)


def _refunds(step: Step, judged: JudgedCase, offer: Offer) -> list[Refund]:
    row = judged.row
    wanted = []
    if offer.solution in WITH_REFUND and offer.refund_minor:
        wanted.append((False, PayWay.PLATFORM, offer.refund_minor))
    beside = offer.compensation_minor + offer.freight_minor
    if beside:
        wanted.append((True, PayWay(offer.pay_way), beside))
    return [
        Refund(
            case_id=row.id,
            offer=offer,
            shop_id=row.shop_id,
            order_id=row.order_id,
            platform_refund_id=row.platform_refund_id if not is_beside else None,
            is_compensation=is_beside,
            way=str(way),
            amount_minor=amount,
            currency=row.currency,
            state_at=step.now,
            proposed_at=step.now,
            proposed_by=offer.offered_by,
        )
        for is_beside, way, amount in wanted
    ]


def _waiting(step: Step, refunds: Sequence[Refund], outside: Collection[int]) -> list[Refund]:
    """Those a second person must agree to. The limit holds for all that an order was given by itself, of each kind:
    money above it does not go out in small parts either."""
    known = sql.GIVEN_BY_ITSELF.rows(orders=sorted({refund.order_id for refund in refunds}))
    given = Counter({(row.order_id, row.is_compensation): row.amount_minor for row in known})
    waiting = []
    for refund in refunds:
        name = "aftersale_compensation_limit_minor" if refund.is_compensation else "aftersale_refund_limit_minor"
        limit = policies(step)(name, refund.shop_id)
        key = (refund.order_id, refund.is_compensation)
        in_all = given[key] + refund.amount_minor
        if needs_second_person(in_all, limit, outside_policy=refund.offer_id in outside):
            waiting.append(refund)
        else:
            given[key] = in_all
    return waiting


def approve(step: Step, rows: Sequence[sql.RefundRow], *, by_itself: bool = False) -> None:
    """Let money go: the platform is told, a coupon counts as given, what goes by hand waits for its evidence."""
    if not rows:
        return
    ids = [row.id for row in rows]
    step.move(REFUND_FLOW, ids, RefundState.APPROVED)
    sql.NOTE_APPROVED.run(refunds=ids, now=step.now, actor_id=0 if by_itself else step.actor.id)
    close(step, deadlines.APPROVE, ids)
    hours = policies(step)
    arm(
        step,
        [
            Arm(
                deadlines.PAY,
                row.id,
                step.now + timedelta(hours=hours("aftersale_pay_hours", row.shop_id)),
                shop_id=row.shop_id,
                label=case_number(row.case_id),
            )
            for row in rows
        ],
    )
    put_off(step, deadlines.PAY, [row.id for row in rows if row.way == PayWay.PLATFORM])  # nobody here can hasten it
    step.emit(*(RefundApproved(r.id, r.case_id, r.shop_id, r.amount_minor, by_itself) for r in rows))
    step.errand(*(Errand("pay_refund", r.id, step.now, r.shop_id) for r in rows if r.way == PayWay.PLATFORM))
    pay(step, [Paid(row, row.amount_minor, "coupon", "") for row in rows if row.way == PayWay.COUPON])


def pay(step: Step, paid: Sequence[Paid]) -> None:
    """The money is with the buyer: noted, booked under a reference of its own, and the case settled if that was all."""
    if not paid:
        return
    ids = [one.row.id for one in paid]
    sql.NOTE_PAID.run(
        now=step.now,
        refunds=ids,
        evidence=[one.evidence[:200] for one in paid],
        amounts=[one.amount_minor for one in paid],
    )
    step.move(REFUND_FLOW, ids, RefundState.PAID)
    for kind in (deadlines.APPROVE, deadlines.PAY):
        close(step, kind, ids)
    step.emit(
        *(RefundPaid(p.row.id, p.row.case_id, p.row.order_id, p.row.shop_id, p.amount_minor, p.row.way) for p in paid)
    )
    book(step, [(one.row.order_id, one.amount_minor, one.reference) for one in paid if one.reference])
    settle_finished(step, [one.row.case_id for one in paid])


def book(step: Step, refunds: Sequence[tuple[int, int, str]]) -> None:
    """Have settlement book (order, amount, reference): the reference makes that hearing twice books once."""
    book_refunds.within(step, [BookRefund(order, amount, ref[:80]) for order, amount, ref in refunds if amount > 0])


def take_back_money(step: Step, rows: Sequence[sql.RefundRow], to: RefundState) -> None:
    """Money that does not go after all: the lines have it again."""
    if not rows:
        return
    ids = [row.id for row in rows]
    step.move(REFUND_FLOW, ids, to)
    lines = sql.REFUND_LINES.rows(refunds=ids)
    if lines:
        sql.TAKE_BACK.run(
            lines=[line.order_line_id for line in lines],
            quantities=[line.quantity for line in lines],
            amounts=[line.amount_minor for line in lines],
        )
    for kind in (deadlines.APPROVE, deadlines.PAY):
        close(step, kind, ids, Ending.CANCELLED)


def settle_finished(step: Step, case_ids: Sequence[int]) -> None:
    """Settle cases of which everything agreed is done: money paid, goods on their way."""
    ids = sorted(set(case_ids))
    rows = [
        row for row in case_sql.CASES.rows(cases=ids) if row.state in (CaseState.ACCEPTED, CaseState.GRADED)
    ] if ids else []  # fmt: skip
    if not rows:
        return
    open_money = {r.case_id for r in sql.OF_CASES.rows(cases=ids) if r.state in LIVE}
    sent = {r.case_id for r in return_sql.REPLACED.rows(cases=ids, orders=[]) if r.is_shipped}
    settle_cases(
        step,
        [row for row in rows if row.id not in open_money and (row.solution not in WITH_GOODS or row.id in sent)],
    )
