"""Changes of orders that have not left, and parcels to be stopped on their way."""

from django.db import models
from django.db.models import Q

from shopkeeper.flows.service.tickets.models.tickets import Ticket
from shopkeeper.flows.service.tickets.states import (
    CHANGE_UNDER_WAY,
    INTERCEPTION_UNDER_WAY,
    ChangeState,
    InterceptionState,
)
from shopkeeper.foundation.declared import ALL_OTHERS


class OrderChange(models.Model):
    """A customer's wish about an order that is still with us: another address, or none at all.

    One under way per order. The new receiver is sealed with the buyer's other data; in our order it appears
    with the platform's newer version, so that there is one truth.
    """

    order = models.ForeignKey("intake.Order", models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="changes")
    kind = models.CharField(max_length=10)
    way = models.CharField(max_length=20)
    reason = models.CharField(max_length=30)  # a code
    state = models.CharField(max_length=12, default=ChangeState.REQUESTED)
    state_at = models.DateTimeField()
    subject_id = models.BigIntegerField()
    receiver_sealed = models.BinaryField(default=b"")
    receiver_address_masked = models.CharField(max_length=200, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.BigIntegerField()
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    answer_code = models.CharField(max_length=60, blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    personal = frozenset({"receiver_sealed"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], name="change_under_way_once", condition=Q(state__in=CHANGE_UNDER_WAY)
            ),
            models.CheckConstraint(
                condition=Q(state__in=CHANGE_UNDER_WAY) | Q(ended_at__isnull=False), name="change_ended_at"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="change_state"),
            models.Index(fields=["order", "-id"], name="change_order"),
        ]


class Interception(models.Model):
    """A parcel to be stopped with its courier, followed to its end. One under way per parcel."""

    parcel = models.ForeignKey("parcels.Parcel", models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey("intake.Order", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="interceptions")
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=30)  # a code
    state = models.CharField(max_length=12, default=InterceptionState.REQUESTED)
    state_at = models.DateTimeField()
    subject_id = models.BigIntegerField()
    receiver_sealed = models.BinaryField(default=b"")
    receiver_address_masked = models.CharField(max_length=200, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.BigIntegerField()
    due_at = models.DateTimeField()
    courier_ref = models.CharField(max_length=60, blank=True)
    answer_code = models.CharField(max_length=60, blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    personal = frozenset({"receiver_sealed"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parcel"], name="interception_under_way_once", condition=Q(state__in=INTERCEPTION_UNDER_WAY)
            ),
            models.CheckConstraint(
                condition=Q(state__in=INTERCEPTION_UNDER_WAY) | Q(ended_at__isnull=False),
                name="interception_ended_at",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="interception_state"),
            models.Index(fields=["parcel", "-id"], name="interception_parcel"),
        ]
