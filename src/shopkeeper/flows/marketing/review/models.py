"""Reviews with every version of their figures, meetings with who attended, action items, and what was learned."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.marketing.review.states import ActionState, ReviewState
from shopkeeper.foundation.declared import ALL_OTHERS


class Review(models.Model):
    """《活动复盘报告》 of one campaign: what the system counted (`version` of `Figures`) and what people say of it."""

    campaign = models.OneToOneField("campaigns.Campaign", models.PROTECT, related_name="review")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, default=ReviewState.DRAFT)
    state_at = models.DateTimeField()
    drafted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    worked = models.CharField(max_length=2_000, blank=True)
    not_worked = models.CharField(max_length=2_000, blank=True)
    advice = models.CharField(max_length=2_000, blank=True)
    completed_at = models.DateTimeField(null=True)
    completed_by = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ReviewState.DRAFT)
                | (
                    Q(submitted_by__isnull=False, submitted_at__isnull=False)
                    & ~Q(worked="")
                    & ~Q(not_worked="")
                    & ~Q(advice="")
                ),
                name="review_submitted_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.APPROVED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("submitted_by")) & ~Q(decided_by=F("completed_by"))),
                name="review_approved_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="review_report_state"),
            models.Index(fields=["shop", "-id"], name="review_report_shop"),
        ]


class Figures(models.Model):
    """A campaign's figures as they stood at a moment; rules/figures.py names what is in them. Never changed."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="versions", db_index=False)
    version = models.IntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.BigIntegerField()
    figures = models.JSONField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "version"], name="review_figures_once")]


class Meeting(models.Model):
    """A review meeting's minutes. `missing` are the roles that the policy asks for and that were not there."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="meetings", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    number = models.SmallIntegerField()
    held_at = models.DateTimeField()
    said = models.CharField(max_length=4_000)
    decisions = models.CharField(max_length=2_000)
    missing = ArrayField(models.CharField(max_length=30), default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="review_meeting_once"),
            models.CheckConstraint(condition=~Q(said="") & ~Q(decisions=""), name="review_meeting_with_words"),
        ]


class Attendance(models.Model):
    """Somebody who was at a meeting, with the roles they held then."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendees", db_index=False)
    person = models.ForeignKey("foundation.Person", models.PROTECT, related_name="+", db_index=False)
    roles = ArrayField(models.CharField(max_length=30))

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="review_attendance_once")]


class ActionItem(models.Model):
    """Something to be done after a review: planned in its report, or decided in its meeting. `role` is the owner's."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="actions", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="actions", db_index=False)
    number = models.SmallIntegerField()
    what = models.CharField(max_length=300)
    owner = models.ForeignKey("foundation.Person", models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    due_on = models.DateField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=ActionState.PLANNED)
    state_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    note = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="review_action_once"),
            models.CheckConstraint(
                condition=Q(state__in=[ActionState.PLANNED, ActionState.OPEN])
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(note="")),
                name="review_action_ended_with_note",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="review_action_state")]


class Template(models.Model):
    """What a reviewed campaign teaches the next: its realised rates (`learned`, see rules/learning.py), and a note."""

    campaign = models.OneToOneField("campaigns.Campaign", models.PROTECT, related_name="lesson")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    review = models.OneToOneField(Review, models.PROTECT, related_name="template")
    version = models.IntegerField()
    learned = models.JSONField()
    note = models.CharField(max_length=1_000, blank=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="review_template_shop")]


def review_number(review_id: int) -> str:
    """The number people see: FP (复盘) and ten digits."""
    return f"FP{review_id:010d}"


def action_number(action_id: int) -> str:
    """The number people see: XD (行动) and ten digits."""
    return f"XD{action_id:010d}"
