"""Campaigns at a moment, as people bring them about: planned, submitted, approved by another person, live."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from shopkeeper.flows.marketing.campaigns.commands.approve_plans import ApprovePlan, approve_plans
from shopkeeper.flows.marketing.campaigns.commands.launch_campaigns import LaunchCampaign, launch_campaigns
from shopkeeper.flows.marketing.campaigns.commands.plan_budget import PlanBudget, PlannedCost, plan_budget
from shopkeeper.flows.marketing.campaigns.commands.save_campaign import SaveCampaign, save_campaign
from shopkeeper.flows.marketing.campaigns.commands.submit_plans import SubmitPlan, submit_plans
from shopkeeper.flows.marketing.campaigns.commands.writing import PlannedGoods
from shopkeeper.flows.marketing.campaigns.models import Campaign
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.ports import GoLiveGate, go_live_gate, provide_go_live_gate
from shopkeeper.flows.marketing.campaigns.states import BudgetKind
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop
from tests import factories as make

NOON = make.NOON
START = NOON + timedelta(days=30)
END = START + timedelta(days=3)
PLANNING = (
    Permission.CAMPAIGN_VIEW,
    Permission.CAMPAIGN_EDIT,
    Permission.CAMPAIGN_LAUNCH,
    Permission.CAMPAIGN_END,
    Permission.CAMPAIGN_SPEND,
    Permission.SEGMENT_EDIT,
    Permission.TASK_DO,
)


class Gate:
    """A gate that says the same of every campaign."""

    def __init__(self, code: str = "") -> None:
        self.code = code

    def verdicts(self, campaign_ids: Collection[int]) -> Mapping[int, str]:
        return dict.fromkeys(campaign_ids, self.code)


@contextmanager
def gate(code: str = "") -> Iterator[None]:
    before: GoLiveGate = go_live_gate()
    provide_go_live_gate(Gate(code))
    try:
        yield
    finally:
        provide_go_live_gate(before)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def planner(**scope: Any) -> Actor:
    return make.actor_with(*PLANNING, **scope)


def manager(**scope: Any) -> Actor:
    return make.actor_with(*PLANNING, Permission.CAMPAIGN_APPROVE, Permission.CALENDAR_EDIT, **scope)


def plan(shop: Shop, code: str = "618", **fields: Any) -> SaveCampaign:
    """A plan that lacks nothing but goods and a budget."""
    said = {
        "name": "618 大促",
        "starts_at": START,
        "ends_at": END,
        "theme": "年中囤货",
        "goal_sales_minor": 50_000_000,
        "goal_new_customers": 300,
        "expected_visitors": 20_000,
        "expected_conversion_bp": 450,
        "force": "满 300 减 50",
        "audience": "老客与加购未买",
        "channels": ("home_page", "edm"),
        "risks": "断货：转预售",
    }
    return SaveCampaign(shop.pk, code, **{**said, **fields})


def planned(shop: Shop, code: str = "618", by: Actor | None = None, **fields: Any) -> int:
    """A whole plan being written: goods, and a budget of two items."""
    who = by or planner()
    sku = fields.pop("sku", None) or make.make_sku(price_minor=12_900)
    goods = fields.pop("goods", (PlannedGoods(sku.pk, 100, 9_900),))
    outcome = save_campaign.one(who, plan(shop, code, goods=goods, **fields))
    assert outcome.changed, outcome
    costs = (PlannedCost(BudgetKind.ADS, 1_000_000, "直通车"), PlannedCost(BudgetKind.SLOTS, 500_000))
    assert plan_budget.one(who, PlanBudget(outcome.id or 0, costs)).changed
    return outcome.id or 0


def submitted(shop: Shop, code: str = "618", **fields: Any) -> int:
    who = fields.pop("by", None) or planner()
    campaign_id = planned(shop, code, who, **fields)
    assert submit_plans.one(who, SubmitPlan(campaign_id)).changed
    return campaign_id


def approved(shop: Shop, code: str = "618", **fields: Any) -> int:
    campaign_id = submitted(shop, code, **fields)
    outcome = approve_plans.one(manager(), ApprovePlan(campaign_id, "可以"))
    assert outcome.changed, outcome
    return campaign_id


def live(shop: Shop, monkeypatch: pytest.MonkeyPatch, code: str = "618", **fields: Any) -> int:
    """Live since its start."""
    campaign_id = approved(shop, code, **fields)
    at(monkeypatch, START)
    with gate():
        assert launch_campaigns.one(planner(), LaunchCampaign(campaign_id)).changed
    return campaign_id


def state_of(campaign_id: int) -> str:
    return Campaign.objects.get(id=campaign_id).state


def told() -> list[str]:
    """The types of what this desk announced, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT type FROM foundation_event WHERE type LIKE 'campaigns.%' ORDER BY id")
        return [type_.removeprefix("campaigns.") for (type_,) in cursor.fetchall()]


def open_deadlines(kind: str) -> list[tuple[int, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id, due_at FROM sop_deadline WHERE kind = %s ORDER BY subject_id", [kind])
        return cursor.fetchall()


def ended(kind: str) -> list[tuple[str, bool]]:
    """How deadlines of a kind ended, and whether late."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = %s ORDER BY closed_at", [kind])
        return cursor.fetchall()
