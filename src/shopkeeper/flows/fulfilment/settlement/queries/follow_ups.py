"""Follow-ups as customer service reads them: the list with its counters, one with its tries and script facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.settlement.models import FollowUp, FollowUpAttempt
from shopkeeper.flows.fulfilment.settlement.queries.scope import in_shops, of_numbers
from shopkeeper.flows.fulfilment.settlement.sql import follow_ups as sql
from shopkeeper.flows.fulfilment.settlement.states import FollowUpOutcome, FollowUpState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.personal import Erased, open_json
from shopkeeper.sop.policy import read_policies


@dataclass(frozen=True, slots=True)
class FollowUpFilter:
    """What is asked of the list; empty fields do not narrow it."""

    state: str = ""
    outcome: str = ""
    text: str = ""
    numbers: tuple[str, ...] = ()
    shop_id: int | None = None


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One follow-up; the buyer masked."""

    id: int
    order_id: int
    order_number: str
    platform_no: str
    shop: str
    state: str
    outcome: str
    attempts: int
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None
    signed_at: datetime | None
    buyer: str
    paid_minor: int
    currency: str

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state == FollowUpState.OPEN else None


@dataclass(frozen=True, slots=True)
class FollowUpRecord:
    """One follow-up whole: the order it is about, the tries so far, how many there may be."""

    row: FollowUpRow
    order: OrderCard
    tries: tuple[sql.TryRow, ...]
    attempts_allowed: int
    days_waited: int

    @property
    def next_attempt(self) -> int:
        return self.row.attempts + 1

    @property
    def goods(self) -> str:
        """The goods as one says them: the first by name, the others counted."""
        names = [line.name for line in self.order.lines]
        return names[0] + (f" +{len(names) - 1}" if len(names) > 1 else "") if names else ""


_COLUMNS = (
    "id",
    "order_id",
    "order__platform_no",
    "order__signed_at",
    "order__receiver_name_masked",
    "order__paid_minor",
    "order__currency",
    "shop__name",
    "state",
    "outcome",
    "attempts",
    "opened_at",
    "due_at",
    "ended_at",
)


def follow_up_counts(viewer: Actor) -> dict[str, int]:
    """How many are open, for the list's tabs."""
    rows = in_shops(FollowUp.objects.filter(state=FollowUpState.OPEN), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def follow_ups_page(
    viewer: Actor, wanted: FollowUpFilter, *, after: str = "", limit: int = 50
) -> tuple[list[FollowUpRow], str]:
    """A page of follow-ups and the next key: open ones by due time, the others newest first."""
    rows = of_numbers(in_shops(FollowUp.objects.all(), viewer), wanted.text, wanted.numbers)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    order = ("due_at", "id") if wanted.state == FollowUpState.OPEN else ("-id",)
    found = [_row(values) for values in rows.order_by(*order).values(*_COLUMNS)[start : start + limit + 1]]
    return found[:limit], str(start + limit) if len(found) > limit else ""


def follow_up_record(viewer: Actor, followup_id: int, now: datetime) -> FollowUpRecord | None:
    """One follow-up with everything needed to make the call; None where it is not in the viewer's shops."""
    found = in_shops(FollowUp.objects.filter(id=followup_id), viewer).values(*_COLUMNS, "shop_id").first()
    if found is None:
        return None
    row = _row(found)
    order = orders_by_id([row.order_id])[row.order_id]
    since = order.signed_at or order.shipped_at
    return FollowUpRecord(
        row=row,
        order=order,
        tries=tuple(sql.TRIES_OF.rows(followup=followup_id)),
        attempts_allowed=read_policies()("follow_up_attempts", found["shop_id"]),
        days_waited=(now - since).days if since else 0,
    )


def problems_of(followup_ids: Iterable[int]) -> dict[int, str]:
    """What buyers told of these follow-ups, in the caller's words; '' where the buyer was erased."""
    rows = FollowUpAttempt.objects.filter(followup_id__in=list(followup_ids), outcome=FollowUpOutcome.HAS_PROBLEM)
    return {row.followup_id: _note_of(row) for row in rows.order_by("id")}


def _note_of(tried: FollowUpAttempt) -> str:
    try:
        return str(open_json(tried.subject_id, bytes(tried.note_sealed)).get("note", ""))
    except Erased:
        return ""


def shop_name(shop_id: int) -> str:
    return Shop.objects.filter(id=shop_id).values_list("name", flat=True).first() or ""


def _row(values: dict[str, Any]) -> FollowUpRow:
    own = {name: values[name] for name in _COLUMNS if "__" not in name}
    return FollowUpRow(
        order_number=order_number(values["order_id"]),
        platform_no=values["order__platform_no"],
        shop=values["shop__name"],
        signed_at=values["order__signed_at"],
        buyer=values["order__receiver_name_masked"],
        paid_minor=values["order__paid_minor"],
        currency=values["order__currency"],
        **own,
    )
