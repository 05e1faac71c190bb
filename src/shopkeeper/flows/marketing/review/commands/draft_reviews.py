"""M4.1: a campaign is over: its review is drafted by itself, with the figures as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shopkeeper.flows.marketing.campaigns.queries.working_days import entered_days
from shopkeeper.flows.marketing.campaigns.rules.calendar import add_working_days
from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.flows.marketing.review.commands.counting import draw
from shopkeeper.flows.marketing.review.deadlines import REVIEW_REDRAW, REVIEW_REPORT
from shopkeeper.flows.marketing.review.events import ReviewDrafted
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.sql import circumstances
from shopkeeper.flows.marketing.review.sql import reviews as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import at_time, day_of, next_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import clock_times, policies

OVER = (CampaignState.ENDED, CampaignState.REVIEWED)


@dataclass(frozen=True, slots=True)
class DraftReview:
    campaign_id: int


@command(clause="M4.1", permission=Permission.WATCH, scope=ShopOf("campaigns_campaign", "campaign_id"), internal=True)
def draft_reviews(step: Step, items: Sequence[DraftReview]) -> list[Outcome]:
    """Draw the figures of campaigns that are over and set the clock of the report. One that has a review is unchanged.

    Refused: "campaign_not_over".
    """
    ids = sorted({item.campaign_id for item in items})
    rows = {row.id: row for row in circumstances.CAMPAIGNS.rows(campaigns=ids)}
    known = {row.campaign_id: row.id for row in sql.OF_CAMPAIGNS.rows(campaigns=ids)}
    fresh = [row for row in rows.values() if row.state in OVER and row.id not in known]
    drafted = _draft(step, fresh)
    outcomes = []
    for item in items:
        review_id = drafted.pop(item.campaign_id, None)
        if rows[item.campaign_id].state not in OVER:
            outcomes.append(refused("campaign_not_over", item.campaign_id))
        elif review_id:
            known[item.campaign_id] = review_id
            outcomes.append(done(review_id, campaign_id=item.campaign_id))
        else:
            outcomes.append(unchanged(known.get(item.campaign_id), campaign_id=item.campaign_id))
    return outcomes


def _draft(step: Step, campaigns: Sequence[circumstances.CampaignRow]) -> dict[int, int]:
    """Write the reviews; each campaign's review id. Somebody else's draft of the same moment is left alone."""
    if not campaigns:
        return {}
    figures = draw(step, campaigns)
    own = entered_days()
    dues = {row.id: report_due(step, row, own) for row in campaigns}
    drafted = sql.DRAFT.rows(
        now=step.now,
        campaigns=[row.id for row in campaigns],
        shops=[row.shop_id for row in campaigns],
        dues=[dues[row.id] for row in campaigns],
    )
    kept = [{"review_id": row.id, "version": 1, "figures": figures[row.campaign_id].plain()} for row in drafted]
    sql.KEEP_FIGURES.run(now=step.now, actor_id=step.actor.id, figures=as_json(kept))
    rows = {row.id: row for row in campaigns}
    labels = {row.id: review_label(rows[row.campaign_id].code, rows[row.campaign_id].name) for row in drafted}
    arm(
        step,
        [Arm(REVIEW_REPORT, row.id, dues[row.campaign_id], row.shop_id, None, labels[row.id]) for row in drafted]
        + [redraw_tomorrow(step, row.id, row.shop_id, labels[row.id]) for row in drafted],
    )
    step.emit(*(ReviewDrafted(row.id, row.campaign_id, row.shop_id) for row in drafted))
    return {row.campaign_id: row.id for row in drafted}


def report_due(step: Step, row: circumstances.CampaignRow, own: dict[date, bool]) -> datetime:
    """The policy's working days after the campaign's last day; one that ends at midnight ended the day before."""
    policy, zone = policies(step), ZoneInfo(row.zone)
    last = day_of(row.until - timedelta(microseconds=1), zone)
    day = add_working_days(last, policy("review_working_days", row.shop_id), own)
    return at_time(day, clock_times(policy("review_due_time", row.shop_id))[0], zone)


def redraw_tomorrow(step: Step, review_id: int, shop_id: int, label: str) -> Arm:
    """The next time of day at which the figures are drawn again."""
    due_at = next_of(step.now, clock_times(policies(step)("review_redraw_time", shop_id)))
    return Arm(REVIEW_REDRAW, review_id, due_at, shop_id, None, label)


def review_label(code: str, name: str) -> str:
    """How work lists name a review."""
    return f"{code} {name}"
