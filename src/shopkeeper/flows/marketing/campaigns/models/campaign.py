"""A campaign, the goods it sells, the rules it runs on, the segments it is told to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.foundation.declared import ALL_OTHERS


class Campaign(models.Model):
    """One campaign of one shop, from idea to review. Money in minor units of `currency`, rates in basis points.

    `expected_conversion_bp` (buyers per visitor) and `expected_visitors` are the plan's own targets: the watch
    compares with them. `template` is the campaign this one was started from; `origin` what gave the idea, such as
    "occasion:mid_autumn:2026" or "stock:1042".
    """

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    theme = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=CampaignState.IDEA)
    state_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    currency = models.CharField(max_length=3, default="CNY")
    goal_sales_minor = models.BigIntegerField(default=0)
    goal_new_customers = models.IntegerField(default=0)
    expected_visitors = models.IntegerField(default=0)
    expected_conversion_bp = models.IntegerField(default=0)
    force = models.CharField(max_length=500, blank=True)  # 力度, in words; the rules themselves are `CampaignRule`
    audience = models.CharField(max_length=500, blank=True)
    channels = ArrayField(models.CharField(max_length=40), default=list)
    materials = models.CharField(max_length=500, blank=True)  # what is needed, in words; briefs are their own desk's
    risks = models.TextField(max_length=2000, blank=True)
    origin = models.CharField(max_length=80, blank=True)
    template = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    is_template = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.BigIntegerField()
    due_at = models.DateTimeField(null=True)  # of the step it stands at: plan, approval, launch
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    launched_at = models.DateTimeField(null=True)
    launched_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)  # of an early end, or of giving it up

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "code"], name="campaign_code_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="campaign_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(goal_sales_minor__gte=0, goal_new_customers__gte=0, expected_visitors__gte=0)
                & Q(expected_conversion_bp__gte=0, expected_conversion_bp__lte=10_000),
                name="campaign_goals_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state=CampaignState.IN_REVIEW) | Q(submitted_by__isnull=False),
                name="campaign_submitted_by",
            ),
            models.CheckConstraint(
                condition=~Q(state=CampaignState.LIVE) | Q(launched_at__isnull=False), name="campaign_launched_at"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CampaignState.APPROVED, CampaignState.LIVE]) | Q(decided_by__isnull=False),
                name="campaign_decided_by",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="campaign_state"),
            models.Index(fields=["starts_at"], name="campaign_starts"),
        ]


class CampaignGoods(models.Model):
    """A SKU the campaign sells: how many pieces are set aside for it, and at what price."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="goods", db_index=False)
    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+")
    planned_quantity = models.IntegerField()
    price_minor = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "sku"], name="campaign_goods_once"),
            models.CheckConstraint(
                condition=Q(planned_quantity__gt=0, price_minor__gte=0), name="campaign_goods_positive"
            ),
        ]


class CampaignRule(models.Model):
    """A promotion rule the campaign runs on."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rules", db_index=False)
    rule = models.ForeignKey("promotions.Rule", models.PROTECT, related_name="+")

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "rule"], name="campaign_rule_once")]


class CampaignSegment(models.Model):
    """A segment of customers the campaign is meant for."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="segments", db_index=False)
    segment = models.ForeignKey("campaigns.Segment", models.PROTECT, related_name="+")

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "segment"], name="campaign_segment_once")]
