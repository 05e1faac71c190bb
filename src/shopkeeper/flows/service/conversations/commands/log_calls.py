"""S1.1: telephone calls: rang, answered within the policy's seconds, hung up; a missed one is called back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.service.conversations.commands.end_conversations import end
from shopkeeper.flows.service.conversations.commands.giving import give
from shopkeeper.flows.service.conversations.commands.standing import CLOCKS, Line, Standing, start_clock, store
from shopkeeper.flows.service.conversations.events import CallLogged, ConversationOpened
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.rules.lines import fit
from shopkeeper.flows.service.conversations.sql import arrivals, routing
from shopkeeper.flows.service.conversations.sql import replies as sql
from shopkeeper.flows.service.conversations.states import (
    CONVERSATION_FLOW,
    Channel,
    ConversationState,
    Ending,
    Sender,
)
from shopkeeper.flows.service.tickets.commands.open_tickets import OpenTicket, open_tickets
from shopkeeper.flows.service.tickets.commands.talk_on_tickets import NoteReply, note_replies
from shopkeeper.flows.service.tickets.states import Channel as TicketChannel
from shopkeeper.foundation import masking
from shopkeeper.foundation.commands import Collided, Step, command
from shopkeeper.foundation.personal import SubjectKeys, blind_index, keys_for, seal_many
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close

PHONE_DIGITS = 11
CALL_WORDS = "来电"
CLOCK_SKEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LogCall:
    """What a telephone system (or a person) tells of one call; the same `reference` again adds to it.

    First that it rang; then, or at once, that it was answered (by the actor) and hung up. `note` is what was said,
    kept sealed with the number.
    """

    shop_id: int
    reference: Annotated[str, Field(min_length=1, max_length=80)]
    phone: Annotated[str, Field(max_length=40)] = field(default="", repr=False)
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    hung_up_at: datetime | None = None
    note: Annotated[str, Field(max_length=2_000)] = field(default="", repr=False)

    @property
    def key(self) -> tuple[int, str]:
        return (self.shop_id, self.reference)

    @property
    def digits(self) -> str:
        return "".join(c for c in self.phone if c.isdigit())

    @property
    def customer(self) -> str:
        """One caller, one person; a call without a number is a person of its own."""
        return f"phone-{self.digits[-PHONE_DIGITS:]}" if self.digits else f"call-{self.reference}"

    @property
    def subject_reference(self) -> str:
        return f"buyer:{self.shop_id}:{self.customer}"


@command(clause="S1.1", permission=Permission.CALL_LOG, scope=InShop())
def log_calls(step: Step, items: Sequence[LogCall]) -> list[Outcome]:
    """Log calls: ringing starts the clock and opens the ticket, answering stops it, hanging up ends the call.

    Refused: "not_rung" for a call never logged as ringing, "answered_before_ringing", "in_the_future". The same
    once more is unchanged.
    """
    calls = {(row.shop_id, row.reference): row for row in sql.LOCK_CALLS.rows(**_named(items))}
    known = set(calls)
    new = {i.key: i for i in items if i.key not in calls and i.rang_at and not _impossible(step, i, i.rang_at)}
    calls |= _ring(step, list(new.values()))
    rows = {row.id: row for row in arrivals.LOCK.rows(ids=[call.conversation_id for call in calls.values()])}
    outcomes = []
    progress: dict[int, LogCall] = {}
    for item in items:
        call = calls.get(item.key)
        code = _impossible(step, item, call.rang_at if call else item.rang_at)
        if code or call is None:
            outcomes.append(refused(code or "not_rung"))
        elif call.id not in progress and (item.key not in known or _adds(item, call)):
            progress[call.id] = item
            outcomes.append(done(call.id, conversation_id=call.conversation_id))
        else:
            outcomes.append(unchanged(call.id, conversation_id=call.conversation_id))
    _go_on(step, progress, {call.id: call for call in calls.values()}, rows)
    return outcomes


def _named(items: Sequence[LogCall]) -> dict[str, Any]:
    keys = sorted({item.key for item in items})
    return {"shops": [key[0] for key in keys], "references": [key[1] for key in keys]}


def _impossible(step: Step, item: LogCall, rang_at: datetime | None) -> str:
    moments = [moment for moment in (item.rang_at, item.answered_at, item.hung_up_at) if moment]
    if any(moment > step.now + CLOCK_SKEW for moment in moments):
        return "in_the_future"
    if rang_at and any(m < rang_at for m in (item.answered_at, item.hung_up_at) if m):
        return "answered_before_ringing"
    return ""


def _adds(item: LogCall, call: sql.CallRow) -> bool:
    """Whether the item tells something that is not on record."""
    answered = item.answered_at is not None and call.answered_at is None
    return answered or (item.hung_up_at is not None and call.hung_up_at is None)


def _ring(step: Step, items: Sequence[LogCall]) -> dict[tuple[int, str], sql.CallRow]:
    """New calls: a conversation each, whose clock runs since it rang, and a ticket."""
    if not items:
        return {}
    keys = keys_for((item.subject_reference for item in items), now=step.now)
    ids = [row.id for row in arrivals.NEW_IDS.rows(count=len(items))]
    opened = arrivals.OPEN.rows(
        now=step.now,
        conversations=as_json([_conversation(id_, i, keys) for id_, i in zip(ids, items, strict=True)]),
    )
    rows = {row.id: row for row in opened}
    called = sql.LOG_CALLS.rows(
        conversations=ids,
        shops=[item.shop_id for item in items],
        subjects=[keys.id_of(item.subject_reference) for item in items],
        references=[item.reference for item in items],
        rang=[item.rang_at for item in items],
    )
    if len(called) < len(items):
        raise Collided  # the telephone system told it twice at the same moment
    standings = [Standing.of(rows[id_]) for id_ in ids]
    for standing, item in zip(standings, items, strict=True):
        assert item.rang_at is not None
        start_clock(step, standing, item.rang_at)
        standing.open_since = item.rang_at
        line = Line(f"rang:{item.reference}"[:80], Sender.SYSTEM, {"code": "rang"}, item.rang_at, needs_person=True)
        standing.say(line)
    store(step, standings)
    _open_tickets(step, dict(zip(ids, items, strict=True)), rows)
    return {(row.shop_id, row.reference): row for row in called}


def _conversation(id_: int, item: LogCall, keys: SubjectKeys) -> dict[str, Any]:
    reference = item.subject_reference
    kept = not keys.is_erased(reference)
    return {
        "id": id_,
        "shop_id": item.shop_id,
        "channel": str(Channel.PHONE),
        "subject_id": keys.id_of(reference),
        "contact_sealed": keys.seal_json(reference, {"customer": item.customer, "phone": item.phone}),
        "contact_masked": masking.mask_phone(item.phone)[:60] if kept else "",
        "phone_index": blind_index("phone", item.digits[-PHONE_DIGITS:]) if item.digits and kept else None,
        "order_id": None,
        "language": "zh",
    }


def _open_tickets(step: Step, items: Mapping[int, LogCall], rows: Mapping[int, arrivals.OpenRow]) -> None:
    opened = open_tickets.within(
        step,
        [
            OpenTicket(
                shop_id=item.shop_id,
                channel=TicketChannel.PHONE,
                external_ref=f"conversation:{id_}",
                subject=CALL_WORDS,
                text=item.note,
                customer_ref=item.customer,
                customer_phone=item.phone,
                is_timed_elsewhere=True,
            )
            for id_, item in items.items()
        ],
    )
    tickets = dict(zip(items, opened, strict=True))
    arrivals.SET_TICKETS.run(
        ids=list(tickets),
        tickets=[outcome.id for outcome in tickets.values()],
        kinds=[str(outcome.facts.get("kind", "")) for outcome in tickets.values()],
    )
    step.emit(*(ConversationOpened(i, rows[i].shop_id, rows[i].channel, t.id) for i, t in tickets.items()))


def _go_on(
    step: Step,
    progress: Mapping[int, LogCall],
    calls: Mapping[int, sql.CallRow],
    rows: Mapping[int, arrivals.OpenRow],
) -> None:
    """Calls answered and hung up: clocks stopped, the answering agent has them, what is over ends."""
    if not progress:
        return
    notes = seal_many(
        {id_: (calls[id_].subject_id, {"note": fit(i.note, 2_000)}) for id_, i in progress.items() if i.note.strip()}
    )
    changes = [
        {
            "id": id_,
            "answered_at": item.answered_at,
            "answered_by": step.actor.id,
            "hung_up_at": item.hung_up_at,
            "note": notes.get(id_, ""),
        }
        for id_, item in progress.items()
    ]
    sql.UPDATE_CALLS.run(calls=as_json(changes))
    answered = {id_: i for id_, i in progress.items() if i.answered_at and calls[id_].answered_at is None}
    _answer(step, answered, calls, rows)
    over: dict[int, Ending] = {}
    for id_, item in progress.items():
        row = rows[calls[id_].conversation_id]
        if item.hung_up_at and row.state != ConversationState.ENDED:
            taken = item.answered_at or calls[id_].answered_at
            over[row.id] = Ending.SOLVED if taken else Ending.MISSED
        if (item.answered_at or item.hung_up_at) or item.rang_at:
            waited = (item.answered_at or item.hung_up_at or step.now) - calls[id_].rang_at
            taken_now = item.answered_at is not None or calls[id_].answered_at is not None
            step.emit(CallLogged(id_, row.id, row.shop_id, taken_now, int(waited / timedelta(milliseconds=1))))
    end(step, over, {row.id: row for row in arrivals.LOCK.rows(ids=list(over))} if over else {})


def _answer(
    step: Step,
    answered: Mapping[int, LogCall],
    calls: Mapping[int, sql.CallRow],
    rows: Mapping[int, arrivals.OpenRow],
) -> None:
    """Somebody took the call: the clock stops at that moment, and who took it has the conversation."""
    if not answered:
        return
    standings = []
    for id_, item in answered.items():
        standing = Standing.of(rows[calls[id_].conversation_id])
        assert item.answered_at is not None
        body = {"code": "answered", "name": step.actor.name}
        standing.say(
            Line(f"answered:{item.reference}"[:80], Sender.SYSTEM, body, item.answered_at, step.actor.id or None)
        )
        standing.replied_at, standing.replied_by, standing.open_since = item.answered_at, step.actor.id, None
        standings.append(standing)
    store(step, standings)
    found = routing.LOCK_AGENTS.rows(ids=[], people=[step.actor.id])
    talking = {standing.row.id: standing.row for standing in standings}
    if found:
        give(step, dict.fromkeys(talking, found[0].id), talking, "picked")
        step.move(CONVERSATION_FLOW, list(talking), ConversationState.TALKING)
    for id_, item in answered.items():  # the clock ends when the call was taken, not when that was told
        at_that_moment = replace(step, now=item.answered_at or step.now)
        close(at_that_moment, CLOCKS[Channel.PHONE][0], [calls[id_].conversation_id])
    note_replies.within(step, [NoteReply(row.ticket_id) for row in talking.values() if row.ticket_id])
