"""What a campaign needs beforehand: slots of the platform, places in the own shop, tasks."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from shopkeeper.flows.marketing.campaigns.states import SlotState, TaskState
from shopkeeper.foundation.declared import ALL_OTHERS


class SlotApplication(models.Model):
    """An application for a resource slot of the platform, to be made by `apply_by`."""

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="slots", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(max_length=80)  # 首页焦点图, 猜你喜欢
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    apply_by = models.DateTimeField()
    expected_cost_minor = models.BigIntegerField(default=0)
    cost_minor = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default=SlotState.TO_APPLY)
    state_at = models.DateTimeField()
    reference = models.CharField(max_length=80, blank=True)  # the platform's number of it
    answer = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    applied_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "place", "starts_at"], name="slot_application_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(expected_cost_minor__gte=0), name="slot_expected_cost_not_negative"),
            models.CheckConstraint(
                condition=~Q(state=SlotState.GRANTED) | Q(cost_minor__gte=0, answered_at__isnull=False),
                name="slot_granted_at_a_cost",
            ),
        ]


class OwnSlot(models.Model):
    """A place in the shop's own pages that shows one thing at a time: banner 1, the pop-up."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="own_slot_once")]


class SlotBooking(models.Model):
    """An own place held by a campaign for a time: two never hold it at one moment."""

    slot = models.ForeignKey(OwnSlot, models.PROTECT, related_name="bookings", db_index=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="bookings")
    during = DateTimeRangeField()
    booked_at = models.DateTimeField()
    booked_by = models.BigIntegerField()
    released_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="slot_booked_without_clash",
                expressions=[
                    # The slot as a range of one: this server has no operator class for plain numbers in GiST.
                    (Func(F("slot"), F("slot"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(during__isempty=False), name="slot_booking_not_empty"),
        ]


class CampaignTask(models.Model):
    """Something somebody does for a campaign by a day; `evidence` shows that it was done.

    `role` is who has it on the work list; `owner` the person by name, where one is named.
    """

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="tasks", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=120)
    role = models.CharField(max_length=30)
    owner = models.ForeignKey("foundation.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=TaskState.OPEN)
    state_at = models.DateTimeField()
    evidence = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    done_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "title"], name="campaign_task_once"),
            models.CheckConstraint(
                condition=~Q(state=TaskState.DONE) | (Q(done_by__isnull=False) & ~Q(evidence="")),
                name="campaign_task_done_with_evidence",
            ),
        ]
