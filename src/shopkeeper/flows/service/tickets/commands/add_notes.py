"""S1.2: what agents tell each other about a ticket; the customer never sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.tickets.events import NoteAdded
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import tickets as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.personal import seal_many
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class AddNote:
    """`note_ref` names the note, so that the same one sent twice is kept once. Kept sealed with the customer's data."""

    ticket_id: int
    note_ref: Annotated[str, Field(min_length=1, max_length=60)]
    text: Annotated[str, Field(max_length=2_000)] = field(repr=False)


@command(clause="S1.2", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def add_notes(step: Step, items: Sequence[AddNote]) -> list[Outcome]:
    """Keep notes on tickets in any state. Refused: "text_needed". A known `note_ref` is unchanged."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    notes = {(item.ticket_id, item.note_ref): item for item in items if item.text.strip()}
    keys = sorted(notes)
    sealed = seal_many({n: (rows[t].subject_id, {"note": notes[t, ref].text}) for n, (t, ref) in enumerate(keys)})
    kept = sql.ADD_NOTES.rows(
        tickets=[ticket for ticket, _ in keys],
        shops=[rows[ticket].shop_id for ticket, _ in keys],
        refs=[ref for _, ref in keys],
        subjects=[rows[ticket].subject_id for ticket, _ in keys],
        notes=[sealed[n] for n in range(len(keys))],
        now=step.now,
        actor_id=step.actor.id,
    )
    fresh = {(row.ticket_id, row.note_ref) for row in kept}
    step.emit(*(NoteAdded(row.ticket_id, row.shop_id) for row in kept))
    outcomes = []
    for item in items:
        if not item.text.strip():
            outcomes.append(refused("text_needed", item.ticket_id))
        elif (item.ticket_id, item.note_ref) in fresh:
            fresh.discard((item.ticket_id, item.note_ref))
            outcomes.append(done(item.ticket_id))
        else:
            outcomes.append(unchanged(item.ticket_id))
    return outcomes
