"""Improvements as their owners and supervisors read them: the problem, what was done, the figure before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.service.feedback.models import Improvement, improvement_number
from shopkeeper.flows.service.feedback.queries.scope import in_shops, names_of, page_of, person_name, starting_at
from shopkeeper.flows.service.feedback.queries.summaries import ProblemLine, problem_line
from shopkeeper.flows.service.feedback.rules.figures import contact_hundredths
from shopkeeper.flows.service.feedback.states import ImprovementOwner, ImprovementState
from shopkeeper.flows.service.tickets.models import Ticket, ticket_number
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class ImprovementFilter:
    """What is asked of the list; empty fields do not narrow it."""

    state: str = ""
    owner: str = ""
    shop_id: int | None = None


@dataclass(frozen=True, slots=True)
class ImprovementRow:
    """One task. Rates are tickets per hundred orders, in hundredths."""

    id: int
    shop_id: int
    shop: str
    owner: str
    what: str
    state: str
    problem: ProblemLine
    summary_id: int
    day: date
    trend_days: int
    opened_at: datetime
    opener: str
    due_at: datetime
    reply: str
    replied_at: datetime | None
    replier: str
    measure_at: datetime | None
    after_tickets: int | None
    after_orders: int | None
    measured_at: datetime | None
    effect: str
    conclusion: str
    closed_at: datetime | None
    closer: str

    @property
    def number(self) -> str:
        return improvement_number(self.id)

    @property
    def before_tickets(self) -> int:
        return self.problem.tickets + self.problem.before_tickets

    @property
    def before_hundredths(self) -> int | None:
        return self.problem.contact_hundredths

    @property
    def after_hundredths(self) -> int | None:
        if self.after_tickets is None or self.after_orders is None:
            return None
        return contact_hundredths(self.after_tickets, self.after_orders)

    @property
    def next_due(self) -> datetime | None:
        """What is due of it now: the reply, or the counting of the effect."""
        dues = {ImprovementState.OPEN: self.due_at, ImprovementState.REPLIED: self.measure_at}
        return dues.get(ImprovementState(self.state))


def owners_of(viewer: Actor) -> list[str]:
    """The roles of the viewer that are asked to improve."""
    return [str(owner) for owner in ImprovementOwner if owner in viewer.roles]


def improvement_counts(viewer: Actor) -> dict[str, int]:
    rows = in_shops(Improvement.objects.exclude(state=ImprovementState.CLOSED), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def improvements_page(
    viewer: Actor, wanted: ImprovementFilter, *, after: str = "", limit: int = 50
) -> tuple[list[ImprovementRow], str]:
    """A page of tasks, newest first, and the next key."""
    rows = in_shops(Improvement.objects.all(), viewer)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.owner:
        rows = rows.filter(owner=wanted.owner)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    before = starting_at(after)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found, next_key = page_of(list(_whole(rows).order_by("-id")[: limit + 1]), limit)
    return _rows(found), next_key


def improvement_row(viewer: Actor, improvement_id: int) -> ImprovementRow | None:
    """One task; None where it is not in the viewer's shops."""
    found = _whole(in_shops(Improvement.objects.filter(id=improvement_id), viewer)).first()
    return _rows([found])[0] if found else None


@dataclass(frozen=True, slots=True)
class Example:
    """One of the tickets that made a problem: what it was about, and no word of the customer's."""

    id: int
    number: str
    kind: str
    words: tuple[str, ...]  # of our word list, that were read in it
    order_id: int | None
    order_number: str
    opened_at: datetime


def examples_of(ticket_ids: Sequence[int]) -> list[Example]:
    """The tickets in the order of their naming."""
    columns = ("id", "kind", "suggestion_words", "order_id", "opened_at")
    rows = {row[0]: row for row in Ticket.objects.filter(id__in=list(ticket_ids)).values_list(*columns)}
    return [
        Example(id_, ticket_number(id_), kind, tuple(words), order, order_number(order) if order else "", opened_at)
        for id_, kind, words, order, opened_at in (rows[one] for one in ticket_ids if one in rows)
    ]


def _whole(rows: QuerySet[Improvement]) -> QuerySet[Improvement]:
    return rows.select_related("shop", "problem__summary", "problem__sku", "problem__warehouse")


def _rows(found: list[Improvement]) -> list[ImprovementRow]:
    names = names_of({who for row in found for who in (row.opened_by, row.replied_by, row.closed_by)})
    return [
        ImprovementRow(
            id=row.pk,
            shop_id=row.shop_id,
            shop=row.shop.name,
            owner=row.owner,
            what=row.what,
            state=row.state,
            problem=problem_line(row.problem, row.problem.summary.trend_days, []),
            summary_id=row.problem.summary_id,
            day=row.problem.summary.day,
            trend_days=row.problem.summary.trend_days,
            opened_at=row.opened_at,
            opener=person_name(names, row.opened_by),
            due_at=row.due_at,
            reply=row.reply,
            replied_at=row.replied_at,
            replier=person_name(names, row.replied_by),
            measure_at=row.measure_at,
            after_tickets=row.after_tickets,
            after_orders=row.after_orders,
            measured_at=row.measured_at,
            effect=row.effect,
            conclusion=row.conclusion,
            closed_at=row.closed_at,
            closer=person_name(names, row.closed_by),
        )
        for row in found
    ]
