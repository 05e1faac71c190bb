"""What after-sale says to platforms, performed after commit with no transaction open: refunds read, agreed, refused.

Every call may be repeated: a platform's refund is agreed to once, and what came of it is taken in with the
platform's own word. config/gateways.py gives the ports.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.settlement.commands.book_refunds import BookRefund, book_refunds
from shopkeeper.flows.service.aftersale.commands.pay_refunds import RefundAnswer, record_refund_answers
from shopkeeper.flows.service.aftersale.commands.take_in_refunds import TakeInRefund, take_in_refunds
from shopkeeper.flows.service.aftersale.ports import (
    OutsideError,
    PlatformRefunds,
    RefundDecision,
    ReturnAddress,
    ShopAccess,
    ToldRefund,
)
from shopkeeper.flows.service.aftersale.queries.errands import (
    PayJob,
    ReadJob,
    TellJob,
    pay_jobs,
    read_jobs,
    tell_jobs,
    told_by_order,
)
from shopkeeper.flows.service.aftersale.states import PlatformRefundState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer

AUTH_PAUSE_S = 600.0  # a person has to renew something first
REFUSAL_WORDS = "很抱歉，您的申请未通过审核。"  # where a case gave no words of its own
SORRY = 200


@dataclass(frozen=True, slots=True)
class Gateways:
    """The ports after-sale uses: platforms by name, and how shops are reached."""

    refunds: Mapping[str, PlatformRefunds]
    shops: Callable[[Collection[int]], Mapping[int, ShopAccess]]


def performers(gateways: Gateways) -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {
        "read_refunds": lambda rows: read_refunds(gateways, rows),
        "pay_refund": lambda rows: pay_refunds(gateways, rows),
        "refuse_refund": lambda rows: tell_refunds(gateways, rows, _refuse),
        "agree_return": lambda rows: tell_refunds(gateways, rows, _agree_return),
    }


def _later(error: OutsideError) -> ErrandResult:
    pause = AUTH_PAUSE_S if error.kind == "auth" else error.retry_after_s
    if not error.worth_retrying and error.kind != "auth":
        return ErrandResult("give_up", f"{error.kind} {error.code}"[:200])
    return ErrandResult("retry", f"{error.kind} {error.code}"[:200], pause)


def taken_in(order_id: int, told: ToldRefund) -> TakeInRefund:
    """A platform's word as the command takes it."""
    return TakeInRefund(
        order_id=order_id,
        refund_no=told.refund_no,
        platform_line_no=told.platform_line_no,
        standing=PlatformRefundState(told.standing),
        asked_minor=told.asked_minor,
        version=told.version,
        phase=told.phase,
        wants_return=told.wants_return,
        created_at=told.created_at,
        modified_at=told.modified_at,
        courier=told.courier,
        return_number=told.return_number,
        words=told.words,
    )


def read_refunds(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """Read the refunds of orders as they stand. A platform that has no such door is believed in what it says of
    the order itself: each refunded line is booked once, under the line's own name."""
    jobs = read_jobs([row.subject_id for row in rows])
    access = gateways.shops({job.shop_id for job in jobs.values()})
    return [_read(gateways, access, jobs[row.subject_id]) if row.subject_id in jobs else DONE for row in rows]


def _read(gateways: Gateways, access: Mapping[int, ShopAccess], job: ReadJob) -> ErrandResult:
    door, shop = gateways.refunds.get(job.platform), access.get(job.shop_id)
    if door is None or shop is None or not shop.base_url:
        lines = told_by_order(job.order_id)
        book_refunds(SYSTEM, [BookRefund(job.order_id, paid, f"line:{line_id}") for line_id, paid in lines if paid > 0])
        return DONE
    try:
        told = door.refunds_of(shop, job.platform_no)
    except OutsideError as error:
        return _later(error)
    take_in_refunds(SYSTEM, [taken_in(job.order_id, one) for one in told])
    return DONE


def pay_refunds(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """Agree to what was approved. Without a refund of the buyer's on the platform there is nothing to agree to:
    it waits, and goes on by itself once the buyer has asked."""
    jobs = pay_jobs([row.subject_id for row in rows])
    access = gateways.shops({job.shop_id for job in jobs.values()})
    results = []
    for row in rows:
        job = jobs.get(row.subject_id)
        results.append(_pay(gateways, access, job, row.attempts > 1) if job is not None else DONE)
    return results


def _pay(gateways: Gateways, access: Mapping[int, ShopAccess], job: PayJob, is_repeat: bool) -> ErrandResult:
    door, shop = gateways.refunds.get(job.platform), access.get(job.shop_id)
    if door is None or shop is None:
        record_refund_answers(SYSTEM, [RefundAnswer(job.refund_id, "failed", "no_platform")])
        return DONE
    if not job.refund_no:
        record_refund_answers(SYSTEM, [RefundAnswer(job.refund_id, "waiting", "buyer_must_ask")])
        return DONE
    if job.asked_minor != job.amount_minor:
        record_refund_answers(SYSTEM, [RefundAnswer(job.refund_id, "failed", "amount_differs")])
        return DONE
    decision = RefundDecision(
        job.refund_no, job.platform_no, job.platform_line_no, job.amount_minor, job.version, job.phase, is_repeat
    )
    try:
        told = door.agree(shop, decision)
    except OutsideError as error:
        if error.kind == "permanent":
            record_refund_answers(SYSTEM, [RefundAnswer(job.refund_id, "failed", error.code)])
            return read_refunds_of(gateways, job.order_id) if error.code == "refund_changed" else DONE
        return _later(error)
    take_in_refunds(SYSTEM, [taken_in(job.order_id, told)])
    return DONE


def read_refunds_of(gateways: Gateways, order_id: int) -> ErrandResult:
    """The buyer has changed the wish: as it stands now it can be decided about anew."""
    jobs = read_jobs([order_id])
    return _read(gateways, gateways.shops({jobs[order_id].shop_id}), jobs[order_id])


Tell = Callable[[PlatformRefunds, ShopAccess, TellJob, RefundDecision], ToldRefund]


def tell_refunds(gateways: Gateways, rows: Sequence[ErrandRow], tell: Tell) -> list[ErrandResult]:
    """Say one thing about refunds on their platforms, and take in how they stand then."""
    jobs = tell_jobs([row.subject_id for row in rows])
    access = gateways.shops({job.shop_id for job in jobs.values()})
    return [
        _tell(gateways, access, jobs[row.subject_id], tell, row.attempts > 1) if row.subject_id in jobs else DONE
        for row in rows
    ]


def _tell(
    gateways: Gateways, access: Mapping[int, ShopAccess], job: TellJob, tell: Tell, is_repeat: bool
) -> ErrandResult:
    door, shop = gateways.refunds.get(job.platform), access.get(job.shop_id)
    if door is None or shop is None:
        return ErrandResult("give_up", "the shop has no platform to tell")
    decision = RefundDecision(
        job.refund_no, job.platform_no, job.platform_line_no, job.asked_minor, job.version, job.phase, is_repeat
    )
    try:
        told = tell(door, shop, job, decision)
    except OutsideError as error:
        return _later(error)
    take_in_refunds(SYSTEM, [taken_in(job.order_id, told)])
    return DONE


def _refuse(door: PlatformRefunds, shop: ShopAccess, job: TellJob, decision: RefundDecision) -> ToldRefund:
    return door.refuse(shop, decision, (job.end_reason or REFUSAL_WORDS)[:SORRY])


def _agree_return(door: PlatformRefunds, shop: ShopAccess, job: TellJob, decision: RefundDecision) -> ToldRefund:
    return door.agree_return(shop, decision, ReturnAddress(job.sender_name, job.sender_phone, job.sender_address))
