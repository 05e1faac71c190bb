"""A campaign's money: what is planned per item, what was spent, what another person allowed beyond."""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.marketing.campaigns.states import RaiseState
from shopkeeper.foundation.declared import ALL_OTHERS


class BudgetItem(models.Model):
    """One item of a budget, in minor units of the campaign's currency: never spent beyond plan and raises."""

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="budget", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=80, blank=True)
    planned_minor = models.BigIntegerField()
    raised_minor = models.BigIntegerField(default=0)
    spent_minor = models.BigIntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind", "name"], name="budget_item_once"),
            models.CheckConstraint(
                condition=Q(planned_minor__gte=0, raised_minor__gte=0, spent_minor__gte=0)
                & Q(spent_minor__lte=F("planned_minor") + F("raised_minor")),
                name="budget_never_overspent",
            ),
        ]


class BudgetSpend(models.Model):
    """One booking: money spent, or (negative) come back. The reference makes it happen once."""

    item = models.ForeignKey(BudgetItem, models.PROTECT, related_name="spends", db_index=False)
    reference = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    booked_at = models.DateTimeField()
    booked_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "reference"], name="budget_spend_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="budget_spend_not_nothing"),
        ]


class BudgetRaise(models.Model):
    """A wish for more on one item, decided by another person. One waits at a time."""

    item = models.ForeignKey(BudgetItem, models.CASCADE, related_name="raises", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, default=RaiseState.WAITING)
    state_at = models.DateTimeField()
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], name="budget_raise_waits_once", condition=Q(state=RaiseState.WAITING)
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="budget_raise_positive"),
            models.CheckConstraint(
                condition=Q(state=RaiseState.WAITING) | Q(decided_by__isnull=False), name="budget_raise_decided_by"
            ),
        ]
        indexes = [models.Index(fields=["item"], name="budget_raise_item")]
