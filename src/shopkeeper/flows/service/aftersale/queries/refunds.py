"""Money going back, as those who approve and pay it read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.service.aftersale.models import Refund, RefundLine, case_number
from shopkeeper.flows.service.aftersale.queries.cases import in_shops
from shopkeeper.flows.service.aftersale.states import RefundState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.sop.models import Deadline

OPEN = (RefundState.PROPOSED, RefundState.APPROVED, RefundState.FAILED)


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One refund or compensation; amounts in minor units."""

    id: int
    case_id: int
    case_number: str
    order_id: int
    order_number: str
    shop: str
    state: str
    is_compensation: bool
    way: str
    amount_minor: int
    currency: str
    refund_no: str
    reason: str
    solution: str
    outside_policy: bool
    why: str
    proposed_at: datetime
    proposed_by_id: int
    proposed_by: str
    approved_at: datetime | None
    approved_by: str
    by_itself: bool
    paid_at: datetime | None
    paid_evidence: str
    reject_reason: str
    last_error: str
    due_at: datetime | None = None

    @property
    def tone(self) -> str:
        return "red" if self.state == RefundState.FAILED else ""


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What of one line a refund gives back."""

    order_line_id: int
    quantity: int
    amount_minor: int


_COLUMNS = (
    "id", "case_id", "order_id", "shop__name", "state", "is_compensation", "way", "amount_minor", "currency",
    "platform_refund__refund_no", "case__reason", "offer__solution", "offer__outside_policy", "offer__why",
    "proposed_at", "proposed_by", "approved_at", "approved_by", "paid_at", "paid_evidence", "reject_reason",
    "last_error",
)  # fmt: skip


def refund_counts(viewer: Actor) -> dict[str, int]:
    """How many per state that somebody still has to deal with."""
    rows = in_shops(Refund.objects.filter(state__in=[str(state) for state in OPEN]), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def refunds_page(
    viewer: Actor, *, state: str = "", shop_id: int | None = None, after: int | None = None, limit: int = 50
) -> tuple[list[RefundRow], str]:
    """A page of refunds, newest first, and the next key."""
    rows = in_shops(Refund.objects.all(), viewer)
    if state:
        rows = rows.filter(state=state)
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = _rows(rows.order_by("-id")[: limit + 1])
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def refund_row(viewer: Actor, refund_id: int) -> RefundRow | None:
    """One refund; None where it is not in the viewer's shops."""
    return next(iter(_rows(in_shops(Refund.objects.filter(id=refund_id), viewer))), None)


def refunds_of_case(case_id: int) -> list[RefundRow]:
    return _rows(Refund.objects.filter(case_id=case_id).order_by("id"))


def refund_parts(refund_id: int) -> list[RefundPart]:
    return [
        RefundPart(line.order_line_id, line.quantity, line.amount_minor)
        for line in RefundLine.objects.filter(refund_id=refund_id).order_by("order_line_id")
    ]


def _rows(rows: QuerySet[Refund]) -> list[RefundRow]:
    found = list(rows.values(*_COLUMNS))
    people = {row["proposed_by"] for row in found} | {row["approved_by"] or 0 for row in found}
    names = dict(Person.objects.filter(id__in=people - {0}).values_list("id", "name"))
    ids = [row["id"] for row in found]
    kinds = ("aftersale_approve", "aftersale_pay")
    dues = dict(Deadline.objects.filter(kind__in=kinds, subject_id__in=ids).values_list("subject_id", "due_at"))
    return [_row(values, names, dues) for values in found]


def _row(values: dict[str, Any], names: dict[int, str], dues: dict[int, datetime]) -> RefundRow:
    return RefundRow(
        id=values["id"],
        case_id=values["case_id"],
        case_number=case_number(values["case_id"]),
        order_id=values["order_id"],
        order_number=order_number(values["order_id"]),
        shop=values["shop__name"],
        state=values["state"],
        is_compensation=values["is_compensation"],
        way=values["way"],
        amount_minor=values["amount_minor"],
        currency=values["currency"],
        refund_no=values["platform_refund__refund_no"] or "",
        reason=values["case__reason"],
        solution=values["offer__solution"],
        outside_policy=values["offer__outside_policy"],
        why=values["offer__why"],
        proposed_at=values["proposed_at"],
        proposed_by_id=values["proposed_by"],
        proposed_by=names.get(values["proposed_by"], ""),
        approved_at=values["approved_at"],
        approved_by=names.get(values["approved_by"] or 0, ""),
        by_itself=values["approved_by"] == 0,
        paid_at=values["paid_at"],
        paid_evidence=values["paid_evidence"],
        reject_reason=values["reject_reason"],
        last_error=values["last_error"],
        due_at=dues.get(values["id"]),
    )
