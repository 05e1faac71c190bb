"""S1.1: where locked conversations stand while lines are added; stored in two statements and told to who listens."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.flows.service.conversations import deadlines
from shopkeeper.flows.service.conversations.models import conversation_number
from shopkeeper.flows.service.conversations.sql import arrivals as sql
from shopkeeper.flows.service.conversations.states import Channel, ConversationState, Delivery, Sender
from shopkeeper.flows.service.tickets.rules.clocks import duty_spans, on_duty, reply_due_at
from shopkeeper.foundation.commands import Collided, Step
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.personal import seal_many
from shopkeeper.foundation.sql import as_json
from shopkeeper.sop.deadlines import Arm, DeadlineKind, arm
from shopkeeper.sop.policy import clock_times, policies

SEND = "send_chat_message"
CLOCKS: dict[str, tuple[DeadlineKind, str]] = {
    Channel.PLATFORM: (deadlines.FIRST_REPLY, "chat_reply_seconds"),
    Channel.WIDGET: (deadlines.FIRST_REPLY, "chat_reply_seconds"),
    Channel.PHONE: (deadlines.CALL_ANSWER, "call_answer_seconds"),
    Channel.FORM: (deadlines.FORM_REPLY, "form_reply_seconds"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be stored. `body` is sealed under the customer's key."""

    client_id: str
    sender: Sender
    body: dict[str, Any] = field(repr=False)
    said_at: datetime
    person_id: int | None = None
    picture_id: int | None = None
    needs_person: bool = False


@dataclass(slots=True)
class Standing:
    """A locked conversation with what this transaction adds to it."""

    row: sql.OpenRow
    last_sequence: int
    last_sender: str
    waiting_from: datetime | None
    due_at: datetime | None
    greeted_at: datetime | None
    open_since: datetime | None
    language: str
    replied_at: datetime | None
    off_duty: bool = False
    replied_by: int | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, row: sql.OpenRow) -> "Standing":
        return cls(
            row=row,
            last_sequence=row.last_sequence,
            last_sender=row.last_sender,
            waiting_from=row.waiting_from,
            due_at=row.due_at,
            greeted_at=row.greeted_at,
            open_since=row.open_since,
            language=row.language,
            replied_at=row.replied_at,
        )

    @property
    def starts_clock(self) -> bool:
        """Whether the first line needing a person is among what is added."""
        return self.row.waiting_from is None and self.waiting_from is not None

    def say(self, line: Line) -> int:
        """Add a line; its sequence."""
        self.last_sequence += 1
        self.last_sender = str(line.sender)
        outward = line.sender in (Sender.AGENT, Sender.BOT) and self.row.channel == Channel.PLATFORM
        self.lines.append(
            {
                "conversation_id": self.row.id,
                "shop_id": self.row.shop_id,
                "subject_id": self.row.subject_id,
                "sequence": self.last_sequence,
                "client_id": line.client_id,
                "sender": str(line.sender),
                "person_id": line.person_id,
                "said_at": line.said_at,
                "needs_person": line.needs_person,
                "body": line.body,
                "picture_id": line.picture_id,
                "delivery": str(Delivery.PENDING if outward else Delivery.NOT_NEEDED),
            }
        )
        return self.last_sequence

    def columns(self) -> dict[str, Any]:
        return {
            "id": self.row.id,
            "last_sequence": self.last_sequence,
            "last_sender": self.last_sender,
            "waiting_from": self.waiting_from,
            "due_at": self.due_at,
            "off_duty": self.off_duty,
            "greeted_at": self.greeted_at,
            "open_since": self.open_since,
            "language": self.language,
            "replied_at": self.replied_at,
            "replied_by": self.replied_by,
        }


def duty_of(step: Step, shop_id: int, at: datetime) -> tuple[bool, list[Any]]:
    """Whether a shop's service is on duty at a moment, and its spans."""
    spans = duty_spans(clock_times(policies(step)("service_duty_hours", shop_id)))
    return on_duty(at, spans), spans


def start_clock(step: Step, standing: Standing, at: datetime) -> None:
    """A customer waits for a person from `at`: due within the channel's seconds, or after duty begins again."""
    row, policy = standing.row, policies(step)
    is_on, spans = duty_of(step, row.shop_id, at)
    standing.waiting_from, standing.off_duty = at, not is_on
    standing.due_at = reply_due_at(
        at,
        spans,
        seconds=policy(CLOCKS[row.channel][1], row.shop_id),
        off_duty_minutes=policy("off_duty_reply_minutes", row.shop_id),
    )


def store(step: Step, standings: Iterable[Standing]) -> dict[tuple[int, int], int]:
    """Write the lines and where the conversations stand now; message ids by conversation and sequence.

    Arms the clocks that began, wants what must be told to platforms, and notifies who listens.
    """
    grown = [standing for standing in standings if standing.lines]
    lines = [line for standing in grown for line in standing.lines]
    sealed = seal_many({n: (line["subject_id"], line.pop("body")) for n, line in enumerate(lines)})
    rows = [{**line, "body_sealed": sealed[n]} for n, line in enumerate(lines)]
    stored = sql.STORE.rows(now=step.now, messages=as_json(rows)) if rows else []
    if len(stored) < len(rows):
        raise Collided  # the same line came through another door at the same moment
    ids = {(row.conversation_id, row.sequence): row.id for row in stored}
    sql.ADVANCE.run(now=step.now, conversations=as_json([standing.columns() for standing in grown]))
    begun = [standing for standing in grown if standing.starts_clock]
    arm(step, [_clock(standing) for standing in begun])
    policy = policies(step)
    chats = [s.row for s in grown if s.row.last_sequence == 0 and s.row.channel in (Channel.PLATFORM, Channel.WIDGET)]
    silences = {row.id: timedelta(minutes=policy("silence_minutes", row.shop_id)) for row in chats}
    arm(step, [Arm(deadlines.SILENCE, row.id, step.now + silences[row.id], row.shop_id) for row in chats])
    for line in rows:
        if line["delivery"] == Delivery.PENDING:
            step.errand(Errand(SEND, ids[line["conversation_id"], line["sequence"]], step.now, line["shop_id"]))
    notify([(s.row.id, s.last_sequence, s.row.shop_id, s.row.agent_id) for s in grown])
    return ids


def _clock(standing: Standing) -> Arm:
    row = standing.row
    assert standing.due_at is not None
    return Arm(CLOCKS[row.channel][0], row.id, standing.due_at, row.shop_id, None, conversation_number(row.id))


def notify(grown: Sequence[tuple[int, int, int, int | None]]) -> None:
    """Tell the live channel that conversations changed: (id, sequence, shop, agent). Heard at commit."""
    if grown:
        sql.NOTIFY.run(
            payloads=[
                json.dumps({"topic": id_, "sequence": sequence, "shop": shop, "agent": agent})
                for id_, sequence, shop, agent in grown
            ]
        )


def unanswered(row: sql.OpenRow) -> bool:
    """Whether the customer still waits for the first human word."""
    return row.waiting_from is not None and row.replied_at is None


def talking_state(row: sql.OpenRow) -> ConversationState:
    """The state of a conversation that an agent has: talked in already, or still to be answered."""
    return ConversationState.TALKING if row.replied_at else ConversationState.ASSIGNED
