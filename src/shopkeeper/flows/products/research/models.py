"""Research as it came, the strategy it led to, candidates, and the versions of the selection list."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.products.research.states import ListState, StrategyState
from shopkeeper.foundation.declared import ALL_OTHERS


class ResearchFile(models.Model):
    """One export of a research tool, or what somebody typed (`digest` empty), for one period.

    The same period of the same source again replaces the older one, which stays to be looked at.
    """

    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=60)
    shown_name = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    period_from = models.DateField()
    period_to = models.DateField()
    mapping = models.JSONField(default=dict)
    taken_in_at = models.DateTimeField()
    taken_in_by = models.BigIntegerField()
    replaced_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="research_period_in_order"),
            models.UniqueConstraint(
                fields=["kind", "source", "period_from", "period_to"],
                name="research_period_once",
                condition=Q(replaced_at__isnull=True) & ~Q(digest=""),
            ),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="research_file_kind")]


class ResearchRow(models.Model):
    """One line of research. `name` is the keyword, the competitor's goods, or the category."""

    file = models.ForeignKey(ResearchFile, models.PROTECT, related_name="rows")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=100, blank=True)
    competitor = models.CharField(max_length=100, blank=True)
    heat = models.BigIntegerField(null=True)
    growth_basis_points = models.IntegerField(null=True)
    price_minor = models.BigIntegerField(null=True)
    monthly_sales = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "name", "competitor"], name="research_row_once")]
        indexes = [
            models.Index(fields=["kind", "name", "-file"], name="research_row_name"),
            models.Index(fields=["kind", "-heat", "id"], name="research_row_heat"),
        ]


class Strategy(models.Model):
    """What the shop wants to carry: categories, price band, margin, positioning. One is in force at a time."""

    name = models.CharField(max_length=100)
    categories = ArrayField(models.CharField(max_length=100), default=list)
    price_low_minor = models.BigIntegerField()
    price_high_minor = models.BigIntegerField()
    target_margin_basis_points = models.IntegerField()
    positioning = models.CharField(max_length=500)
    findings = models.TextField(blank=True)
    state = models.CharField(max_length=10, default=StrategyState.DRAFT)
    state_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    submitted_by = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(price_low_minor__gt=0) & Q(price_high_minor__gte=F("price_low_minor")),
                name="strategy_price_band",
            ),
            models.CheckConstraint(
                condition=Q(target_margin_basis_points__gte=0) & Q(target_margin_basis_points__lt=10_000),
                name="strategy_margin",
            ),
            models.UniqueConstraint(
                fields=["state"], name="strategy_in_force_once", condition=Q(state=StrategyState.APPROVED)
            ),
        ]


class Candidate(models.Model):
    """Goods the shop might carry, with what is known of them. `product_id` once it became a draft product."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=100)
    keyword = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=100)
    cost_minor = models.BigIntegerField(null=True)
    competitor_minor = models.BigIntegerField(null=True)
    price_minor = models.BigIntegerField(null=True)
    monthly_sales = models.IntegerField(null=True)
    turnover_days = models.IntegerField(null=True)
    positioning = models.SmallIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.BigIntegerField()
    dropped_at = models.DateTimeField(null=True)
    product_id = models.BigIntegerField(null=True, unique=True)
    drafted_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(positioning__isnull=True) | Q(positioning__gte=0, positioning__lte=100),
                name="candidate_positioning",
            ),
            models.CheckConstraint(
                condition=Q(product_id__isnull=True) | Q(drafted_at__isnull=False), name="candidate_drafted_at"
            ),
        ]


class SelectionList(models.Model):
    """One version of 《商品选品清单》. What it says never changes once it is submitted."""

    version = models.IntegerField(unique=True)
    strategy = models.ForeignKey(Strategy, models.PROTECT)
    period = models.CharField(max_length=40)
    target_minor = models.BigIntegerField()
    weights = models.JSONField()
    state = models.CharField(max_length=10, default=ListState.DRAFT)
    state_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    submitted_by = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(target_minor__gt=0), name="selection_target_positive")]


class Selection(models.Model):
    """A candidate on one version of the list: its facts as they were, its score by component, the decision."""

    list = models.ForeignKey(SelectionList, models.PROTECT, related_name="entries")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="selections")
    rank = models.IntegerField()
    total = models.IntegerField()
    parts = models.JSONField()
    facts = models.JSONField()
    decision = models.CharField(max_length=10, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "candidate"], name="selection_once")]
        indexes = [models.Index(fields=["list", "rank", "id"], name="selection_rank")]
