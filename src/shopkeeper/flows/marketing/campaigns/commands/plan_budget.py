"""M1.2: the budget of a campaign by item, as part of its plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.events import CampaignChanged
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import budget as sql
from shopkeeper.flows.marketing.campaigns.sql import campaigns as campaign_sql
from shopkeeper.flows.marketing.campaigns.states import WRITABLE, BudgetKind
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class PlannedCost:
    """One item: its kind, a name that tells it from others of that kind, minor units of the campaign's currency."""

    kind: BudgetKind
    planned_minor: Annotated[int, Field(ge=0, le=10**13)]
    name: Annotated[str, Field(max_length=80)] = ""

    @property
    def key(self) -> tuple[str, str]:
        return str(self.kind), self.name.strip()


@dataclass(frozen=True, slots=True)
class PlanBudget:
    """The whole budget: items not named are dropped, or planned at nothing where money was asked for."""

    campaign_id: int
    items: tuple[PlannedCost, ...]


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=ShopOf("campaigns_campaign", "campaign_id"))
def plan_budget(step: Step, items: Sequence[PlanBudget]) -> list[Outcome]:
    """Write budgets down while their plan is being written. The same again: unchanged.

    Refused: "plan_not_writable" (later, `request_raises`), "budget_item_twice", "campaign_twice" in one batch,
    "budget_below_spent" (facts: item) where money was spent already on an item that would shrink below it or go.
    """
    ids = sorted({item.campaign_id for item in items})
    rows = {row.id: row for row in campaign_sql.LOCK.rows(campaigns=ids)}
    standing: dict[int, list[sql.ItemRow]] = {id_: [] for id_ in ids}
    for row in sql.ITEMS_OF.rows(campaigns=ids):
        standing[row.campaign_id].append(row)
    outcomes, fit = [], dict[int, PlanBudget]()
    for item in items:
        outcome = _refusal(item, rows[item.campaign_id], standing[item.campaign_id])
        if outcome is None and item.campaign_id in fit:
            outcome = refused("campaign_twice", item.campaign_id)
        if outcome is None:
            fit[item.campaign_id] = item
        outcomes.append(outcome or done(item.campaign_id))
    changed = _write(fit, rows, standing)
    campaign_sql.NOTE_SAVED.run(campaigns=sorted(changed), now=step.now, actor_id=step.actor.id)
    step.emit(*(CampaignChanged(id_, rows[id_].shop_id) for id_ in sorted(changed)))
    return [
        unchanged(item.campaign_id) if outcome.changed and item.campaign_id not in changed else outcome
        for item, outcome in zip(items, outcomes, strict=True)
    ]


def _refusal(item: PlanBudget, row: campaign_sql.CampaignRow, standing: Sequence[sql.ItemRow]) -> Outcome | None:
    if row.state not in WRITABLE:
        return refused("plan_not_writable", row.id)
    wanted = {one.key: one.planned_minor for one in item.items}
    if len(wanted) < len(item.items):
        return refused("budget_item_twice", row.id)
    for one in standing:
        allowed = wanted.get((one.kind, one.name), 0) + one.raised_minor
        if one.spent_minor and allowed < one.spent_minor:
            return refused("budget_below_spent", row.id, item=one.name or one.kind)
    return None


def _write(
    fit: dict[int, PlanBudget],
    rows: dict[int, campaign_sql.CampaignRow],
    standing: dict[int, list[sql.ItemRow]],
) -> set[int]:
    """Put what is planned and drop what is not; which campaigns that changed."""
    if not fit:
        return set()
    wanted = {id_: {one.key for one in item.items} for id_, item in fit.items()}
    gone = [one for id_ in fit for one in standing[id_] if (one.kind, one.name) not in wanted[id_]]
    kept = [
        {
            "campaign_id": one.campaign_id,
            "shop_id": one.shop_id,
            "kind": one.kind,
            "name": one.name,
            "planned_minor": 0,
        }
        for one in gone
        if one.is_kept
    ]
    said = [
        {
            "campaign_id": id_,
            "shop_id": rows[id_].shop_id,
            "kind": str(one.kind),
            "name": one.name.strip(),
            "planned_minor": one.planned_minor,
        }
        for id_, item in fit.items()
        for one in item.items
    ]
    dropped = sql.DROP_ITEMS.rows(items=[one.id for one in gone if not one.is_kept])
    return {row.id for row in (*dropped, *sql.PUT_ITEMS.rows(items=as_json([*said, *kept])))}
