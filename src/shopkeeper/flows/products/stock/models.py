"""Stock: demand (promise), execution (allotment) and balance (stock, lot) are three kinds of table."""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.products.stock.states import ReminderState
from shopkeeper.foundation.declared import ALL_OTHERS


class Bin(models.Model):
    """A place in a warehouse; `path_order` is the walking order of picking."""

    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT)
    code = models.CharField(max_length=30)
    path_order = models.IntegerField()
    is_quarantine = models.BooleanField(default=False)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warehouse", "code"], name="bin_once")]


class Stock(models.Model):
    """The balance of a SKU in a warehouse: sellable pieces on hand, and how many are promised to orders."""

    sku = models.ForeignKey("listing.Sku", models.PROTECT)
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT)
    on_hand = models.IntegerField(default=0)
    promised = models.IntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "warehouse"], name="stock_once"),
            models.CheckConstraint(
                condition=Q(promised__gte=0) & Q(promised__lte=F("on_hand")), name="stock_never_oversold"
            ),
        ]


class Lot(models.Model):
    """Pieces of a SKU received together in one bin; `reserved` of them are allotted to picks."""

    sku = models.ForeignKey("listing.Sku", models.PROTECT)
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT)
    bin = models.ForeignKey(Bin, models.PROTECT)
    code = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    is_quarantine = models.BooleanField(default=False)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "warehouse", "code"], name="lot_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(reserved__lte=F("on_hand")),
                name="lot_reserved_within_on_hand",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sku", "warehouse", "received_at", "id"],
                name="lot_fifo",
                condition=Q(is_quarantine=False, on_hand__gt=0),
            )
        ]


class Promise(models.Model):
    """Demand: pieces promised to an order line; deleted when they left or the line was cancelled."""

    order_line_id = models.BigIntegerField(unique=True)
    order_id = models.BigIntegerField(db_index=True)
    sku_id = models.BigIntegerField()
    warehouse_id = models.BigIntegerField()
    quantity = models.IntegerField()
    promised_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="promise_positive")]


class Allotment(models.Model):
    """Execution: pieces of one lot set apart for one order line when its wave was released."""

    order_line_id = models.BigIntegerField(db_index=True)
    order_id = models.BigIntegerField(db_index=True)
    lot = models.ForeignKey(Lot, models.PROTECT)
    quantity = models.IntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_line_id", "lot"], name="allotment_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="allotment_positive"),
        ]


class Reshelving(models.Model):
    """Pieces of a called-back order on their way back to their bin: until they are there, the lot keeps them
    reserved and the balance keeps them promised, so that nobody is sent to an empty bin for them."""

    order_line_id = models.BigIntegerField()
    order_id = models.BigIntegerField(db_index=True)
    lot = models.ForeignKey(Lot, models.PROTECT)
    quantity = models.IntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_line_id", "lot"], name="reshelving_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reshelving_positive"),
        ]


class RestockRule(models.Model):
    """The warning threshold of one SKU, or of all SKUs under a category; the nearest to the SKU counts.

    What has neither follows the policy.
    """

    sku = models.OneToOneField("listing.Sku", models.PROTECT, null=True, related_name="+")
    category = models.OneToOneField("listing.Category", models.PROTECT, null=True, related_name="+")
    threshold = models.IntegerField()
    pack_size = models.IntegerField(default=1)
    lead_days = models.IntegerField(null=True)  # None: the policy's
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()
    reason = models.CharField(max_length=300)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sku__isnull=False, category__isnull=True) | Q(sku__isnull=True, category__isnull=False),
                name="restock_rule_of_sku_or_category",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0) & Q(pack_size__gt=0) & (Q(lead_days__isnull=True) | Q(lead_days__gte=0)),
                name="restock_rule_bounds",
            ),
        ]


class Reminder(models.Model):
    """A SKU is to be restocked: pieces free in all warehouses together fell below its threshold. One open per SKU.

    The figures are those of the last look; `arrive_by` is the shop's day by which pieces are to be there. The order
    is the one that was noted last.
    """

    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=ReminderState.OPEN)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    threshold = models.IntegerField()
    free = models.IntegerField()
    demand = models.IntegerField()  # pieces shipped in the policy's days
    suggested = models.IntegerField()
    arrive_by = models.DateField()
    snoozes = models.IntegerField(default=0)
    snoozed_until = models.DateField(null=True)
    snooze_reason = models.CharField(max_length=300, blank=True)
    ordered_at = models.DateTimeField(null=True)
    ordered_by = models.BigIntegerField(null=True)
    ordered_quantity = models.IntegerField(null=True)
    expected_on = models.DateField(null=True)
    order_note = models.CharField(max_length=300, blank=True, db_default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    muted_until = models.DateTimeField(null=True)  # closed by hand: no new reminder before

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku"], name="reminder_open_once", condition=Q(state=ReminderState.OPEN)),
            models.CheckConstraint(
                condition=~Q(state=ReminderState.CLOSED) | ~Q(ended_reason=""), name="reminder_closed_with_reason"
            ),
            models.CheckConstraint(condition=Q(suggested__gt=0), name="reminder_suggests_pieces"),
            models.CheckConstraint(
                condition=Q(ordered_at__isnull=True) | Q(ordered_quantity__gt=0, expected_on__isnull=False),
                name="reminder_ordered_pieces_and_day",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="reminder_state"),
            models.Index(fields=["sku", "-id"], name="reminder_sku"),
        ]
