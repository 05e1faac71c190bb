"""S1.2: tickets are resolved, close by themselves after a while, and are reopened when the matter goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.service.tickets.commands.giving import await_agents, give, take_off
from shopkeeper.flows.service.tickets.commands.talk_on_tickets import not_mine
from shopkeeper.flows.service.tickets.deadlines import TICKET_CLOSE, TICKET_REPLY, TICKET_RESOLVE
from shopkeeper.flows.service.tickets.events import TicketClosed, TicketReopened, TicketResolved
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.rules.asking import is_asked
from shopkeeper.flows.service.tickets.rules.tickets import resolve_due_at
from shopkeeper.flows.service.tickets.sql import agents as agent_sql
from shopkeeper.flows.service.tickets.sql import tickets as sql
from shopkeeper.flows.service.tickets.states import TICKET_FLOW, Presence, Resolution, TicketState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending

ENDED = (TicketState.RESOLVED, TicketState.CLOSED)


@dataclass(frozen=True, slots=True)
class ResolveTicket:
    """`duplicate_of` names the ticket that goes on, where this one is the same matter told twice."""

    ticket_id: int
    resolution: Resolution
    duplicate_of: int | None = None


@command(clause="S1.2", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def resolve_tickets(step: Step, items: Sequence[ResolveTicket]) -> list[Outcome]:
    """The matter is settled. Refused: "not_in_hand", "not_yours", "reply_first" where nobody answered the customer
    (a duplicate needs no answer), "double_elsewhere" where the other ticket is not the same customer's. An ended
    ticket is unchanged.
    """
    named = {item.duplicate_of for item in items if item.duplicate_of}
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.ticket_id for item in items} | named))}
    outcomes: list[Outcome] = []
    going: dict[int, ResolveTicket] = {}
    for item in items:
        row = rows[item.ticket_id]
        if row.state in ENDED or row.id in going:
            outcomes.append(unchanged(row.id))
        elif code := not_mine(step, row) or _refusal(item, rows):
            outcomes.append(refused(code, row.id))
        else:
            going[row.id] = item
            outcomes.append(done(row.id))
    _resolve(step, going, rows)
    return outcomes


def _refusal(item: ResolveTicket, rows: dict[int, sql.TicketRow]) -> str:
    row = rows[item.ticket_id]
    if item.resolution == Resolution.DUPLICATE or item.duplicate_of:
        other = rows.get(item.duplicate_of or 0)
        same = other is not None and other.id != row.id and other.shop_id == row.shop_id
        return "" if same and other and other.subject_id == row.subject_id else "double_elsewhere"
    return "" if row.first_reply_at else "reply_first"


def _resolve(step: Step, going: dict[int, ResolveTicket], rows: dict[int, sql.TicketRow]) -> None:
    if not going:
        return
    ids = sorted(going)
    waiting = [id_ for id_ in ids if rows[id_].state == TicketState.WAITING]
    if waiting:
        sql.END_WAITS.rows(ids=waiting, now=step.now)
    sql.RESOLVE.run(
        ids=ids,
        resolutions=[str(going[id_].resolution) for id_ in ids],
        doubles=[going[id_].duplicate_of for id_ in ids],
        now=step.now,
    )
    step.move(TICKET_FLOW, ids, TicketState.RESOLVED)
    take_off(step, [rows[id_] for id_ in ids])
    close(step, TICKET_RESOLVE, ids)
    close(step, TICKET_REPLY, ids, Ending.CANCELLED)
    _back_to_orders(step, [rows[id_] for id_ in ids])
    policy = policies(step)
    arm(
        step,
        [
            Arm(
                TICKET_CLOSE,
                id_,
                step.now + timedelta(hours=policy("ticket_close_hours", rows[id_].shop_id)),
                rows[id_].shop_id,
                None,
                ticket_number(id_),
            )
            for id_ in ids
        ],
    )
    step.emit(
        *(
            TicketResolved(id_, rows[id_].shop_id, rows[id_].order_id, rows[id_].kind, str(going[id_].resolution))
            for id_ in ids
        )
    )


def _back_to_orders(step: Step, rows: Sequence[sql.TicketRow]) -> None:
    """What the order desk asked is settled, or asked again: its duties are set anew."""
    orders = {row.order_id for row in rows if row.order_id and is_asked(row.external_ref)}
    if orders:
        holds_left(step, sorted(orders))


@dataclass(frozen=True, slots=True)
class CloseTicket:
    ticket_id: int


@command(clause="S1.2", permission=Permission.TICKET_ASSIGN, scope=ShopOf("tickets_ticket", "ticket_id"))
def close_tickets(step: Step, items: Sequence[CloseTicket]) -> list[Outcome]:
    """Close resolved tickets: the system after the policy's hours, or a supervisor sooner.

    Refused: "not_resolved". A closed one is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    resolved = [row.id for row in rows.values() if row.state == TicketState.RESOLVED]
    moved = {move.id for move in step.move(TICKET_FLOW, resolved, TicketState.CLOSED)}
    if moved:
        sql.STAMP_CLOSED.run(ids=sorted(moved), now=step.now)
    close(step, TICKET_CLOSE, [id_ for id_, row in rows.items() if id_ in moved or row.state != TicketState.RESOLVED])
    step.emit(*(TicketClosed(id_, rows[id_].shop_id) for id_ in sorted(moved)))
    outcomes = []
    for item in items:
        if item.ticket_id in moved:
            moved.discard(item.ticket_id)
            outcomes.append(done(item.ticket_id))
        elif rows[item.ticket_id].state in ENDED:
            outcomes.append(unchanged(item.ticket_id))
        else:
            outcomes.append(refused("not_resolved", item.ticket_id))
    return outcomes


@dataclass(frozen=True, slots=True)
class ReopenTicket:
    ticket_id: int
    reason: Annotated[str, Field(max_length=200)]


@command(clause="S1.2", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def reopen_tickets(step: Step, items: Sequence[ReopenTicket]) -> list[Outcome]:
    """The matter goes on: back to the agent who knows it if they are there, else to be given out; a new clock.

    Refused: "reason_needed", "is_duplicate" for one that goes on in another ticket. Not ended is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    outcomes: list[Outcome] = []
    going: dict[int, str] = {}
    for item in items:
        row = rows[item.ticket_id]
        if row.state not in ENDED or row.id in going:
            outcomes.append(unchanged(row.id))
        elif row.duplicate_of_id:
            outcomes.append(refused("is_duplicate", row.id))
        elif not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        else:
            going[row.id] = item.reason
            outcomes.append(done(row.id))
    _reopen(step, [rows[id_] for id_ in sorted(going)], "; ".join(sorted(set(going.values()))))
    return outcomes


def _reopen(step: Step, rows: Sequence[sql.TicketRow], reason: str) -> None:
    if not rows:
        return
    agents = {
        agent.id
        for agent in agent_sql.LOCK.rows(ids=sorted({row.agent_id for row in rows if row.agent_id}), people=[])
        if agent.presence in (Presence.AVAILABLE, Presence.BUSY)
    }
    policy = policies(step)
    dues = [resolve_due_at(policy, row.shop_id, row.priority, step.now) for row in rows]
    ids = [row.id for row in rows]
    known = {row.id: row.agent_id for row in rows if row.agent_id in agents and row.agent_id}
    sql.REOPEN.run(ids=ids, dues=dues, agents=[known.get(id_) for id_ in ids])
    by_id = {row.id: row for row in rows}
    give(step, known, by_id, reason)
    others = [row for row in rows if row.id not in known]
    step.move(TICKET_FLOW, [row.id for row in others], TicketState.OPEN, reason)
    await_agents(step, others)
    close(step, TICKET_CLOSE, ids, Ending.CANCELLED)
    arm(
        step,
        [
            Arm(TICKET_RESOLVE, row.id, due, row.shop_id, None, ticket_number(row.id))
            for row, due in zip(rows, dues, strict=True)
        ],
    )
    _back_to_orders(step, rows)
    step.emit(*(TicketReopened(row.id, row.shop_id, row.reopened_count + 1) for row in rows))
