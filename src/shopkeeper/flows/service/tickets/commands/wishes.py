"""S2.2: what changes and interceptions share: the new receiver, sealed and masked; whose ticket asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.ports import Receiver
from shopkeeper.flows.fulfilment.intake.rules import phone_is_plausible
from shopkeeper.flows.service.tickets.sql import changes as sql
from shopkeeper.foundation import masking
from shopkeeper.foundation.personal import Erased, open_json, seal_many

Reason = Literal["changed_mind", "wrong_item", "wrong_address", "away", "too_slow", "duplicate", "fraud", "other"]

REGION = ("province", "city", "district")
PARTS = ("name", "phone", "province", "city", "district", "address")
NEEDED = ("name", "phone", "province", "city", "address")


@dataclass(frozen=True, slots=True)
class ReceiverWish:
    """Another receiver; kept sealed with the buyer's other data."""

    name: Annotated[str, Field(max_length=60)] = field(repr=False)
    phone: Annotated[str, Field(max_length=40)] = field(repr=False)
    province: Annotated[str, Field(max_length=40)]
    city: Annotated[str, Field(max_length=40)]
    district: Annotated[str, Field(max_length=40)]
    address: Annotated[str, Field(max_length=200)] = field(repr=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that nobody can be reached without and that are empty."""
        return tuple(name for name in NEEDED if not getattr(self, name).strip())

    def filled_up(self, now: Receiver) -> "ReceiverWish":
        """The wish with what it leaves empty taken from the order's receiver; what a platform has starred is not known
        and stays empty. Without a street the whole address stays, unless another region is named."""
        known = {name: "" if now.masked and "*" in getattr(now, name) else getattr(now, name) for name in PARTS}
        filled = replace(self, name=self.name.strip() or known["name"], phone=self.phone.strip() or known["phone"])
        region = tuple(getattr(self, name) or getattr(now, name) for name in REGION)
        if self.address.strip() or region != tuple(getattr(now, name) for name in REGION):
            return replace(filled, province=self.province or known["province"], city=self.city or known["city"])
        return replace(filled, **{name: known[name] for name in (*REGION, "address")})

    @property
    def masked(self) -> str:
        region = " ".join(part for part in (self.province, self.city, self.district) if part)
        return masking.mask_address(self.address, region)[:200]


def flaw_of(receiver: ReceiverWish | None) -> str | None:
    """Why a parcel cannot be sent there: the code of a refusal. A phone is judged as it is when an order arrives."""
    if receiver is None or receiver.missing:
        return "address_needed"
    return None if phone_is_plausible(receiver.phone, masked=False) else "bad_phone"


def facts_of(code: str, receiver: ReceiverWish | None) -> dict[str, list[str]]:
    """What a refusal tells beside its code: the parts that are missing."""
    return {"missing": list(receiver.missing if receiver else NEEDED)} if code == "address_needed" else {}


def seal_receivers(wishes: Mapping[int, tuple[int, ReceiverWish]]) -> dict[int, bytes]:
    """Seal {any key: (subject id, receiver)}."""
    return seal_many(
        {
            key: (
                subject,
                {name: getattr(wish, name) for name in PARTS},
            )
            for key, (subject, wish) in wishes.items()
        }
    )


def open_receivers(change_ids: Sequence[int]) -> dict[int, ReceiverWish]:
    """The receivers that changes under way ask for, by order; one that was erased is left out."""
    found = {}
    for row in sql.RECEIVERS.rows(ids=list(change_ids)) if change_ids else ():
        try:
            parts = open_json(row.subject_id, bytes(row.receiver_sealed))
        except Erased:
            continue
        found[row.order_id] = ReceiverWish(**{part: str(parts.get(part, "")) for part in PARTS})
    return found


def tickets_of(ids: Sequence[int | None]) -> dict[int, sql.TicketOrderRow]:
    wanted = sorted({id_ for id_ in ids if id_})
    return {row.id: row for row in sql.TICKETS.rows(ids=wanted)} if wanted else {}


def is_theirs(
    ticket_id: int | None, tickets: Mapping[int, sql.TicketOrderRow], *, order_id: int, shop_id: int, subject_id: int
) -> bool:
    """Does the ticket come from the buyer of this order? Without a ticket the agent answers for it."""
    if ticket_id is None:
        return True
    ticket = tickets.get(ticket_id)
    if ticket is None or ticket.shop_id != shop_id:
        return False
    return ticket.order_id == order_id or ticket.subject_id == subject_id
