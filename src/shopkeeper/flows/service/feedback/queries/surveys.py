"""Ratings as the desk reads them: the list with its counters, one survey, and the satisfaction of a span of days."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.service.aftersale.models import case_number
from shopkeeper.flows.service.feedback.models import Survey, survey_number
from shopkeeper.flows.service.feedback.permissions import Permission
from shopkeeper.flows.service.feedback.queries.links import survey_url
from shopkeeper.flows.service.feedback.queries.scope import in_shops, of_surveys, page_of, starting_at
from shopkeeper.flows.service.feedback.rules.figures import Satisfaction
from shopkeeper.flows.service.feedback.sql import surveys as sql
from shopkeeper.flows.service.feedback.states import OPEN_SURVEYS, SurveyState
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.foundation.actor import Actor

COUNTED = (SurveyState.BY_HAND, SurveyState.INVITED)


@dataclass(frozen=True, slots=True)
class SurveyFilter:
    """What is asked of the list; empty fields do not narrow it. `score` "low" means one and two stars."""

    state: str = ""
    score: str = ""
    shop_id: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One survey; the comment stays sealed, `has_comment` says that there is one."""

    id: int
    shop_id: int
    shop: str
    ticket_id: int | None
    case_id: int | None
    order_id: int | None
    kind: str
    agent: str
    customer: str
    state: str
    way: str
    skip_reason: str
    planned_at: datetime
    invited_at: datetime | None
    expires_at: datetime | None
    score: int | None
    has_comment: bool
    answered_at: datetime | None
    recovery_id: int | None
    recovery_state: str
    url: str  # only while an agent has to pass it on

    @property
    def number(self) -> str:
        return survey_number(self.id)

    @property
    def about(self) -> str:
        """The number of the ticket or case it is about."""
        return ticket_number(self.ticket_id) if self.ticket_id else case_number(self.case_id or 0)

    @property
    def order_number(self) -> str:
        return order_number(self.order_id) if self.order_id else ""

    @property
    def stars(self) -> str:
        return "★" * (self.score or 0) + "☆" * (5 - self.score) if self.score else ""

    @property
    def tone(self) -> Literal["grey", "green", "amber", "red"]:
        """The tone of the score: a low one stands out."""
        if self.score is None:
            return "grey"
        return "green" if self.score >= 4 else "amber" if self.score == 3 else "red"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_SURVEYS


def survey_counts(viewer: Actor) -> dict[str, int]:
    """What waits, for the tabs: links to pass on, and customers who have not answered yet."""
    rows = in_shops(Survey.objects.filter(state__in=COUNTED), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def surveys_page(
    viewer: Actor, wanted: SurveyFilter, *, after: str = "", limit: int = 50
) -> tuple[list[SurveyRow], str]:
    """A page of surveys, newest first, and the next key."""
    rows = of_surveys(in_shops(Survey.objects.all(), viewer), list(wanted.words))
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.score == "low":
        rows = rows.filter(score__lte=2)
    elif wanted.score.isdecimal():
        rows = rows.filter(score=int(wanted.score[:1]))
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    before = starting_at(after)
    if before is not None:
        rows = rows.filter(id__lt=before)
    related = rows.select_related("shop", "agent__person", "ticket", "recovery")
    found, next_key = page_of(list(related.order_by("-id")[: limit + 1]), limit)
    return [_row(viewer, survey) for survey in found], next_key


def survey_row(viewer: Actor, survey_id: int) -> SurveyRow | None:
    """One survey; None where it is not in the viewer's shops."""
    rows = in_shops(Survey.objects.filter(id=survey_id), viewer)
    found = rows.select_related("shop", "agent__person", "ticket", "recovery").first()
    return _row(viewer, found) if found else None


def satisfaction(viewer: Actor, since: datetime, until: datetime, shop_id: int | None = None) -> Satisfaction:
    """Ratings given in a span, and how many of those invited in it answered."""
    row = sql.STARS.first(
        everywhere=viewer.shops is None, shops=sorted(viewer.shops or ()), shop=shop_id, since=since, until=until
    )
    assert row is not None
    return Satisfaction(row.invited, row.invited_answered, (row.one, row.two, row.three, row.four, row.five))


def _row(viewer: Actor, survey: Survey) -> SurveyRow:
    recovery = getattr(survey, "recovery", None)
    shows_link = survey.state == SurveyState.BY_HAND and viewer.may(Permission.SURVEY_SEND)
    return SurveyRow(
        id=survey.pk,
        shop_id=survey.shop_id,
        shop=survey.shop.name,
        ticket_id=survey.ticket_id,
        case_id=survey.case_id,
        order_id=survey.order_id,
        kind=survey.kind,
        agent=survey.agent.person.name if survey.agent else "",
        customer=survey.ticket.customer_name_masked if survey.ticket else "",
        state=survey.state,
        way=survey.way,
        skip_reason=survey.skip_reason,
        planned_at=survey.planned_at,
        invited_at=survey.invited_at,
        expires_at=survey.expires_at,
        score=survey.score,
        has_comment=survey.has_comment,
        answered_at=survey.answered_at,
        recovery_id=recovery.pk if recovery else None,
        recovery_state=recovery.state if recovery else "",
        url=survey_url(survey.pk) if shows_link else "",
    )
