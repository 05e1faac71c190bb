"""Findings in figures, what was decided on them, the tasks that follow, and the same figure afterwards."""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.analytics.decisions.states import DecisionState, DecisionTaskState, FindingState
from shopkeeper.foundation.declared import ALL_OTHERS


class Finding(models.Model):
    """A figure of some days that somebody noticed. `compared` is the same number of days just before them.

    Without a shop it is about all of them. Values are whole numbers in the metric's own unit.
    """

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+", db_index=False)
    metric = models.CharField(max_length=60)
    unit = models.CharField(max_length=10)
    first_day = models.DateField()
    last_day = models.DateField()
    value = models.BigIntegerField()
    compared = models.BigIntegerField(null=True)
    words = models.CharField(max_length=500)
    state = models.CharField(max_length=10, default=FindingState.OPEN)
    state_at = models.DateTimeField()
    found_at = models.DateTimeField()
    found_by = models.BigIntegerField()
    due_at = models.DateTimeField()
    dismissed_reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "shop", "first_day", "last_day"], name="finding_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="finding_days_in_order"),
            models.CheckConstraint(
                condition=~Q(state=FindingState.DISMISSED) | ~Q(dismissed_reason=""), name="finding_dismissed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="finding_state"),
            models.Index(fields=["shop", "-id"], name="finding_shop"),
        ]


class Decision(models.Model):
    """What was decided on a finding: why, what is expected of the figure, and the day it is taken again."""

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="decision")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+", db_index=False)
    what = models.CharField(max_length=500)
    reason = models.CharField(max_length=1_000)
    expected = models.BigIntegerField()
    expected_words = models.CharField(max_length=500)
    measure_on = models.DateField()
    measure_at = models.DateTimeField()
    after_first_day = models.DateField()
    after_last_day = models.DateField()
    state = models.CharField(max_length=10, default=DecisionState.UNDER_WAY)
    state_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    decided_by = models.BigIntegerField()
    before = models.BigIntegerField()
    after = models.BigIntegerField(null=True)
    after_typed = models.BooleanField(default=False)  # entered with the conclusion: no figure could be taken
    effect = models.CharField(max_length=10, blank=True)
    measured_at = models.DateTimeField(null=True)
    conclude_due_at = models.DateTimeField(null=True)
    conclusion = models.CharField(max_length=10, blank=True)
    conclusion_words = models.CharField(max_length=1_000, blank=True)
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(expected_words="") & ~Q(what=""), name="decision_says_why"
            ),
            models.CheckConstraint(
                condition=Q(after_last_day__gte=F("after_first_day"), measure_on__gt=F("after_last_day")),
                name="decision_measured_afterwards",
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.UNDER_WAY) | (Q(measured_at__gte=F("measure_at")) & ~Q(effect="")),
                name="decision_not_measured_early",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.CONCLUDED)
                | (~Q(conclusion="") & ~Q(conclusion_words="") & Q(concluded_by__isnull=False)),
                name="decision_concluded_with_words",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="decision_state")]


class DecisionTask(models.Model):
    """What somebody has to do for a decision, until when; `owner` is a role of the procedure."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="tasks")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.CharField(max_length=30)
    what = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=DecisionTaskState.OPEN)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    note = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "owner", "what"], name="decision_task_once"),
            models.CheckConstraint(
                condition=Q(state=DecisionTaskState.OPEN) | (~Q(note="") & Q(ended_at__isnull=False)),
                name="decision_task_ended_with_note",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="decision_task_due")]


def finding_number(finding_id: int) -> str:
    """The number people see: FX (发现) and ten digits."""
    return f"FX{finding_id:010d}"
