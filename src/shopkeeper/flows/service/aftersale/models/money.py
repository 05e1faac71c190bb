"""Money going back: the platform's refunds, ours, and what of each line was given."""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.service.aftersale.states import COUNTS_AS_GIVEN, PlatformRefundState, RefundState
from shopkeeper.foundation.declared import ALL_OTHERS


class PlatformRefund(models.Model):
    """A refund that the buyer asked for on the platform, as the platform has it. The buyer's words are sealed."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey("intake.Order", models.PROTECT, related_name="+", db_index=False)
    order_line_id = models.BigIntegerField(null=True)
    refund_no = models.CharField(max_length=64)
    platform_line_no = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=15, default=PlatformRefundState.ASKED)
    state_at = models.DateTimeField()
    asked_minor = models.BigIntegerField()
    version = models.CharField(max_length=40, blank=True)
    phase = models.CharField(max_length=20, blank=True)
    wants_return = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    told_at = models.DateTimeField()
    subject_id = models.BigIntegerField()
    words_sealed = models.BinaryField(default=b"")

    personal = frozenset({"words_sealed"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "refund_no"], name="platform_refund_once"),
            models.CheckConstraint(condition=Q(asked_minor__gte=0), name="platform_refund_not_negative"),
        ]
        indexes = [models.Index(fields=["order"], name="platform_refund_order")]


class LineBalance(models.Model):
    """What of an order line was given back or promised: the database itself refuses more than was paid."""

    order_line_id = models.BigIntegerField(primary_key=True)
    order_id = models.BigIntegerField()
    quantity = models.IntegerField()
    paid_minor = models.BigIntegerField()
    given_quantity = models.IntegerField(default=0)
    given_minor = models.BigIntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_minor__gte=0, given_minor__lte=F("paid_minor")), name="refund_never_above_paid"
            ),
            models.CheckConstraint(
                condition=Q(given_quantity__gte=0, given_quantity__lte=F("quantity")), name="refund_never_more_pieces"
            ),
        ]


class Refund(models.Model):
    """Money going back for one case: a refund of lines, or a compensation beside them. One of a kind per offer."""

    case = models.ForeignKey("aftersale.AfterSaleCase", models.PROTECT, related_name="refunds")
    offer = models.ForeignKey("aftersale.Offer", models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey("intake.Order", models.PROTECT, related_name="+")
    platform_refund = models.ForeignKey(PlatformRefund, models.PROTECT, null=True, related_name="+")
    is_compensation = models.BooleanField(default=False)
    way = models.CharField(max_length=10)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default=RefundState.PROPOSED)
    state_at = models.DateTimeField()
    proposed_at = models.DateTimeField()
    proposed_by = models.BigIntegerField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.BigIntegerField(null=True)
    paid_at = models.DateTimeField(null=True)
    paid_evidence = models.CharField(max_length=200, blank=True)
    reject_reason = models.CharField(max_length=300, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "is_compensation"],
                name="aftersale_refund_once",
                condition=Q(state__in=[str(state) for state in COUNTS_AS_GIVEN]),
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="aftersale_refund_positive"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="aftersale_refund_approved_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(state=RefundState.PAID) | Q(paid_at__isnull=False), name="aftersale_refund_paid_at"
            ),
        ]
        indexes = [models.Index(fields=["shop", "state", "-id"], name="aftersale_refund_shop_state")]


class RefundLine(models.Model):
    """What of one order line a refund gives back."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="lines", db_index=False)
    order_line_id = models.BigIntegerField()
    quantity = models.IntegerField()
    amount_minor = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["refund", "order_line_id"], name="aftersale_refund_line_once")]
