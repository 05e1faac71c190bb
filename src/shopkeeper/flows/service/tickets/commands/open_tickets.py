"""S1.2: a customer's matter becomes a ticket: stage by the order's state, type by the words, and an agent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.service.tickets.commands.giving import await_agents, find_agents, give
from shopkeeper.flows.service.tickets.deadlines import TICKET_REPLY, TICKET_RESOLVE
from shopkeeper.flows.service.tickets.events import TicketOpened
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.rules.classification import Suggestion, features_of, language_of, suggest
from shopkeeper.flows.service.tickets.rules.clocks import duty_spans, reply_due_at
from shopkeeper.flows.service.tickets.rules.stages import stage_of
from shopkeeper.flows.service.tickets.rules.tickets import RANKS, awaits_reply, priority_of, resolve_due_at
from shopkeeper.flows.service.tickets.sql import agents as agent_sql
from shopkeeper.flows.service.tickets.sql import opening as sql
from shopkeeper.flows.service.tickets.sql.tickets import LOCK, TicketRow
from shopkeeper.flows.service.tickets.states import Channel, Stage, TicketKind
from shopkeeper.foundation import masking
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.personal import blind_index, keys_for, seal_many
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, put_off
from shopkeeper.sop.policy import clock_times, policies

SPOKEN = (Channel.CHAT, Channel.PHONE)  # timed where they are spoken, not here
PHONE_DIGITS = 11
TAIL_DIGITS = 4
Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """One matter. `external_ref` is the channel's own name for it: the same twice is one ticket.

    `customer_ref` is the channel's name for the customer, so that one person's tickets and orders hang together;
    with an order it is the order's buyer. Text, name and phone are kept sealed. `kind` is a type somebody chose;
    without one it is suggested. `agent_id` where the customer was routed already; `is_timed_elsewhere` where a
    conversation keeps the clock of the first reply.
    """

    shop_id: int
    channel: Channel
    external_ref: Annotated[str, Field(min_length=1, max_length=80)]
    text: Annotated[str, Field(max_length=4_000)] = field(default="", repr=False)
    subject: Annotated[str, Field(max_length=120)] = field(default="", repr=False)
    order_id: int | None = None
    customer_ref: Annotated[str, Field(max_length=120)] = field(default="", repr=False)
    customer_name: Annotated[str, Field(max_length=60)] = field(default="", repr=False)
    customer_phone: Annotated[str, Field(max_length=40)] = field(default="", repr=False)
    kind: TicketKind | None = None
    agent_id: int | None = None
    is_timed_elsewhere: bool = False

    @property
    def key(self) -> Key:
        return (self.shop_id, str(self.channel), self.external_ref)

    @property
    def words(self) -> str:
        return f"{self.subject}\n{self.text}".strip()


@dataclass(frozen=True, slots=True)
class Judged:
    """A ticket on its way into the table."""

    item: OpenTicket
    subject_id: int
    is_erased: bool
    stage: Stage
    suggestion: Suggestion
    reply_due_at: datetime | None
    resolve_due_at: datetime

    @property
    def kind(self) -> TicketKind:
        return self.item.kind or self.suggestion.kind


@command(clause="S1.2", permission=Permission.TICKET_OPEN, scope=InShop())
def open_tickets(step: Step, items: Sequence[OpenTicket]) -> list[Outcome]:
    """Open tickets and give each to an agent who can do it and carries the least; else it waits to be given out.

    Refused: "text_needed", "order_elsewhere" for an order that is not of the shop, "agent_unknown". A reference
    known already is unchanged, with the id of its ticket.
    """
    orders = orders_by_id({item.order_id for item in items if item.order_id is not None})
    routed = {item.agent_id for item in items if item.agent_id is not None}
    agents = {row.id: row for row in agent_sql.LOCK.rows(ids=sorted(routed), people=[])} if routed else {}
    refusals = [_refusal(item, orders, agents) for item in items]
    fresh = {item.key: item for item, code in zip(items, refusals, strict=True) if code is None}
    written = _write(step, list(fresh.values()), orders)
    known = {(r.shop_id, r.channel, r.external_ref): r.id for r in _known([k for k in fresh if k not in written])}
    first = set(written)
    outcomes = []
    for item, code in zip(items, refusals, strict=True):
        if code is not None:
            outcomes.append(refused(code))
        elif item.key in first:
            first.discard(item.key)
            outcomes.append(_opened(written[item.key]))
        else:
            outcomes.append(unchanged(known.get(item.key) or written[item.key].id))
    return outcomes


def _refusal(item: OpenTicket, orders: Mapping[int, OrderCard], agents: Mapping[int, Any]) -> str | None:
    if not item.words:
        return "text_needed"
    if item.order_id is not None and getattr(orders.get(item.order_id), "shop_id", None) != item.shop_id:
        return "order_elsewhere"
    return "agent_unknown" if item.agent_id is not None and item.agent_id not in agents else None


def _opened(row: TicketRow) -> Outcome:
    return done(row.id, kind=row.kind, stage=row.stage, agent_id=row.agent_id)


def _known(keys: Sequence[Key]) -> list[sql.OpenedRow]:
    if not keys:
        return []
    return sql.KNOWN.rows(shops=[k[0] for k in keys], channels=[k[1] for k in keys], refs=[k[2] for k in keys])


def _write(step: Step, items: Sequence[OpenTicket], orders: Mapping[int, OrderCard]) -> dict[Key, TicketRow]:
    """Write what is not there yet, give it out, set its clocks; the rows as they stand afterwards."""
    if not items:
        return {}
    judged = _judge(step, items, orders)
    opened = sql.OPEN.rows(now=step.now, actor_id=step.actor.id, tickets=as_json(_rows(step, judged)))
    keys = {row.id: (row.shop_id, row.channel, row.external_ref) for row in opened}
    rows = {row.id: row for row in LOCK.rows(ids=sorted(keys))}
    step.emit(
        *(TicketOpened(id_, r.shop_id, r.order_id, r.channel, r.stage, r.kind) for id_, r in sorted(rows.items()))
    )
    routed = {item.key: item.agent_id for item in items if item.agent_id is not None}
    asked = {id_: routed[key] for id_, key in keys.items() if key in routed}
    given = asked | find_agents([row for id_, row in rows.items() if id_ not in asked])
    give(step, given, rows)
    await_agents(step, [row for id_, row in rows.items() if id_ not in given])
    arm(step, [_clock(TICKET_RESOLVE, row, row.resolve_due_at) for row in rows.values()])
    put_off(step, TICKET_RESOLVE, [row.id for row in rows.values() if awaits_reply(row.channel, row.first_reply_at)])
    arm(step, [_clock(TICKET_REPLY, row, row.reply_due_at) for row in rows.values() if row.reply_due_at])
    return {keys[row.id]: row for row in LOCK.rows(ids=sorted(keys))}


def _clock(kind: Any, row: TicketRow, due_at: datetime) -> Arm:
    return Arm(kind, row.id, due_at, row.shop_id, None, ticket_number(row.id))


def _judge(step: Step, items: Sequence[OpenTicket], orders: Mapping[int, OrderCard]) -> list[Judged]:
    policy = policies(step)
    words = sorted({word for item in items for word in features_of(item.words)})
    learned = {(row.word, row.kind): row.points for row in sql.LEARNED.rows(words=words)} if words else {}
    references = {item.key: _reference(item) for item in items if item.order_id is None}
    keys = keys_for(references.values(), now=step.now) if references else None
    judged = []
    for item in items:
        order = orders[item.order_id] if item.order_id is not None else None
        stage = stage_of(order.state, order.refund_state) if order else Stage.PRE_SALE
        suggestion = suggest(item.words, stage, learned)
        reply_due = None
        if item.channel not in SPOKEN and not item.is_timed_elsewhere:
            reply_due = reply_due_at(
                step.now,
                duty_spans(clock_times(policy("ticket_duty_times", item.shop_id))),
                seconds=policy("ticket_reply_seconds", item.shop_id),
                off_duty_minutes=policy("off_duty_ticket_reply_minutes", item.shop_id),
            )
        priority = priority_of(item.kind or suggestion.kind, stage)
        judged.append(
            Judged(
                item=item,
                subject_id=order.subject_id if order else keys.id_of(references[item.key]) if keys else 0,
                is_erased=bool(keys and not order and keys.is_erased(references[item.key])),
                stage=stage,
                suggestion=suggestion,
                reply_due_at=reply_due,
                resolve_due_at=resolve_due_at(policy, item.shop_id, priority, step.now),
            )
        )
    return judged


def _reference(item: OpenTicket) -> str:
    """Who the data subject is: the channel's own name for the customer within the shop, as orders name buyers."""
    if item.customer_ref:
        return f"buyer:{item.shop_id}:{item.customer_ref}"
    return f"ticket:{item.shop_id}:{item.channel}:{item.external_ref}"


def _rows(step: Step, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """The tickets' columns as `sql.OPEN` takes them, sealed, masked and indexed."""
    words = {n: (j.subject_id, {"subject": j.item.subject, "text": j.item.text}) for n, j in enumerate(judged)}
    people = {
        -1 - n: (j.subject_id, {"name": j.item.customer_name, "phone": j.item.customer_phone})
        for n, j in enumerate(judged)
        if j.item.customer_name or j.item.customer_phone
    }
    sealed = seal_many({**words, **people})
    return [_row(step, j, sealed[n], sealed.get(-1 - n, b"")) for n, j in enumerate(judged)]


def _row(step: Step, judged: Judged, words: bytes, customer: bytes) -> dict[str, Any]:
    item, suggestion = judged.item, judged.suggestion
    digits = "".join(c for c in item.customer_phone if c.isdigit())
    findable = bool(digits) and bool(customer) and "*" not in item.customer_phone
    priority = priority_of(judged.kind, judged.stage)
    answered = item.channel == Channel.PHONE and step.actor.kind == "person"  # who writes it down is talking to them
    return {
        "shop_id": item.shop_id,
        "order_id": item.order_id,
        "channel": item.channel,
        "external_ref": item.external_ref,
        "subject_id": judged.subject_id,
        "words_sealed": words,
        "customer_sealed": customer,
        "customer_name_masked": masking.mask_name(item.customer_name)[:60] if customer else "",
        "customer_phone_masked": masking.mask_phone(item.customer_phone)[:40] if customer else "",
        "phone_index": blind_index("phone", digits[-PHONE_DIGITS:]) if findable else None,
        "phone_tail_index": blind_index("phone-tail", digits[-TAIL_DIGITS:]) if findable else None,
        "stage": judged.stage,
        "kind": judged.kind,
        "suggested_kind": suggestion.kind,
        "suggestion_words": suggestion.words,
        "suggestion_score": suggestion.score,
        "features": suggestion.features,
        "classified_by": step.actor.id if item.kind else None,
        "language": language_of(item.words),
        "priority": priority,
        "priority_rank": RANKS[priority],
        "reply_due_at": judged.reply_due_at,
        "first_reply_at": step.now if answered else None,
        "first_reply_by": step.actor.id if answered else None,
        "resolve_due_at": judged.resolve_due_at,
        "next_due_at": min(filter(None, (judged.reply_due_at, judged.resolve_due_at))),
    }
