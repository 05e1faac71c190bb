"""Parcels, their report to the platform, the notice to the buyer, and cases about them.

Tracking events are an append-only table made in migration 0002.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shopkeeper.flows.fulfilment.parcels.states import CaseState, ParcelState, ShipBackState
from shopkeeper.foundation.declared import ALL_OTHERS

_UNNUMBERED = [ParcelState.AWAITING_NUMBER, ParcelState.CANCELLED]
_NOT_LEFT = [ParcelState.AWAITING_NUMBER, ParcelState.NUMBERED, ParcelState.PACKED, ParcelState.CANCELLED]


class Parcel(models.Model):
    """One box of one order. A number belongs to one parcel for ever, a cancelled one included."""

    order = models.ForeignKey("intake.Order", models.PROTECT, related_name="parcels")
    part = models.SmallIntegerField(default=1)  # an order may leave in several parcels
    line_ids = ArrayField(models.BigIntegerField(), default=list)  # empty = the whole order
    shop = models.ForeignKey("foundation.Shop", models.PROTECT)
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT)
    courier = models.CharField(max_length=20)
    courier_reason = models.CharField(max_length=20)
    number = models.CharField(max_length=40, null=True)
    state = models.CharField(max_length=20, default=ParcelState.AWAITING_NUMBER)
    state_at = models.DateTimeField()
    routing_code = models.CharField(max_length=40, blank=True)
    hub = models.CharField(max_length=40, blank=True)
    marks = ArrayField(models.CharField(max_length=20), default=list)
    print_data = models.TextField(blank=True)  # the platform's own encrypted print data; unreadable to us
    address_index = models.BinaryField(null=True)  # where the order went when the parcel was opened
    planned_weight_g = models.IntegerField(default=0)
    planned_cost_minor = models.BigIntegerField(default=0)
    weight_g = models.IntegerField(null=True)
    print_count = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    packed_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    last_update_at = models.DateTimeField(null=True)  # when something last happened to it
    last_heard_at = models.DateTimeField(null=True)  # when we last heard of it
    track_code = models.CharField(max_length=8, blank=True)
    courier_watch = models.CharField(max_length=10, blank=True)

    personal = frozenset({"address_index"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["courier", "number"], name="parcel_number_once"),
            models.UniqueConstraint(
                fields=["order", "part"], name="parcel_part_once", condition=~Q(state=ParcelState.CANCELLED)
            ),
            models.CheckConstraint(
                condition=Q(state__in=_UNNUMBERED) | Q(number__isnull=False), name="parcel_number_with_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_NOT_LEFT) | Q(handed_over_at__isnull=False),
                name="parcel_handed_over_at_with_state",
            ),
            models.CheckConstraint(
                condition=Q(weight_g__isnull=True) | Q(weight_g__gt=0), name="parcel_weight_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="parcel_state"),
            models.Index(fields=["shop", "state", "-id"], name="parcel_shop_state"),
            models.Index(fields=["number"], name="parcel_number"),
        ]

    @property
    def label(self) -> str:
        return parcel_number(self.id)


def parcel_number(parcel_id: int) -> str:
    """The number people see: CK and ten digits."""
    return f"CK{parcel_id:010d}"


class ShipBack(models.Model):
    """The report of one parcel's number to its platform, until acknowledged."""

    parcel = models.OneToOneField(Parcel, models.CASCADE, related_name="ship_back")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT)
    state = models.CharField(max_length=20, default=ShipBackState.PENDING)
    state_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    last_tried_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    is_repeat = models.BooleanField(default=False)  # the platform already had this number from an earlier try

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ShipBackState.ACKNOWLEDGED) | Q(acknowledged_at__isnull=False),
                name="ship_back_acknowledged_at",
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="ship_back_state")]


class Notice(models.Model):
    """The one word to the buyer that a parcel left: by the platform, or by our own message, never both."""

    parcel = models.OneToOneField(Parcel, models.CASCADE, related_name="notice")
    via = models.CharField(max_length=10)
    evidence = models.CharField(max_length=200)
    sent_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(via__in=["platform", "sms"]), name="notice_via_known")]


class ParcelCase(models.Model):
    """Something is wrong with a parcel: one open case of a kind, with a deadline and an outcome."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="cases")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=CaseState.OPEN)
    state_at = models.DateTimeField()
    cause = models.CharField(max_length=100, blank=True)  # a code: of the courier, the platform, or ours
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    outcome = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "kind"], name="case_open_once", condition=~Q(state=CaseState.CLOSED)
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.CLOSED)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
                name="case_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="case_state"),
            models.Index(fields=["kind", "-id"], name="case_open_kind", condition=~Q(state=CaseState.CLOSED)),
        ]


class ContactLog(models.Model):
    """One talk with a courier about a case: who asked, how, what was said, when an answer is due."""

    case = models.ForeignKey(ParcelCase, models.CASCADE, related_name="contacts")
    contacted_at = models.DateTimeField()
    contacted_by = models.BigIntegerField()
    channel = models.CharField(max_length=10)
    note = models.CharField(max_length=300)
    answer_due_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="contact_of_case")]
