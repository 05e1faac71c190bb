"""Settlements, what they wait for, days that finance signed, and the follow-ups of customer service.

The entries themselves are an append-only table made by migration; the database refuses unbalanced ones.
"""

from django.db import models
from django.db.models import Q

from shopkeeper.flows.fulfilment.settlement.states import FollowUpState, SettlementState
from shopkeeper.foundation.declared import ALL_OTHERS


class Confirmation(models.Model):
    """The buyer confirmed receipt on the platform; kept apart, as word of it may come before the parcel's."""

    order = models.OneToOneField("intake.Order", models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class Settlement(models.Model):
    """The books of one completed or returned order: one per order, amounts in minor units of its currency."""

    order = models.OneToOneField("intake.Order", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default=SettlementState.DUE)
    state_at = models.DateTimeField()
    completed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    completed_on = models.DateField()  # the shop's day
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    settled_on = models.DateField(null=True)
    commission_basis_points = models.IntegerField(default=0)
    goods_paid_minor = models.BigIntegerField(default=0)
    income_minor = models.BigIntegerField(default=0)
    commission_minor = models.BigIntegerField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)
    receivable_minor = models.BigIntegerField(default=0)
    doubt = models.CharField(max_length=30, blank=True)
    approved_reason = models.CharField(max_length=300, blank=True)
    are_goods_back = models.BooleanField(default=False)  # the order was returned, and its pieces can be sold again

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=SettlementState.SETTLED)
                | Q(settled_at__isnull=False, settled_by__isnull=False, settled_on__isnull=False),
                name="settlement_settled_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(state=SettlementState.REVIEW) | ~Q(doubt=""), name="settlement_review_says_why"
            ),
            models.CheckConstraint(
                condition=Q(refund_minor__gte=0) & Q(commission_minor__gte=0) & Q(cost_minor__gte=0),
                name="settlement_figures_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="settlement_shop"),
            models.Index(fields=["state", "-id"], name="settlement_state"),
            models.Index(fields=["shop", "completed_on"], name="settlement_completed_day"),
        ]


class Refund(models.Model):
    """One refund of an order. Booked once the order is settled; an order never settled never books it."""

    order = models.ForeignKey("intake.Order", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    reference = models.CharField(max_length=80)
    refund_minor = models.BigIntegerField()
    noted_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "reference"], name="refund_once"),
            models.CheckConstraint(condition=Q(refund_minor__gt=0), name="refund_positive"),
        ]


class DayClose(models.Model):
    """A shop's day of books that finance has signed, with the totals as they stood."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    day = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.BigIntegerField()
    settlement_count = models.IntegerField()
    refund_count = models.IntegerField()
    totals = models.JSONField()  # account -> minor units of the shop's currency; they sum to zero

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "day"], name="day_close_once")]


class FollowUp(models.Model):
    """Customer service asks a buyer who has not confirmed receipt. One open at a time per order."""

    order = models.ForeignKey("intake.Order", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=FollowUpState.OPEN)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    outcome = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], name="follow_up_open_once", condition=Q(state=FollowUpState.OPEN)
            ),
            models.CheckConstraint(
                condition=Q(state=FollowUpState.OPEN) | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="follow_up_ended_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="follow_up_state"),
            models.Index(fields=["order"], name="follow_up_order"),
        ]


class FollowUpAttempt(models.Model):
    """One try to ask the buyer: the coded answer, and the words in the buyer's own sealed envelope."""

    followup = models.ForeignKey(FollowUp, models.PROTECT, related_name="tries")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    outcome = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    note_sealed = models.BinaryField(default=b"")

    personal = frozenset({"note_sealed"})
    harmless = ALL_OTHERS
