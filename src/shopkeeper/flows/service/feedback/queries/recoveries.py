"""Customers who gave a low score, as those who speak to them read it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.service.aftersale.models import case_number
from shopkeeper.flows.service.feedback.models import Recovery
from shopkeeper.flows.service.feedback.queries.scope import in_shops, of_surveys
from shopkeeper.flows.service.feedback.queries.surveys import SurveyRow, survey_row
from shopkeeper.flows.service.feedback.sql import surveys as sql
from shopkeeper.flows.service.feedback.states import RecoveryState
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.flows.service.tickets.ports import service_beside
from shopkeeper.foundation.actor import Actor
from shopkeeper.sop.policy import read_policies


@dataclass(frozen=True, slots=True)
class RecoveryFilter:
    """What is asked of the list; empty fields do not narrow it."""

    state: str = ""
    shop_id: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecoveryRow:
    """One task; the customer masked."""

    id: int
    survey_id: int
    shop_id: int
    shop: str
    ticket_id: int | None
    about: str
    kind: str
    customer: str
    agent: str
    score: int
    has_comment: bool
    state: str
    attempts: int
    outcome: str
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state == RecoveryState.OPEN else None

    @property
    def next_attempt(self) -> int:
        return self.attempts + 1

    @property
    def stars(self) -> str:
        return "★" * self.score + "☆" * (5 - self.score)


@dataclass(frozen=True, slots=True)
class RecoveryRecord:
    """One task whole: the survey it came of, and the tries so far."""

    row: RecoveryRow
    survey: SurveyRow
    tries: tuple[sql.TryRow, ...]
    attempts_allowed: int
    phone: str  # the ticket's, masked
    order: OrderCard | None
    conversation_id: int | None


def recovery_counts(viewer: Actor) -> dict[str, int]:
    rows = in_shops(Recovery.objects.filter(state=RecoveryState.OPEN), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def recoveries_page(
    viewer: Actor, wanted: RecoveryFilter, *, after: str = "", limit: int = 50
) -> tuple[list[RecoveryRow], str]:
    """A page of tasks and the next key: open ones by due time, the others newest first."""
    rows = of_surveys(in_shops(Recovery.objects.all(), viewer), list(wanted.words), "survey__")
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    start = int(after) if after.isascii() and after.isdecimal() and len(after) < 9 else 0
    order = ("due_at", "id") if wanted.state == RecoveryState.OPEN else ("-id",)
    related = rows.select_related("shop", "survey__ticket", "survey__agent__person").order_by(*order)
    found = [_row(recovery) for recovery in related[start : start + limit + 1]]
    return found[:limit], str(start + limit) if len(found) > limit else ""


def recovery_record(viewer: Actor, recovery_id: int) -> RecoveryRecord | None:
    """One task with its survey and tries; None where it is not in the viewer's shops."""
    rows = in_shops(Recovery.objects.filter(id=recovery_id), viewer)
    found = rows.select_related("shop", "survey__ticket", "survey__agent__person").first()
    survey = survey_row(viewer, found.survey_id) if found else None
    if found is None or survey is None:
        return None
    return RecoveryRecord(
        row=_row(found),
        survey=survey,
        tries=tuple(sql.TRIES_OF.rows(recovery=recovery_id)),
        attempts_allowed=read_policies()("recovery_attempts", found.shop_id),
        phone=found.survey.ticket.customer_phone_masked if found.survey.ticket else "",
        order=orders_by_id([survey.order_id]).get(survey.order_id) if survey.order_id else None,
        conversation_id=_conversation_of(viewer, survey.ticket_id),
    )


def _conversation_of(viewer: Actor, ticket_id: int | None) -> int | None:
    """Where the customer was spoken with last about the ticket."""
    return service_beside().conversation_of(viewer, ticket_id) if ticket_id else None


def _row(recovery: Recovery) -> RecoveryRow:
    survey = recovery.survey
    return RecoveryRow(
        id=recovery.pk,
        survey_id=survey.pk,
        shop_id=recovery.shop_id,
        shop=recovery.shop.name,
        ticket_id=survey.ticket_id,
        about=ticket_number(survey.ticket_id) if survey.ticket_id else case_number(survey.case_id or 0),
        kind=survey.kind,
        customer=survey.ticket.customer_name_masked if survey.ticket else "",
        agent=survey.agent.person.name if survey.agent else "",
        score=recovery.score,
        has_comment=survey.has_comment,
        state=recovery.state,
        attempts=recovery.attempts,
        outcome=recovery.outcome,
        opened_at=recovery.opened_at,
        due_at=recovery.due_at,
        ended_at=recovery.ended_at,
    )
