"""《活动执行方案》 as data: one campaign with every field the paper shows, names for ids, and its time line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from shopkeeper.flows.marketing.campaigns.models import (
    BudgetItem,
    BudgetRaise,
    BudgetSpend,
    Campaign,
    CampaignTask,
    Segment,
    SlotApplication,
    SlotBooking,
)
from shopkeeper.flows.marketing.campaigns.ports import MaterialLine, material_shelf
from shopkeeper.flows.marketing.campaigns.queries.attached import PlanRule, Trouble, attached_to
from shopkeeper.flows.marketing.campaigns.queries.campaigns import CampaignFacts, campaign_facts
from shopkeeper.flows.marketing.campaigns.queries.forecasting import Basis, forecast_of
from shopkeeper.flows.marketing.campaigns.rules.forecast import Forecast, GoodsLine
from shopkeeper.flows.marketing.campaigns.rules.plans import missing_parts, said_in
from shopkeeper.flows.marketing.campaigns.sql import campaigns as campaign_sql
from shopkeeper.flows.marketing.campaigns.sql import reading as sql
from shopkeeper.flows.marketing.campaigns.states import RaiseState, TaskState
from shopkeeper.flows.marketing.promotions.rules.promises import Promise
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.naming import names_of

SPENDS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PlanGoods:
    """A SKU of the plan with its name and its line of the forecast."""

    code: str
    name: str
    spec: str
    line: GoodsLine


@dataclass(frozen=True, slots=True)
class PlanSegment:
    id: int
    code: str
    name: str
    size: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class PlanCost:
    """A budget item against what was spent. Minor units."""

    id: int
    kind: str
    name: str
    planned_minor: int
    raised_minor: int
    spent_minor: int

    @property
    def left_minor(self) -> int:
        return self.planned_minor + self.raised_minor - self.spent_minor

    @property
    def yuan(self) -> str:
        """The planned amount as somebody types it."""
        return f"{self.planned_minor / 100:.2f}"


@dataclass(frozen=True, slots=True)
class PlanSlot:
    id: int
    place: str
    starts_at: datetime
    ends_at: datetime
    apply_by: datetime
    expected_cost_minor: int
    cost_minor: int | None
    state: str
    reference: str
    answer: str


@dataclass(frozen=True, slots=True)
class PlanBooking:
    id: int
    place: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PlanTask:
    id: int
    title: str
    role: str
    owner_id: int | None
    owner: str
    due_at: datetime
    state: str
    evidence: str
    done_at: datetime | None = None
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class PlanRaise:
    id: int
    item_id: int
    item: tuple[str, str]
    amount_minor: int
    reason: str
    state: str
    due_at: datetime
    asked_at: datetime
    asked_by: int
    asked: str
    decision_reason: str


@dataclass(frozen=True, slots=True)
class PlanSpend:
    item_id: int
    reference: str
    amount_minor: int
    note: str
    booked_at: datetime
    booked: str


@dataclass(frozen=True, slots=True)
class ExecutionPlan:
    """The paper: what the plan says, what it needs, what it may bring, who decided."""

    campaign: CampaignFacts
    shop: str
    due_at: datetime | None
    saved_by: int
    decision_reason: str
    submitted_at: datetime | None
    origin: str
    template_code: str
    goods: tuple[PlanGoods, ...]
    rules: tuple[PlanRule, ...]
    troubles: tuple[Trouble, ...]
    segments: tuple[PlanSegment, ...]
    budget: tuple[PlanCost, ...]
    spends: tuple[PlanSpend, ...]
    raises: tuple[PlanRaise, ...]
    slots: tuple[PlanSlot, ...]
    bookings: tuple[PlanBooking, ...]
    tasks: tuple[PlanTask, ...]
    materials: tuple[MaterialLine, ...]
    missing: tuple[str, ...]
    broken: tuple[Promise, ...]
    forecast: Forecast
    basis: Basis
    people: dict[int, str]
    moves: tuple[sql.MoveRow, ...]

    @property
    def planned_minor(self) -> int:
        """All that may be spent: the plan and what was allowed beyond."""
        return sum(one.planned_minor + one.raised_minor for one in self.budget)

    @property
    def raised_minor(self) -> int:
        return sum(one.raised_minor for one in self.budget)

    @property
    def spent_minor(self) -> int:
        return sum(one.spent_minor for one in self.budget)

    @property
    def left_minor(self) -> int:
        return self.planned_minor - self.spent_minor

    @property
    def waiting(self) -> tuple[PlanRaise, ...]:
        return tuple(one for one in self.raises if one.state == RaiseState.WAITING)

    def person(self, id_: int | None) -> str:
        return self.people.get(id_ or 0, "")


def execution_plan(viewer: Actor, campaign_id: int) -> ExecutionPlan | None:
    """One campaign whole; None where there is none in the viewer's shops. Statements grow with its promotions only."""
    row = Campaign.objects.filter(id=campaign_id).select_related("template").first()
    if row is None or not viewer.sees_shop(row.shop_id):
        return None
    campaign = campaign_facts([campaign_id])[campaign_id]
    found, basis, goods = forecast_of(campaign, business_time.now())
    whole = campaign_sql.WHOLE.rows(campaigns=[campaign_id])[0]
    raises, tasks = _raises(campaign_id), _tasks(campaign_id)
    spends = _spends(campaign_id)
    moves = sql.MOVES.rows(campaign=campaign_id)
    materials = tuple(material_shelf().materials_of([campaign_id]).get(campaign_id, ()))
    attached = attached_to(viewer, campaign, said_in(campaign, [(one.title, one.said) for one in materials]))
    ids = {row.made_by, row.saved_by, row.submitted_by, row.decided_by, row.launched_by, row.ended_by}
    return ExecutionPlan(
        campaign=campaign,
        shop=Shop.objects.get(id=row.shop_id).name,
        due_at=row.due_at,
        saved_by=row.saved_by,
        decision_reason=row.decision_reason,
        submitted_at=row.submitted_at,
        origin=row.origin,
        template_code=row.template.code if row.template else "",
        goods=tuple(
            PlanGoods(goods[one.sku_id].code, goods[one.sku_id].name, goods[one.sku_id].spec, one)
            for one in found.lines
        ),
        rules=attached.rules,
        troubles=attached.troubles,
        segments=_segments(campaign.segment_ids),
        budget=_budget(campaign_id),
        spends=spends,
        raises=raises,
        slots=_slots(campaign_id),
        bookings=_bookings(campaign_id),
        tasks=tasks,
        materials=materials,
        missing=missing_parts({name: getattr(whole, name) for name in campaign_sql.WholeRow.__dataclass_fields__}),
        broken=attached.broken,
        forecast=found,
        basis=basis,
        people=names_of({id_ for id_ in ids if id_}),
        moves=tuple(moves),
    )


def _segments(ids: Sequence[int]) -> tuple[PlanSegment, ...]:
    rows = Segment.objects.filter(id__in=ids).order_by("name", "id")
    return tuple(PlanSegment(row.pk, row.code, row.name, row.size, row.counted_at) for row in rows)


def _budget(campaign_id: int) -> tuple[PlanCost, ...]:
    rows = BudgetItem.objects.filter(campaign=campaign_id).order_by("kind", "name")
    return tuple(
        PlanCost(row.pk, row.kind, row.name, row.planned_minor, row.raised_minor, row.spent_minor) for row in rows
    )


def _spends(campaign_id: int) -> tuple[PlanSpend, ...]:
    rows = list(BudgetSpend.objects.filter(item__campaign=campaign_id).order_by("-id")[:SPENDS_SHOWN])
    people = names_of({row.booked_by for row in rows})
    return tuple(
        PlanSpend(row.item_id, row.reference, row.amount_minor, row.note, row.booked_at, people.get(row.booked_by, ""))
        for row in rows
    )


def _raises(campaign_id: int) -> tuple[PlanRaise, ...]:
    return plan_raises(Q(item__campaign=campaign_id))


def plan_raises(which: Q) -> tuple[PlanRaise, ...]:
    """Wishes for more, newest first."""
    rows = list(BudgetRaise.objects.filter(which).select_related("item").order_by("-id"))
    people = names_of({row.asked_by for row in rows})
    return tuple(
        PlanRaise(
            row.pk,
            row.item_id,
            (row.item.kind, row.item.name),
            row.amount_minor,
            row.reason,
            row.state,
            row.due_at,
            row.asked_at,
            row.asked_by,
            people.get(row.asked_by, ""),
            row.decision_reason,
        )
        for row in rows
    )


def _slots(campaign_id: int) -> tuple[PlanSlot, ...]:
    rows = SlotApplication.objects.filter(campaign=campaign_id).order_by("apply_by", "id")
    return tuple(
        PlanSlot(
            row.pk,
            row.place,
            row.starts_at,
            row.ends_at,
            row.apply_by,
            row.expected_cost_minor,
            row.cost_minor,
            row.state,
            row.reference,
            row.answer,
        )
        for row in rows
    )


def _bookings(campaign_id: int) -> tuple[PlanBooking, ...]:
    rows = SlotBooking.objects.filter(campaign=campaign_id, released_at=None).select_related("slot").order_by("id")
    return tuple(PlanBooking(row.pk, row.slot.name, row.during.lower, row.during.upper) for row in rows)


def _tasks(campaign_id: int) -> tuple[PlanTask, ...]:
    rows = CampaignTask.objects.filter(campaign=campaign_id).select_related("owner").order_by("due_at", "id")
    people = names_of({row.done_by for row in rows if row.done_by})
    return tuple(
        PlanTask(
            row.pk,
            row.title,
            row.role,
            row.owner_id,
            row.owner.name if row.owner else "",
            row.due_at,
            row.state,
            row.evidence,
            row.state_at if row.state == TaskState.DONE else None,
            people.get(row.done_by or 0, ""),
        )
        for row in rows
    )


def campaign_of(viewer: Actor, what: str, id_: int) -> int | None:
    """The campaign that a slot, task or raise belongs to, for the doors that lead from the work list."""
    if what == "raise":
        found = BudgetRaise.objects.filter(id=id_).values_list("item__campaign_id", "shop_id").first()
    elif what == "slot":
        found = SlotApplication.objects.filter(id=id_).values_list("campaign_id", "shop_id").first()
    else:
        found = CampaignTask.objects.filter(id=id_).values_list("campaign_id", "shop_id").first()
    return found[0] if found and viewer.sees_shop(found[1]) else None
