"""What service asks of the outside: a platform to change or close an order, a courier to stop a parcel. And what
tickets ask of the desks above them: where the customer is spoken with, which cases their order has."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from shopkeeper.flows.fulfilment.intake.ports import ShopAccess
from shopkeeper.flows.fulfilment.parcels.ports import Contact
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.outside import OutsideError

__all__ = [
    "CaseBeside",
    "Contact",
    "CourierInterception",
    "InterceptRequest",
    "Intercepted",
    "NewReceiver",
    "OutsideError",
    "PlatformOrderChanges",
    "ServiceBeside",
    "ShopAccess",
    "changes_by_interface",
    "provide_change_doors",
    "provide_service_beside",
    "service_beside",
]


@dataclass(frozen=True, slots=True)
class NewReceiver:
    """Whom an order is to go to instead."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    province: str
    city: str
    district: str
    address: str = field(repr=False)
    zip: str = ""


class PlatformOrderChanges(Protocol):
    """One platform's door for changing orders that have not left. Every method raises `OutsideError`."""

    def change_address(self, shop: ShopAccess, platform_no: str, receiver: NewReceiver) -> None:
        """Write another receiver on the platform's order; writing the same again is harmless. An order that has
        left or ended is a permanent `OutsideError` with code `not_changeable`."""

    def close(self, shop: ShopAccess, platform_no: str, reason: str) -> None:
        """Close the order: an unpaid one by the seller; a paid one by agreeing to the refund that the buyer asked
        for. Closed already is harmless. Permanent: `buyer_must_apply` where a paid order has no refund asked for,
        `not_changeable` where it has left."""


InterceptType = Literal["return", "redirect"]


@dataclass(frozen=True, slots=True)
class InterceptRequest:
    """One parcel to be stopped. `ref` is our key: asking again with it is the same request."""

    ref: str
    courier_code: str
    number: str
    type: InterceptType
    reason: str
    receiver: Contact | None = None


@dataclass(frozen=True, slots=True)
class Intercepted:
    """The courier will try; `courier_ref` is its own number for the request."""

    courier_ref: str


class CourierInterception(Protocol):
    """One courier service's door for stopping parcels."""

    def intercept(self, request: InterceptRequest) -> Intercepted:
        """Ask for a parcel to be brought back, or to another address. The same `ref` again gives the same answer.
        A courier that will not is a permanent `OutsideError`: `delivered_already`, `out_for_delivery`,
        `not_supported`, or its own code."""


@dataclass(frozen=True, slots=True)
class CaseBeside:
    """An after-sale case of a ticket's order."""

    id: int
    number: str
    reason: str
    state: str


class ServiceBeside(Protocol):
    """What the desks above tickets know of a ticket; each answers only what the viewer may see."""

    def conversation_of(self, viewer: Actor, ticket_id: int) -> int | None:
        """The newest conversation about the ticket."""

    def is_over(self, conversation_id: int) -> bool:
        """Whether nothing can be said in a conversation any more."""
        ...

    def open_talk_of(self, viewer: Actor, shop_id: int, subject_id: int) -> int | None:
        """The conversation that a shop has with a customer at this moment."""

    def cases_of(self, viewer: Actor, order_id: int) -> Sequence[CaseBeside]:
        """The cases of an order, newest first."""
        ...


class NothingBeside:
    """No desk above tickets is there."""

    def conversation_of(self, viewer: Actor, ticket_id: int) -> int | None:
        return None

    def is_over(self, conversation_id: int) -> bool:
        return True

    def open_talk_of(self, viewer: Actor, shop_id: int, subject_id: int) -> int | None:
        return None

    def cases_of(self, viewer: Actor, order_id: int) -> Sequence[CaseBeside]:
        return ()


Doors = Callable[[], Collection[str]]
_change_doors: list[Doors] = [lambda: ()]


def changes_by_interface(platform: str) -> bool:
    """Whether a platform takes changes of orders itself; elsewhere a person makes them in its console."""
    return platform in _change_doors[0]()


def provide_change_doors(doors: Doors) -> None:
    """Which platforms have a door for changes (config says it)."""
    _change_doors[0] = doors


_beside: list[ServiceBeside] = [NothingBeside()]


def service_beside() -> ServiceBeside:
    """The desks that are plugged in."""
    return _beside[0]


def provide_service_beside(beside: ServiceBeside) -> None:
    """The desks above plug themselves in when the house loads (config does it)."""
    _beside[0] = beside
