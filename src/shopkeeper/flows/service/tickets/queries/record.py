"""One ticket whole: what was said, its order and parcels, notes, offers, earlier tickets, what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.parcels.queries import ParcelCard, all_parcels_of_orders
from shopkeeper.flows.service.tickets.models import Interception, Offer, OrderChange, Ticket, TicketNote, ticket_number
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.rules.asking import REFERENCE, is_asked
from shopkeeper.flows.service.tickets.rules.stages import way_of
from shopkeeper.flows.service.tickets.sql.moves import MOVES_OF
from shopkeeper.flows.service.tickets.sql.moves import MoveLine as MoveLine
from shopkeeper.flows.service.tickets.states import TICKET_FLOW, Way
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.foundation.personal import Erased, open_many

EARLIER = 8


@dataclass(frozen=True, slots=True)
class NoteLine:
    made_at: datetime
    who: str
    text: str  # empty where the viewer may not read it, or the customer was erased


@dataclass(frozen=True, slots=True)
class OfferLine:
    sku_id: int
    code: str
    name: str
    price_minor: int
    currency: str
    available: int
    shown_at: datetime


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """A ticket with everything an agent needs to answer; words in plain only for who handles tickets."""

    ticket: Ticket
    shop: str
    agent: str
    agent_person_id: int | None
    subject: str
    text: str
    is_readable: bool
    order: OrderCard | None
    parcels: tuple[ParcelCard, ...]
    way: Way | None
    notes: tuple[NoteLine, ...]
    offers: tuple[OfferLine, ...]
    waits: tuple[tuple[datetime, datetime | None], ...]
    changes: tuple[OrderChange, ...]
    interceptions: tuple[Interception, ...]
    earlier: tuple[Ticket, ...]
    classified_by: str
    moves: tuple[MoveLine, ...]

    @property
    def number(self) -> str:
        return ticket_number(self.ticket.pk)


def ticket_record(viewer: Actor, ticket_id: int) -> TicketRecord | None:
    """One ticket; None where it is not in the viewer's shops."""
    tickets = Ticket.objects.select_related("shop", "agent__person", "duplicate_of")
    if viewer.shops is not None:
        tickets = tickets.filter(shop_id__in=viewer.shops)
    ticket = tickets.filter(pk=ticket_id).first()
    if ticket is None:
        return None
    order = orders_by_id([ticket.order_id]).get(ticket.order_id) if ticket.order_id else None
    parcels = all_parcels_of_orders([order.id]).get(order.id, []) if order else []
    words, notes, readable = _words(viewer, ticket)
    earlier = Ticket.objects.filter(subject_id=ticket.subject_id, shop_id=ticket.shop_id).exclude(pk=ticket.pk)
    classifier = Person.objects.filter(id=ticket.classified_by or 0).values_list("name", flat=True).first()
    return TicketRecord(
        ticket=ticket,
        shop=ticket.shop.name,
        agent=ticket.agent.person.name if ticket.agent else "",
        agent_person_id=ticket.agent.person_id if ticket.agent else None,
        subject=words.get("subject", ""),
        text=words.get("text", ""),
        is_readable=readable,
        order=order,
        parcels=tuple(parcels),
        way=way_of(order.state) if order else None,
        notes=notes,
        offers=_offers(ticket),
        waits=tuple(ticket.waits.order_by("id").values_list("since", "until")),
        changes=tuple(OrderChange.objects.filter(order_id=order.id).order_by("-id")) if order else (),
        interceptions=tuple(Interception.objects.filter(order_id=order.id).order_by("-id")) if order else (),
        earlier=tuple(earlier.order_by("-id")[:EARLIER]),
        classified_by=classifier or "",
        moves=tuple(MOVES_OF.rows(table=TICKET_FLOW.table, row=ticket.pk)),
    )


def asked_of(viewer: Actor, ticket_ids: Sequence[int]) -> set[int]:
    """Those of the tickets that the order desk opened with a question."""
    rows = Ticket.objects.filter(id__in=list(ticket_ids), external_ref__startswith=f"{REFERENCE}:")
    rows = rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)
    return set(rows.values_list("id", flat=True))


def lacking_answer(viewer: Actor, ticket_ids: Sequence[int]) -> set[int]:
    """Those of them whose question nobody has noted an answer to yet."""
    asked = asked_of(viewer, ticket_ids)
    notes = TicketNote.objects.filter(ticket_id__in=asked).exclude(note_ref=REFERENCE)
    return asked - set(notes.values_list("ticket_id", flat=True))


def _words(viewer: Actor, ticket: Ticket) -> tuple[dict[str, str], tuple[NoteLine, ...], bool]:
    """What the customer wrote and agents noted; opened for who handles tickets, gone where erased. Whoever may ask
    customer service reads what was asked and answered, too, and no word of the customer's."""
    kept = list(ticket.notes.order_by("id"))
    people = dict(Person.objects.filter(id__in={note.made_by for note in kept}).values_list("id", "name"))
    opened: dict[int, dict[str, str]] = {}
    may_handle = viewer.may(Permission.TICKET_HANDLE)
    if may_handle or (is_asked(ticket.external_ref) and viewer.may(Permission.TICKET_ASK)):
        sealed = {-1: (ticket.subject_id, bytes(ticket.words_sealed))} if may_handle else {}
        sealed |= {note.pk: (note.subject_id, bytes(note.note_sealed)) for note in kept}
        try:
            opened = open_many(sealed)
        except Erased:
            opened = {}
    notes = tuple(
        NoteLine(note.made_at, people.get(note.made_by, ""), opened.get(note.pk, {}).get("note", "")) for note in kept
    )
    return opened.get(-1, {}), notes, may_handle and bool(opened)


def _offers(ticket: Ticket) -> tuple[OfferLine, ...]:
    rows = Offer.objects.filter(ticket=ticket).select_related("sku").order_by("id")
    return tuple(
        OfferLine(o.sku_id, o.sku.code, o.sku.name, o.price_minor, o.currency, o.available, o.shown_at) for o in rows
    )
