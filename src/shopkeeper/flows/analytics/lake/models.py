"""How far the lake is written, which files it consists of, and what cleaning set aside.

The files hold the rows; the list of files is kept here, so that what a transaction wrote is seen with its commit
or not at all, and a file that a killed run left behind is nobody's.
"""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.analytics.lake.states import OUT, SetAsideState, SourceKind, Subject
from shopkeeper.foundation.declared import ALL_OTHERS

THE_LAKE = 1  # there is one lake: the number of its watermark, and the subject of its deadlines


class Watermark(models.Model):
    """How far the event log is in the lake; one row. `batch` numbers the writes and is their rows' version."""

    batch = models.BigIntegerField(default=0)
    xid = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    spool_id = models.BigIntegerField(default=0)  # the last of the collector's files that is in the lake
    figure_set_id = models.BigIntegerField(default=0)  # the last set of imported figures that is
    read_until = models.DateTimeField(null=True)  # when the last event that was written happened
    written_at = models.DateTimeField(null=True)
    tidied_at = models.DateTimeField(null=True)
    rebuild_asked_at = models.DateTimeField(null=True)
    rebuild_reason = models.CharField(max_length=300, blank=True)  # of the last one asked for
    rebuilt_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=THE_LAKE), name="lake_watermark_one")]


class LakeFile(models.Model):
    """One Parquet file of the lake. Without `home` it is fresh: as written; with it, a day's merged file.

    `from_day` and `to_day` span the rows' `biz_date`. A replaced file is read by nobody new, and removed later.
    """

    table = models.CharField(max_length=30)
    name = models.CharField(max_length=120, unique=True)
    batch = models.BigIntegerField()
    home = models.DateField(null=True)
    from_day = models.DateField()
    to_day = models.DateField()
    row_count = models.BigIntegerField()
    byte_count = models.BigIntegerField()
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)  # machine time: what reads it meanwhile runs on it

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "home"],
                name="lake_file_one_a_day",
                condition=Q(replaced_at__isnull=True, home__isnull=False),
            ),
            models.CheckConstraint(condition=Q(from_day__lte=F("to_day")), name="lake_file_days_forwards"),
        ]
        indexes = [
            models.Index(fields=["table", "home"], name="lake_file_read", condition=Q(replaced_at__isnull=True)),
            models.Index(fields=["replaced_at"], name="lake_file_replaced", condition=Q(replaced_at__isnull=False)),
        ]


class CleaningDay(models.Model):
    """What cleaning suspects in a shop on one day, to be confirmed together by a time."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()  # on which it was found
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "day"], name="cleaning_day_once")]


class SetAside(models.Model):
    """One verdict: what it is about, why, how much it takes out of the figures, and what a person said of it.

    `key` is an order's id, or shop, day and visitor (a keyed hash that names nobody).
    """

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=10)
    key = models.CharField(max_length=120)
    rule = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=SetAsideState.SUSPECTED)
    state_at = models.DateTimeField()
    biz_date = models.DateField()
    row_count = models.IntegerField()
    amount_minor = models.BigIntegerField(default=0)
    facts = models.JSONField(default=dict)  # the arithmetic behind the verdict: counts and limits
    day = models.ForeignKey(CleaningDay, models.PROTECT, null=True, related_name="rows")
    found_at = models.DateTimeField()
    found_by = models.BigIntegerField()  # 0 = by a rule
    reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "key"], name="set_aside_once"),
            models.CheckConstraint(condition=Q(subject__in=list(Subject)), name="set_aside_subject_known"),
            models.CheckConstraint(condition=Q(row_count__gte=0), name="set_aside_counts"),
            models.CheckConstraint(
                condition=~Q(state=SetAsideState.PUT_BACK) | ~Q(decided_reason=""), name="put_back_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="set_aside_state"),
            models.Index(fields=["rule", "-id"], name="set_aside_rule"),
            models.Index(fields=["shop", "biz_date"], name="set_aside_out", condition=Q(state__in=list(OUT))),
        ]


class KnownSource(models.Model):
    """A buyer or a visitor that is one of us, named by the keyed hash they have in the lake."""

    kind = models.CharField(max_length=15)
    key = models.CharField(max_length=80)
    note = models.CharField(max_length=200)
    listed_at = models.DateTimeField()
    listed_by = models.BigIntegerField()
    unlisted_at = models.DateTimeField(null=True)
    unlisted_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], name="known_source_once", condition=Q(unlisted_at__isnull=True)
            ),
            models.CheckConstraint(condition=Q(kind__in=list(SourceKind)), name="known_source_kind"),
        ]
