"""Templates: what campaigns taught, and the plans started from them with where they differ."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.marketing.campaigns.models import Campaign
from shopkeeper.flows.marketing.review.models import Template
from shopkeeper.flows.marketing.review.queries.scope import in_shops, page_of, starting_at
from shopkeeper.flows.marketing.review.rules.learning import (
    Difference,
    Learned,
    Planned,
    differences,
    kept_learned,
)
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.naming import names_of

MOST_STARTED = 50


@dataclass(frozen=True, slots=True)
class TemplateRow:
    id: int
    campaign_id: int
    campaign_code: str
    campaign: str
    shop_id: int
    shop: str
    review_id: int
    learned: Learned
    note: str
    made_at: datetime
    maker: str


@dataclass(frozen=True, slots=True)
class StartedPlan:
    """A plan that was started from a template, and where it differs from what was learned."""

    campaign_id: int
    code: str
    name: str
    state: str
    starts_at: datetime
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class TemplateRecord:
    row: TemplateRow
    started: tuple[StartedPlan, ...]


def templates_page(
    viewer: Actor, shop_id: int | None = None, *, after: str = "", limit: int = 50
) -> tuple[list[TemplateRow], str]:
    """A page of templates, newest first, and the next key."""
    rows = in_shops(Template.objects.all(), viewer)
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    before = starting_at(after)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found, next_key = page_of(list(rows.select_related("campaign", "shop").order_by("-id")[: limit + 1]), limit)
    return _rows(found), next_key


def template_record(viewer: Actor, template_id: int) -> TemplateRecord | None:
    """One template with the newest plans started from it; None where it is not in the viewer's shops."""
    found = in_shops(Template.objects.filter(id=template_id), viewer).select_related("campaign", "shop").first()
    if found is None:
        return None
    row = _rows([found])[0]
    started = Campaign.objects.filter(template_id=found.campaign_id).order_by("-id")
    plans = list(in_shops(started, viewer).prefetch_related("goods__sku")[:MOST_STARTED])
    return TemplateRecord(row, tuple(_started(plan, row.learned) for plan in plans))


def _started(plan: Campaign, learned: Learned) -> StartedPlan:
    planned = Planned(
        plan.goal_sales_minor,
        plan.goal_new_customers,
        plan.expected_visitors,
        plan.expected_conversion_bp,
        tuple((one.sku_id, one.sku.code, one.planned_quantity) for one in plan.goods.all()),
    )
    return StartedPlan(plan.pk, plan.code, plan.name, plan.state, plan.starts_at, tuple(differences(planned, learned)))


def _rows(found: list[Template]) -> list[TemplateRow]:
    names = names_of({row.made_by for row in found})
    return [
        TemplateRow(
            id=row.pk,
            campaign_id=row.campaign_id,
            campaign_code=row.campaign.code,
            campaign=row.campaign.name,
            shop_id=row.shop_id,
            shop=row.shop.name,
            review_id=row.review_id,
            learned=kept_learned(row.learned),
            note=row.note,
            made_at=row.made_at,
            maker=names.get(row.made_by, ""),
        )
        for row in found
    ]
