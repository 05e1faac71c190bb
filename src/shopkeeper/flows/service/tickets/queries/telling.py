"""What the work list tells of tickets, and of duties that only the buyer can end; what orders ask about wishes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.ports import Answer, AskedBefore, Question, TicketBeside, WaitsFor, Wish
from shopkeeper.flows.service.tickets.models import OrderChange, Ticket, TicketNote, ticket_number
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.rules.asking import REFERENCE, is_asked
from shopkeeper.flows.service.tickets.states import (
    BUYER_MUST_APPLY,
    CHANGE_UNDER_WAY,
    UNFINISHED,
    ChangeKind,
    ChangeState,
    TicketKind,
)
from shopkeeper.flows.service.tickets.words import (
    COLLEAGUE_ASKS,
    LABELS,
    WAITS_FOR_ADDRESS,
    WAITS_FOR_APPLICATION,
)
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.foundation.personal import Erased, open_many

TICKETS_MOST = 8  # of an order, beside it


def changes_that_wait(change_ids: Sequence[int]) -> dict[int, str]:
    """Changes that go on once the buyer applied for a refund, or once the platform's order shows the new address."""
    rows = OrderChange.objects.filter(id__in=list(change_ids)).values_list("id", "kind", "state", "answer_code")
    told = {}
    for id_, kind, state, answer in rows:
        if state == ChangeState.BY_HAND and answer == BUYER_MUST_APPLY:
            told[id_] = WAITS_FOR_APPLICATION.text()
        elif state == ChangeState.ACKNOWLEDGED and kind == ChangeKind.ADDRESS:
            told[id_] = WAITS_FOR_ADDRESS.text()
    return told


def tickets_told(ticket_ids: Sequence[int]) -> dict[int, str]:
    """What tickets are about: their type, or that a colleague asks; and the order."""
    rows = Ticket.objects.filter(id__in=list(ticket_ids)).values_list("id", "kind", "order_id", "external_ref")
    told = {}
    for id_, kind, order_id, reference in rows:
        words = COLLEAGUE_ASKS if is_asked(reference) else LABELS[TicketKind][TicketKind(kind)].text
        told[id_] = f"{words.text()} {order_number(order_id)}" if order_id else words.text()
    return told


class ChangesUnderWay:
    """The port of intake: no order goes on while what its customer asked for is carried out."""

    def under_way(self, order_ids: Sequence[int]) -> set[int]:
        found = OrderChange.objects.filter(order_id__in=list(order_ids), state__in=CHANGE_UNDER_WAY)
        return set(found.values_list("order_id", flat=True))

    def asked(self, order_ids: Sequence[int]) -> dict[int, datetime]:
        rows = Ticket.objects.filter(
            order_id__in=list(order_ids), external_ref__startswith=f"{REFERENCE}:", state__in=UNFINISHED
        )
        return {order_id: due for order_id, due in rows.values_list("order_id", "resolve_due_at") if order_id}

    def asked_before(self, order_ids: Sequence[int]) -> dict[int, AskedBefore]:
        answers = TicketNote.objects.filter(ticket_id=OuterRef("id")).exclude(note_ref=REFERENCE)
        newest = (
            Ticket.objects.filter(order_id__in=list(order_ids), external_ref__startswith=f"{REFERENCE}:")
            .annotate(is_answered=Exists(answers))
            .order_by("order_id", "-id")
            .distinct("order_id")
            .values_list("order_id", "state", "opened_at", "is_answered")
        )
        return {
            order_id: AskedBefore(at, is_answered)
            for order_id, state, at, is_answered in newest
            if order_id and state not in UNFINISHED
        }

    def questions(self, viewer: Actor, order_id: int) -> Sequence[Question]:
        tickets = list(
            Ticket.objects.filter(order_id=order_id, external_ref__startswith=f"{REFERENCE}:").order_by("-id")[
                :TICKETS_MOST
            ]
        )
        return _questions(viewer, tickets) if tickets else ()

    def newest(self, order_ids: Sequence[int]) -> dict[int, Wish]:
        rows = OrderChange.objects.filter(order_id__in=list(order_ids)).order_by("order_id", "-id")
        return {row.order_id: _wish(row) for row in rows.distinct("order_id")}

    def tickets_of(self, order_id: int) -> Sequence[TicketBeside]:
        rows = (
            Ticket.objects.filter(order_id=order_id).order_by("-id").values_list("id", "kind", "state")[:TICKETS_MOST]
        )
        return [TicketBeside(id_, ticket_number(id_), kind, state, state in UNFINISHED) for id_, kind, state in rows]


def _questions(viewer: Actor, tickets: Sequence[Ticket]) -> list[Question]:
    """Tickets that were asked for, with their notes: those in plain for who may ask, and who answers, only."""
    notes: dict[int, list[TicketNote]] = defaultdict(list)
    for note in TicketNote.objects.filter(ticket__in=tickets).order_by("id"):
        notes[note.ticket_id].append(note)
    kept = [note for ticket_notes in notes.values() for note in ticket_notes]
    by = {note.made_by for note in kept} | {ticket.opened_by for ticket in tickets}
    people = dict(Person.objects.filter(id__in=by).values_list("id", "name"))
    texts = _texts(kept) if viewer.may(Permission.TICKET_ASK) or viewer.may(Permission.TICKET_HANDLE) else {}
    return [
        Question(
            ticket_id=ticket.pk,
            number=ticket.number,
            at=ticket.opened_at,
            who=people.get(ticket.opened_by, ""),
            text=next((texts.get(note.pk, "") for note in notes[ticket.pk] if note.note_ref == REFERENCE), ""),
            until=ticket.resolve_due_at,
            ended_at=None if ticket.state in UNFINISHED else ticket.resolved_at or ticket.closed_at or ticket.state_at,
            answers=tuple(
                Answer(note.made_at, people.get(note.made_by, ""), texts.get(note.pk, ""))
                for note in notes[ticket.pk]
                if note.note_ref != REFERENCE
            ),
        )
        for ticket in tickets
    ]


def _texts(notes: Sequence[TicketNote]) -> dict[int, str]:
    try:
        opened = open_many({note.pk: (note.subject_id, bytes(note.note_sealed)) for note in notes})
    except Erased:
        return {}
    return {id_: said.get("note", "") for id_, said in opened.items()}


def _wish(row: OrderChange) -> Wish:
    return Wish(
        id=row.pk,
        order_id=row.order_id,
        kind="cancel" if row.kind == ChangeKind.CANCEL else "address",
        is_under_way=row.state in CHANGE_UNDER_WAY,
        is_done=row.state == ChangeState.DONE,
        waits_for=_waits_for(row),
        due_at=row.due_at,
        ended_at=row.ended_at,
    )


def _waits_for(row: OrderChange) -> WaitsFor:
    if row.state == ChangeState.REQUESTED:
        return "platform"
    if row.state == ChangeState.BY_HAND:
        return "buyer" if row.answer_code == BUYER_MUST_APPLY else "person"
    if row.state == ChangeState.ACKNOWLEDGED:
        return "reading" if row.kind == ChangeKind.ADDRESS else "person"
    return ""
