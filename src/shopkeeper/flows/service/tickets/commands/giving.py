"""S1.2: tickets given to agents and taken from them, with the loads and deadlines that follow."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from shopkeeper.flows.service.tickets.deadlines import ASSIGN_AGAIN, TICKET_ASSIGN
from shopkeeper.flows.service.tickets.events import TicketAssigned, TicketUnassigned
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.flows.service.tickets.rules.assignment import Free, Waiting, distribute
from shopkeeper.flows.service.tickets.sql import agents as sql
from shopkeeper.flows.service.tickets.sql.tickets import TicketRow
from shopkeeper.flows.service.tickets.states import TICKET_FLOW, TicketState
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.deadlines import Arm, DeadlineKind, arm, close
from shopkeeper.sop.policy import policies

AGENTS_PER_TICKET = 4  # so that a mixed batch still finds the agent with the rare skill


def find_agents(rows: Sequence[TicketRow], avoid: Sequence[int] = ()) -> dict[int, int]:
    """Ticket id → the agent it should go to, for tickets nobody has; those agents' rows are locked."""
    if not rows:
        return {}
    free = sql.FREE.rows(
        shops=[row.shop_id for row in rows],
        kinds=[row.kind for row in rows],
        stages=[row.stage for row in rows],
        languages=[row.language for row in rows],
        avoid=list(avoid),
        limit=1 if len(rows) == 1 else len(rows) * AGENTS_PER_TICKET,
    )
    waiting = [
        Waiting(
            row.id,
            row.shop_id,
            row.kind,
            row.stage,
            row.language,
            row.priority_rank,
            row.next_due_at,
        )
        for row in rows
    ]
    agents = [
        Free(a.id, a.kinds, a.stages, a.languages, a.shop_ids, a.knows, a.load, a.capacity, a.last_assigned_at)
        for a in free
    ]
    return distribute(waiting, agents)


def give(step: Step, given: Mapping[int, int], rows: Mapping[int, TicketRow], reason: str = "") -> list[int]:
    """Give tickets (locked, open or in another's hand) to agents: owner, state, loads, deadlines, events."""
    if not given:
        return []
    ids = sorted(given)
    sql.GIVE.run(tickets=ids, agents=[given[id_] for id_ in ids], now=step.now)
    step.move(TICKET_FLOW, ids, TicketState.ASSIGNED, reason)
    shifts: Counter[int | None] = Counter(given.values())
    shifts.subtract(rows[id_].agent_id for id_ in ids if rows[id_].state == TicketState.ASSIGNED)
    shift_loads(step, shifts)
    for kind in (TICKET_ASSIGN, ASSIGN_AGAIN):
        close(step, kind, ids)
    step.emit(*(TicketAssigned(id_, rows[id_].shop_id, given[id_], rows[id_].agent_id) for id_ in ids))
    return ids


def let_go(step: Step, rows: Sequence[TicketRow], reason: str = "") -> None:
    """Take tickets from their agents: they are open again and wait for whoever is free."""
    if not rows:
        return
    ids = [row.id for row in rows]
    step.move(TICKET_FLOW, ids, TicketState.OPEN, reason)
    sql.LET_GO.run(ids=ids)
    take_off(step, rows)
    await_agents(step, rows)
    step.emit(*(TicketUnassigned(row.id, row.shop_id, row.agent_id or 0) for row in rows))


def await_agents(step: Step, rows: Sequence[TicketRow]) -> None:
    """Nobody has these: they are to be given out in time, and the system tries again meanwhile."""
    policy = policies(step)
    pauses = {row.id: timedelta(minutes=policy("ticket_assign_minutes", row.shop_id)) for row in rows}
    arm(step, [_due(TICKET_ASSIGN, row, step.now + pauses[row.id]) for row in rows])
    try_again(step, rows)


def try_again(step: Step, rows: Sequence[TicketRow]) -> None:
    """Still nobody: the next try after the policy's pause; by when they must be given out stays as it was."""
    policy = policies(step)
    pauses = {row.id: timedelta(seconds=policy("ticket_retry_seconds", row.shop_id)) for row in rows}
    arm(step, [_due(ASSIGN_AGAIN, row, step.now + pauses[row.id]) for row in rows])


def _due(kind: DeadlineKind, row: TicketRow, due_at: datetime) -> Arm:
    return Arm(kind, row.id, due_at, row.shop_id, None, ticket_number(row.id))


def take_off(step: Step, rows: Iterable[TicketRow]) -> None:
    """These tickets, as they were, weigh on their agents no more."""
    shifts: Counter[int | None] = Counter()
    shifts.subtract(row.agent_id for row in rows if row.state == TicketState.ASSIGNED)
    shift_loads(step, shifts)


def shift_loads(step: Step, shifts: Mapping[int | None, int]) -> None:
    """Move agents' loads by so many tickets, in key order."""
    real = {agent_id: delta for agent_id, delta in sorted(shifts.items(), key=str) if agent_id and delta}
    if real:
        sql.SHIFT_LOADS.run(agents=list(real), deltas=list(real.values()), now=step.now)
