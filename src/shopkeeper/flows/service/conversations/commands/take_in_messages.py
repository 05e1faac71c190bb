"""S1.1: what customers say is taken in: stored once, brought to an agent, its clock started, all in one go."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.service.conversations.commands.giving import find_hands, give, wishes_of
from shopkeeper.flows.service.conversations.commands.standing import (
    Line,
    Standing,
    duty_of,
    start_clock,
    store,
)
from shopkeeper.flows.service.conversations.events import (
    ConversationOpened,
    ConversationQueued,
    CustomerGreeted,
    CustomerSpoke,
)
from shopkeeper.flows.service.conversations.permissions import Permission
from shopkeeper.flows.service.conversations.rules.lines import fit, language_of, needs_person
from shopkeeper.flows.service.conversations.sql import arrivals as sql
from shopkeeper.flows.service.conversations.states import CHATS, Channel, Sender
from shopkeeper.flows.service.conversations.words import GREETINGS
from shopkeeper.flows.service.tickets.commands.open_tickets import OpenTicket, open_tickets
from shopkeeper.flows.service.tickets.rules.classification import suggest
from shopkeeper.flows.service.tickets.states import Channel as TicketChannel
from shopkeeper.flows.service.tickets.states import Stage
from shopkeeper.foundation import masking
from shopkeeper.foundation.commands import Collided, Step, command
from shopkeeper.foundation.personal import SubjectKeys, blind_index, keys_for
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import policies

TICKET_CHANNELS = {
    Channel.PLATFORM: TicketChannel.PLATFORM,
    Channel.WIDGET: TicketChannel.CHAT,
    Channel.FORM: TicketChannel.FORM,
}
PHONE_DIGITS = 11
PICTURE_WORDS = "[图片]"


@dataclass(frozen=True, slots=True)
class TakeInMessage:
    """One line of a customer. `customer` is the channel's own key of the person within the shop, as orders name
    buyers; `client_id` the sender's key of the line: the same twice is stored once.

    `said_at` where the line was on the way for a while: the customer waits since then. Words, name and phone are
    kept sealed. `platform_no` is the order the customer wrote from, where that is known.
    """

    shop_id: int
    channel: Channel
    customer: Annotated[str, Field(min_length=1, max_length=110)] = field(repr=False)
    client_id: Annotated[str, Field(min_length=1, max_length=80)]
    text: Annotated[str, Field(max_length=20_000)] = field(default="", repr=False)
    said_at: datetime | None = None
    name: Annotated[str, Field(max_length=60)] = field(default="", repr=False)
    phone: Annotated[str, Field(max_length=40)] = field(default="", repr=False)
    platform_no: Annotated[str, Field(max_length=64)] = ""
    picture_id: int | None = None

    @property
    def reference(self) -> str:
        """Who the data subject is, named as orders name buyers."""
        return f"buyer:{self.shop_id}:{self.customer}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A line on its way in: whose it is, and its words made fit to keep."""

    item: TakeInMessage
    subject_id: int
    text: str

    @property
    def key(self) -> tuple[int, str]:
        return (self.subject_id, self.item.client_id)

    @property
    def place(self) -> tuple[int, str, int, str]:
        """Which conversation it belongs to: the customer's open one; a form is always one of its own."""
        own = self.item.client_id if self.item.channel == Channel.FORM else ""
        return (self.item.shop_id, str(self.item.channel), self.subject_id, own)


@command(clause="S1.1", permission=Permission.MESSAGE_TAKE_IN, scope=InShop())
def take_in_messages(step: Step, items: Sequence[TakeInMessage]) -> list[Outcome]:
    """Store customers' lines in their open conversations; open one where there is none.

    The first line that needs a person starts the clock of the first reply, opens the ticket, and goes to an agent
    by skill and load, or into the queue. Greeted automatically; that answers nothing.
    Refused: "nothing_said", "not_written" for calls, "too_fast" for more lines a minute than the policy allows
    (a platform's never are).
    A line known already is unchanged, with the id of its message.
    """
    policy = policies(step)
    keys = keys_for((item.reference for item in items), now=step.now)
    arrivals = [
        Arrival(item, keys.id_of(item.reference), fit(item.text, policy("line_length", item.shop_id))) for item in items
    ]
    standings = _standings(arrivals)
    heard = _heard(arrivals)
    fast = _too_fast(step, arrivals, standings)
    answers: dict[int, Outcome] = {}
    fresh: dict[tuple[int, str], Arrival] = {}
    for n, arrival in enumerate(arrivals):
        if arrival.key in heard:
            answers[n] = unchanged(heard[arrival.key].id, conversation_id=heard[arrival.key].conversation_id)
        elif arrival.item.channel == Channel.PHONE:
            answers[n] = refused("not_written")
        elif not arrival.text and arrival.item.picture_id is None:
            answers[n] = refused("nothing_said")
        elif arrival.key in fast:
            answers[n] = refused("too_fast", limit=policy("customer_lines_per_minute", arrival.item.shop_id))
        else:
            fresh.setdefault(arrival.key, arrival)
    written = _write(step, list(fresh.values()), standings, keys)
    first = set(written)
    outcomes = []
    for n, arrival in enumerate(arrivals):
        if n in answers:
            outcomes.append(answers[n])
            continue
        conversation_id, sequence, message_id = written[arrival.key]
        made = done if arrival.key in first else unchanged
        first.discard(arrival.key)
        outcomes.append(made(message_id, conversation_id=conversation_id, sequence=sequence))
    return outcomes


def _standings(arrivals: Sequence[Arrival]) -> dict[tuple[int, str, int, str], Standing]:
    """The customers' open conversations, locked. Forms never join one."""
    joining = [a for a in arrivals if a.item.channel != Channel.FORM]
    if not joining:
        return {}
    rows = sql.LOCK_OPEN.rows(
        shops=[a.item.shop_id for a in joining],
        channels=[str(a.item.channel) for a in joining],
        subjects=[a.subject_id for a in joining],
    )
    return {(row.shop_id, row.channel, row.subject_id, ""): Standing.of(row) for row in rows}


def _heard(arrivals: Sequence[Arrival]) -> dict[tuple[int, str], sql.HeardRow]:
    rows = sql.HEARD.rows(subjects=[a.subject_id for a in arrivals], client_ids=[a.item.client_id for a in arrivals])
    return {(row.subject_id, row.client_id): row for row in rows}


def _too_fast(step: Step, arrivals: Sequence[Arrival], standings: Mapping[Any, Standing]) -> set[tuple[int, str]]:
    """Lines beyond what a customer may send in a minute."""
    widget = [a for a in arrivals if a.item.channel == Channel.WIDGET]
    open_ids = [s.row.id for s in standings.values() if s.row.channel == Channel.WIDGET]
    if not widget or not (open_ids or len(widget) > 1):
        return set()
    since = step.now - timedelta(minutes=1)
    count = Counter({row.subject_id: row.lines for row in sql.RECENT.rows(conversations=open_ids, since=since)})
    beyond = set()
    for arrival in widget:
        count[arrival.subject_id] += 1
        if count[arrival.subject_id] > policies(step)("customer_lines_per_minute", arrival.item.shop_id):
            beyond.add(arrival.key)
    return beyond


def _write(
    step: Step,
    fresh: Sequence[Arrival],
    standings: dict[tuple[int, str, int, str], Standing],
    keys: SubjectKeys,
) -> dict[tuple[int, str], tuple[int, int, int]]:
    """Store the lines; (conversation, sequence, message) by the line's key."""
    if not fresh:
        return {}
    _open(step, fresh, standings, keys)
    places: dict[tuple[int, str], tuple[int, int]] = {}
    said: dict[int, list[str]] = {}
    for arrival in sorted(fresh, key=lambda a: a.item.said_at or step.now):
        standing = standings[arrival.place]
        places[arrival.key] = (standing.row.id, _hear(step, standing, arrival))
        said.setdefault(standing.row.id, []).append(arrival.text or PICTURE_WORDS)
    begun = [standing for standing in standings.values() if standing.starts_clock]
    for standing in begun:
        _greet(step, standing)
    ids = store(step, standings.values())
    _bring(step, begun, said, {standings[a.place].row.id: a.item for a in fresh})
    return {key: (*place, ids[place]) for key, place in places.items()}


def _open(
    step: Step, fresh: Sequence[Arrival], standings: dict[tuple[int, str, int, str], Standing], keys: SubjectKeys
) -> None:
    """Open conversations for those who have none."""
    new = {a.place: a for a in reversed(fresh) if a.place not in standings}
    if not new:
        return
    orders = _orders(list(new.values()))
    ids = [row.id for row in sql.NEW_IDS.rows(count=len(new))]
    places = dict(zip(ids, new, strict=True))
    rows = [_conversation(id_, new[place], keys, orders) for id_, place in places.items()]
    opened = sql.OPEN.rows(now=step.now, conversations=as_json(rows))
    if len(opened) < len(rows):
        raise Collided  # the customer's other line was first: it is in the open conversation now
    for row in opened:
        standings[places[row.id]] = Standing.of(row)


def _orders(arrivals: Sequence[Arrival]) -> dict[tuple[int, str], int]:
    named = [a.item for a in arrivals if a.item.platform_no]
    if not named:
        return {}
    rows = sql.ORDERS.rows(shops=[i.shop_id for i in named], numbers=[i.platform_no for i in named])
    return {(row.shop_id, row.platform_no): row.id for row in rows}


def _conversation(
    id_: int, arrival: Arrival, keys: SubjectKeys, orders: Mapping[tuple[int, str], int]
) -> dict[str, Any]:
    item = arrival.item
    digits = "".join(c for c in item.phone if c.isdigit())
    kept = not keys.is_erased(item.reference)
    return {
        "id": id_,
        "shop_id": item.shop_id,
        "channel": str(item.channel),
        "subject_id": arrival.subject_id,
        "contact_sealed": keys.seal_json(
            item.reference, {"customer": item.customer, "name": item.name, "phone": item.phone}
        ),
        "contact_masked": masking.mask_account(item.name)[:60] if kept else "",
        "phone_index": blind_index("phone", digits[-PHONE_DIGITS:]) if digits and kept else None,
        "order_id": orders.get((item.shop_id, item.platform_no)),
        "language": language_of(arrival.text),
    }


def _hear(step: Step, standing: Standing, arrival: Arrival) -> int:
    """One line more in a conversation; its sequence."""
    item = arrival.item
    said_at = min(item.said_at or step.now, step.now)
    needs = needs_person(arrival.text, item.picture_id is not None)
    standing.language = language_of(arrival.text, standing.language)
    if needs and standing.waiting_from is None:
        start_clock(step, standing, said_at)
    if needs and standing.open_since is None:
        standing.open_since = said_at
    line = Line(item.client_id, Sender.CUSTOMER, {"text": arrival.text}, said_at, None, item.picture_id, needs)
    sequence = standing.say(line)
    step.emit(CustomerSpoke(standing.row.id, standing.row.shop_id, sequence, needs))
    return sequence


def _greet(step: Step, standing: Standing) -> None:
    """The automatic word, measured apart: it answers nothing."""
    row = standing.row
    if row.channel not in CHATS or standing.greeted_at or not policies(step)("greet_automatically", row.shop_id):
        return
    is_on, _ = duty_of(step, row.shop_id, step.now)
    words = GREETINGS["on_duty" if is_on else "off_duty"].text("en" if standing.language == "en" else "zh")
    standing.greeted_at = step.now
    standing.say(Line(f"greeting:{row.id}", Sender.BOT, {"text": words}, step.now))
    waited = step.now - (standing.waiting_from or step.now)
    step.emit(CustomerGreeted(row.id, row.shop_id, int(waited / timedelta(milliseconds=1))))


def _bring(
    step: Step, begun: Sequence[Standing], said: Mapping[int, list[str]], items: Mapping[int, TakeInMessage]
) -> None:
    """Conversations whose clock began: to an agent or into the queue, each with its ticket."""
    if not begun:
        return
    words = {s.row.id: "\n".join(said[s.row.id])[:4_000] for s in begun}
    kinds = {id_: str(suggest(text, Stage.PRE_SALE, {}).kind) for id_, text in words.items()}
    rows = {standing.row.id: standing.row for standing in begun}
    wishes = wishes_of(list(rows.values()), kinds, {s.row.id: s.language for s in begun})
    given = find_hands(wishes)
    give(step, given, rows, "routed")
    tickets = [_ticket(rows[id_], words[id_], items[id_], given.get(id_)) for id_ in rows]
    opened = dict(zip(rows, open_tickets.within(step, tickets), strict=True))
    sql.SET_TICKETS.run(
        ids=list(rows),
        tickets=[opened[id_].id for id_ in rows],
        kinds=[str(opened[id_].facts.get("kind", kinds[id_])) for id_ in rows],
    )
    for id_, row in rows.items():
        step.emit(ConversationOpened(id_, row.shop_id, row.channel, opened[id_].id))
        if id_ not in given:
            step.emit(ConversationQueued(id_, row.shop_id, "nobody_free"))


def _ticket(row: sql.OpenRow, words: str, item: TakeInMessage, agent_id: int | None) -> OpenTicket:
    return OpenTicket(
        shop_id=row.shop_id,
        channel=TICKET_CHANNELS[Channel(row.channel)],
        external_ref=f"conversation:{row.id}",
        text=words,
        order_id=row.order_id,
        customer_ref=item.customer,
        customer_name=item.name,
        customer_phone=item.phone,
        agent_id=agent_id,
        is_timed_elsewhere=True,
    )
