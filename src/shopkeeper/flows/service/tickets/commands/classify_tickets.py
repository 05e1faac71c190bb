"""S1.2: an agent says what a ticket is about; where that is not what was suggested, the words are learned from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.queries import orders_by_id
from shopkeeper.flows.service.tickets.deadlines import TICKET_RESOLVE
from shopkeeper.flows.service.tickets.events import TicketClassified
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.rules.classification import LEARNED_MOST, lessons
from shopkeeper.flows.service.tickets.rules.stages import stage_of
from shopkeeper.flows.service.tickets.rules.tickets import RANKS, awaits_reply, priority_of, resolve_due_at
from shopkeeper.flows.service.tickets.sql import tickets as sql
from shopkeeper.flows.service.tickets.states import UNFINISHED, Priority, Stage, TicketKind, TicketState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, put_off
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class ClassifyTicket:
    """`priority` None follows from type and stage."""

    ticket_id: int
    kind: TicketKind
    priority: Priority | None = None


@command(clause="S1.2", permission=Permission.TICKET_HANDLE, scope=ShopOf("tickets_ticket", "ticket_id"))
def classify_tickets(step: Step, items: Sequence[ClassifyTicket]) -> list[Outcome]:
    """Set type and priority by hand, read the stage anew from the order, and record whether the suggestion held.

    A correction teaches once per ticket and change of mind. More urgent brings the solution's due time nearer;
    it is never put off. Refused: "ticket_ended". The same type and priority again is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.ticket_id for item in items])}
    orders = orders_by_id({row.order_id for row in rows.values() if row.order_id})
    stages: dict[int, Stage] = {}
    for row in rows.values():
        order = orders.get(row.order_id) if row.order_id else None
        stages[row.id] = stage_of(order.state, order.refund_state) if order else Stage(row.stage)
    outcomes: list[Outcome] = []
    going: dict[int, tuple[sql.TicketRow, str, str]] = {}
    for item in items:
        row = rows[item.ticket_id]
        priority = item.priority or priority_of(item.kind, stages[row.id])
        kind, known = going[row.id][1:] if row.id in going else (row.kind, row.priority)
        if row.state not in UNFINISHED:
            outcomes.append(refused("ticket_ended", row.id))
        elif (item.kind, priority) == (kind, known):
            outcomes.append(unchanged(row.id))
        else:
            going[row.id] = (row, str(item.kind), str(priority))
            outcomes.append(done(row.id, kind=str(item.kind)))
    _write(step, list(going.values()), stages)
    return outcomes


def _write(step: Step, going: Sequence[tuple[sql.TicketRow, str, str]], stages: dict[int, Stage]) -> None:
    if not going:
        return
    policy = policies(step)
    dues = [
        min(row.resolve_due_at, resolve_due_at(policy, row.shop_id, priority, row.opened_at))
        for row, _, priority in going
    ]
    sql.CLASSIFY.run(
        ids=[row.id for row, _, _ in going],
        kinds=[kind for _, kind, _ in going],
        stages=[str(stages[row.id]) for row, _, _ in going],
        priorities=[priority for _, _, priority in going],
        ranks=[RANKS[priority] for _, _, priority in going],
        dues=dues,
        actor_id=step.actor.id,
    )
    sql.RECORD_CORRECTIONS.run(
        ids=[row.id for row, _, _ in going],
        shops=[row.shop_id for row, _, _ in going],
        suggested=[row.suggested_kind for row, _, _ in going],
        kinds=[kind for _, kind, _ in going],
        now=step.now,
        actor_id=step.actor.id,
    )
    _learn(step, going)
    running = [(row, due) for (row, _, _), due in zip(going, dues, strict=True) if row.state != TicketState.WAITING]
    arm(step, [Arm(TICKET_RESOLVE, row.id, due, row.shop_id, None, ticket_number(row.id)) for row, due in running])
    put_off(step, TICKET_RESOLVE, [row.id for row, _ in running if awaits_reply(row.channel, row.first_reply_at)])
    step.emit(
        *(TicketClassified(row.id, row.shop_id, kind, row.kind, kind != row.suggested_kind) for row, kind, _ in going)
    )


def _learn(step: Step, going: Sequence[tuple[sql.TicketRow, str, str]]) -> None:
    """Only a changed type teaches; against what it stood as, so that a change of mind takes its lesson back."""
    taught: Counter[tuple[str, str]] = Counter()
    for row, kind, _ in going:
        taught.update(lessons(row.features, row.kind, kind))
    if taught:
        sql.LEARN.run(
            words=[word for word, _ in taught],
            kinds=[kind for _, kind in taught],
            points=list(taught.values()),
            most=LEARNED_MOST,
            now=step.now,
        )
