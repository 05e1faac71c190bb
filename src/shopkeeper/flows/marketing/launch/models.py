"""Materials with their versions and uses, the shop's brand colours; the gate with its runs, checks and examples."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.marketing.launch.states import GateState, MaterialState, Verdict
from shopkeeper.foundation.declared import ALL_OTHERS


class Brand(models.Model):
    """The colours of a shop's brand, as #rrggbb."""

    shop = models.OneToOneField("foundation.Shop", models.PROTECT, related_name="+")
    colours = ArrayField(models.CharField(max_length=7), default=list)
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class Material(models.Model):
    """What a campaign needs made: the brief. `must_say` are the words the offer has to be brought out with."""

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=80)
    channel = models.CharField(max_length=40, blank=True)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    must_say = ArrayField(models.CharField(max_length=60), default=list)
    notes = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, default=MaterialState.BRIEFED)
    state_at = models.DateTimeField()
    due_at = models.DateTimeField()
    briefed_at = models.DateTimeField()
    briefed_by = models.BigIntegerField()
    newest = models.IntegerField(default=0)
    approved = models.IntegerField(default=0)  # number of the version that may be used; 0: none yet

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "title"], name="material_title_once"),
            models.CheckConstraint(
                condition=Q(width__gte=0, height__gte=0, newest__gte=F("approved"), approved__gte=0),
                name="material_numbers",
            ),
            models.CheckConstraint(
                condition=~Q(state=MaterialState.APPROVED) | Q(approved__gt=0), name="material_approved_version"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="material_state"),
            models.Index(fields=["shop", "-id"], name="material_shop"),
        ]


class MaterialVersion(models.Model):
    """One try: a kept file, or a text; what was measured of it, what was found, what somebody decided."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="versions", db_index=False)
    number = models.IntegerField()
    digest = models.CharField(max_length=64, blank=True)
    shown_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=5000, blank=True)
    note = models.CharField(max_length=300, blank=True)
    verdict = models.CharField(max_length=10, default=Verdict.WAITING)
    measures = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    checked_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    is_approved = models.BooleanField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="material_version_once"),
            models.CheckConstraint(condition=~Q(digest="", text=""), name="material_version_holds_something"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("made_by")) | Q(made_by=0),
                name="material_decided_by_another",
            ),
        ]


class MaterialUse(models.Model):
    """An approved version in use: in which channel, in which place, since when."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="uses", db_index=False)
    number = models.IntegerField()
    channel = models.CharField(max_length=40)
    place = models.CharField(max_length=80)
    used_from = models.DateTimeField()
    noted_at = models.DateTimeField()
    noted_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["material", "number", "channel", "place"], name="material_use_once")
        ]


class Gate(models.Model):
    """What a campaign passes before it goes live. `fingerprint` is of what the last run tested."""

    campaign = models.OneToOneField("campaigns.Campaign", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=GateState.WAITING)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    for_start = models.DateTimeField()  # the campaign's start when the gate was opened
    due_at = models.DateTimeField()
    runs = models.IntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    tested_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    expired_because = models.CharField(max_length=20, blank=True)
    overridden_at = models.DateTimeField(null=True)
    overridden_by = models.BigIntegerField(null=True)
    override_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=GateState.OVERRIDDEN) | (Q(overridden_by__isnull=False) & ~Q(override_reason="")),
                name="gate_override_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[GateState.GREEN, GateState.OVERRIDDEN]) | Q(expires_at__isnull=False),
                name="gate_result_expires",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="gate_state")]


class GateRun(models.Model):
    """One test of a gate. `is_green` null: not through yet."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="tests", db_index=False)
    number = models.IntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    is_green = models.BooleanField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gate", "number"], name="gate_run_once")]


class GateCheck(models.Model):
    """One check of one run: green, red or not applicable, with its arithmetic and what was measured."""

    run = models.ForeignKey(GateRun, models.PROTECT, related_name="checks", db_index=False)
    key = models.CharField(max_length=20)
    verdict = models.CharField(max_length=15)
    facts = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    checked_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="gate_check_once")]


class GateExample(models.Model):
    """A cart somebody wrote down with what it has to come to. Amounts in minor units of the campaign's currency.

    `lines` are [{"sku_id", "quantity", "paid_minor" or null}]; `rule_ids` the promotions whose coupon is in hand.
    """

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    lines = models.JSONField()
    level = models.CharField(max_length=40, blank=True)
    segments = ArrayField(models.CharField(max_length=40), default=list)
    is_new = models.BooleanField(default=False)
    rule_ids = ArrayField(models.BigIntegerField(), default=list)
    freight_minor = models.BigIntegerField(default=0)
    expected_minor = models.BigIntegerField()
    written_at = models.DateTimeField()
    written_by = models.BigIntegerField()
    dropped_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="gate_example_once"),
            models.CheckConstraint(
                condition=Q(expected_minor__gte=0, freight_minor__gte=0), name="gate_example_amounts"
            ),
        ]
