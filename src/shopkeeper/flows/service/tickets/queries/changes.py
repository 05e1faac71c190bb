"""Changes of orders and interceptions as people list and open them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.parcels.models import parcel_number
from shopkeeper.flows.fulfilment.parcels.queries import ParcelCard, all_parcels_of_orders, parcels_by_id
from shopkeeper.flows.fulfilment.parcels.words import courier_name
from shopkeeper.flows.service.tickets.models import Interception, OrderChange, Ticket, ticket_number
from shopkeeper.flows.service.tickets.ports import changes_by_interface
from shopkeeper.flows.service.tickets.rules.stages import way_of
from shopkeeper.flows.service.tickets.sql.moves import MOVES_OF, MoveLine
from shopkeeper.flows.service.tickets.states import (
    BUYER_MUST_APPLY,
    CHANGE_FLOW,
    CHANGE_UNDER_WAY,
    INTERCEPTION_UNDER_WAY,
    UNFINISHED,
    ChangeKind,
    ChangeState,
    TicketKind,
    Way,
)
from shopkeeper.flows.service.tickets.words import REASONS
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Shop
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change; the new address masked."""

    id: int
    order_id: int
    order_number: str
    shop: str
    ticket_id: int | None
    kind: str
    way: str
    reason: str
    state: str
    address: str
    answer_code: str
    requested_at: datetime
    due_at: datetime
    ended_at: datetime | None

    @property
    def ticket_number(self) -> str:
        return ticket_number(self.ticket_id) if self.ticket_id else ""

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state in CHANGE_UNDER_WAY else None

    @property
    def waits_for_buyer(self) -> bool:
        """Whether only the buyer can take the next step."""
        return self.state == ChangeState.BY_HAND and self.answer_code == BUYER_MUST_APPLY

    @property
    def reason_words(self) -> T:
        return REASONS.get(self.reason, T(self.reason, self.reason))


_CHANGE = (
    "id", "order_id", "shop__name", "ticket_id", "kind", "way", "reason", "state", "receiver_address_masked",
    "answer_code", "requested_at", "due_at", "ended_at",
)  # fmt: skip


def _change(values: dict[str, Any]) -> ChangeLine:
    return ChangeLine(
        order_number=order_number(values["order_id"]),
        shop=values.pop("shop__name"),
        address=values.pop("receiver_address_masked"),
        **{name: values[name] for name in _CHANGE if name in values},
    )


def change_counts(viewer: Actor) -> dict[str, int]:
    """How many are under way, by state."""
    rows = _mine(OrderChange.objects.filter(state__in=CHANGE_UNDER_WAY), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")).order_by())


def changes_page(
    viewer: Actor, *, state: str = "", kind: str = "", order_id: int | None = None, after: int = 0, limit: int = 50
) -> tuple[list[ChangeLine], str]:
    """Changes, newest first, and the next key."""
    rows = _mine(OrderChange.objects.all(), viewer)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(order_id=order_id) if order_id else rows
    rows = rows.filter(id__lt=after) if after else rows
    found = [_change(values) for values in rows.order_by("-id").values(*_CHANGE)[: limit + 1]]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    line: ChangeLine
    order: OrderCard
    requested_by: str
    answered_at: datetime | None
    attempts: int
    evidence: str
    moves: tuple[MoveLine, ...]
    pull_minutes: int
    has_interface: bool


def change_record(viewer: Actor, change_id: int) -> ChangeRecord | None:
    """One change; None where it is not in the viewer's shops."""
    more = ("requested_by", "answered_at", "attempts", "evidence")
    values = _mine(OrderChange.objects.filter(pk=change_id), viewer).values(*_CHANGE, *more).first()
    if values is None:
        return None
    order = orders_by_id([values["order_id"]])[values["order_id"]]
    rest = {name: values.pop(name) for name in more}
    rest["requested_by"] = _name(rest["requested_by"])
    return ChangeRecord(
        _change(values),
        order,
        **rest,
        moves=tuple(MOVES_OF.rows(table=CHANGE_FLOW.table, row=change_id)),
        pull_minutes=int(read_policies()("pull_minutes", order.shop_id)),
        has_interface=has_interface(order.shop_id),
    )


def has_interface(shop_id: int) -> bool:
    """Whether the shop's platform takes changes of orders itself."""
    platform = Shop.objects.filter(id=shop_id).values_list("platform", flat=True).first()
    return changes_by_interface(platform or "")


def change_under_way(viewer: Actor, order_id: int) -> ChangeLine | None:
    """The change that is being made of an order; one at a time."""
    rows = _mine(OrderChange.objects.filter(order_id=order_id, state__in=CHANGE_UNDER_WAY), viewer)
    values = rows.values(*_CHANGE).first()
    return _change(values) if values else None


@dataclass(frozen=True, slots=True)
class InterceptionLine:
    """One interception; the new address masked."""

    id: int
    parcel_id: int
    parcel: str
    number: str
    courier: str
    order_id: int
    order_number: str
    shop: str
    ticket_id: int | None
    kind: str
    reason: str
    state: str
    address: str
    answer_code: str
    courier_ref: str
    requested_at: datetime
    due_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None

    @property
    def ticket_number(self) -> str:
        return ticket_number(self.ticket_id) if self.ticket_id else ""

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state in INTERCEPTION_UNDER_WAY else None

    @property
    def courier_name(self) -> T:
        return courier_name(self.courier)


_INTERCEPTION = (
    "id", "parcel_id", "parcel__number", "parcel__courier", "order_id", "shop__name", "ticket_id", "kind", "reason",
    "state", "receiver_address_masked", "answer_code", "courier_ref", "requested_at", "due_at", "answered_at",
    "ended_at",
)  # fmt: skip


def _interception(values: dict[str, Any]) -> InterceptionLine:
    return InterceptionLine(
        parcel=parcel_number(values["parcel_id"]),
        number=values.pop("parcel__number") or "",
        courier=values.pop("parcel__courier"),
        order_number=order_number(values["order_id"]),
        shop=values.pop("shop__name"),
        address=values.pop("receiver_address_masked"),
        **{name: values[name] for name in _INTERCEPTION if name in values},
    )


def interception_counts(viewer: Actor) -> dict[str, int]:
    """How many are under way, by state."""
    rows = _mine(Interception.objects.filter(state__in=INTERCEPTION_UNDER_WAY), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")).order_by())


def interceptions_page(
    viewer: Actor, *, state: str = "", number: str = "", order_id: int | None = None, after: int = 0, limit: int = 50
) -> tuple[list[InterceptionLine], str]:
    """Interceptions, newest first, and the next key."""
    rows = _mine(Interception.objects.all(), viewer)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(parcel__number=number) if number else rows
    rows = rows.filter(order_id=order_id) if order_id else rows
    rows = rows.filter(id__lt=after) if after else rows
    found = [_interception(values) for values in rows.order_by("-id").values(*_INTERCEPTION)[: limit + 1]]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


@dataclass(frozen=True, slots=True)
class InterceptionRecord:
    line: InterceptionLine
    parcel: ParcelCard
    requested_by: str
    evidence: str


def interception_record(viewer: Actor, interception_id: int) -> InterceptionRecord | None:
    """One interception; None where it is not in the viewer's shops."""
    rows = _mine(Interception.objects.filter(pk=interception_id), viewer)
    values = rows.values(*_INTERCEPTION, "requested_by", "evidence").first()
    if values is None:
        return None
    parcel = parcels_by_id([values["parcel_id"]])[values["parcel_id"]]
    person, evidence = _name(values.pop("requested_by")), values.pop("evidence")
    return InterceptionRecord(_interception(values), parcel, person, evidence)


def order_in_shops(viewer: Actor, order_id: int) -> tuple[OrderCard, list[ParcelCard]] | None:
    """An order with its parcels, for the forms that change or stop it; None where the viewer does not see it."""
    order = orders_by_id([order_id]).get(order_id)
    if order is None or not viewer.sees_shop(order.shop_id):
        return None
    return order, all_parcels_of_orders([order_id]).get(order_id, [])


def order_now(order_id: int) -> OrderCard | None:
    """An order as it stands at this moment."""
    return orders_by_id([order_id]).get(order_id)


def order_lacking_change(ticket_id: int) -> int | None:
    """The order of an unfinished ticket that asks for another address, where it may still be had and no change of the
    address was ever filed. Another change may be under way: then none can be filed until its end."""
    rows = Ticket.objects.filter(pk=ticket_id, kind=TicketKind.ADDRESS_CHANGE, state__in=UNFINISHED)
    order_id = rows.values_list("order_id", flat=True).first()
    order = order_now(order_id) if order_id else None
    if order is None or way_of(order.state) not in (Way.BEFORE_RELEASE, Way.FROM_WAREHOUSE):
        return None
    filed = OrderChange.objects.filter(order_id=order.id, kind=ChangeKind.ADDRESS).exists()
    return None if filed else order.id


def parcel_in_shops(viewer: Actor, parcel_id: int) -> ParcelCard | None:
    parcel = parcels_by_id([parcel_id]).get(parcel_id)
    return parcel if parcel and viewer.sees_shop(parcel.shop_id) else None


def _mine(rows: Any, viewer: Actor) -> Any:
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def _name(person_id: int) -> str:
    return Person.objects.filter(id=person_id).values_list("name", flat=True).first() or ""
