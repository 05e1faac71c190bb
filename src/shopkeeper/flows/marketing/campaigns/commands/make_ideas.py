"""M1.1: an idea of the calendar or of the stock is put down; its plan is due from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.commands.writing import (
    Known,
    PlannedGoods,
    arm_plans,
    key_of,
    known_of,
    make_rows,
    put_goods,
    refusal_of,
)
from shopkeeper.flows.marketing.campaigns.events import CampaignChanged
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class MakeIdea:
    """`origin` says what gave the idea, such as "occasion:mid_autumn:2026" or "stock:1042"."""

    shop_id: int
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    starts_at: datetime
    ends_at: datetime
    theme: Annotated[str, Field(max_length=200)] = ""
    origin: Annotated[str, Field(max_length=80)] = ""
    goods: tuple[PlannedGoods, ...] = ()

    @property
    def sku_ids(self) -> tuple[int, ...]:
        return tuple(one.sku_id for one in self.goods)


@command(clause="M1.1", permission=Permission.CAMPAIGN_EDIT, scope=InShop())
def make_ideas(step: Step, items: Sequence[MakeIdea]) -> list[Outcome]:
    """Put down ideas on the calendar. A campaign of that code is there already: unchanged.

    Refused: "campaign_unnamed", "campaign_time_backwards", "campaign_too_long", "goods_too_many", "goods_twice",
    "sku_unknown", "goods_currencies".
    """
    known = known_of(items)
    refusals = [refusal_of(step, item, known) for item in items]
    fit = {key_of(item): item for item, wrong in reversed(list(zip(items, refusals, strict=True))) if wrong is None}
    rows, made = make_rows(step, [_plan(item, known) for item in fit.values()]) if fit else ({}, {})
    put_goods({row.id: fit[key].goods for key, row in made.items()})
    arm_plans(step, {row.id: (row.shop_id, row.code, row.starts_at) for row in made.values()})
    step.emit(*(CampaignChanged(row.id, row.shop_id) for row in made.values()))
    outcomes = []
    for item, wrong in zip(items, refusals, strict=True):
        key = key_of(item)
        fresh = made.pop(key, None) if wrong is None else None
        outcomes.append(wrong or (done(fresh.id) if fresh else unchanged(rows[key].id)))
    return outcomes


def _plan(item: MakeIdea, known: Known) -> dict[str, Any]:
    return {
        "shop_id": item.shop_id,
        "code": item.code.strip(),
        "name": item.name.strip(),
        "theme": item.theme.strip(),
        "starts_at": item.starts_at,
        "ends_at": item.ends_at,
        "currency": known.shops[item.shop_id],
        "goal_sales_minor": 0,
        "goal_new_customers": 0,
        "expected_visitors": 0,
        "expected_conversion_bp": 0,
        "force": "",
        "audience": "",
        "channels": [],
        "materials": "",
        "risks": "",
        "origin": item.origin.strip(),
        "template_id": None,
    }
