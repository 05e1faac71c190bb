"""Tickets, agents and the clock, as the tests of service put them on."""

import itertools
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from shopkeeper.config.roles import permissions_of
from shopkeeper.flows.service.tickets.commands.open_tickets import OpenTicket, open_tickets
from shopkeeper.flows.service.tickets.commands.set_presence import SetPresence, set_presence
from shopkeeper.flows.service.tickets.models import Agent, Ticket
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.models import Person, Shop
from tests import factories as make

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, on duty
_count = itertools.count(1)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def actor_of(person: Person, *, shops: list[Shop] | None = None) -> Actor:
    """The person with the permissions of their roles."""
    roles = list(person.roles.values_list("role", flat=True))
    return Actor(
        person.pk,
        person.name,
        permissions_of(roles),
        None if shops is None else frozenset(shop.pk for shop in shops),
        None,
    )


def make_agent(*, shops: list[Shop] | None = None, presence: str = "available", **skills: Any) -> tuple[Actor, Agent]:
    """Somebody of customer service who is there; and their row."""
    person = make.make_person("customer_service", shops=shops)
    actor = actor_of(person, shops=shops)
    set_presence.one(actor, SetPresence("offline"))
    Agent.objects.filter(person=person).update(presence=presence, **skills)
    return actor, Agent.objects.get(person=person)


def ticket_item(shop: Shop, text: str = "衣服有破损怎么办", **fields: Any) -> OpenTicket:
    defaults: dict[str, Any] = {"channel": "api", "external_ref": f"R{next(_count)}"}
    return OpenTicket(shop_id=shop.pk, text=text, **{**defaults, **fields})


def make_ticket(shop: Shop, text: str = "衣服有破损怎么办", **fields: Any) -> Ticket:
    outcome = open_tickets.one(SYSTEM, ticket_item(shop, text, **fields))
    assert outcome.ok, outcome
    return Ticket.objects.get(pk=outcome.id)


def events_of(type_: str) -> list[dict[str, Any]]:
    """What was announced of a type, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM foundation_event WHERE type = %s ORDER BY id", [type_])
        return [json.loads(row[0]) for row in cursor.fetchall()]


def all_events() -> str:
    """Everything that was ever announced, as text to search in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(data::text, ' '), '') FROM foundation_event")
        return str(cursor.fetchone()[0])


def was_late(kind: str, subject_id: int) -> bool:
    """How the closed deadline of a subject ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT was_late FROM sop_deadlineclosed WHERE kind = %s AND subject_id = %s ORDER BY deadline_id",
            [kind, subject_id],
        )
        return bool(cursor.fetchall()[-1][0])
