"""A shop's campaigns with all that belongs to them, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shopkeeper.flows.marketing.campaigns.commands.plan_budget import PlannedCost
from shopkeeper.flows.marketing.campaigns.commands.writing import PlannedGoods
from shopkeeper.flows.marketing.campaigns.models import Campaign
from shopkeeper.flows.marketing.campaigns.states import BudgetKind
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.clock import machine_now
from shopkeeper.sop.roles import Role

TODAY = machine_now()
SPAN = {"starts_at": TODAY + timedelta(days=30), "ends_at": TODAY + timedelta(days=33)}
COSTS = (PlannedCost(BudgetKind.ADS, 1_000_000, "直通车"),)
SUPERVISOR = 7_000_001  # who decides in these rows


@dataclass
class Campaigns:
    """A plan being written, one in review, one approved with money asked for, a template; places, tasks, a segment."""

    planned: int
    in_review: int
    approved: int
    template: int
    item: int
    raise_id: int
    slot: int
    own_slot: int
    booking: int
    task: int
    segment: int


def campaigns_of(shop: Shop, sku_id: int) -> Campaigns:
    planned, in_review, approved, template = (_plan(shop, sku_id, code) for code in ("P", "R", "A", "T"))
    for campaign_id in (in_review, approved):
        _run("submit_plans", campaign_id=campaign_id)
    Campaign.objects.filter(id__in=(in_review, approved)).update(submitted_by=SUPERVISOR, saved_by=SUPERVISOR)
    _run("approve_plans", campaign_id=approved)
    Campaign.objects.filter(id=template).update(is_template=True)
    item = Campaign.objects.get(id=approved).budget.get().pk
    asked = _facts("request_raises", item_id=item, amount_minor=100, reason="加投")
    slot = _facts("add_slots", campaign_id=planned, place="首页", apply_by=TODAY + timedelta(days=9), **SPAN)
    own_slot = _run("add_own_slots", shop_id=shop.pk, name="轮播 1")
    booking = _facts("book_own_slots", slot_id=own_slot, campaign_id=planned, **SPAN)
    task = _facts("add_tasks", campaign_id=planned, title="备货", role=Role.WAREHOUSE, due_at=TODAY + timedelta(days=9))
    segment = _run("save_segment", shop_id=shop.pk, code="old", name="老客", definition={"customers": "returning"})
    return Campaigns(
        planned,
        in_review,
        approved,
        template,
        item,
        asked["raise_id"],
        slot["slot_id"],
        own_slot,
        booking["booking_id"],
        task["task_id"],
        segment,
    )


def _plan(shop: Shop, sku_id: int, code: str) -> int:
    campaign_id = _run(
        "save_campaign",
        shop_id=shop.pk,
        code=code,
        name="618",
        theme="年中",
        goal_sales_minor=100,
        expected_visitors=10,
        expected_conversion_bp=100,
        force="满减",
        audience="老客",
        channels=("edm",),
        risks="断货",
        goods=(PlannedGoods(sku_id, 10, 100),),
        **SPAN,
    )
    _run("plan_budget", campaign_id=campaign_id, items=COSTS)
    return campaign_id


def _run(_command: str, /, **fields: Any) -> int:
    outcome = COMMANDS[_command].one(SYSTEM, COMMANDS[_command].item(**fields))
    assert outcome.ok, (_command, outcome)
    return outcome.id or 0


def _facts(_command: str, /, **fields: Any) -> dict[str, Any]:
    outcome = COMMANDS[_command].one(SYSTEM, COMMANDS[_command].item(**fields))
    assert outcome.ok, (_command, outcome)
    return outcome.facts


def _item(_command: str, /, **fields: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[_command].item(
        **{name: value(place) if callable(value) else value for name, value in fields.items()}
    )


def _shop(place: Any) -> int:
    return place.shop.pk


def _of(name: str) -> Callable[[Any], int]:
    return lambda place: getattr(place.campaigns, name)


CAMPAIGN_ITEMS: dict[str, Callable[[Any], Any]] = {
    "add_own_slots": _item("add_own_slots", shop_id=_shop, name="轮播 2"),
    "add_slots": _item(
        "add_slots", campaign_id=_of("planned"), place="猜你喜欢", apply_by=TODAY + timedelta(days=9), **SPAN
    ),
    "add_tasks": _item(
        "add_tasks", campaign_id=_of("planned"), title="海报", role=Role.DESIGN, due_at=TODAY + timedelta(days=9)
    ),
    "answer_slots": _item("answer_slots", slot_id=_of("slot"), granted=True, cost_minor=100),
    "apply_slots": _item("apply_slots", slot_id=_of("slot"), reference="A1"),
    "approve_plans": _item("approve_plans", campaign_id=_of("in_review")),
    "book_own_slots": _item(
        "book_own_slots",
        slot_id=_of("own_slot"),
        campaign_id=_of("planned"),
        starts_at=TODAY + timedelta(days=60),
        ends_at=TODAY + timedelta(days=61),
    ),
    "book_spend": _item("book_spend", item_id=_of("item"), reference="B1", amount_minor=100),
    "cancel_campaigns": _item("cancel_campaigns", campaign_id=_of("planned"), reason="不做了"),
    "count_segments": _item("count_segments", segment_id=_of("segment")),
    "decide_raises": _item("decide_raises", raise_id=_of("raise_id"), approve=True, reason="可以"),
    "drop_slots": _item("drop_slots", slot_id=_of("slot"), reason="不要了"),
    "drop_tasks": _item("drop_tasks", task_id=_of("task"), reason="不用了"),
    "end_campaigns": _item("end_campaigns", campaign_id=_of("approved"), reason="售罄"),
    "finish_tasks": _item("finish_tasks", task_id=_of("task"), evidence="已备"),
    "launch_campaigns": _item("launch_campaigns", campaign_id=_of("approved")),
    "make_ideas": _item("make_ideas", shop_id=_shop, code="N", name="新想法", **SPAN),
    "plan_budget": _item("plan_budget", campaign_id=_of("planned"), items=COSTS),
    "release_own_slots": _item("release_own_slots", booking_id=_of("booking")),
    "request_raises": _item("request_raises", item_id=_of("item"), amount_minor=200, reason="加投"),
    "retire_segments": _item("retire_segments", segment_id=_of("segment")),
    "return_plans": _item("return_plans", campaign_id=_of("in_review"), reason="力度太大"),
    "save_campaign": _item("save_campaign", shop_id=_shop, code="S", name="新活动", **SPAN),
    "save_segment": _item("save_segment", shop_id=_shop, code="new", name="新客", definition={"customers": "new"}),
    "set_calendar_days": _item("set_calendar_days", day=date(2027, 2, 20), is_working=True, name="调休"),
    "start_from_template": _item(
        "start_from_template", template_id=_of("template"), code="X", name="双11", starts_at=TODAY + timedelta(days=90)
    ),
    "submit_plans": _item("submit_plans", campaign_id=_of("planned")),
    "withdraw_plans": _item("withdraw_plans", campaign_id=_of("in_review")),
}
