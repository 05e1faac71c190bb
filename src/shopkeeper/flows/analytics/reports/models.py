"""Reports with every version of their figures, and the targets they are held against. Nothing here is personal."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.analytics.reports.states import ReportState
from shopkeeper.foundation.declared import ALL_OTHERS


class Report(models.Model):
    """《运营数据分析报告》 of a period: of one shop, or (no shop) of all of them together.

    The analyses and the comment are about the work; no customer's name belongs there.
    """

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+", db_index=False)
    period = models.CharField(max_length=10)
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=10, default=ReportState.MAKING)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    sign_due_at = models.DateTimeField()
    version = models.IntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    failed = ArrayField(models.CharField(max_length=20), default=list)  # parts that could not be computed
    headlines = models.JSONField(default=dict)  # figure: [top, bottom], for lists
    traffic_analysis = models.CharField(max_length=2_000, blank=True)
    sales_analysis = models.CharField(max_length=2_000, blank=True)
    customers_analysis = models.CharField(max_length=2_000, blank=True)
    comment = models.CharField(max_length=2_000, blank=True)
    despite = models.CharField(max_length=300, blank=True)  # why it was signed with a part missing
    signed_at = models.DateTimeField(null=True)
    signed_by = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "period", "first_day"], name="report_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="report_days_in_order"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | (Q(signed_by__isnull=False) & ~Q(comment="")),
                name="report_signed_with_words",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(failed__len=0) | ~Q(despite=""),
                name="report_incomplete_signed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("signed_by")),
                name="report_confirmed_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["-last_day", "-id"], name="report_newest"),
            models.Index(fields=["shop", "period", "-first_day"], name="report_shop_period"),
            models.Index(fields=["state", "-id"], name="report_state"),
        ]


class ReportVersion(models.Model):
    """The figures of a report as they were computed once; a later version does not change an earlier one."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions", db_index=False)
    version = models.IntegerField()
    made_at = models.DateTimeField()
    figures = models.JSONField()  # rules/snapshot.py names what is in it
    failed = ArrayField(models.CharField(max_length=20), default=list)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "version"], name="report_version_once")]


class Target(models.Model):
    """What a figure is to be in a month, in the figure's own unit (fen, counts, parts of 10,000)."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+", db_index=False)
    metric_id = models.CharField(max_length=40)
    month = models.DateField()  # its first day
    value = models.BigIntegerField()
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "metric_id", "month"], name="target_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(value__gt=0), name="target_positive"),
        ]


def report_number(report_id: int) -> str:
    """The number people see: BG (报告) and ten digits."""
    return f"BG{report_id:010d}"
