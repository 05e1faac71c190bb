"""Tickets as agents and supervisors list them: by what is due next, or newest first; counters for the tabs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shopkeeper.flows.service.tickets.models import Agent
from shopkeeper.flows.service.tickets.queries.scope import pasted, shop_ids
from shopkeeper.flows.service.tickets.sql import reading as sql
from shopkeeper.flows.service.tickets.sql.reading import TicketLine
from shopkeeper.flows.service.tickets.states import TicketState
from shopkeeper.foundation.actor import Actor

__all__ = ["TicketFilter", "TicketLine", "agent_id_of", "ticket_counts", "tickets_page"]
BY_DUE = (TicketState.OPEN, TicketState.ASSIGNED, TicketState.WAITING)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What is asked of the list; empty fields do not narrow it. `words` are pasted numbers."""

    state: str = ""
    agent_id: int | None = None
    shop_id: int | None = None
    kind: str = ""
    stage: str = ""
    channel: str = ""
    priority: str = ""
    words: tuple[str, ...] = ()


def agent_id_of(viewer: Actor) -> int | None:
    """The viewer's own row among the agents; None for who is none."""
    return Agent.objects.filter(person_id=viewer.id).values_list("id", flat=True).first()


def ticket_counts(viewer: Actor) -> dict[str, int]:
    """How many are unfinished, by tab: mine, open, assigned, waiting."""
    counts = dict.fromkeys(("mine", *map(str, BY_DUE)), 0)
    for row in sql.COUNTS.rows(agent=agent_id_of(viewer), shops=shop_ids(viewer)):
        counts[row.state] += row.n
        counts["mine"] += row.n if row.mine and row.state == TicketState.ASSIGNED else 0
    return counts


def tickets_page(
    viewer: Actor, wanted: TicketFilter, *, after: str = "", limit: int = 50
) -> tuple[list[TicketLine], str]:
    """A page of tickets and the next key: unfinished ones by what is due next, the others newest first."""
    asked: dict[str, Any] = {
        "shops": shop_ids(viewer),
        "shop": wanted.shop_id,
        "agent": wanted.agent_id,
        "kind": wanted.kind,
        "stage": wanted.stage,
        "channel": wanted.channel,
        "priority": wanted.priority,
        "state": wanted.state,
        "limit": limit + 1,
    }
    due, _, last = after.rpartition("_")
    after_id = int(last) if last.isdecimal() and len(last) < 19 else 0
    if wanted.words:
        meant = pasted(list(wanted.words))
        rows = sql.PASTED.rows(
            **asked,
            after_id=after_id,
            tickets=meant.tickets,
            orders=meant.orders,
            phones=meant.phones,
            tails=meant.tails,
            refs=meant.refs,
        )
    elif wanted.state in BY_DUE:
        rows = sql.BY_DUE.rows(**asked, after_due=_moment(due), after_id=after_id)
        return rows[:limit], _key(rows[limit - 1]) if len(rows) > limit else ""
    else:
        rows = sql.NEWEST.rows(**asked, after_id=after_id)
    return rows[:limit], f"_{rows[limit - 1].id}" if len(rows) > limit else ""


def _key(row: TicketLine) -> str:
    return f"{row.next_due_at.isoformat()}_{row.id}"


def _moment(text: str) -> datetime:
    """The due time in a key; nonsense begins from the start."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return LONG_AGO
    return found if found.tzinfo else LONG_AGO
