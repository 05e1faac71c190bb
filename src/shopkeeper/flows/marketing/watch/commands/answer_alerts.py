"""M3.2: what the specialist does about low conversion: other words, slots, money, a rule stopped; or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.commands.raise_budget import RequestRaise, request_raises
from shopkeeper.flows.marketing.campaigns.commands.slots import AddSlot, add_slots
from shopkeeper.flows.marketing.campaigns.queries.campaigns import campaign_facts
from shopkeeper.flows.marketing.launch.commands.write_brief import WriteBrief, write_brief
from shopkeeper.flows.marketing.launch.states import MaterialKind
from shopkeeper.flows.marketing.promotions.commands.end_rules import PauseRule, pause_rules
from shopkeeper.flows.marketing.watch.commands.acting import Rows, act
from shopkeeper.flows.marketing.watch.deadlines import ALERT_ANSWER
from shopkeeper.flows.marketing.watch.events import AlertDismissed
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.sql import alerts as sql
from shopkeeper.flows.marketing.watch.states import ALERT_FLOW, ActionKind, AlertState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies

SCOPE = ShopOf("watch_alert", "alert_id")
Performed = list[tuple[Outcome, str]]


@dataclass(frozen=True, slots=True)
class ChangeCopy:
    """A brief for design: what is to be said differently. Without `due_at` by the policy's hours."""

    alert_id: int
    what: Annotated[str, Field(max_length=500)]
    due_at: datetime | None = None


@command(clause="M3.2", permission=Permission.ALERT_ANSWER, scope=SCOPE)
def change_copy(step: Step, items: Sequence[ChangeCopy]) -> list[Outcome]:
    """Have design write other words; `facts["reference"]` is the brief, due with design.

    Refused: "what_needed", "brief_due_past", and as any action: "alert_over", "action_unfit", "campaign_not_live".
    """

    def perform(fit: Sequence[ChangeCopy], rows: Rows) -> Performed:
        briefs = {item.alert_id: _brief(step, item, rows[item.alert_id]) for item in fit if item.what.strip()}
        written = dict(zip(briefs, write_brief.within(step, list(briefs.values())), strict=True))
        return [(written.get(item.alert_id, refused("what_needed")), item.what.strip()) for item in fit]

    return act(step, items, ActionKind.CHANGE_COPY, perform)


def _brief(step: Step, item: ChangeCopy, row: sql.AlertRow) -> WriteBrief:
    hours = timedelta(hours=policies(step)("watch_copy_hours", row.shop_id))
    title = f"{row.code} 改文案 / Change copy #{row.id}"  # a record has one title for whoever reads it
    return WriteBrief(
        row.campaign_id, MaterialKind.COPY, title, item.due_at or step.now + hours, notes=item.what.strip()
    )


@dataclass(frozen=True, slots=True)
class AskSlot:
    """One more resource slot of the platform, from now to the campaign's end; the cost is what is expected."""

    alert_id: int
    place: Annotated[str, Field(max_length=80)]
    apply_by: datetime
    expected_cost_minor: Annotated[int, Field(ge=0, le=10**13)] = 0


@command(clause="M3.2", permission=Permission.ALERT_ANSWER, scope=SCOPE)
def ask_slots(step: Step, items: Sequence[AskSlot]) -> list[Outcome]:
    """Put a slot on the campaign's list of applications; `facts["reference"]` is the application.

    Refused: what campaigns refuse ("slot_unnamed", "apply_by_past", "slot_time_backwards"), and as any action.
    """

    def perform(fit: Sequence[AskSlot], rows: Rows) -> Performed:
        slots = [_slot(step, item, rows[item.alert_id]) for item in fit]
        added = add_slots.within(step, slots)
        return [
            (done(outcome.facts.get("slot_id")) if outcome.ok else outcome, item.place.strip())
            for item, outcome in zip(fit, added, strict=True)
        ]

    return act(step, items, ActionKind.ADD_SLOT, perform)


def _slot(step: Step, item: AskSlot, row: sql.AlertRow) -> AddSlot:
    return AddSlot(row.campaign_id, item.place, step.now, row.ends_at, item.apply_by, item.expected_cost_minor)


@dataclass(frozen=True, slots=True)
class PauseCampaignRule:
    """One of the campaign's own promotions."""

    alert_id: int
    rule_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M3.2", permission=Permission.ALERT_ANSWER, scope=SCOPE)
def pause_campaign_rules(step: Step, items: Sequence[PauseCampaignRule]) -> list[Outcome]:
    """Pause a promotion of the campaign: no cart is priced with it any more; orders placed keep their price.

    Refused: "rule_of_other_campaign", what promotions refuse ("reason_needed", "not_published", "not_all_shops"),
    and as any action.
    """

    def perform(fit: Sequence[PauseCampaignRule], rows: Rows) -> Performed:
        campaigns = campaign_facts({rows[item.alert_id].campaign_id for item in fit})
        own = [item for item in fit if item.rule_id in campaigns[rows[item.alert_id].campaign_id].rule_ids]
        paused = pause_rules.within(step, [PauseRule(item.rule_id, item.reason) for item in own])
        by_alert = {item.alert_id: outcome for item, outcome in zip(own, paused, strict=True)}
        foreign = refused("rule_of_other_campaign")
        return [(by_alert.get(item.alert_id, foreign), item.reason.strip()) for item in fit]

    return act(step, items, ActionKind.PAUSE_RULE, perform)


@dataclass(frozen=True, slots=True)
class AskBudget:
    """More for one budget item of the campaign, in minor units; another person decides."""

    alert_id: int
    item_id: int
    amount_minor: Annotated[int, Field(ge=1, le=10**13)]
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M3.2", permission=Permission.ALERT_ANSWER, scope=SCOPE)
def ask_budget(step: Step, items: Sequence[AskBudget]) -> list[Outcome]:
    """Ask for more budget; `facts["reference"]` is the budget item the wish waits on.

    Refused: "item_of_other_campaign", what campaigns refuse ("reason_needed", "raise_waits", "raise_not_needed"),
    and as any action.
    """

    def perform(fit: Sequence[AskBudget], rows: Rows) -> Performed:
        owners = {row.id: row.campaign_id for row in sql.BUDGET_ITEMS.rows(ids=[item.item_id for item in fit])}
        own = [item for item in fit if owners.get(item.item_id) == rows[item.alert_id].campaign_id]
        asked = request_raises.within(step, [RequestRaise(i.item_id, i.amount_minor, i.reason) for i in own])
        by_alert = {item.alert_id: outcome for item, outcome in zip(own, asked, strict=True)}
        foreign = refused("item_of_other_campaign")
        return [(by_alert.get(item.alert_id, foreign), item.reason.strip()) for item in fit]

    return act(step, items, ActionKind.RAISE_BUDGET, perform)


@dataclass(frozen=True, slots=True)
class DismissAlert:
    alert_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M3.2", permission=Permission.ALERT_ANSWER, scope=SCOPE)
def dismiss_alerts(step: Step, items: Sequence[DismissAlert]) -> list[Outcome]:
    """Do nothing about an alert, and say why; the same is not alerted again in the policy's quiet hours.

    Refused: "reason_needed", "alert_over" where something was done or it was lifted. Dismissed already: unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.alert_id for item in items}))}
    dismissed: dict[int, str] = {}
    outcomes = []
    for item in items:
        row, reason = rows[item.alert_id], item.reason.strip()
        if not reason:
            outcomes.append(refused("reason_needed", row.id))
        elif row.state == AlertState.DISMISSED or row.id in dismissed:
            outcomes.append(unchanged(row.id))
        elif row.state != AlertState.OPEN:
            outcomes.append(refused("alert_over", row.id))
        else:
            dismissed[row.id] = reason
            outcomes.append(done(row.id))
    if dismissed:
        sql.ANSWER.run(now=step.now, actor_id=step.actor.id, ids=list(dismissed), reasons=list(dismissed.values()))
    step.move(ALERT_FLOW, list(dismissed), AlertState.DISMISSED)
    close(step, ALERT_ANSWER, list(dismissed))
    for id_, reason in dismissed.items():
        step.emit(AlertDismissed(id_, rows[id_].campaign_id, rows[id_].shop_id, reason))
    return outcomes
