"""Consent of customers per channel, mailings of campaigns, and every recipient with what became of their message.

Where a customer is reached is sealed under their own key; mailings hold texts of ours, nobody's data.
"""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.marketing.outreach.states import (
    ConsentState,
    MailingState,
    NotSentReason,
    RecipientState,
)
from shopkeeper.foundation.declared import ALL_OTHERS


class Consent(models.Model):
    """One customer of one shop on one channel. Without a row there is no consent; buyers of platforms have none."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    subject_id = models.BigIntegerField()
    channel = models.CharField(max_length=5)
    state = models.CharField(max_length=10, default=ConsentState.GIVEN)
    state_at = models.DateTimeField()
    source = models.CharField(max_length=12)
    given_at = models.DateTimeField()
    given_by = models.BigIntegerField()
    withdrawn_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=10, blank=True)
    address_sealed = models.BinaryField(default=b"")  # {"address"}
    address_masked = models.CharField(max_length=60, blank=True)
    address_index = models.BinaryField(null=True)
    unreachable_since = models.DateTimeField(null=True)

    personal = frozenset({"address_sealed", "address_index"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "channel"], name="consent_once"),
            models.CheckConstraint(
                condition=Q(state=ConsentState.GIVEN) | (Q(withdrawn_at__isnull=False) & ~Q(way="")),
                name="consent_withdrawn_how",
            ),
        ]
        indexes = [
            models.Index(fields=["address_index", "channel"], name="consent_address"),
            models.Index(fields=["shop", "-id"], name="consent_shop"),
        ]


class Mailing(models.Model):
    """One message of a campaign to a segment on one channel. `text` is the part that is written; signature and way
    out are added when it is sent and cannot be left away. Counters are kept with every batch.
    """

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+")
    segment = models.ForeignKey("campaigns.Segment", models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=5)
    name = models.CharField(max_length=80)
    signature = models.CharField(max_length=20)
    template = models.CharField(max_length=40, blank=True)  # the provider's code of the approved text
    subject = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=4_000)
    planned_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=MailingState.DRAFT)
    state_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.BigIntegerField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    estimate = models.IntegerField(null=True)  # how many would have been written to when it was submitted
    estimate_minor = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    filled_upto = models.BigIntegerField(default=0)  # members of the segment up to this key have been judged
    filled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stopped_by = models.BigIntegerField(null=True)
    stop_reason = models.CharField(max_length=300, blank=True)
    units = models.IntegerField(default=0)  # what is paid for: mails, or billed segments of text messages
    cost_minor = models.BigIntegerField(null=True)  # once it has ended; grows by what was on its way when stopped
    booked_minor = models.BigIntegerField(default=0)  # how much of it stands in the campaign's budget
    cost_booked_at = models.DateTimeField(null=True)
    cost_refusal = models.CharField(max_length=40, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[MailingState.APPROVED, MailingState.SENDING, MailingState.SENT])
                | (Q(decided_by__isnull=False, submitted_by__isnull=False) & ~Q(decided_by=F("submitted_by"))),
                name="mailing_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailingState.SENT) | Q(filled_at__isnull=False, ended_at__isnull=False),
                name="mailing_sent_to_all",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailingState.STOPPED) | (Q(ended_at__isnull=False) & ~Q(stop_reason="")),
                name="mailing_stopped_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="mailing_state"),
            models.Index(fields=["shop", "-id"], name="mailing_shop"),
        ]


class Recipient(models.Model):
    """A member of the segment: written to once, or not, with the reason."""

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="recipients", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    subject_id = models.BigIntegerField()
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, default=RecipientState.QUEUED)
    state_at = models.DateTimeField()
    reason = models.CharField(max_length=12, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    outside_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=80, blank=True)
    units = models.SmallIntegerField(default=0)
    opted_out_at = models.DateTimeField(null=True)  # by this very message

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "subject_id"], name="recipient_once"),
            models.CheckConstraint(
                condition=~Q(state=RecipientState.SKIPPED) | Q(reason__in=[*map(str, NotSentReason)]),
                name="recipient_skipped_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=RecipientState.SKIPPED) | Q(consent__isnull=False), name="recipient_has_consent"
            ),
        ]
        indexes = [
            models.Index(fields=["mailing", "state", "-id"], name="recipient_state"),
            models.Index(
                fields=["consent", "queued_at"],
                name="recipient_counted",
                condition=~Q(state__in=[RecipientState.SKIPPED, RecipientState.FAILED]),
            ),
        ]


def mailing_number(mailing_id: int) -> str:
    """The number people see: QF (群发) and ten digits."""
    return f"QF{mailing_id:010d}"
