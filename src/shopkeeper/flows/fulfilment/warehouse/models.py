"""Waves, the orders in them, what is to be picked, what was scanned, and what failed inspection."""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.fulfilment.warehouse.states import (
    HELD_BY_WAVE,
    STILL_TO_PACK,
    PickState,
    Verdict,
    WaveOrderState,
    WaveState,
)
from shopkeeper.foundation.declared import ALL_OTHERS


class Wave(models.Model):
    """Orders that are picked in one walk. `ship_by_at` is the earliest of its orders'."""

    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT)
    state = models.CharField(max_length=20, default=WaveState.OPEN)
    state_at = models.DateTimeField()
    released_at = models.DateTimeField()
    released_by = models.BigIntegerField()
    claimed_by = models.BigIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)
    picked_at = models.DateTimeField(null=True)
    ship_by_at = models.DateTimeField(null=True)
    order_count = models.IntegerField()
    line_count = models.IntegerField(default=0)
    piece_count = models.IntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="wave_claimed_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(picked_at__isnull=False) | ~Q(state__in=[WaveState.PICKED, WaveState.DONE]),
                name="wave_picked_at_with_state",
            ),
        ]
        indexes = [models.Index(fields=["warehouse", "state", "-id"], name="wave_state")]

    @property
    def number(self) -> str:
        return wave_number(self.id)


def wave_number(wave_id: int) -> str:
    """The number people see and scan: BC (波次) and eight digits."""
    return f"BC{wave_id:08d}"


def tote_number(wave_id: int, slot: int) -> str:
    """The number on a tote: its wave and its slot."""
    return f"{wave_number(wave_id)}-{slot:02d}"


class WaveOrder(models.Model):
    """One order in one slot of a wave, from the first pick to the closed parcel."""

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="orders")
    order = models.ForeignKey("intake.Order", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT, related_name="+")
    slot = models.SmallIntegerField()
    state = models.CharField(max_length=20, default=WaveOrderState.PICKING)
    state_at = models.DateTimeField()
    ship_by_at = models.DateTimeField(null=True)
    packer_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField(null=True)
    recheck_asked_at = models.DateTimeField(null=True)
    rechecked_at = models.DateTimeField(null=True)  # the platform's last word on refunds
    weight_g = models.IntegerField(null=True)
    expected_weight_g = models.IntegerField(null=True)
    forced_reason = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=20, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.BigIntegerField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "slot"], name="wave_slot_once"),
            models.UniqueConstraint(
                fields=["order"], name="wave_order_once", condition=Q(state__in=list(HELD_BY_WAVE))
            ),
            models.CheckConstraint(
                condition=Q(weight_g__gt=0, closed_at__isnull=False) | ~Q(state=WaveOrderState.PACKED),
                name="wave_order_packed_is_weighed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["warehouse", "state", "ship_by_at"],
                name="wave_order_at_work",
                condition=Q(state__in=[*STILL_TO_PACK, WaveOrderState.RETURNING]),
            ),
            models.Index(fields=["closed_at"], name="wave_order_packed", condition=Q(state=WaveOrderState.PACKED)),
        ]


class PackLine(models.Model):
    """What must be in the parcel: one order line; `checked` pieces of it have passed the eye."""

    wave_order = models.ForeignKey(WaveOrder, models.PROTECT, related_name="pack_lines")
    order_line_id = models.BigIntegerField()
    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    checked = models.IntegerField(default=0)
    is_gift = models.BooleanField(default=False)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave_order", "order_line_id"], name="pack_line_once"),
            models.CheckConstraint(
                condition=Q(checked__gte=0) & Q(checked__lte=F("quantity")), name="pack_line_checked_within"
            ),
        ]


class PickLine(models.Model):
    """Pieces of one lot to be fetched for one order line; what was known of lot, bin and SKU stays as it was.

    `missing` were not at the bin, `failed` were fetched and did not pass the eye.
    """

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="pick_lines")
    wave_order = models.ForeignKey(WaveOrder, models.PROTECT, related_name="pick_lines")
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT, related_name="+")
    order_id = models.BigIntegerField()
    order_line_id = models.BigIntegerField()
    allotment_id = models.BigIntegerField()
    lot_id = models.BigIntegerField()
    lot_code = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    bin_code = models.CharField(max_length=30)
    path_order = models.IntegerField()
    sku_id = models.BigIntegerField()
    sku_code = models.CharField(max_length=60)
    barcode = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    spec = models.CharField(max_length=100, blank=True)
    is_gift = models.BooleanField(default=False)
    is_repick = models.BooleanField(default=False)
    quantity = models.IntegerField()
    picked = models.IntegerField(default=0)
    missing = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    state = models.CharField(max_length=12, default=PickState.OPEN)
    state_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(picked__gte=0) & Q(picked__lte=F("quantity")), name="pick_line_picked_within"
            ),
            models.CheckConstraint(
                condition=Q(missing__gte=0) & Q(missing__lte=F("quantity") - F("picked")),
                name="pick_line_missing_within",
            ),
            models.CheckConstraint(
                condition=Q(failed__gte=0) & Q(failed__lte=F("picked")), name="pick_line_failed_within"
            ),
        ]
        indexes = [
            models.Index(fields=["wave", "path_order", "id"], name="pick_line_path"),
            models.Index(fields=["state_at"], name="pick_line_short", condition=Q(state=PickState.SHORT)),
        ]


class Scan(models.Model):
    """One scan at a station and its verdict; the client's key makes a repeated one the same scan."""

    key = models.CharField(max_length=100, unique=True)
    station = models.CharField(max_length=4)  # pick, pack
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="+")
    wave_order = models.ForeignKey(WaveOrder, models.PROTECT, null=True, related_name="+")
    order_line_id = models.BigIntegerField(null=True)
    sku_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=80)
    quantity = models.IntegerField()
    verdict = models.CharField(max_length=30)  # a Verdict, or the code it was refused with
    is_accepted = models.BooleanField()
    facts = models.JSONField(default=dict)
    scanned_at = models.DateTimeField()
    scanned_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [
            models.Index(fields=["wave", "-id"], name="scan_wave"),
            models.Index(fields=["wave_order", "-id"], name="scan_wave_order"),
        ]


class Quarantine(models.Model):
    """Pieces that failed inspection and left the sellable stock."""

    wave_order = models.ForeignKey(WaveOrder, models.PROTECT, related_name="quarantined")
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT, related_name="+")
    order_line_id = models.BigIntegerField()
    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+")
    lot_code = models.CharField(max_length=40)
    quantity = models.IntegerField()
    verdict = models.CharField(max_length=12)
    is_replaced = models.BooleanField()
    failed_at = models.DateTimeField()
    failed_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="quarantine_positive"),
            models.CheckConstraint(
                condition=Q(verdict__in=[Verdict.DAMAGED, Verdict.STAINED, Verdict.WRONG_PIECE]),
                name="quarantine_verdict",
            ),
        ]
        indexes = [models.Index(fields=["warehouse", "-failed_at"], name="quarantine_latest")]
