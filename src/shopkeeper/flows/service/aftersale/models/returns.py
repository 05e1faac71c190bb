"""Goods on their way back."""

from django.db import models
from django.db.models import Q

from shopkeeper.flows.service.aftersale.states import ReturnState
from shopkeeper.foundation.declared import ALL_OTHERS


class ReturnParcel(models.Model):
    """Goods on their way back. Without a case: a parcel nobody knows, kept until somebody finds out."""

    case = models.ForeignKey(
        "aftersale.AfterSaleCase", models.PROTECT, null=True, related_name="returns", db_index=False
    )
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+", db_index=False)
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT, related_name="+", db_index=False)
    courier = models.CharField(max_length=30, blank=True)
    number = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, default=ReturnState.AWAITED)
    state_at = models.DateTimeField()
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    received_by = models.BigIntegerField(null=True)
    graded_at = models.DateTimeField(null=True)
    graded_by = models.BigIntegerField(null=True)
    as_agreed = models.BooleanField(null=True)
    note = models.CharField(max_length=200, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="aftersale_return_once", condition=~Q(state=ReturnState.CANCELLED)
            ),
            models.UniqueConstraint(
                fields=["number"],
                name="aftersale_return_number_once",
                condition=~Q(number="") & ~Q(state=ReturnState.CANCELLED),
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(state=ReturnState.UNKNOWN), name="aftersale_return_has_case"
            ),
        ]
        indexes = [models.Index(fields=["warehouse", "state", "-id"], name="aftersale_return_state")]


class ReturnLine(models.Model):
    """How pieces that came back were graded, and the lot they went to ('' where they went nowhere)."""

    parcel = models.ForeignKey(ReturnParcel, models.PROTECT, related_name="lines", db_index=False)
    order_line_id = models.BigIntegerField()
    sku_id = models.BigIntegerField(null=True)
    grade = models.CharField(max_length=10)
    quantity = models.IntegerField()
    lot_code = models.CharField(max_length=40, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parcel", "order_line_id", "grade"], name="aftersale_return_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="aftersale_return_line_positive"),
        ]
