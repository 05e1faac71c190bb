"""The program's door to planning: reads; every command has its own address besides."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from shopkeeper.flows.marketing.campaigns.documents import arithmetic, plan_answer
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.goods import stock_suggestions
from shopkeeper.flows.marketing.campaigns.queries.lists import (
    CampaignFilter,
    CampaignLine,
    campaigns_between,
    campaigns_page,
    own_slot_choices,
)
from shopkeeper.flows.marketing.campaigns.queries.record import ExecutionPlan, PlanGoods, execution_plan
from shopkeeper.flows.marketing.campaigns.queries.segments import SegmentView, overlap_of, segments_of, size_of
from shopkeeper.flows.marketing.campaigns.queries.working_days import entered_days
from shopkeeper.flows.marketing.campaigns.rules.calendar import is_working_day
from shopkeeper.flows.marketing.campaigns.rules.occasions import occasions_between
from shopkeeper.flows.marketing.campaigns.rules.segments import BadDefinition, read_definition, write_definition
from shopkeeper.flows.marketing.campaigns.schemas import (
    CalendarAnswer,
    Campaigns,
    OwnSlotAnswer,
    PlanAnswer,
    SegmentAnswer,
    SegmentQuestion,
    SizeAnswer,
    SuggestionAnswer,
)
from shopkeeper.flows.marketing.campaigns.words import OCCASIONS, segment_says
from shopkeeper.foundation import business_time
from shopkeeper.shared.errors import BusinessError
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200
SATURDAY = 5
MOST_DAYS = 400


@router.get("/campaigns", response=Campaigns, operation_id="list_campaigns")
def campaigns(
    request: HttpRequest,
    tab: str = "",
    shop_id: int | None = None,
    text: str = "",
    template: bool = False,
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Campaigns, newest first; `tab` is a state, or going, planned, in_review, approved, over; empty means all."""
    viewer = program(request, Permission.CAMPAIGN_VIEW)
    wanted = CampaignFilter(tab=tab, text=text, shop_id=shop_id, template=template)
    rows, next_key = campaigns_page(viewer, wanted, after=after, limit=min(max(limit, 1), PAGE))
    return {"items": [_line(row) for row in rows], "next": next_key}


@router.get("/campaigns/{campaign_id}", response=PlanAnswer, operation_id="get_campaign")
def campaign(request: HttpRequest, campaign_id: int) -> dict[str, Any]:
    """M1.2 《活动执行方案》 as data: everything the paper shows, the forecast with its arithmetic."""
    found = execution_plan(program(request, Permission.CAMPAIGN_VIEW), campaign_id)
    if found is None:
        raise Http404
    return _plan(found)


@router.get("/campaigns/{campaign_id}/plan.pdf", operation_id="get_campaign_paper")
def paper(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """M1.2 《活动执行方案》 as PDF."""
    answer = plan_answer(program(request, Permission.CAMPAIGN_VIEW), campaign_id)
    if answer is None:
        raise Http404
    return answer


@router.get("/calendar", response=CalendarAnswer, operation_id="get_marketing_calendar")
def calendar(request: HttpRequest, first: date, last: date, shop_id: int | None = None) -> dict[str, Any]:
    """M1.1 Festivals, platform dates, seasons and own campaigns of a span of at most 400 days, both counted."""
    viewer = program(request, Permission.CAMPAIGN_VIEW)
    if not first <= last <= first + timedelta(days=MOST_DAYS):
        raise BusinessError("calendar_span")
    entered = entered_days()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    works = {day: is_working_day(day, entered) for day in days}
    return {
        "occasions": [
            {**asdict(one), "kind": str(one.kind), "name": OCCASIONS[one.key].both(), "origin": one.origin}
            for one in occasions_between(first, last)
        ],
        "campaigns": [_line(row) for row in campaigns_between(viewer, first, last, shop_id)],
        "days_off": [day for day in days if day.weekday() < SATURDAY and not works[day]],
        "days_worked": [day for day in days if day.weekday() >= SATURDAY and works[day]],
    }


@router.get("/suggestions", response=list[SuggestionAnswer], operation_id="list_campaign_suggestions")
def suggestions(request: HttpRequest, shop_id: int) -> list[dict[str, Any]]:
    """M1.1 Goods that lie too long, most money first: what a campaign of this shop could clear."""
    found = stock_suggestions(program(request, Permission.CAMPAIGN_VIEW), shop_id)
    return [{**asdict(one), "tied_minor": one.tied_minor, "origin": one.origin} for one in found]


@router.get("/own-slots", response=list[OwnSlotAnswer], operation_id="list_own_slots")
def own_slots(request: HttpRequest, shop_id: int) -> list[dict[str, Any]]:
    """Places of a shop's own pages that campaigns may book."""
    viewer = program(request, Permission.CAMPAIGN_VIEW)
    rows = own_slot_choices(shop_id) if viewer.sees_shop(shop_id) else []
    return [{"id": int(key), "name": name} for key, name in rows]


@router.get("/segments", response=list[SegmentAnswer], operation_id="list_segments")
def segments(request: HttpRequest, shop_id: int | None = None, retired: bool = False) -> list[dict[str, Any]]:
    """M1.1 Segments of the viewer's shops with their size as last counted."""
    rows = segments_of(program(request, Permission.CAMPAIGN_VIEW), shop_id, with_retired=retired)
    return [_segment(row) for row in rows]


@router.post("/segments/count", response=SizeAnswer, operation_id="count_segment_definition")
def count(request: HttpRequest, asked: SegmentQuestion) -> dict[str, Any]:
    """M1.1 How many belong to a definition right now, and how many to another and to both. Nothing is written."""
    viewer = program(request, Permission.CAMPAIGN_VIEW)
    if not viewer.sees_shop(asked.shop_id):
        raise Http404
    try:
        own = read_definition(asked.definition)
        other = read_definition(asked.other) if asked.other is not None else None
    except BadDefinition as wrong:
        raise BusinessError(wrong.code, field=wrong.field) from wrong
    if other is None:
        size = size_of(asked.shop_id, own, business_time.now(), read_policies())
        return {"size": size, "other": None, "both": None}
    found = overlap_of(asked.shop_id, own, other)
    return {"size": found.own, "other": found.other, "both": found.both}


def _line(row: CampaignLine) -> dict[str, Any]:
    return asdict(row)


def _segment(row: SegmentView) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in SegmentView.__dataclass_fields__},
        "definition": write_definition(row.definition),
        "says": [one.both() for one in segment_says(row.definition)],
    }


def _goods(one: PlanGoods) -> dict[str, Any]:
    line = one.line
    names = ("sku_id", "planned", "price_minor", "worst_minor", "cost_minor", "free", "lacking", "days_of_stock",
             "margin_minor", "worst_margin_minor")  # fmt: skip
    return {"code": one.code, "name": one.name, "spec": one.spec, **{name: getattr(line, name) for name in names}}


def _plan(found: ExecutionPlan) -> dict[str, Any]:
    row, made = found.campaign, found.forecast
    named = (
        "id", "shop_id", "code", "name", "theme", "state", "state_at", "starts_at", "ends_at", "currency",
        "goal_sales_minor", "goal_new_customers", "expected_visitors", "expected_conversion_bp", "force", "audience",
        "channels", "risks", "template_id", "is_template", "decided_at", "launched_at", "ended_at", "end_reason",
    )  # fmt: skip
    beside = ("shop", "due_at", "origin", "submitted_at", "decision_reason", "missing", "segments", "spends", "raises",
              "slots", "tasks", "materials")  # fmt: skip
    figures = (
        "orders", "traffic_sales_minor", "goods_sales_minor", "sales_minor", "margin_minor", "worst_margin_minor",
        "commission_minor", "profit_minor", "worst_profit_minor", "roi_bp", "goal_bp", "lacking", "without_cost",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in named},
        **{name: getattr(found, name) for name in beside},
        "materials_wanted": row.materials,
        "submitted_by": found.person(row.submitted_by),
        "decided_by": found.person(row.decided_by),
        "goods": [_goods(one) for one in found.goods],
        "rules": [{**asdict(one), "says": one.says.both()} for one in found.rules],
        "budget": found.budget,
        "own_slots": found.bookings,
        "forecast": {
            **{name: getattr(made, name) for name in figures},
            "basket_minor": made.expected.basket_minor,
            "budget_minor": made.expected.budget_minor,
            "basis_days": found.basis.days,
            "basis_orders": found.basis.orders,
            "arithmetic": [{"name": name.both(), "line": line} for name, line in arithmetic(made)],
        },
    }
