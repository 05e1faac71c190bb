"""Daily summaries as people and papers read them: figures, problems with their trend, remarks, signature."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from shopkeeper.flows.fulfilment.parcels.words import courier_name
from shopkeeper.flows.service.feedback.models import DailySummary, Improvement, Problem, improvement_number
from shopkeeper.flows.service.feedback.queries.scope import in_shops, names_of, page_of, person_name, starting_at
from shopkeeper.flows.service.feedback.rules.figures import DayFigures, change, contact_hundredths, kept_figures
from shopkeeper.flows.service.feedback.states import SummaryState
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class SummaryFilter:
    """What is asked of the list; empty fields do not narrow it."""

    state: str = ""
    shop_id: int | None = None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    id: int
    shop_id: int
    shop: str
    day: date
    state: str
    figures: DayFigures
    trend_days: int
    drafted_at: datetime
    complete_due_at: datetime
    sign_due_at: datetime
    remarks: str
    completed_at: datetime | None
    completed_by: int | None
    completer: str
    signed_at: datetime | None
    signer: str

    @property
    def due_at(self) -> datetime | None:
        """What is due of it now."""
        dues = {SummaryState.DRAFT: self.complete_due_at, SummaryState.COMPLETED: self.sign_due_at}
        return dues.get(SummaryState(self.state))


@dataclass(frozen=True, slots=True)
class GivenImprovement:
    """An improvement that came of a problem."""

    id: int
    owner: str
    state: str
    effect: str

    @property
    def number(self) -> str:
        return improvement_number(self.id)


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One frequent problem; `change` in parts of 10,000 against the daily mean of the trend's days."""

    id: int
    rank: int
    kind: str
    sku_id: int | None
    sku_code: str
    goods: str
    courier: str
    warehouse_id: int | None
    warehouse: str
    tickets: int
    before_tickets: int
    orders: int
    change: int | None
    contact_hundredths: int | None
    examples: tuple[int, ...]
    improvements: tuple[GivenImprovement, ...]

    @property
    def carrier(self) -> str:
        """The courier by name, and from which warehouse."""
        return " · ".join(
            part for part in (str(courier_name(self.courier)) if self.courier else "", self.warehouse) if part
        )

    @property
    def example_numbers(self) -> list[tuple[int, str]]:
        return [(id_, ticket_number(id_)) for id_ in self.examples]


@dataclass(frozen=True, slots=True)
class SummaryRecord:
    row: SummaryRow
    problems: tuple[ProblemLine, ...]


def summary_counts(viewer: Actor) -> dict[str, int]:
    rows = in_shops(DailySummary.objects.exclude(state=SummaryState.SIGNED), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def summaries_page(
    viewer: Actor, wanted: SummaryFilter, *, after: str = "", limit: int = 50
) -> tuple[list[SummaryRow], str]:
    """A page of summaries, newest first, and the next key."""
    rows = in_shops(DailySummary.objects.all(), viewer)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    before = starting_at(after)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found, next_key = page_of(list(rows.select_related("shop").order_by("-id")[: limit + 1]), limit)
    return _rows(found), next_key


def summary_record(viewer: Actor, summary_id: int) -> SummaryRecord | None:
    """One summary with its problems; None where it is not in the viewer's shops."""
    found = in_shops(DailySummary.objects.filter(id=summary_id), viewer).select_related("shop").first()
    if found is None:
        return None
    problems = Problem.objects.filter(summary=found).select_related("sku", "warehouse").order_by("rank")
    given = Improvement.objects.filter(problem__summary=found).order_by("id")
    return SummaryRecord(
        row=_rows([found])[0],
        problems=tuple(
            problem_line(problem, found.trend_days, [one for one in given if one.problem_id == problem.pk])
            for problem in problems
        ),
    )


def problem_line(problem: Problem, trend_days: int, given: list[Improvement]) -> ProblemLine:
    """A problem as it is read; its product, courier and warehouse by name."""
    sku, warehouse = problem.sku, problem.warehouse
    return ProblemLine(
        id=problem.pk,
        rank=problem.rank,
        kind=problem.kind,
        sku_id=problem.sku_id,
        sku_code=sku.code if sku else "",
        goods=" ".join(part for part in (sku.name, sku.spec) if part) if sku else "",
        courier=problem.courier,
        warehouse_id=problem.warehouse_id,
        warehouse=warehouse.name if warehouse else "",
        tickets=problem.tickets,
        before_tickets=problem.before_tickets,
        orders=problem.orders,
        change=change(problem.tickets, problem.before_tickets, trend_days),
        contact_hundredths=contact_hundredths(problem.tickets + problem.before_tickets, problem.orders),
        examples=tuple(problem.examples),
        improvements=tuple(GivenImprovement(one.pk, one.owner, one.state, one.effect) for one in given),
    )


def _rows(found: list[DailySummary]) -> list[SummaryRow]:
    names = names_of({person for row in found for person in (row.completed_by, row.signed_by)})
    return [
        SummaryRow(
            id=row.pk,
            shop_id=row.shop_id,
            shop=row.shop.name,
            day=row.day,
            state=row.state,
            figures=kept_figures(row.figures),
            trend_days=row.trend_days,
            drafted_at=row.drafted_at,
            complete_due_at=row.complete_due_at,
            sign_due_at=row.sign_due_at,
            remarks=row.remarks,
            completed_at=row.completed_at,
            completed_by=row.completed_by,
            completer=person_name(names, row.completed_by),
            signed_at=row.signed_at,
            signer=person_name(names, row.signed_by),
        )
        for row in found
    ]
