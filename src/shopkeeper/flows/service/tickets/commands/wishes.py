"""S2.2: what changes and interceptions share: the new receiver, sealed and masked; whose ticket asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.service.tickets.sql import changes as sql
from shopkeeper.foundation import masking
from shopkeeper.foundation.personal import seal_many

Reason = Literal["changed_mind", "wrong_item", "wrong_address", "away", "too_slow", "duplicate", "fraud", "other"]


@dataclass(frozen=True, slots=True)
class ReceiverWish:
    """Another receiver; kept sealed with the buyer's other data."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = field(repr=False)
    phone: Annotated[str, Field(min_length=5, max_length=40)] = field(repr=False)
    province: Annotated[str, Field(min_length=1, max_length=40)]
    city: Annotated[str, Field(min_length=1, max_length=40)]
    district: Annotated[str, Field(max_length=40)]
    address: Annotated[str, Field(min_length=1, max_length=200)] = field(repr=False)

    @property
    def is_whole(self) -> bool:
        return all(part.strip() for part in (self.name, self.phone, self.province, self.city, self.address))

    @property
    def masked(self) -> str:
        region = " ".join(part for part in (self.province, self.city, self.district) if part)
        return masking.mask_address(self.address, region)[:200]


def seal_receivers(wishes: Mapping[int, tuple[int, ReceiverWish]]) -> dict[int, bytes]:
    """Seal {any key: (subject id, receiver)}."""
    return seal_many(
        {
            key: (
                subject,
                {name: getattr(wish, name) for name in ("name", "phone", "province", "city", "district", "address")},
            )
            for key, (subject, wish) in wishes.items()
        }
    )


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
