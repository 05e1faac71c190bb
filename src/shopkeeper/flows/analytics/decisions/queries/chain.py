"""Findings with what became of them: decision, tasks, the figure before and after, the conclusion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Count, QuerySet

from shopkeeper.flows.analytics.decisions.models import Decision, DecisionTask, Finding, finding_number
from shopkeeper.flows.analytics.decisions.ports import figure_source
from shopkeeper.flows.analytics.decisions.rules.effects import Measured, earliest_measure, measured
from shopkeeper.flows.analytics.decisions.states import DecisionState, DecisionTaskState, FindingState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.clock import at_time
from shopkeeper.shared.money import HOME_CURRENCY
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies

STAGES = ("open", "under_way", "measured", "concluded", "dismissed")


@dataclass(frozen=True, slots=True)
class ChainFilter:
    """What is asked of the list; `stage` is one of STAGES. `month` is that in which it was found."""

    stage: str = ""
    shop_id: int | None = None
    metric: str = ""
    month: date | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task of a decision."""

    id: int
    decision_id: int
    owner: str
    what: str
    due_at: datetime
    state: str
    opened_at: datetime
    opener: str
    note: str
    ended_at: datetime | None
    ender: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided on a finding, and what came of it. Values in the metric's smallest part."""

    id: int
    state: str
    what: str
    reason: str
    expected: int
    expected_words: str
    measure_on: date
    measure_at: datetime
    after_first_day: date
    after_last_day: date
    decided_at: datetime
    decider_id: int
    decider: str
    before: int
    after: int | None
    after_typed: bool
    effect: str
    arithmetic: Measured | None
    measured_at: datetime | None
    conclude_due_at: datetime | None
    conclusion: str
    conclusion_words: str
    concluded_at: datetime | None
    concluder: str


@dataclass(frozen=True, slots=True)
class Chain:
    """A finding and all that follows from it."""

    id: int
    shop_id: int | None
    shop: str
    currency: str
    metric: str
    metric_name: T
    unit: str
    first_day: date
    last_day: date
    value: int
    compared: int | None
    words: str
    state: str
    found_at: datetime
    finder_id: int
    finder: str
    due_at: datetime
    dismissed_reason: str
    ended_at: datetime | None
    ender_id: int | None
    ender: str
    decision: DecisionView | None
    tasks: tuple[TaskView, ...] = field(default=())

    @property
    def number(self) -> str:
        return finding_number(self.id)

    @property
    def stage(self) -> str:
        """Where it stands: the state of the decision, once there is one."""
        return self.decision.state if self.decision else self.state

    @property
    def change(self) -> int | None:
        return None if self.compared is None else self.value - self.compared

    @property
    def next_due(self) -> datetime | None:
        """What is due of it now."""
        if self.state == FindingState.OPEN:
            return self.due_at
        if self.decision and self.decision.state == DecisionState.UNDER_WAY:
            return self.decision.measure_at
        is_measured = self.decision and self.decision.state == DecisionState.MEASURED
        return self.decision.conclude_due_at if self.decision and is_measured else None

    @property
    def is_finders(self) -> bool:
        """Whether the finder settled it: only where nobody else could."""
        settled = self.decision.decider_id if self.decision else self.ender_id
        return bool(settled) and settled == self.finder_id

    @property
    def tasks_done(self) -> int:
        return sum(task.state != DecisionTaskState.OPEN for task in self.tasks)


def chain_counts(viewer: Actor) -> dict[str, int]:
    """How many stand at each stage, for the tabs."""
    rows = _seen(Finding.objects.all(), viewer).values_list("state", "decision__state").annotate(n=Count("id"))
    counts: dict[str, int] = {}
    for state, decided, n in rows:
        counts[decided or state] = counts.get(decided or state, 0) + n
    return counts


def chains_page(
    viewer: Actor, wanted: ChainFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[Chain], int | None]:
    """A page of findings, newest first, and the next key."""
    rows = _seen(Finding.objects.select_related("shop", "decision"), viewer)
    if wanted.stage in ("open", "dismissed"):
        rows = rows.filter(state=wanted.stage)
    elif wanted.stage:
        rows = rows.filter(decision__state=wanted.stage)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.metric:
        rows = rows.filter(metric=wanted.metric)
    if wanted.month is not None:
        rows = rows.filter(found_at__gte=_month(wanted.month), found_at__lt=_month(wanted.month, 1))
    if after is not None:
        rows = rows.filter(id__lt=after)
    page = list(rows.order_by("-id")[: limit + 1])
    return _chains(page[:limit]), page[limit - 1].pk if len(page) > limit else None


def chain_of(viewer: Actor, finding_id: int) -> Chain | None:
    """One finding with its chain; None where the viewer does not see it."""
    rows = _seen(Finding.objects.select_related("shop", "decision").filter(id=finding_id), viewer)
    return next(iter(_chains(list(rows))), None)


def finding_of_decision(viewer: Actor, decision_id: int) -> int | None:
    rows = _seen(Finding.objects.filter(decision__id=decision_id), viewer)
    return rows.values_list("id", flat=True).first()


def first_measure_day(chain: Chain, today: date) -> date:
    """The first day on which the effect of a decision made today may be measured."""
    return earliest_measure(chain.first_day, chain.last_day, today)


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A task with what its owner has to know of it; `finding_id` where they see the whole."""

    task: TaskView
    number: str
    decided: str
    decided_at: datetime
    finding_id: int | None


def task_record(viewer: Actor, task_id: int) -> TaskRecord | None:
    """One task: of the viewer's shops, or of all shops where it is their role's."""
    row = DecisionTask.objects.select_related("decision__finding").filter(id=task_id).first()
    if row is None or not viewer.sees_shop(row.shop_id):
        return None
    whole = viewer.shops is None or row.shop_id is not None
    if not whole and row.owner not in viewer.roles:
        return None
    finding = row.decision.finding
    names = _names({row.opened_by, row.ended_by})
    view = _task(row, names)
    return TaskRecord(
        view, finding_number(finding.pk), row.decision.what, row.decision.decided_at, finding.pk if whole else None
    )


def tasks_page(
    viewer: Actor, *, owner: str = "", state: str = "open", after: int | None = None, limit: int = 50
) -> tuple[list[TaskView], int | None]:
    """Tasks of decisions in the viewer's shops, newest first."""
    rows: QuerySet[DecisionTask] = DecisionTask.objects.all()
    rows = rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)
    if owner:
        rows = rows.filter(owner=owner)
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(id__lt=after)
    page = list(rows.order_by("-id")[: limit + 1])
    names = _names({who for row in page for who in (row.opened_by, row.ended_by)})
    return [_task(row, names) for row in page[:limit]], page[limit - 1].pk if len(page) > limit else None


def _seen(rows: QuerySet[Finding], viewer: Actor) -> QuerySet[Finding]:
    """Findings of the viewer's shops; those about all shops are seen by whoever sees them all."""
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def _chains(rows: Sequence[Finding]) -> list[Chain]:
    decisions = {row.pk: row.decision for row in rows if hasattr(row, "decision")}
    tasks: dict[int, list[DecisionTask]] = {decision.pk: [] for decision in decisions.values()}
    for task in DecisionTask.objects.filter(decision_id__in=tasks).order_by("due_at", "id"):
        tasks[task.decision_id].append(task)
    people: set[int | None] = {row.ended_by for row in rows}
    people |= {row.found_by for row in rows}
    people |= {who for d in decisions.values() for who in (d.decided_by, d.concluded_by)}
    people |= {who for some in tasks.values() for task in some for who in (task.opened_by, task.ended_by)}
    names, policy = _names(people), read_policies()
    return [
        _chain(row, decisions.get(row.pk), tasks, names, policy("decision_least_percent", row.shop_id)) for row in rows
    ]


def _chain(
    row: Finding,
    decision: Decision | None,
    tasks: Mapping[int, Sequence[DecisionTask]],
    names: Mapping[int | None, str],
    least_percent: int,
) -> Chain:
    metric = figure_source().metric(row.metric)
    own = (
        "shop_id", "metric", "unit", "first_day", "last_day", "value", "compared", "words", "state", "found_at",
        "due_at", "dismissed_reason", "ended_at",
    )  # fmt: skip
    return Chain(
        id=row.pk,
        shop=row.shop.name if row.shop else "",
        currency=row.shop.currency if row.shop else HOME_CURRENCY,
        metric_name=metric.name if metric else T(row.metric, row.metric),
        finder_id=row.found_by,
        finder=names.get(row.found_by, ""),
        ender_id=row.ended_by,
        ender=names.get(row.ended_by, ""),
        decision=_decision(decision, names, least_percent) if decision else None,
        tasks=tuple(_task(task, names) for task in tasks[decision.pk]) if decision else (),
        **{name: getattr(row, name) for name in own},
    )


def _decision(row: Decision, names: Mapping[int | None, str], least_percent: int) -> DecisionView:
    own = (
        "state", "what", "reason", "expected", "expected_words", "measure_on", "measure_at", "after_first_day",
        "after_last_day", "decided_at", "before", "after", "after_typed", "effect", "measured_at", "conclude_due_at",
        "conclusion", "conclusion_words", "concluded_at",
    )  # fmt: skip
    return DecisionView(
        id=row.pk,
        decider_id=row.decided_by,
        decider=names.get(row.decided_by, ""),
        concluder=names.get(row.concluded_by, ""),
        arithmetic=measured(row.before, row.expected, row.after, least_percent) if row.measured_at else None,
        **{name: getattr(row, name) for name in own},
    )


def _task(row: DecisionTask, names: Mapping[int | None, str]) -> TaskView:
    own = ("decision_id", "owner", "what", "due_at", "state", "opened_at", "note", "ended_at")
    return TaskView(
        id=row.pk,
        opener=names.get(row.opened_by, ""),
        ender=names.get(row.ended_by, ""),
        **{name: getattr(row, name) for name in own},
    )


def _names(ids: set[int | None]) -> dict[int | None, str]:
    found: dict[int | None, str] = {}
    found.update(Person.objects.filter(id__in={id_ for id_ in ids if id_}).values_list("id", "name"))
    return found


def _month(day: date, later: int = 0) -> datetime:
    """The first moment of a day's month, or of the month after."""
    year, month = divmod(day.year * 12 + day.month - 1 + later, 12)
    return at_time(date(year, month + 1, 1), time.min)
