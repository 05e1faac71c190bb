"""The machinery's own rows: business clock, log readers' cursors, errands to outside systems."""

from django.db import models

from shopkeeper.foundation.declared import ALL_OTHERS


class BusinessClock(models.Model):
    """One row in simulated installations: the business time that was last set."""

    now = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class ReaderCursor(models.Model):
    """How far a reader of the event log has come: all events up to (xid, event_id) are behind it."""

    name = models.CharField(max_length=100, unique=True)
    xid = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    last_error = models.TextField(blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class ErrandEntry(models.Model):
    """Something to be said to an outside system; deleted once it was acknowledged."""

    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    shop_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    next_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="errand_once")]
        indexes = [
            models.Index(fields=["next_at", "id"], name="errand_due", condition=models.Q(given_up_at__isnull=True))
        ]
