"""What is collected: the collector's keys, files and counts; imported figures; what sources disagree about.

The collector's events themselves stay in its files and never come here.
"""

from django.db import models
from django.db.models import Q

from shopkeeper.flows.analytics.collection.states import DisagreementState, FigureImportState, FiguresDayState
from shopkeeper.foundation.declared import ALL_OTHERS


class CollectorKey(models.Model):
    """The key a shop's pages send their traffic under. It stands in the page, so it is no secret; origins bind it."""

    shop = models.OneToOneField("foundation.Shop", models.PROTECT, related_name="+")
    key = models.CharField(max_length=40, unique=True)
    version = models.IntegerField(default=1)
    origins = models.CharField(max_length=1_000, blank=True)  # pages that may send, space between
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class SpoolFile(models.Model):
    """A file of the collector that was counted, once. Ids ascend in the order files were counted."""

    name = models.CharField(max_length=80, unique=True)
    size = models.BigIntegerField()
    lines = models.IntegerField()
    valid = models.IntegerField()
    bots = models.IntegerField()
    duplicates = models.IntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    drained_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class MinuteCounter(models.Model):
    """How much of a figure a shop's minute had, by channel. Only sums: distinct visitors are in sketches."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    minute = models.DateTimeField()
    channel = models.CharField(max_length=16)
    figure = models.CharField(max_length=12)  # a TrafficKind, or bots, duplicates
    value = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "minute", "channel", "figure"], name="minute_counter_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="minute_counter_not_negative"),
        ]


class HourSketch(models.Model):
    """Whom a shop's hour had, as a sketch that merges with others without counting anybody twice."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    hour = models.DateTimeField()
    channel = models.CharField(max_length=16, blank=True)  # empty: all channels
    counted = models.CharField(max_length=16)
    sketch = models.BinaryField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "hour", "channel", "counted"], name="hour_sketch_once")]


class FigureSource(models.Model):
    """A tool whose figures of a shop are brought every day."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)
    since_on = models.DateField()
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "source"], name="figure_source_once")]


class Delivery(models.Model):
    """One day's figures of a source: awaited from the day's end, in or excused in the end."""

    figure_source = models.ForeignKey(FigureSource, models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    state = models.CharField(max_length=10, default=FiguresDayState.AWAITED)
    state_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    excuse = models.CharField(max_length=300, blank=True)
    excused_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["figure_source", "day"], name="delivery_once"),
            models.CheckConstraint(
                condition=~Q(state=FiguresDayState.EXCUSED) | (~Q(excuse="") & Q(excused_by__isnull=False)),
                name="delivery_excused_with_words",
            ),
        ]
        indexes = [models.Index(fields=["shop", "-day"], name="delivery_shop_day")]


class FigureImport(models.Model):
    """A file of figures somebody handed in: how far it is, and what came of it."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)
    profile = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)
    shown_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, default=FigureImportState.QUEUED)
    state_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    stop_asked_at = models.DateTimeField(null=True)
    done_count = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    result = models.JSONField(default=dict)  # counts, or why it failed
    failures_digest = models.CharField(max_length=64, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="figure_import_shop")]


class FigureSet(models.Model):
    """All figures of one sheet for one period. A newer one replaces it; the older stays on record."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=20)
    breakdown = models.CharField(max_length=10)
    period = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField()
    figure_import = models.ForeignKey(FigureImport, models.PROTECT, null=True, related_name="sets")
    digest = models.CharField(max_length=64, blank=True)  # of the file, or of what a program handed in
    taken_in_at = models.DateTimeField()
    taken_in_by = models.BigIntegerField()
    replaced_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "source", "breakdown", "period", "starts_on"],
                name="figure_set_current_once",
                condition=Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="figure_set_forwards"),
        ]
        indexes = [models.Index(fields=["shop", "-starts_on"], name="figure_set_shop_day")]


class Figure(models.Model):
    """One figure as the platform counts it: whole numbers, money in minor units. `line` leads to the raw row."""

    figure_set = models.ForeignKey(FigureSet, models.CASCADE, related_name="figures", db_index=False)
    channel = models.CharField(max_length=16, blank=True)  # our class of it; empty: all
    channel_name = models.CharField(max_length=80, blank=True)  # as the platform calls it
    figure = models.CharField(max_length=30)
    value = models.BigIntegerField()
    line = models.IntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["figure_set", "channel_name", "figure"], name="figure_once"),
        ]


class RatioFlag(models.Model):
    """A ratio the file states that its own parts do not give. In parts per million, as stated and as recomputed."""

    figure_set = models.ForeignKey(FigureSet, models.CASCADE, related_name="flags")
    channel_name = models.CharField(max_length=80, blank=True)
    ratio = models.CharField(max_length=30)
    stated_ppm = models.BigIntegerField()
    computed_ppm = models.BigIntegerField()
    line = models.IntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class Disagreement(models.Model):
    """Two sources differ about one figure of a shop's day by more than the policy lets pass."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    figure = models.CharField(max_length=12)
    source = models.CharField(max_length=20)  # held against
    other_source = models.CharField(max_length=20)
    value = models.BigIntegerField()
    other_value = models.BigIntegerField()
    state = models.CharField(max_length=10, default=DisagreementState.OPEN)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    answered_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "day", "figure", "source", "other_source"],
                name="disagreement_open_once",
                condition=Q(state=DisagreementState.OPEN),
            ),
            models.CheckConstraint(
                condition=~Q(state=DisagreementState.ANSWERED)
                | (~Q(reason="") & Q(answered_by__isnull=False, ended_at__isnull=False)),
                name="disagreement_answered_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="disagreement_state"),
            models.Index(fields=["shop", "day"], name="disagreement_shop_day"),
        ]
