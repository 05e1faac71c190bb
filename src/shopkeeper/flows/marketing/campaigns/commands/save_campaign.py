"""M1.1: the plan of a campaign is written down, from the first idea to what another person will look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.commands.writing import (
    Key,
    Known,
    PlannedGoods,
    arm_plans,
    key_of,
    known_of,
    make_rows,
    put_goods,
    put_rules,
    put_segments,
    refusal_of,
)
from shopkeeper.flows.marketing.campaigns.events import CampaignChanged
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import campaigns as sql
from shopkeeper.flows.marketing.campaigns.states import CAMPAIGN_FLOW, WRITABLE, CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

Tag = Annotated[str, Field(min_length=1, max_length=40)]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Amount = Annotated[int, Field(ge=0, le=10**15)]


@dataclass(frozen=True, slots=True)
class SaveCampaign:
    """A plan by its code in a shop. Money in minor units, conversion (buyers per visitor) in basis points."""

    shop_id: int
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    starts_at: datetime
    ends_at: datetime
    theme: Annotated[str, Field(max_length=200)] = ""
    goal_sales_minor: Amount = 0
    goal_new_customers: Count = 0
    expected_visitors: Count = 0
    expected_conversion_bp: Annotated[int, Field(ge=0, le=10_000)] = 0
    force: Annotated[str, Field(max_length=500)] = ""
    audience: Annotated[str, Field(max_length=500)] = ""
    channels: tuple[Tag, ...] = ()
    materials: Annotated[str, Field(max_length=500)] = ""
    risks: Annotated[str, Field(max_length=2_000)] = ""
    goods: tuple[PlannedGoods, ...] = ()
    rule_ids: tuple[int, ...] = ()
    segment_ids: tuple[int, ...] = ()

    @property
    def sku_ids(self) -> tuple[int, ...]:
        return tuple(one.sku_id for one in self.goods)


@command(clause="M1.1", permission=Permission.CAMPAIGN_EDIT, scope=InShop())
def save_campaign(step: Step, items: Sequence[SaveCampaign]) -> list[Outcome]:
    """Write plans down: a new campaign, an idea that becomes a plan, or a plan anew. The same words: unchanged.

    Refused: "plan_not_writable" once it is in review or further, "campaign_twice" in one batch,
    "campaign_unnamed", "campaign_time_backwards", "campaign_too_long", "goods_too_many", "goods_twice",
    "sku_unknown", "goods_currencies", "rule_unknown", "segment_unknown" (not there, or of another shop).
    """
    known = known_of(
        items,
        (id_ for item in items for id_ in item.rule_ids),
        (id_ for item in items for id_ in item.segment_ids),
    )
    refusals: list[Outcome | None] = []
    fit: dict[Key, SaveCampaign] = {}
    for item in items:
        wrong = refusal_of(step, item, known) or _unknown(item, known)
        if wrong is None and key_of(item) in fit:
            wrong = refused("campaign_twice")
        refusals.append(wrong)
        if wrong is None:
            fit[key_of(item)] = item
    rows, made = make_rows(step, [_plan(item, known) for item in fit.values()]) if fit else ({}, {})
    open_ = {key: row for key, row in rows.items() if row.state in WRITABLE}
    changed = _write(step, {open_[key].id: item for key, item in fit.items() if key in open_}, known)
    changed |= {row.id for row in made.values()}
    ideas = [row.id for row in open_.values() if row.state == CampaignState.IDEA]
    changed |= {row.id for row in step.move(CAMPAIGN_FLOW, ideas, CampaignState.PLANNED)}
    moved = {key: row for key, row in open_.items() if key in made or row.starts_at != fit[key].starts_at}
    arm_plans(step, {row.id: (row.shop_id, row.code, fit[key].starts_at) for key, row in moved.items()})
    step.emit(*(CampaignChanged(row.id, row.shop_id) for row in open_.values() if row.id in changed))
    outcomes = []
    for item, wrong in zip(items, refusals, strict=True):
        if wrong is not None:
            outcomes.append(wrong)
            continue
        row = rows[key_of(item)]
        if row.state not in WRITABLE:
            outcomes.append(refused("plan_not_writable", row.id))
        else:
            outcomes.append(done(row.id) if row.id in changed else unchanged(row.id))
    return outcomes


def _unknown(item: SaveCampaign, known: Known) -> Outcome | None:
    """Rules and segments must be of this shop; a rule may hold in all."""
    for id_ in item.rule_ids:
        if id_ not in known.rules or known.rules[id_] not in (None, item.shop_id):
            return refused("rule_unknown", rule=id_)
    for id_ in item.segment_ids:
        if known.segments.get(id_) != item.shop_id:
            return refused("segment_unknown", segment=id_)
    return None


def _plan(item: SaveCampaign, known: Known) -> dict[str, Any]:
    return {
        "shop_id": item.shop_id,
        "code": item.code.strip(),
        "name": item.name.strip(),
        "theme": item.theme.strip(),
        "starts_at": item.starts_at,
        "ends_at": item.ends_at,
        "currency": known.shops[item.shop_id],
        "goal_sales_minor": item.goal_sales_minor,
        "goal_new_customers": item.goal_new_customers,
        "expected_visitors": item.expected_visitors,
        "expected_conversion_bp": item.expected_conversion_bp,
        "force": item.force.strip(),
        "audience": item.audience.strip(),
        "channels": list(dict.fromkeys(item.channels)),
        "materials": item.materials.strip(),
        "risks": item.risks.strip(),
        "origin": "",
        "template_id": None,
    }


def _write(step: Step, plans: Mapping[int, SaveCampaign], known: Known) -> set[int]:
    """Write what these plans say; which of them said something new."""
    if not plans:
        return set()
    said = as_json([_plan(item, known) for item in plans.values()])
    changed = {row.id for row in sql.REWRITE.rows(plans=said, now=step.now, actor_id=step.actor.id)}
    named = put_goods({id_: item.goods for id_, item in plans.items()})
    named |= put_rules({id_: item.rule_ids for id_, item in plans.items()})
    named |= put_segments({id_: item.segment_ids for id_, item in plans.items()})
    sql.NOTE_SAVED.run(campaigns=sorted(named - changed), now=step.now, actor_id=step.actor.id)
    return changed | named
