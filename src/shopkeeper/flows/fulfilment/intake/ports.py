"""What intake asks of a sales platform, in our words; the platforms' own words stay in `integrations`.

Amounts are integer minor units of `currency`; every moment is aware UTC in business time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.shop_access import ShopAccess
from shopkeeper.shared.outside import ForgedMessage, OutsideError

__all__ = [
    "OWN_PREFIX",
    "ForgedMessage",
    "Hint",
    "HintKind",
    "OutsideError",
    "PlatformOrders",
    "PlatformState",
    "PulledPage",
    "ReceivedLine",
    "ReceivedOrder",
    "Receiver",
    "RefundState",
    "ShopAccess",
    "Unreadable",
]

OWN_PREFIX = "OWN-"  # how numbers of orders begin that are ours alone: no platform is asked or told about them
PlatformState = Literal["unpaid", "held_by_platform", "to_ship", "part_shipped", "shipped", "done", "closed"]
RefundState = Literal["", "requested", "refunding", "refunded", "closed"]
HintKind = Literal["created", "paid", "changed", "refund", "closed", "shipped", "done", "other"]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a parcel goes to; `masked` when the platform already starred the name, phone or address."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    town: str
    address: str
    zip: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """One line of a platform order. `paid_minor` is the line's share of what the buyer paid for goods."""

    platform_line_no: str
    platform_item_no: str
    platform_sku_no: str
    outer_code: str
    title: str
    spec: str
    quantity: int
    price_minor: int
    discount_minor: int
    paid_minor: int
    refund_state: RefundState = ""
    is_gift: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedOrder:
    """One platform order as it stood at `modified_at`. `raw` is the original message, byte for byte."""

    shop_id: int
    platform_no: str
    platform_state: str
    state: PlatformState
    placed_at: datetime
    paid_at: datetime | None
    modified_at: datetime
    ship_by_at: datetime | None
    ended_at: datetime | None
    currency: str
    goods_minor: int
    freight_minor: int
    discount_minor: int
    paid_minor: int
    buyer_ref: str
    receiver_token: str
    receiver: Receiver
    buyer_remark: str
    seller_memo: str
    seller_flag: str
    lines: tuple[ReceivedLine, ...]
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An order the platform listed and we could not make out: kept and shown to a person, never dropped.

    `reason`: `no_detail`, or the field that made no sense.
    """

    platform_no: str
    reason: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PulledPage:
    """One page of a pull.

    `window_end`: end of the slice the page belongs to. `total`: what the platform says the slice holds (it
    may lie). `slice_done`: the slice has been read whole with this page; a cursor may move to `window_end`
    once its orders are kept.
    """

    orders: tuple[ReceivedOrder, ...]
    window_end: datetime
    total: int
    slice_done: bool
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """A verified message: something happened to one order. It only says where to look; facts are fetched."""

    message_id: str
    kind: HintKind
    platform_no: str
    at: datetime | None


WaitsFor = Literal["platform", "person", "buyer", "reading", ""]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer asked to have changed of an order. `waits_for` says whose the next step is while it is under
    way: the platform's answer, a person of customer service, the buyer, or the platform's order to be read."""

    id: int
    order_id: int
    kind: Literal["address", "cancel"]
    is_under_way: bool
    is_done: bool
    waits_for: WaitsFor
    due_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketBeside:
    """A customer's matter about an order, as far as the order desk shows it."""

    id: int
    number: str
    kind: str
    state: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What customer service wrote about a question, when and who; `text` is empty for who may not read it."""

    at: datetime
    who: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """Something the order desk asked customer service to find out from an order's buyer: a ticket of theirs.

    `until` is when it is to be settled, `ended_at` when it was; `text` is empty for who may not read it.
    """

    ticket_id: int
    number: str
    at: datetime
    who: str
    text: str = field(repr=False)
    until: datetime
    ended_at: datetime | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """That an order's newest question has ended: when it was put, and whether anything was written about it."""

    at: datetime
    is_answered: bool


class OrderWishes(Protocol):
    """What customers asked to have changed of their orders (S2.2), as far as the check must know it."""

    def under_way(self, order_ids: Sequence[int]) -> set[int]:
        """Orders of which a change is being carried out; one statement however many."""
        ...

    def asked(self, order_ids: Sequence[int]) -> Mapping[int, datetime]:
        """Orders whose buyer customer service was asked to reach, and has not settled it: until when it is to.
        One statement however many."""
        ...

    def asked_before(self, order_ids: Sequence[int]) -> Mapping[int, AskedBefore]:
        """Orders whose newest question to the buyer has ended. One statement however many."""
        ...

    def questions(self, viewer: Actor, order_id: int) -> Sequence[Question]:
        """What customer service was asked to find out from an order's buyer, the newest first."""
        ...

    def newest(self, order_ids: Sequence[int]) -> Mapping[int, Wish]:
        """Each order's newest wish, under way or ended; one statement however many."""
        ...

    def tickets_of(self, order_id: int) -> Sequence[TicketBeside]:
        """The order's tickets, the newest first."""
        ...


class NoWishes:
    """Nobody takes up wishes here."""

    def under_way(self, order_ids: Sequence[int]) -> set[int]:
        return set()

    def asked(self, order_ids: Sequence[int]) -> Mapping[int, datetime]:
        return {}

    def asked_before(self, order_ids: Sequence[int]) -> Mapping[int, AskedBefore]:
        return {}

    def questions(self, viewer: Actor, order_id: int) -> Sequence[Question]:
        return ()

    def newest(self, order_ids: Sequence[int]) -> Mapping[int, Wish]:
        return {}

    def tickets_of(self, order_id: int) -> Sequence[TicketBeside]:
        return ()


_wishes: list[OrderWishes] = [NoWishes()]


def order_wishes() -> OrderWishes:
    """Customer service's changes of orders; without it none is under way."""
    return _wishes[0]


def provide_order_wishes(wishes: OrderWishes) -> None:
    """The service desk plugs itself in when the house loads (config does it)."""
    _wishes[0] = wishes


class PlatformOrders(Protocol):
    """One sales platform. Every method raises `OutsideError`; safe to call from several threads."""

    def pull(self, shop: ShopAccess, since: datetime, until: datetime) -> Iterator[PulledPage]:
        """Every order modified in [since, until], oldest slice first, at most 30 minutes a slice, each read
        from its last page to its first. An order may come twice; none is left out as long as `until` lies
        in the past. An empty slice yields one empty page, so that a cursor can move."""

    def fetch(self, shop: ShopAccess, platform_nos: Sequence[str]) -> list[ReceivedOrder]:
        """The named orders as they stand now, in the order asked; numbers the platform does not know are
        left out. One that makes no sense is a permanent `OutsideError` with code `unreadable_order`."""

    def refund_open(self, shop: ShopAccess, platform_nos: Sequence[str]) -> set[str]:
        """Those of the numbers that must not be shipped now: a refund is asked for, under way or paid on
        one of their lines, or the platform has closed them or does not know them."""

    def parse_message(self, shop: ShopAccess, headers: Mapping[str, str], body: bytes) -> Hint:
        """A pushed message, believed only if its signature fits the shop's secret and it is at most 10
        minutes of machine time old; else `ForgedMessage`."""

    def set_memo(self, shop: ShopAccess, platform_no: str, memo: str, flag: str = "") -> None:
        """Write the seller's memo (and flag colour, our word) on the platform's order; writing it again is
        harmless."""
