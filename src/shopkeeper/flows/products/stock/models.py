"""Stock: demand (promise), execution (allotment) and balance (stock, lot) are three kinds of table."""

from django.db import models
from django.db.models import F, Q

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
