"""M3.1: a campaign goes live: from now on its hours are closed, recorded and judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.watch.deadlines import WATCH_HOUR
from shopkeeper.flows.marketing.watch.events import WatchStarted
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.rules.hours import HOUR, hour_of
from shopkeeper.flows.marketing.watch.sql import hours as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm


@dataclass(frozen=True, slots=True)
class StartWatch:
    campaign_id: int


@command(clause="M3.1", permission=Permission.KEEP, scope=ShopOf("campaigns_campaign", "campaign_id"), internal=True)
def start_watches(step: Step, items: Sequence[StartWatch]) -> list[Outcome]:
    """Watch campaigns from the hour they are live in. One that is watched already, or is not live, is unchanged."""
    rows = sql.LIVE.rows(campaigns=sorted({item.campaign_id for item in items}))
    hours = {row.campaign_id: hour_of(max(step.now, row.starts_at)) for row in rows}
    started = sql.START.rows(
        now=step.now,
        campaigns=list(hours),
        shops=[row.shop_id for row in rows],
        hours=list(hours.values()),
    )
    fresh = {row.campaign_id for row in started}
    arm(
        step,
        [
            Arm(WATCH_HOUR, row.campaign_id, hours[row.campaign_id] + HOUR, shop_id=row.shop_id, label=row.code)
            for row in rows
            if row.campaign_id in fresh
        ],
    )
    step.emit(*(WatchStarted(row.campaign_id, row.shop_id) for row in rows if row.campaign_id in fresh))
    outcomes = []
    for item in items:
        outcomes.append(done(item.campaign_id) if item.campaign_id in fresh else unchanged(item.campaign_id))
        fresh.discard(item.campaign_id)
    return outcomes
