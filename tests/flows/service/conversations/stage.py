"""Agents on duty, customers who speak, and a clock that stands where the test puts it."""

import itertools
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from shopkeeper.config.wiring import READERS
from shopkeeper.flows.service.conversations.commands.log_calls import LogCall, log_calls
from shopkeeper.flows.service.conversations.commands.open_channels import OpenChannels, open_channels
from shopkeeper.flows.service.conversations.commands.send_replies import SendReply, send_replies
from shopkeeper.flows.service.conversations.commands.take_in_messages import TakeInMessage, take_in_messages
from shopkeeper.flows.service.conversations.models import Conversation, Message
from shopkeeper.flows.service.tickets.models import Agent
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.events import Recorded, revive
from shopkeeper.foundation.models import Person, Shop
from shopkeeper.foundation.personal import open_json
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.roles import Role
from shopkeeper.web.visitor import actor_of
from tests import factories as make

_count = itertools.count(1)
_reacted: dict[str, int] = {}  # how far, by database

__all__ = ["SYSTEM", "LogCall", "OpenChannels", "log_calls", "open_channels", "open_json"]


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def agent(shop: Shop | None = None, *, role: str = Role.CUSTOMER_SERVICE, chats: int = 5, **fields: Any) -> Agent:
    """Somebody on duty."""
    person = make.make_person(role, shops=[shop] if shop else None)
    defaults = {"presence": "available", "presence_at": make.NOON, "chat_capacity": chats}
    return Agent.objects.create(person=person, **{**defaults, **fields})


def actor(agent: Agent) -> Actor:
    found = actor_of(agent.person_id)
    assert found is not None
    return found


def supervisor(shop: Shop | None = None) -> Actor:
    found = actor_of(make.make_person(Role.OPERATIONS_SUPERVISOR, shops=[shop] if shop else None).pk)
    assert found is not None
    return found


def line(shop: Shop, text: str = "什么时候发货？", *, customer: str = "open-uid-1", **fields: Any) -> TakeInMessage:
    defaults: dict[str, Any] = {"channel": "widget", "client_id": f"c{next(_count)}", "name": "小明"}
    return TakeInMessage(shop_id=shop.pk, customer=customer, text=text, **{**defaults, **fields})


def say(shop: Shop, text: str = "什么时候发货？", **fields: Any) -> Outcome:
    """A customer's line comes in."""
    return take_in_messages.one(SYSTEM, line(shop, text, **fields))


def conversation(shop: Shop, text: str = "什么时候发货？", **fields: Any) -> Conversation:
    outcome = say(shop, text, **fields)
    assert outcome.changed, outcome
    return Conversation.objects.get(id=outcome.facts["conversation_id"])


def reply(by: Agent | Actor, conversation: Conversation, text: str = "您好，今天发出", **fields: Any) -> Outcome:
    who = actor(by) if isinstance(by, Agent) else by
    item = SendReply(conversation.pk, fields.pop("client_id", f"r{next(_count)}"), text, **fields)
    return send_replies.one(who, item)


def texts(conversation: Conversation) -> list[tuple[str, str]]:
    """Who said what, in order."""
    rows: Sequence[Message] = Message.objects.filter(conversation=conversation).order_by("sequence")
    return [(row.sender, open_json(row.subject_id, bytes(row.body_sealed)).get("text", "")) for row in rows]


def open_shop(**fields: Any) -> Shop:
    """A shop whose channels are open."""
    shop = make.make_shop(**fields)
    assert open_channels.one(SYSTEM, OpenChannels(shop.pk)).changed
    return shop


def person_of(agent: Agent) -> Person:
    return Person.objects.get(id=agent.person_id)


def react() -> None:
    """What the worker does a moment later with everything that has happened and was not yet reacted to."""
    here = str(connection.settings_dict["NAME"])
    ours = [reader for reader in READERS if reader.name.startswith("conversations.")]
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, xid, type, data::text, occurred_at, actor_id, clause FROM foundation_event "
                "WHERE id > %s ORDER BY id",
                [_reacted.get(here, 0)],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        _reacted[here] = rows[-1][0]
        for reader in ours:
            batch = [
                Recorded(id_, xid, revive(type_, json.loads(data)), at, actor_id, clause)
                for id_, xid, type_, data, at, actor_id, clause in rows
                if type_ in reader.types
            ]
            if batch:
                reader.react(SYSTEM, batch)
