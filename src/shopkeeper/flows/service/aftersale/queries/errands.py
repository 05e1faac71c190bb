"""What the errands of after-sale need to say what they say: one row per refund or order."""

from collections.abc import Iterable
from dataclasses import dataclass

from shopkeeper.flows.service.aftersale.models import AfterSaleCase
from shopkeeper.flows.service.aftersale.sql import cases as case_sql
from shopkeeper.flows.service.aftersale.sql import money as sql
from shopkeeper.flows.service.aftersale.states import RefundState


@dataclass(frozen=True, slots=True)
class ReadJob:
    """An order whose refunds are to be read."""

    order_id: int
    shop_id: int
    platform: str
    platform_no: str


@dataclass(frozen=True, slots=True)
class PayJob:
    """An approved refund; `refund_no` empty while the buyer has not asked on the platform."""

    refund_id: int
    order_id: int
    shop_id: int
    platform: str
    platform_no: str
    amount_minor: int
    refund_no: str
    platform_line_no: str
    version: str
    phase: str
    asked_minor: int


@dataclass(frozen=True, slots=True)
class TellJob:
    """A platform's refund that is to be refused, or whose return is agreed to."""

    order_id: int
    shop_id: int
    platform: str
    platform_no: str
    platform_line_no: str
    refund_no: str
    asked_minor: int
    version: str
    phase: str
    sender_name: str
    sender_phone: str
    sender_address: str
    end_reason: str


def read_jobs(order_ids: Iterable[int]) -> dict[int, ReadJob]:
    rows = sql.READABLE.rows(orders=sorted(set(order_ids)))
    return {r.order_id: ReadJob(r.order_id, r.shop_id, r.platform, r.platform_no) for r in rows}


def told_by_order(order_id: int) -> list[tuple[int, int]]:
    """(line, paid) of the lines that the order itself calls refunded."""
    lines = case_sql.ORDER_LINES.rows(orders=[order_id])
    return [(line.id, line.paid_minor) for line in lines if line.refund_state == "refunded"]


def pay_jobs(refund_ids: Iterable[int]) -> dict[int, PayJob]:
    """Refunds that may go out now; those paid or stopped meanwhile are left out."""
    rows = sql.REFUNDS.rows(refunds=sorted(set(refund_ids)))
    return {
        row.id: PayJob(
            refund_id=row.id,
            order_id=row.order_id,
            shop_id=row.shop_id,
            platform=row.platform,
            platform_no=row.platform_no,
            amount_minor=row.amount_minor,
            refund_no=row.refund_no,
            platform_line_no=row.platform_line_no,
            version=row.version,
            phase=row.phase,
            asked_minor=row.asked_minor,
        )
        for row in rows
        if row.state == RefundState.APPROVED and not row.is_compensation
    }


def tell_jobs(platform_refund_ids: Iterable[int]) -> dict[int, TellJob]:
    ids = sorted(set(platform_refund_ids))
    words = dict(
        AfterSaleCase.objects.filter(platform_refund_id__in=ids).values_list("platform_refund_id", "end_reason")
    )
    return {
        row.id: TellJob(
            order_id=row.order_id,
            shop_id=row.shop_id,
            platform=row.platform,
            platform_no=row.platform_no,
            platform_line_no=row.platform_line_no,
            refund_no=row.refund_no,
            asked_minor=row.asked_minor,
            version=row.version,
            phase=row.phase,
            sender_name=row.sender_name,
            sender_phone=row.sender_phone,
            sender_address=row.sender_address,
            end_reason=words.get(row.id, ""),
        )
        for row in sql.DECISIONS.rows(ids=ids)
    }
