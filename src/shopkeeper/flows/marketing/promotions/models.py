"""Promotions with their versions and counters, coupons, and orders with the prices frozen into them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.marketing.promotions.states import LIVE, OPEN, CouponState, PromotionState, UsageState
from shopkeeper.foundation.declared import ALL_OTHERS


class Rule(models.Model):
    """One promotion by its code, in one shop or (shop empty) in all. What it says stands in its versions."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "code"], name="rule_code_once", nulls_distinct=False)]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Version(models.Model):
    """What a promotion says. A draft may be rewritten; once in review it never changes: a change is a version more.

    `terms` is what rules/codec.py reads and writes. `findings` is what the conflict scan found when it was submitted.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+")
    number = models.IntegerField()
    state = models.CharField(max_length=10, default=PromotionState.DRAFT)
    state_at = models.DateTimeField()
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    terms = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.BigIntegerField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.BigIntegerField(null=True)
    findings = models.JSONField(default=list)
    scanned = models.IntegerField(default=0)  # how many SKUs the conflict scan looked at
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["rule"], name="version_open_once", condition=Q(state__in=[str(s) for s in OPEN])
            ),
            models.UniqueConstraint(
                fields=["rule"], name="version_live_once", condition=Q(state__in=[str(s) for s in LIVE])
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="version_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(state=PromotionState.IN_REVIEW) | Q(submitted_by__isnull=False),
                name="version_submitted_by",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="version_state"),
            models.Index(fields=["ends_at"], name="version_published", condition=Q(state=PromotionState.PUBLISHED)),
        ]


class Counter(models.Model):
    """How much of a published promotion is left: uses and money, what orders hold and what they used.

    Orders that a platform priced are counted beside: the platform does not ask us, so no limit of ours holds it.
    """

    rule = models.OneToOneField(Rule, models.PROTECT, related_name="counter", primary_key=True)
    uses_total = models.IntegerField(null=True)
    uses_reserved = models.IntegerField(default=0)
    uses_used = models.IntegerField(default=0)
    budget_minor = models.BigIntegerField(null=True)
    reserved_minor = models.BigIntegerField(default=0)
    used_minor = models.BigIntegerField(default=0)
    platform_uses = models.IntegerField(default=0, db_default=0)
    platform_minor = models.BigIntegerField(default=0, db_default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uses_reserved__gte=0, uses_used__gte=0)
                & (Q(uses_total__isnull=True) | Q(uses_total__gte=F("uses_reserved") + F("uses_used"))),
                name="counter_uses_within_total",
            ),
            models.CheckConstraint(
                condition=Q(reserved_minor__gte=0, used_minor__gte=0)
                & (Q(budget_minor__isnull=True) | Q(budget_minor__gte=F("reserved_minor") + F("used_minor"))),
                name="counter_money_within_budget",
            ),
        ]


class CouponBatch(models.Model):
    """Coupons of one promotion: how many, when they may be claimed, and how long they are good."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="batches", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    total = models.IntegerField()
    per_buyer = models.IntegerField(default=1)
    claimed = models.IntegerField(default=0)
    used = models.IntegerField(default=0)
    claim_from = models.DateTimeField()
    claim_to = models.DateTimeField()
    valid_to = models.DateTimeField()
    valid_days = models.IntegerField(null=True)
    stopped_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "code"], name="coupon_batch_once"),
            models.CheckConstraint(
                condition=Q(claimed__gte=0, claimed__lte=F("total"), used__gte=0, used__lte=F("claimed")),
                name="coupon_batch_within_total",
            ),
            models.CheckConstraint(
                condition=Q(claim_to__gt=F("claim_from"), valid_to__gt=F("claim_from"), per_buyer__gte=1),
                name="coupon_batch_times",
            ),
        ]


class Coupon(models.Model):
    """One claimed coupon. `number` is its place in the batch, `nth` its place among the buyer's."""

    batch = models.ForeignKey(CouponBatch, models.PROTECT, related_name="coupons", db_index=False)
    subject_id = models.BigIntegerField()
    number = models.IntegerField()
    nth = models.IntegerField()
    state = models.CharField(max_length=10, default=CouponState.CLAIMED)
    state_at = models.DateTimeField()
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="coupon_number_once"),
            models.UniqueConstraint(fields=["batch", "subject_id", "nth"], name="coupon_nth_once"),
        ]
        indexes = [
            models.Index(fields=["subject_id", "state"], name="coupon_subject"),
            models.Index(fields=["batch", "expires_at"], name="coupon_expiry", condition=Q(state=CouponState.CLAIMED)),
        ]


class OrderPricing(models.Model):
    """The price of one order, frozen: the versions that made it, the ledger to the unit, and why.

    `order_no` is the shop's own number, of the whole purchase: the parts of a split order share it.
    """

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    order_no = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=10, default=UsageState.RESERVED)
    state_at = models.DateTimeField()
    priced_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    list_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    freight_off_minor = models.BigIntegerField()
    payable_minor = models.BigIntegerField()
    lines = models.JSONField()
    ledger = models.JSONField()
    trace = models.JSONField()
    coupon_ids = ArrayField(models.BigIntegerField(), default=list)
    released_because = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "order_no"], name="pricing_once"),
            models.CheckConstraint(
                condition=Q(
                    payable_minor=F("list_minor") - F("discount_minor") + F("freight_minor") - F("freight_off_minor"),
                    payable_minor__gte=0,
                ),
                name="pricing_adds_up",
            ),
        ]


class Usage(models.Model):
    """One use of one promotion by one order; it counts while `is_live`."""

    pricing = models.ForeignKey(OrderPricing, models.PROTECT, related_name="usages", db_index=False)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    is_live = models.BooleanField(default=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pricing", "rule"], name="usage_once")]
        indexes = [models.Index(fields=["rule", "subject_id"], name="usage_of_buyer", condition=Q(is_live=True))]


class PlatformUse(models.Model):
    """One use of one promotion by an order that its platform priced, as arithmetic tells; counts while `is_live`."""

    order_id = models.BigIntegerField()
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)
    amount_minor = models.BigIntegerField()
    is_live = models.BooleanField(default=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order_id", "rule"], name="platform_use_once")]
