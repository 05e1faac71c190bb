"""S1.2: the first human reply is noted; the customer's answer is awaited, and comes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.tickets.commands.giving import shift_loads, take_off
from shopkeeper.flows.service.tickets.deadlines import TICKET_REPLY, TICKET_RESOLVE
from shopkeeper.flows.service.tickets.events import TicketFirstReplied, TicketResumed, TicketWaiting
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.sql import tickets as sql
from shopkeeper.flows.service.tickets.states import TICKET_FLOW, TicketState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close, open_now
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class NoteReply:
    ticket_id: int


@command(clause="S1.1", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def note_replies(step: Step, items: Sequence[NoteReply]) -> list[Outcome]:
    """A person has answered the customer; the clock of the first reply stops. Later replies are unchanged.

    Refused: "not_in_hand" while nobody has the ticket, "not_yours" for another's ticket.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    outcomes: list[Outcome] = []
    noted: dict[int, sql.TicketRow] = {}
    for item in items:
        row = rows[item.ticket_id]
        if row.first_reply_at or row.id in noted:
            outcomes.append(unchanged(row.id))
        elif code := not_mine(step, row):
            outcomes.append(refused(code, row.id))
        else:
            noted[row.id] = row
            outcomes.append(done(row.id))
    if noted:
        sql.NOTE_REPLIES.run(ids=list(noted), now=step.now, actor_id=step.actor.id)
        close(step, TICKET_REPLY, list(noted))
        open_now(TICKET_RESOLVE, list(noted))
        step.emit(
            *(
                TicketFirstReplied(row.id, row.shop_id, int((step.now - row.opened_at).total_seconds()))
                for row in noted.values()
            )
        )
    return outcomes


def not_mine(step: Step, row: sql.TicketRow) -> str:
    """Why the actor may not go on with this ticket; empty where they may. Who may assign may go on with any."""
    if row.state not in (TicketState.ASSIGNED, TicketState.WAITING):
        return "not_in_hand"
    if row.agent_person_id != step.actor.id and not step.actor.may(Permission.TICKET_ASSIGN):
        return "not_yours"
    return ""


@dataclass(frozen=True, slots=True)
class AwaitCustomer:
    ticket_id: int


@command(clause="S1.2", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def await_customers(step: Step, items: Sequence[AwaitCustomer]) -> list[Outcome]:
    """The customer is to answer: the clock of the solution stands still, and the agent has a hand free.

    Refused: "reply_first" before anybody answered, "not_in_hand", "not_yours". Waiting already is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    outcomes: list[Outcome] = []
    going: dict[int, sql.TicketRow] = {}
    for item in items:
        row = rows[item.ticket_id]
        code = not_mine(step, row) or ("" if row.first_reply_at else "reply_first")
        if row.state == TicketState.WAITING or row.id in going:
            outcomes.append(unchanged(row.id))
        elif code:
            outcomes.append(refused(code, row.id))
        else:
            going[row.id] = row
            outcomes.append(done(row.id))
    step.move(TICKET_FLOW, list(going), TicketState.WAITING)
    if going:
        sql.BEGIN_WAITS.run(ids=list(going), now=step.now)
        take_off(step, going.values())
        close(step, TICKET_RESOLVE, list(going), Ending.CANCELLED)  # set anew when the customer answers
        step.emit(*(TicketWaiting(row.id, row.shop_id) for row in going.values()))
    return outcomes


@dataclass(frozen=True, slots=True)
class ResumeTicket:
    ticket_id: int


@command(clause="S1.2", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def resume_tickets(step: Step, items: Sequence[ResumeTicket]) -> list[Outcome]:
    """The customer answered: the clock runs again, longer by the time waited. Not waiting is unchanged."""
    locked = sql.LOCK.rows(ids=[item.ticket_id for item in items])
    rows = {row.id: row for row in locked if row.state == TicketState.WAITING}
    step.move(TICKET_FLOW, list(rows), TicketState.ASSIGNED, "customer answered")
    resume_clocks(step, list(rows.values()))
    shift_loads(step, Counter(row.agent_id for row in rows.values()))
    step.emit(*(TicketResumed(row.id, row.shop_id) for row in rows.values()))
    answered = set(rows)
    outcomes = []
    for item in items:
        outcomes.append(done(item.ticket_id) if item.ticket_id in answered else unchanged(item.ticket_id))
        answered.discard(item.ticket_id)
    return outcomes


def resume_clocks(step: Step, rows: Sequence[sql.TicketRow]) -> None:
    """End the waits of these tickets and set the solution's deadline anew."""
    if not rows:
        return
    waited = {row.id: row.resolve_due_at for row in sql.END_WAITS.rows(ids=[row.id for row in rows], now=step.now)}
    arm(
        step,
        [
            Arm(
                TICKET_RESOLVE,
                row.id,
                waited.get(row.id, row.resolve_due_at),
                row.shop_id,
                None,
                ticket_number(row.id),
            )
            for row in rows
        ],
    )
