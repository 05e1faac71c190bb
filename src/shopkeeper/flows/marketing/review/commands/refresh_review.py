"""M4.1: figures are drawn again while the report is written: what was sent back late is in it, nothing is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from shopkeeper.flows.marketing.review.commands.counting import draw, with_stock_of
from shopkeeper.flows.marketing.review.commands.draft_reviews import redraw_tomorrow, review_label
from shopkeeper.flows.marketing.review.deadlines import REVIEW_REDRAW
from shopkeeper.flows.marketing.review.events import ReviewRedrawn
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.rules.figures import kept_figures
from shopkeeper.flows.marketing.review.sql import circumstances
from shopkeeper.flows.marketing.review.sql import reviews as sql
from shopkeeper.flows.marketing.review.states import ReviewState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import arm, close
from shopkeeper.sop.states import Ending

SCOPE = ShopOf("review_review", "review_id")


@dataclass(frozen=True, slots=True)
class RefreshReview:
    review_id: int


@command(clause="M4.1", permission=Permission.REVIEW_WRITE, scope=SCOPE)
def refresh_review(step: Step, items: Sequence[RefreshReview]) -> list[Outcome]:
    """Draw the figures again: where they differ they become the next version, the earlier ones stay.

    Done with `facts["version"]`; unchanged where nothing differs. Refused: "review_not_draft".
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.review_id for item in items])}
    renewed = _renew(step, [row for row in rows.values() if row.state == ReviewState.DRAFT])
    outcomes = []
    for item in items:
        row = rows[item.review_id]
        version = renewed.pop(row.id, None)
        if row.state != ReviewState.DRAFT:
            outcomes.append(refused("review_not_draft", row.id))
        else:
            outcomes.append(done(row.id, version=version) if version else unchanged(row.id))
    return outcomes


@dataclass(frozen=True, slots=True)
class RedrawReview:
    review_id: int


@command(clause="M4.1", permission=Permission.WATCH, scope=SCOPE, internal=True)
def redraw_reviews(step: Step, items: Sequence[RedrawReview]) -> list[Outcome]:
    """The day's drawing of reports that are not submitted; the watch over those that are ends."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.review_id for item in items])}
    drafts = [row for row in rows.values() if row.state == ReviewState.DRAFT]
    renewed = _renew(step, drafts)
    arm(step, [redraw_tomorrow(step, row.id, row.shop_id, review_label(row.code, row.name)) for row in drafts])
    close(step, REVIEW_REDRAW, [row.id for row in rows.values() if row.state != ReviewState.DRAFT], Ending.CANCELLED)
    outcomes = []
    for item in items:
        version = renewed.pop(item.review_id, None)
        outcomes.append(done(item.review_id, version=version) if version else unchanged(item.review_id))
    return outcomes


def _renew(step: Step, rows: Sequence[sql.ReviewRow]) -> dict[int, int]:
    """Keep what differs as a version more; each review's new version."""
    if not rows:
        return {}
    campaigns = circumstances.CAMPAIGNS.rows(campaigns=[row.campaign_id for row in rows])
    drawn = draw(step, campaigns)
    kept = {row.review_id: kept_figures(orjson.loads(row.figures)) for row in sql.KEPT.rows(ids=[r.id for r in rows])}
    figures = {row.id: with_stock_of(drawn[row.campaign_id], kept[row.id]) for row in rows}
    renewed = {row.id: row.version + 1 for row in rows if figures[row.id] != kept[row.id]}
    if renewed:
        sql.RENEW.run(ids=list(renewed), versions=list(renewed.values()))
        sql.KEEP_FIGURES.run(
            now=step.now,
            actor_id=step.actor.id,
            figures=as_json(
                [
                    {"review_id": id_, "version": version, "figures": figures[id_].plain()}
                    for id_, version in renewed.items()
                ]
            ),
        )
        step.emit(*(ReviewRedrawn(row.id, row.shop_id, renewed[row.id]) for row in rows if row.id in renewed))
    return renewed
