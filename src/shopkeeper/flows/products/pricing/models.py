"""Price plans, the daily lowest prices that the law asks after, and the target margins of categories."""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.products.pricing.states import PlanState
from shopkeeper.foundation.declared import ALL_OTHERS


class Plan(models.Model):
    """The prices of one SKU from a moment on, in one shop or (shop empty) in all that have none of their own.

    A plan with an end lies over the one without and gives way to it again. Amounts in minor units. Prices never
    change once proposed: another price is another plan, so the history is the table itself.
    """

    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    cost_minor = models.BigIntegerField()
    competitor_minor = models.BigIntegerField(null=True)
    list_minor = models.BigIntegerField(null=True)  # 划线价
    sale_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(null=True)
    member_minor = models.BigIntegerField(null=True)
    lowest_minor = models.BigIntegerField()  # the lowest price anybody is offered
    worst_minor = models.BigIntegerField()  # … with everything that may combine
    margin_basis_points = models.IntegerField()  # at the worst case
    target_basis_points = models.IntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default=PlanState.PROPOSED)
    state_at = models.DateTimeField()
    proposed_at = models.DateTimeField()
    proposed_by = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    due_at = models.DateTimeField(null=True)  # a decision is due
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "shop"],
                name="plan_proposed_once",
                condition=Q(state=PlanState.PROPOSED),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["sku", "shop"],
                name="plan_lasting_once",
                condition=Q(state=PlanState.IN_FORCE, valid_to__isnull=True),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["sku", "shop"],
                name="plan_passing_once",
                condition=Q(state=PlanState.IN_FORCE, valid_to__isnull=False),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(cost_minor__gt=0)
                & Q(sale_minor__gte=F("cost_minor"))
                & Q(lowest_minor__gte=F("cost_minor"))
                & Q(lowest_minor__lte=F("sale_minor"))
                & Q(worst_minor__gte=0)
                & Q(worst_minor__lte=F("lowest_minor")),
                name="plan_prices_in_order",
            ),
            models.CheckConstraint(
                condition=Q(list_minor__isnull=True) | Q(list_minor__gt=F("sale_minor")),
                name="plan_strike_above_sale",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="plan_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="plan_state"),
            models.Index(fields=["sku", "shop", "-id"], name="plan_sku"),
        ]


class PriceDay(models.Model):
    """The lowest price at which a SKU was offered or sold on a day, in a shop or (shop empty) in general."""

    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    lowest_minor = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "shop", "day"], name="price_day_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(lowest_minor__gt=0), name="price_day_positive"),
        ]


class TargetMargin(models.Model):
    """The target gross margin of everything under a category, instead of the policy's; the nearest counts."""

    category = models.OneToOneField("listing.Category", models.PROTECT, related_name="+")
    basis_points = models.IntegerField()
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()
    reason = models.CharField(max_length=300)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis_points__gte=0) & Q(basis_points__lte=9_500), name="target_margin_bounds"
            )
        ]
