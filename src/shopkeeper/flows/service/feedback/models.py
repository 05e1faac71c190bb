"""Surveys and recoveries of S3.1; summaries, their problems, and improvements of S3.2.

What customers write, and what is noted about talking to them, is sealed under their key.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.service.feedback.states import (
    ImprovementState,
    RecoveryState,
    SummaryState,
    SurveyState,
)
from shopkeeper.foundation.declared import ALL_OTHERS


class Survey(models.Model):
    """One question to one customer about one ticket, or about one after-sale case that has no ticket.

    The link's token is computed from the installation's key and stored nowhere.
    """

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    ticket = models.OneToOneField("tickets.Ticket", models.PROTECT, null=True, related_name="survey")
    case = models.OneToOneField("aftersale.AfterSaleCase", models.PROTECT, null=True, related_name="survey")
    order = models.ForeignKey("intake.Order", models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)  # the ticket's type as it stood
    agent = models.ForeignKey("tickets.Agent", models.PROTECT, null=True, related_name="+", db_index=False)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=10, default=SurveyState.PLANNED)
    state_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    skip_reason = models.CharField(max_length=20, blank=True)
    way = models.CharField(max_length=10, blank=True)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    invited_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    score = models.SmallIntegerField(null=True)
    comment_sealed = models.BinaryField(default=b"")  # {"comment"}
    has_comment = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)

    personal = frozenset({"comment_sealed"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=False, case__isnull=True) | Q(ticket__isnull=True, case__isnull=False),
                name="survey_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="survey_score_one_to_five"
            ),
            models.CheckConstraint(
                condition=~Q(state=SurveyState.ANSWERED) | Q(score__isnull=False, answered_at__isnull=False),
                name="survey_answered_with_score",
            ),
            models.CheckConstraint(
                condition=~Q(state=SurveyState.SKIPPED) | ~Q(skip_reason=""), name="survey_skipped_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="survey_shop"),
            models.Index(fields=["state", "-id"], name="survey_state"),
            models.Index(fields=["subject_id", "-invited_at"], name="survey_customer"),
            models.Index(fields=["shop", "invited_at"], name="survey_invited"),
            models.Index(fields=["shop", "answered_at"], name="survey_answered"),
        ]


def survey_number(survey_id: int) -> str:
    """The number people see: PJ (评价) and ten digits."""
    return f"PJ{survey_id:010d}"


class Recovery(models.Model):
    """A customer gave a low score: somebody speaks to them. One per survey."""

    survey = models.OneToOneField(Survey, models.PROTECT, related_name="recovery")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    subject_id = models.BigIntegerField()
    score = models.SmallIntegerField()
    state = models.CharField(max_length=10, default=RecoveryState.OPEN)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RecoveryState.OPEN) | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="recovery_ended_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="recovery_state_due"),
            models.Index(fields=["shop", "-id"], name="recovery_shop"),
        ]


class RecoveryTry(models.Model):
    """One try to reach the customer: the coded outcome, and what was said in the customer's sealed envelope."""

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="tries", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    attempt = models.SmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    outcome = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    note_sealed = models.BinaryField(default=b"")  # {"note"}

    personal = frozenset({"note_sealed"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recovery", "attempt"], name="recovery_try_once")]


class DailySummary(models.Model):
    """工单日报: a shop's day in figures as they stood at its close, with the remarks and the signature of people."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    state = models.CharField(max_length=10, default=SummaryState.DRAFT)
    state_at = models.DateTimeField()
    drafted_at = models.DateTimeField()
    complete_due_at = models.DateTimeField()
    sign_due_at = models.DateTimeField()
    figures = models.JSONField()  # rules/figures.py names what is in it
    trend_days = models.SmallIntegerField()
    remarks = models.CharField(max_length=2_000, blank=True)  # about the work, no names of customers
    completed_at = models.DateTimeField(null=True)
    completed_by = models.BigIntegerField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "day"], name="summary_once_a_day"),
            models.CheckConstraint(
                condition=Q(state=SummaryState.DRAFT) | (Q(completed_by__isnull=False) & ~Q(remarks="")),
                name="summary_completed_with_remarks",
            ),
            models.CheckConstraint(
                condition=~Q(state=SummaryState.SIGNED)
                | (Q(signed_by__isnull=False, signed_at__isnull=False) & ~Q(signed_by=F("completed_by"))),
                name="summary_signed_by_another",
            ),
        ]
        indexes = [models.Index(fields=["state", "-day", "-id"], name="summary_state")]


class Problem(models.Model):
    """One frequent problem of a day: a type, and the product or courier and warehouse that it is about.

    `before_tickets` counts the summary's `trend_days` before the day; `orders` the orders of the same product,
    courier and warehouse paid on the day and in those days.
    """

    summary = models.ForeignKey(DailySummary, models.PROTECT, related_name="problems", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    rank = models.SmallIntegerField()
    kind = models.CharField(max_length=20)
    sku = models.ForeignKey("listing.Sku", models.PROTECT, null=True, related_name="+", db_index=False)
    courier = models.CharField(max_length=20, blank=True)
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT, null=True, related_name="+", db_index=False)
    tickets = models.IntegerField()
    before_tickets = models.IntegerField()
    orders = models.IntegerField()
    examples = ArrayField(models.BigIntegerField(), default=list)  # tickets

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["summary", "rank"], name="problem_rank_once"),
            models.CheckConstraint(condition=Q(tickets__gt=0, before_tickets__gte=0), name="problem_counts"),
        ]


class Improvement(models.Model):
    """A problem given to whoever can end it, with the figure as it was, what was done, and the figure afterwards."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="improvements", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    owner = models.CharField(max_length=20)  # a role
    what = models.CharField(max_length=500)
    state = models.CharField(max_length=10, default=ImprovementState.OPEN)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    due_at = models.DateTimeField()
    reply = models.CharField(max_length=1_000, blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.BigIntegerField(null=True)
    measure_at = models.DateTimeField(null=True)
    after_tickets = models.IntegerField(null=True)
    after_orders = models.IntegerField(null=True)
    measured_at = models.DateTimeField(null=True)
    effect = models.CharField(max_length=10, blank=True)
    conclusion = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["problem", "owner"], name="improvement_once"),
            models.CheckConstraint(
                condition=Q(state=ImprovementState.OPEN) | (~Q(reply="") & Q(measure_at__isnull=False)),
                name="improvement_replied_with_words",
            ),
            models.CheckConstraint(
                condition=Q(measured_at__isnull=True) | Q(measured_at__gte=F("measure_at")),
                name="improvement_not_measured_early",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="improvement_state"),
            models.Index(fields=["shop", "-id"], name="improvement_shop"),
        ]


def improvement_number(improvement_id: int) -> str:
    """The number people see: GJ (改进) and ten digits."""
    return f"GJ{improvement_id:010d}"
