"""M1.2: money of a campaign is booked against its plan; beyond the plan only what another person allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.events import BudgetSpent
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import budget as sql
from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

SPENDING = (CampaignState.APPROVED, CampaignState.LIVE, CampaignState.ENDED, CampaignState.REVIEWED)


@dataclass(frozen=True, slots=True)
class BookSpend:
    """Minor units spent on an item, or (negative) come back; `reference` is the bill's or the platform's number."""

    item_id: int
    reference: Annotated[str, Field(min_length=1, max_length=80)]
    amount_minor: Annotated[int, Field(ge=-(10**13), le=10**13)]
    note: Annotated[str, Field(max_length=200)] = ""

    @property
    def key(self) -> tuple[int, str]:
        return self.item_id, self.reference.strip()


@command(clause="M1.2", permission=Permission.CAMPAIGN_SPEND, scope=ShopOf("campaigns_budgetitem", "item_id"))
def book_spend(step: Step, items: Sequence[BookSpend]) -> list[Outcome]:
    """Book spends. The same reference of an item with the same amount is unchanged.

    Refused: "over_budget" (facts: left_minor; ask for a raise), "spend_not_approved" before the plan is approved,
    "spend_nothing", "reference_missing", "spend_reference_taken" with another amount, "spend_below_nothing" where
    more would come back than was spent.
    """
    rows = {row.id: row for row in sql.LOCK_ITEMS.rows(items=sorted({item.item_id for item in items}))}
    keys = list(dict.fromkeys(item.key for item in items))
    named = {"items": [item_id for item_id, _ in keys], "references": [reference for _, reference in keys]}
    booked = {(row.item_id, row.reference): row.amount_minor for row in sql.BOOKED.rows(**named)}
    spent = {id_: row.spent_minor for id_, row in rows.items()}
    outcomes, fresh = [], list[BookSpend]()
    for item in items:
        outcome = _judge(item, rows[item.item_id], booked.get(item.key), spent[item.item_id])
        if outcome.changed:
            booked[item.key] = item.amount_minor
            spent[item.item_id] += item.amount_minor
            fresh.append(item)
        outcomes.append(outcome)
    if fresh:
        said = [
            {
                "item_id": item.item_id,
                "reference": item.reference.strip(),
                "amount_minor": item.amount_minor,
                "note": item.note.strip(),
            }
            for item in fresh
        ]
        sql.BOOK.rows(spends=as_json(said), now=step.now, actor_id=step.actor.id)
    step.emit(*(_told(item, rows[item.item_id]) for item in fresh))
    return outcomes


def _judge(item: BookSpend, row: sql.ItemRow, before: int | None, spent: int) -> Outcome:
    left = row.planned_minor + row.raised_minor - spent
    if not item.reference.strip():
        return refused("reference_missing", row.id)
    if before is not None:
        same = before == item.amount_minor
        return unchanged(row.id, left_minor=left) if same else refused("spend_reference_taken", row.id)
    if item.amount_minor == 0:
        return refused("spend_nothing", row.id)
    if row.campaign_state not in SPENDING:
        return refused("spend_not_approved", row.id)
    if spent + item.amount_minor < 0:
        return refused("spend_below_nothing", row.id)
    if item.amount_minor > left:
        return refused("over_budget", row.id, left_minor=left)
    return done(row.id, left_minor=left - item.amount_minor)


def _told(item: BookSpend, row: sql.ItemRow) -> BudgetSpent:
    return BudgetSpent(row.campaign_id, row.shop_id, row.id, item.amount_minor)
