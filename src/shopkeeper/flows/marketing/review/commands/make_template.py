"""M4.2: a reviewed campaign becomes a template, with what was learned of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import orjson
from pydantic import Field

from shopkeeper.flows.marketing.campaigns.commands.mark_reviewed import MarkTemplate, mark_templates
from shopkeeper.flows.marketing.review.events import TemplateMade
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.rules.figures import kept_figures
from shopkeeper.flows.marketing.review.rules.learning import learned_of
from shopkeeper.flows.marketing.review.sql import reviews as sql
from shopkeeper.flows.marketing.review.states import ReviewState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class MakeTemplate:
    """`note` tells the next planner what to keep and what to do otherwise."""

    campaign_id: int
    note: Annotated[str, Field(max_length=1_000)] = ""


@command(clause="M4.2", permission=Permission.TEMPLATE_MAKE, scope=ShopOf("campaigns_campaign", "campaign_id"))
def make_template(step: Step, items: Sequence[MakeTemplate]) -> list[Outcome]:
    """Make templates of campaigns, with the rates they really had. One that is a template is unchanged.

    Refused: "review_not_approved", also where there is no review yet; "review_meeting_needed" before the meeting.
    """
    ids = sorted({item.campaign_id for item in items})
    reviews = {row.campaign_id: row.id for row in sql.OF_CAMPAIGNS.rows(campaigns=ids)}
    rows = {row.campaign_id: row for row in sql.LOCK.rows(ids=list(reviews.values()))}
    made = {row.campaign_id: row.id for row in sql.OF_TEMPLATES.rows(campaigns=ids)}
    wanted: dict[int, MakeTemplate] = {}
    outcomes: list[Outcome] = []
    for item in items:
        row = rows.get(item.campaign_id)
        if item.campaign_id in made or item.campaign_id in wanted:
            outcomes.append(unchanged(made.get(item.campaign_id)))
        elif row is None or row.state != ReviewState.APPROVED:
            outcomes.append(refused("review_not_approved", row.id if row else None))
        elif not row.meetings:
            outcomes.append(refused("review_meeting_needed", row.id))
        else:
            wanted[item.campaign_id] = item
            outcomes.append(done(row.id, campaign_id=item.campaign_id))
    if wanted:
        _make(step, [(rows[id_], item) for id_, item in wanted.items()])
    return outcomes


def _make(step: Step, wanted: Sequence[tuple[sql.ReviewRow, MakeTemplate]]) -> None:
    kept = {row.review_id: row for row in sql.KEPT.rows(ids=[row.id for row, _ in wanted])}
    policy = policies(step)
    templates = []
    for row, item in wanted:
        figures = kept_figures(orjson.loads(kept[row.id].figures))
        learned = learned_of(figures, policy("review_template_least_orders", row.shop_id))
        templates.append(
            {
                "campaign_id": row.campaign_id,
                "shop_id": row.shop_id,
                "review_id": row.id,
                "version": row.version,
                "learned": learned.plain(),
                "note": item.note.strip(),
            }
        )
    made = sql.MAKE_TEMPLATES.rows(now=step.now, actor_id=step.actor.id, templates=as_json(templates))
    mark_templates.within(step, [MarkTemplate(row.campaign_id) for row in made])
    step.emit(*(TemplateMade(row.id, row.campaign_id, row.shop_id) for row in made))
