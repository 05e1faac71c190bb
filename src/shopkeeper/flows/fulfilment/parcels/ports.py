"""What parcels ask of the outside: telling the platform a number, and a courier for numbers and tracking.

Couriers are named by our own codes (`yuantong`, `shunfeng`, …); adapters translate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from shopkeeper.flows.fulfilment.intake.ports import ShopAccess
from shopkeeper.shared.outside import ForgedMessage, OutsideError

__all__ = [
    "Ack",
    "Contact",
    "Courier",
    "ForgedMessage",
    "OutsideError",
    "ShipBack",
    "ShipNotice",
    "ShopAccess",
    "TrackEvent",
    "TrackResult",
    "TrackState",
    "Waybill",
    "WaybillRequest",
]

TrackState = Literal[
    "ordered",
    "picked",
    "transit",
    "delivering",
    "signed",
    "problem",
    "refused",
    "returning",
    "returned",
    "forwarded",
    "customs",
]


@dataclass(frozen=True, slots=True)
class ShipNotice:
    """One parcel that left. `line_nos` empty = the whole order, else the platform line numbers inside the
    parcel. `is_repeat`: it may have been told before, by a process that was killed or heard no answer."""

    platform_no: str
    line_nos: tuple[str, ...]
    courier_code: str
    number: str
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Ack:
    """The platform has taken the number. `repeated`: it already had this very number; nothing was sent
    anew."""

    platform_no: str
    number: str
    repeated: bool


class ShipBack(Protocol):
    """One platform's door for shipped parcels."""

    def send(self, shop: ShopAccess, notice: ShipNotice) -> Ack:
        """Tell the platform; a repeat asks first whether it has the number and is then not sent again.
        Sending the same number again is an acknowledged repeat; another number for an
        order already shipped is a permanent `OutsideError` with code `already_shipped`, an order that may
        not ship now `not_shippable`, a number used elsewhere `number_used`, one of the wrong form
        `bad_number`."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One end of a waybill: plain, or masked together with the platform's receiver token."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    province: str
    city: str
    district: str
    address: str = field(repr=False)
    company: str = ""


@dataclass(frozen=True, slots=True)
class WaybillRequest:
    """`order_ref` is our key for the parcel: asking again with it yields the same number. Weight in grams."""

    order_ref: str
    courier_code: str
    account_no: str
    account_key: str = field(repr=False)
    sender: Contact
    receiver: Contact
    receiver_token: str = ""
    platform_no: str = ""
    cargo: str = ""
    count: int = 1
    weight_g: int = 0
    pay_type: Literal["SHIPPER", "CONSIGNEE", "MONTHLY", "THIRDPARTY"] = "MONTHLY"
    remark: str = ""
    net: str = ""


@dataclass(frozen=True, slots=True)
class Waybill:
    """A number issued. `print_data` only where the platform encrypts the receiver and prints by its own
    means."""

    order_ref: str
    courier_code: str
    number: str
    routing_code: str
    hub: str
    print_data: str | None


@dataclass(frozen=True, slots=True)
class TrackEvent:
    """One scan on the way. `code` is the courier service's two-level code (`103`, `1002`, `301`)."""

    at: datetime
    code: str
    state: TrackState
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class TrackResult:
    """Where a parcel stands. `events` oldest first; `code` the latest two-level code; `watch` says whether
    the courier service still follows it (`abort` = it gave up: check the courier and subscribe again)."""

    number: str
    courier_code: str
    state: TrackState
    code: str
    events: tuple[TrackEvent, ...]
    watch: Literal["polling", "shutdown", "abort", "updateall", ""]
    corrected_courier: str = ""


class Courier(Protocol):
    """One courier service. Every method raises `OutsideError`; safe to call from several threads."""

    def order_waybill(self, request: WaybillRequest) -> Waybill:
        """One number for one parcel; the same `order_ref` again gives the same number."""

    def cancel_waybill(self, order_ref: str, courier_code: str, number: str, reason: str) -> None:
        """Give an unused number back; giving it back again is harmless."""

    def subscribe(self, number: str, courier_code: str, callback_url: str, phone_tail: str = "") -> None:
        """Have tracking pushed to `callback_url`; subscribing again is harmless."""

    def query(self, number: str, courier_code: str, phone_tail: str = "") -> TrackResult:
        """Ask now (at most every 30 minutes for one number, else `throttled`). No record yet = no events."""

    def parse_push(self, form: Mapping[str, str]) -> TrackResult:
        """A pushed form, believed only if its signature fits; else `ForgedMessage`."""


class Interceptions(Protocol):
    """What of a parcel's way back we asked the courier for ourselves."""

    def asked_back_at(self, parcel_id: int) -> datetime | None:
        """When the courier was asked to bring it back, unless it refused; None where nobody asked."""
        ...


class NoInterceptions:
    """Nobody asks couriers to stop parcels."""

    def asked_back_at(self, parcel_id: int) -> datetime | None:
        return None


_interceptions: list[Interceptions] = [NoInterceptions()]


def interceptions() -> Interceptions:
    """Whoever asks couriers to stop parcels, as plugged in."""
    return _interceptions[0]


def provide_interceptions(asked: Interceptions) -> None:
    """Plug in who asks couriers to stop parcels (config does it when the house loads)."""
    _interceptions[0] = asked
