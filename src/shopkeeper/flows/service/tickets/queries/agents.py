"""Agents as supervisors see them, and the figures of the desk: conversion of inquiries, how often the type stood."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from shopkeeper.flows.service.tickets.models import Agent
from shopkeeper.flows.service.tickets.queries.scope import shop_ids
from shopkeeper.flows.service.tickets.sql import reading as sql
from shopkeeper.flows.service.tickets.sql.reading import AccuracyRow, ConversionRow
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.sop.roles import Role

__all__ = [
    "AccuracyRow",
    "AgentLine",
    "ConversionRow",
    "accuracy",
    "agent_choices",
    "agent_line",
    "agents",
    "conversions",
]
ANSWERING = (Role.CUSTOMER_SERVICE, Role.OPERATIONS_SUPERVISOR, Role.OPERATIONS_MANAGER)


@dataclass(frozen=True, slots=True)
class AgentLine:
    """One agent; `id` is the person's, `agent_id` the agent's own once they have one."""

    id: int
    agent_id: int | None
    name: str
    presence: str
    presence_at: datetime | None
    load: int
    capacity: int
    chat_load: int
    chat_capacity: int
    kinds: tuple[str, ...]
    stages: tuple[str, ...]
    languages: tuple[str, ...]
    shop_ids: tuple[int, ...]


def agents(viewer: Actor) -> list[AgentLine]:
    """Everybody of customer service, and whoever answers besides; who has a hand free first."""
    people = Person.objects.filter(is_active=True, roles__role=Role.CUSTOMER_SERVICE)
    known = Agent.objects.filter(person__is_active=True).values_list("person_id", flat=True)
    found = Person.objects.filter(Q(id__in=people.values("id")) | Q(id__in=known)).order_by("name", "id")
    rows = {agent.person_id: agent for agent in Agent.objects.filter(person__in=found)}
    lines = [_line(person, rows.get(person.pk)) for person in found if _meets(viewer, person)]
    return sorted(lines, key=lambda line: (line.presence != "available", line.name))


def agent_line(viewer: Actor, person_id: int) -> AgentLine | None:
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None or not _meets(viewer, person):
        return None
    return _line(person, Agent.objects.filter(person=person).first())


def agent_choices(viewer: Actor) -> list[tuple[str, str]]:
    """Agents to hand a ticket to: (agent id, name and presence)."""
    return [(str(line.agent_id), line.name) for line in agents(viewer) if line.agent_id]


def _meets(viewer: Actor, person: Person) -> bool:
    """Does this person look after a shop the viewer sees?"""
    if viewer.shops is None or person.all_shops:
        return True
    return person.shops.filter(shop_id__in=viewer.shops).exists()


def _line(person: Person, agent: Agent | None) -> AgentLine:
    return AgentLine(
        id=person.pk,
        agent_id=agent.pk if agent else None,
        name=person.name,
        presence=agent.presence if agent else "offline",
        presence_at=agent.presence_at if agent else None,
        load=agent.load if agent else 0,
        capacity=agent.capacity if agent else 0,
        chat_load=agent.chat_load if agent else 0,
        chat_capacity=agent.chat_capacity if agent else 0,
        kinds=tuple(agent.kinds) if agent else (),
        stages=tuple(agent.stages) if agent else (),
        languages=tuple(agent.languages) if agent else (),
        shop_ids=tuple(agent.shop_ids) if agent else (),
    )


def conversions(viewer: Actor, since: datetime, until: datetime) -> list[ConversionRow]:
    """S2.1: inquiries opened in a span by shop, and those that became an order (link: the same buyer)."""
    return sql.CONVERSIONS.rows(since=since, until=until, shops=shop_ids(viewer))


def accuracy(viewer: Actor, now: datetime, days: int = 30) -> AccuracyRow:
    """S1.2: of the tickets somebody looked at, how many kept the suggested type."""
    found = sql.ACCURACY.first(since=now - timedelta(days=days), shops=shop_ids(viewer))
    return found or AccuracyRow(0, 0)
