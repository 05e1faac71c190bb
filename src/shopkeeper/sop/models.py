"""Open deadlines, policy history, named owners of clauses, who knows the house. Closed deadlines are an append-only
history."""

from django.db import models

from shopkeeper.foundation.declared import ALL_OTHERS


class Deadline(models.Model):
    """One open duty: what the procedure asks, of whom, by when. Closing moves it to the history."""

    kind = models.CharField(max_length=60)
    clause = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    shop_id = models.BigIntegerField(null=True)
    warehouse_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30, blank=True)  # empty: the system's own watch, on no work list
    label = models.CharField(max_length=120, blank=True)
    armed_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True)  # what is asked cannot be done before; empty: from the start
    due_at = models.DateTimeField()
    late_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey("foundation.Person", models.SET_NULL, null=True, db_index=False)
    claimed_at = models.DateTimeField(null=True)
    handed_over_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="deadline_once"),
            models.CheckConstraint(
                condition=models.Q(claimed_by__isnull=True) | models.Q(claimed_at__isnull=False),
                name="deadline_claimed_by_and_at",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="deadline_due", condition=models.Q(late_at__isnull=True)),
            models.Index(fields=["role", "due_at", "id"], name="deadline_work", condition=~models.Q(role="")),
            models.Index(
                fields=["late_at"],
                name="deadline_late",
                condition=models.Q(late_at__isnull=False, escalated_at__isnull=True),
            ),
            models.Index(fields=["claimed_by"], name="deadline_claimed", condition=models.Q(claimed_by__isnull=False)),
        ]


class PolicyValue(models.Model):
    """One setting of one policy key, from a moment on; rows are never changed."""

    key = models.CharField(max_length=60)
    shop = models.ForeignKey("foundation.Shop", models.CASCADE, null=True)
    value = models.JSONField()
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()
    reason = models.CharField(max_length=300)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [models.Index(fields=["key", "shop", "-id"], name="policy_latest")]


class ClauseOwner(models.Model):
    """Who answers for a clause in a shop, and who stands in."""

    clause = models.CharField(max_length=10)
    shop = models.ForeignKey("foundation.Shop", models.CASCADE)
    owner = models.ForeignKey("foundation.Person", models.PROTECT, related_name="+")
    deputy = models.ForeignKey("foundation.Person", models.PROTECT, null=True, related_name="+")
    is_deputy_standing_in = models.BooleanField(default=False)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "shop"], name="clause_owner_once")]


class FirstVisit(models.Model):
    """Somebody who has put the newcomer's panel away; whoever has no row still finds it above the work list."""

    person = models.OneToOneField("foundation.Person", models.CASCADE, primary_key=True, related_name="+")
    ended_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS
