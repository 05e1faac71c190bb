"""Campaigns as other desks ask for them: everything of the plan that can be compared, counted or checked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from shopkeeper.flows.marketing.campaigns.models import Campaign, CampaignGoods, CampaignRule, CampaignSegment
from shopkeeper.flows.marketing.campaigns.states import CampaignState


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """A SKU of a campaign. Money in minor units of the campaign's currency."""

    sku_id: int
    planned_quantity: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """One campaign with its goods, the ids of its rules and segments. Rates in basis points."""

    id: int
    shop_id: int
    code: str
    name: str
    theme: str
    state: CampaignState
    state_at: datetime
    starts_at: datetime
    ends_at: datetime
    currency: str
    goal_sales_minor: int
    goal_new_customers: int
    expected_visitors: int
    expected_conversion_bp: int
    force: str
    audience: str
    channels: tuple[str, ...]
    materials: str
    risks: str
    template_id: int | None
    is_template: bool
    made_by: int
    submitted_by: int | None
    decided_by: int | None
    decided_at: datetime | None
    launched_at: datetime | None
    launched_by: int | None
    ended_at: datetime | None
    end_reason: str
    goods: tuple[GoodsFacts, ...] = field(default=())
    rule_ids: tuple[int, ...] = field(default=())
    segment_ids: tuple[int, ...] = field(default=())

    @property
    def is_live(self) -> bool:
        return self.state == CampaignState.LIVE

    @property
    def is_over(self) -> bool:
        return self.state in (CampaignState.ENDED, CampaignState.REVIEWED)

    @property
    def sku_ids(self) -> tuple[int, ...]:
        return tuple(one.sku_id for one in self.goods)

    @property
    def planned_sales_minor(self) -> int:
        """What all planned pieces bring at their campaign prices."""
        return sum(one.planned_quantity * one.price_minor for one in self.goods)

    @property
    def until(self) -> datetime:
        """When it stopped, or will."""
        return self.ended_at or self.ends_at

    @property
    def last_moment(self) -> datetime:
        """The last moment it ran: what ends at midnight was over the day before."""
        return self.until - timedelta(microseconds=1)


_OWN = tuple(
    name for name in CampaignFacts.__dataclass_fields__ if name not in ("goods", "rule_ids", "segment_ids")
)  # fmt: skip


def campaign_facts(ids: Collection[int]) -> dict[int, CampaignFacts]:
    """Campaigns by id, in four statements for any number; unknown ids are left out. It asks nobody's rights."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    goods: dict[int, list[GoodsFacts]] = {id_: [] for id_ in wanted}
    for id_, *one in (
        CampaignGoods.objects.filter(campaign__in=wanted)
        .order_by("campaign", "id")
        .values_list("campaign_id", "sku_id", "planned_quantity", "price_minor")
    ):
        goods[id_].append(GoodsFacts(*one))
    rules: dict[int, list[int]] = {id_: [] for id_ in wanted}
    for id_, rule_id in (
        CampaignRule.objects.filter(campaign__in=wanted).order_by("id").values_list("campaign_id", "rule_id")
    ):
        rules[id_].append(rule_id)
    segments: dict[int, list[int]] = {id_: [] for id_ in wanted}
    for id_, segment_id in (
        CampaignSegment.objects.filter(campaign__in=wanted).order_by("id").values_list("campaign_id", "segment_id")
    ):
        segments[id_].append(segment_id)
    return {
        row["id"]: CampaignFacts(
            **{
                **row,
                "state": CampaignState(row["state"]),
                "channels": tuple(row["channels"]),
                "goods": tuple(goods[row["id"]]),
                "rule_ids": tuple(rules[row["id"]]),
                "segment_ids": tuple(segments[row["id"]]),
            }
        )
        for row in Campaign.objects.filter(id__in=wanted).order_by("id").values(*_OWN)
    }


def live_campaigns(shops: Collection[int] | None = None) -> list[CampaignFacts]:
    """What is live now in these shops (None: in all), by start."""
    return _in(shops, CampaignState.LIVE)


def campaigns_in(shops: Collection[int] | None, *states: CampaignState) -> list[CampaignFacts]:
    """Campaigns in these states, by start."""
    return _in(shops, *states)


RAN = (CampaignState.LIVE, CampaignState.ENDED, CampaignState.REVIEWED)


def campaigns_that_ran(shops: Collection[int] | None, since: datetime, until: datetime) -> list[CampaignFacts]:
    """Campaigns that went live and ran at some time of [since, until), by start."""
    touched = Q(starts_at__lt=until) & (Q(ended_at__gt=since) | Q(ended_at=None, ends_at__gt=since))
    return _in(shops, *RAN, within=touched)


def _in(shops: Collection[int] | None, *states: CampaignState, within: Q | None = None) -> list[CampaignFacts]:
    rows = Campaign.objects.filter(within or Q(), state__in=[str(state) for state in states])
    rows = rows if shops is None else rows.filter(shop_id__in=sorted(shops))
    ids = list(rows.values_list("id", flat=True))
    return sorted(campaign_facts(ids).values(), key=lambda one: (one.starts_at, one.id))


def skus_in_campaigns(shop_id: int, since: datetime, until: datetime, but: int = 0) -> dict[int, tuple[int, ...]]:
    """SKU → the live or ended campaigns of a shop that sold it in a span, without the one named."""
    states = [str(state) for state in RAN]
    rows = (
        CampaignGoods.objects.filter(
            campaign__shop_id=shop_id,
            campaign__state__in=states,
            campaign__starts_at__lt=until,
            campaign__ends_at__gt=since,
        )
        .exclude(campaign_id=but)
        .order_by("sku_id", "campaign_id")
        .values_list("sku_id", "campaign_id")
    )
    found: dict[int, list[int]] = {}
    for sku_id, campaign_id in rows:
        found.setdefault(sku_id, []).append(campaign_id)
    return {sku_id: tuple(ids) for sku_id, ids in found.items()}
