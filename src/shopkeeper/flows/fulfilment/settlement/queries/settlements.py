"""Settlements as finance reads them: the list with its counters, one with its entries, the rows of an export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.settlement.models import Settlement
from shopkeeper.flows.fulfilment.settlement.queries.scope import in_shops, of_numbers
from shopkeeper.flows.fulfilment.settlement.sql import books as sql
from shopkeeper.flows.fulfilment.settlement.states import SettlementState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person


@dataclass(frozen=True, slots=True)
class SettlementFilter:
    """What is asked of the list; `state` empty means all. Days are of completion, both ends included."""

    state: str = ""
    text: str = ""
    numbers: tuple[str, ...] = ()
    shop_id: int | None = None
    doubt: str = ""
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """One settlement; amounts in minor units of its currency, commission and receivable after refunds."""

    id: int
    order_id: int
    order_number: str
    platform_no: str
    shop_id: int
    shop: str
    state: str
    doubt: str
    completed_at: datetime
    due_at: datetime
    settled_at: datetime | None
    currency: str
    paid_minor: int
    income_minor: int
    commission_minor: int
    cost_minor: int
    refund_minor: int
    receivable_minor: int
    margin_minor: int

    @property
    def is_settled(self) -> bool:
        return self.state == SettlementState.SETTLED

    @property
    def tone(self) -> str:
        """How the row is tinted: amber where a person must look, red where it lost money."""
        if self.state == SettlementState.REVIEW:
            return "amber"
        return "red" if self.margin_minor < 0 else ""

    @property
    def margin_percent(self) -> str:
        """Margin over income, one decimal; empty without income."""
        return f"{self.margin_minor * 100 / self.income_minor:.1f}%" if self.income_minor > 0 else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the books; `debit_minor` or `credit_minor` is nothing."""

    kind: str
    refund_id: int
    goods: str
    account: str
    debit_minor: int | None
    credit_minor: int | None
    booked_on: date
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class SettlementRecord:
    """One settlement whole: the row, the order it came from, its entries in the order they were booked."""

    row: SettlementRow
    order: OrderCard
    entries: tuple[Entry, ...]
    total_minor: int
    commission_percent: str
    settled_by: str
    approved_reason: str


def settlement_counts(viewer: Actor) -> dict[str, int]:
    """How many per state, for the list's tabs."""
    rows = in_shops(Settlement.objects.all(), viewer).exclude(state=SettlementState.SETTLED)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def settlements_page(
    viewer: Actor, wanted: SettlementFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[SettlementRow], str]:
    """A page of settlements, newest first, and the key of the next one ('' where there is none)."""
    rows = _matching(viewer, wanted)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_row(values) for values in rows.order_by("-id").values(*_COLUMNS)[: limit + 1]]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def settlements_to_export(viewer: Actor, wanted: SettlementFilter) -> Iterator[SettlementRow]:
    """All matching settlements, oldest first, streamed."""
    rows = _matching(viewer, wanted).order_by("id").values(*_COLUMNS)
    return (_row(values) for values in rows.iterator(chunk_size=2_000))


def matching_orders(viewer: Actor, wanted: SettlementFilter, limit: int = 10_000) -> list[int]:
    """The orders of all matching settlements that are not settled yet."""
    rows = _matching(viewer, wanted).exclude(state=SettlementState.SETTLED)
    return list(rows.order_by("id").values_list("order_id", flat=True)[:limit])


def orders_of(viewer: Actor, settlement_ids: list[int]) -> list[int]:
    """The orders of these settlements, as far as the viewer sees them."""
    rows = in_shops(Settlement.objects.filter(id__in=settlement_ids), viewer)
    return list(rows.order_by("id").values_list("order_id", flat=True))


def settlement_record(viewer: Actor, settlement_id: int) -> SettlementRecord | None:
    """One settlement with its entries; None where there is none in the viewer's shops."""
    found = in_shops(Settlement.objects.filter(id=settlement_id), viewer)
    values = found.values(*_COLUMNS, "settled_by", "approved_reason", "commission_basis_points").first()
    if values is None:
        return None
    row = _row(values)
    order = orders_by_id([row.order_id])[row.order_id]
    goods = {line.id: f"{line.sku_code} {line.name}" for line in order.lines}
    entries = tuple(_entry(entry, goods) for entry in sql.ENTRIES_OF.rows(settlement=settlement_id))
    settled_by = Person.objects.filter(id=values["settled_by"] or 0).values_list("name", flat=True).first()
    return SettlementRecord(
        row=row,
        order=order,
        entries=entries,
        total_minor=sum(entry.debit_minor or 0 for entry in entries),
        commission_percent=f"{values['commission_basis_points'] / 100:.2f}%",
        settled_by=settled_by or "",
        approved_reason=values["approved_reason"],
    )


_COLUMNS = (
    "id",
    "order_id",
    "order__platform_no",
    "order__paid_minor",
    "shop_id",
    "shop__name",
    "state",
    "doubt",
    "completed_at",
    "due_at",
    "settled_at",
    "currency",
    "income_minor",
    "commission_minor",
    "cost_minor",
    "refund_minor",
    "receivable_minor",
)


def _matching(viewer: Actor, wanted: SettlementFilter) -> QuerySet[Settlement]:
    rows = of_numbers(in_shops(Settlement.objects.all(), viewer), wanted.text, wanted.numbers)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.doubt:
        rows = rows.filter(doubt=wanted.doubt, state=SettlementState.REVIEW)
    if wanted.from_day:
        rows = rows.filter(completed_on__gte=wanted.from_day)
    if wanted.to_day:
        rows = rows.filter(completed_on__lte=wanted.to_day)
    return rows


def _row(values: dict[str, Any]) -> SettlementRow:
    margin = values["income_minor"] - values["commission_minor"] - values["cost_minor"] - values["refund_minor"]
    return SettlementRow(
        order_number=order_number(values["order_id"]),
        platform_no=values["order__platform_no"],
        paid_minor=values["order__paid_minor"],
        shop=values["shop__name"],
        margin_minor=margin,
        **{name: values[name] for name in _COLUMNS if "__" not in name},
    )


def _entry(row: sql.EntryRow, goods: dict[int, str]) -> Entry:
    return Entry(
        kind=row.kind,
        refund_id=row.refund_id,
        goods=goods.get(row.order_line_id or 0, ""),
        account=row.account,
        debit_minor=row.amount_minor if row.amount_minor > 0 else None,
        credit_minor=-row.amount_minor if row.amount_minor < 0 else None,
        booked_on=row.booked_on,
        booked_at=row.booked_at,
    )
