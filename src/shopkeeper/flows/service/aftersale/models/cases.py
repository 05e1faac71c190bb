"""Cases and what is said in them: pieces, evidence, offers, and the order that replaces goods."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shopkeeper.flows.service.aftersale.states import ENDED, CaseState, Duty, OfferAnswer, PayWay, Verdict
from shopkeeper.foundation.declared import ALL_OTHERS

_LIVE = ~Q(state__in=[str(state) for state in ENDED])


class AfterSaleCase(models.Model):
    """One buyer's wish about pieces of one order. Which policy holds is fixed when it is opened."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey("intake.Order", models.PROTECT, related_name="+")
    ticket_id = models.BigIntegerField(null=True)
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT, null=True, related_name="+")
    policy_line = models.ForeignKey("aftersale.AfterSalePolicyLine", models.PROTECT, related_name="+", db_index=False)
    platform_refund = models.OneToOneField("aftersale.PlatformRefund", models.PROTECT, null=True, related_name="case")
    reason = models.CharField(max_length=20)
    reason_words = ArrayField(models.CharField(max_length=30), default=list)  # signs found, of our own list
    state = models.CharField(max_length=15, default=CaseState.OPENED)
    state_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    loss_minor = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    offer_due_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    solution = models.CharField(max_length=20, blank=True)
    duty = models.CharField(max_length=10, default=Duty.UNKNOWN)
    offers_made = models.IntegerField(default=0)
    subject_id = models.BigIntegerField()
    words_sealed = models.BinaryField(default=b"")

    personal = frozenset({"words_sealed"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "reason"], name="aftersale_open_once", condition=_LIVE),
            models.CheckConstraint(
                condition=_LIVE | Q(ended_at__isnull=False, ended_by__isnull=False), name="aftersale_ended_at_and_by"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="aftersale_state"),
            models.Index(fields=["shop", "state", "-id"], name="aftersale_shop_state"),
            models.Index(fields=["shop", "opened_at"], name="aftersale_shop_opened"),
        ]

    @property
    def number(self) -> str:
        return case_number(self.pk)


def case_number(case_id: int) -> str:
    """The number people see: SH and ten digits."""
    return f"SH{case_id:010d}"


class CaseLine(models.Model):
    """Pieces of one order line that the case is about."""

    case = models.ForeignKey(AfterSaleCase, models.PROTECT, related_name="lines", db_index=False)
    order_line = models.ForeignKey("intake.OrderLine", models.PROTECT, related_name="+")
    quantity = models.IntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "order_line"], name="aftersale_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="aftersale_line_positive"),
        ]


class EvidenceLink(models.Model):
    """A one-time door for the buyer. Its token is computed from the installation's key and stored nowhere."""

    case = models.ForeignKey(AfterSaleCase, models.PROTECT, related_name="links")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    shots = ArrayField(models.CharField(max_length=10))
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # another link took its place, or the case ended

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class Evidence(models.Model):
    """A picture or film. The file is sealed under the buyer's key and found by `file_ref`; its name is not kept."""

    case = models.ForeignKey(AfterSaleCase, models.PROTECT, related_name="evidence", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    link = models.ForeignKey(EvidenceLink, models.PROTECT, null=True, related_name="+", db_index=False)
    subject_id = models.BigIntegerField()
    file_ref = models.CharField(max_length=64)
    file_kind = models.CharField(max_length=10)
    size = models.BigIntegerField()
    shot = models.CharField(max_length=10)
    added_at = models.DateTimeField()
    added_by = models.BigIntegerField()  # 0: the buyer
    verdict = models.CharField(max_length=10, default=Verdict.PENDING)
    verdict_at = models.DateTimeField(null=True)
    verdict_by = models.BigIntegerField(null=True)
    verdict_reason = models.CharField(max_length=200, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "file_ref"], name="aftersale_evidence_once"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.PENDING, verdict_at__isnull=True, verdict_by__isnull=True)
                | Q(verdict_at__isnull=False, verdict_by__isnull=False) & ~Q(verdict=Verdict.PENDING),
                name="aftersale_verdict_at_and_by",
            ),
        ]


class Offer(models.Model):
    """One solution put to the buyer; `parts` keeps what of each line was meant: [line, pieces, minor units]."""

    case = models.ForeignKey(AfterSaleCase, models.PROTECT, related_name="offers", db_index=False)
    number = models.IntegerField()
    solution = models.CharField(max_length=20)
    refund_minor = models.BigIntegerField(default=0)
    compensation_minor = models.BigIntegerField(default=0)
    freight_minor = models.BigIntegerField(default=0)
    parts = models.JSONField(default=list)
    pay_way = models.CharField(max_length=10, default=PayWay.PLATFORM)
    coupon_code = models.CharField(max_length=40, blank=True)
    exchange_sku = models.ForeignKey("listing.Sku", models.PROTECT, null=True, related_name="+", db_index=False)
    freight_by = models.CharField(max_length=10)
    outside_policy = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.BigIntegerField()
    valid_until = models.DateTimeField()
    answer = models.CharField(max_length=10, default=OfferAnswer.PENDING)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="aftersale_offer_once"),
            models.UniqueConstraint(
                fields=["case"], name="aftersale_offer_pending_once", condition=Q(answer=OfferAnswer.PENDING)
            ),
            models.CheckConstraint(
                condition=Q(refund_minor__gte=0, compensation_minor__gte=0, freight_minor__gte=0),
                name="aftersale_offer_not_negative",
            ),
        ]


class Replacement(models.Model):
    """The order without money that takes goods to the buyer again."""

    case = models.OneToOneField(AfterSaleCase, models.PROTECT, related_name="replacement")
    order = models.OneToOneField("intake.Order", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS
