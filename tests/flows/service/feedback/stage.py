"""Resolved tickets, ratings, summaries and improvements, made through the commands the product uses itself."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.service.conversations.commands.end_conversations import EndConversation, end_conversations
from shopkeeper.flows.service.conversations.models import Conversation
from shopkeeper.flows.service.feedback.commands.draft_summaries import DraftSummary, draft_summaries
from shopkeeper.flows.service.feedback.commands.invite_surveys import InviteSurvey, invite_surveys
from shopkeeper.flows.service.feedback.commands.open_improvements import OpenImprovement, open_improvements
from shopkeeper.flows.service.feedback.commands.plan_surveys import PlanSurvey, plan_surveys
from shopkeeper.flows.service.feedback.commands.submit_surveys import SubmitSurvey, submit_surveys
from shopkeeper.flows.service.feedback.models import DailySummary, Improvement, Problem, Recovery, Survey
from shopkeeper.flows.service.feedback.states import ImprovementOwner
from shopkeeper.flows.service.tickets.commands.end_tickets import ResolveTicket, resolve_tickets
from shopkeeper.flows.service.tickets.commands.take_tickets import TakeTicket, take_tickets
from shopkeeper.flows.service.tickets.commands.talk_on_tickets import NoteReply, note_replies
from shopkeeper.flows.service.tickets.models import Agent, Ticket
from shopkeeper.flows.service.tickets.states import Resolution
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.models import Deadline
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.flows.service.conversations import stage as talks
from tests.flows.service.tickets import stage as desk

NOON = make.NOON  # 12:00 in Shanghai, 1 June
CLOSE = datetime(2026, 6, 1, 16, 10, tzinfo=UTC)  # ten minutes into 2 June in Shanghai
_count = itertools.count(1)
at = talks.at


def person(*roles: str, shops: list[Shop] | None = None) -> Actor:
    """Somebody with these roles."""
    found = actor_of(make.make_person(*roles, shops=shops).pk)
    assert found is not None
    return found


def chat(shop: Shop, *, channel: str = "widget", **fields: Any) -> Conversation:
    """A customer spoke, was answered, and their matter is settled."""
    fields.setdefault("customer", f"buyer-{next(_count)}")
    if not Agent.objects.filter(presence="available").exists():
        talks.agent()
    talk = talks.conversation(shop, channel=channel, **fields)
    assert talks.reply(talk.agent, talk).changed
    assert end_conversations.one(SYSTEM, EndConversation(talk.pk, "solved", resolves_ticket=True)).changed
    return Conversation.objects.get(pk=talk.pk)


def resolved(shop: Shop | None = None, resolution: Resolution = Resolution.ANSWERED, **fields: Any) -> Ticket:
    """A ticket of somebody who has no chat with us, settled."""
    shop = shop or make.make_shop()
    fields.setdefault("customer_ref", f"caller-{next(_count)}")
    agent, _ = desk.make_agent(presence="busy")
    ticket = desk.make_ticket(shop, **fields)
    assert take_tickets.one(agent, TakeTicket(ticket.pk)).changed
    assert note_replies.one(agent, NoteReply(ticket.pk)).changed
    assert resolve_tickets.one(agent, ResolveTicket(ticket.pk, resolution)).changed
    return Ticket.objects.get(pk=ticket.pk)


def planned(ticket_id: int | None) -> Survey:
    assert ticket_id is not None
    outcome = plan_surveys.one(SYSTEM, PlanSurvey(ticket_id))
    assert outcome.changed, outcome
    return Survey.objects.get(pk=outcome.id)


def asked(shop: Shop | None = None, **fields: Any) -> Survey:
    """A customer of the widget who has the link."""
    survey = planned(chat(shop or talks.open_shop(), **fields).ticket_id)
    assert invite_surveys.one(SYSTEM, InviteSurvey(survey.pk)).changed
    survey.refresh_from_db()
    return survey


def rated(score: int = 5, comment: str = "", shop: Shop | None = None) -> Survey:
    survey = asked(shop)
    assert submit_surveys.one(SYSTEM, SubmitSurvey(survey.pk, score, comment)).changed
    survey.refresh_from_db()
    return survey


def low(comment: str = "发货太慢", shop: Shop | None = None) -> Recovery:
    """Somebody to be spoken to."""
    return Recovery.objects.get(survey=rated(1, comment, shop))


def ticket_about(
    shop: Shop, kind: str, *, order_id: int | None = None, when: datetime | None = None, stage: str = "after_sale"
) -> Ticket:
    """A ticket of a type at a moment."""
    ticket = desk.make_ticket(shop, order_id=order_id)
    Ticket.objects.filter(pk=ticket.pk).update(kind=kind, stage=stage, opened_at=when or business_time.now())
    return Ticket.objects.get(pk=ticket.pk)


def paid_order(shop: Shop, sku: Any, when: datetime | None = None) -> int:
    order_id = make.make_order(shop, make.received_line(sku))
    Order.objects.filter(pk=order_id).update(paid_at=when or business_time.now())
    return order_id


def drafted(shop: Shop, monkeypatch: Any, when: datetime = CLOSE) -> DailySummary:
    """The day is over and summed up."""
    at(monkeypatch, when)
    outcome = draft_summaries.one(SYSTEM, DraftSummary(shop.pk))
    assert outcome.changed, outcome
    return DailySummary.objects.filter(shop=shop).latest("day")


def a_problem(monkeypatch: Any, shop: Shop | None = None, tickets: int = 2, orders: int = 10) -> Problem:
    """A size problem of one product, in the summary of 1 June."""
    shop = shop or make.make_shop()
    at(monkeypatch, NOON)
    sku = make.make_sku(name="纯棉白T恤")
    ids = [paid_order(shop, sku) for _ in range(orders)]
    for order_id in ids[:tickets]:
        ticket_about(shop, "size", order_id=order_id)
    return Problem.objects.get(summary=drafted(shop, monkeypatch), sku=sku)


def improving(
    problem: Problem, owner: ImprovementOwner = ImprovementOwner.PRODUCT, actor: Actor = SYSTEM
) -> Improvement:
    item = OpenImprovement(problem.pk, owner, "尺码表偏小，请核对", business_time.now() + timedelta(days=2))
    outcome = open_improvements.one(actor, item)
    assert outcome.changed, outcome
    return Improvement.objects.get(pk=outcome.id)


def opens(kind: str, subject_id: int) -> datetime | None:
    """From when on what a deadline asks can be done; None: at once."""
    return Deadline.objects.get(kind=kind, subject_id=subject_id).opens_at


def due(kind: str, subject_id: int) -> datetime | None:
    """When a deadline is due; None where none is set."""
    return Deadline.objects.filter(kind=kind, subject_id=subject_id).values_list("due_at", flat=True).first()
