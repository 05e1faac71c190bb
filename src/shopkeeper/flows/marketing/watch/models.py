"""The watch over live campaigns: hours of traffic and of our own facts, day sheets, alerts and what was done.

Traffic is counted per shop or per campaign; our own facts are those of the campaign's goods.
"""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.marketing.watch.states import AlertState, CallState, PresaleState, SheetState
from shopkeeper.foundation.declared import ALL_OTHERS


class Watch(models.Model):
    """A campaign that is, or was, watched. `next_hour` is the hour to be closed next."""

    campaign = models.OneToOneField("campaigns.Campaign", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    next_hour = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [models.Index(fields=["shop", "ended_at"], name="watch_shop")]


class TrafficHour(models.Model):
    """One hour's traffic from one source: the whole shop's, or one campaign's. The figures of now."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, null=True, related_name="+")
    hour = models.DateTimeField()
    source = models.CharField(max_length=10)
    exposures = models.IntegerField(null=True)
    clicks = models.IntegerField(null=True)
    visitors = models.IntegerField()
    digest = models.CharField(max_length=64, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "hour", "source", "campaign"], name="traffic_hour_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(visitors__gte=0)
                & (Q(exposures__isnull=True) | Q(exposures__gte=0))
                & (Q(clicks__isnull=True) | Q(clicks__gte=0))
                & (Q(exposures__isnull=True) | Q(clicks__isnull=True) | Q(clicks__lte=F("exposures"))),
                name="traffic_hour_possible",
            ),
        ]


class TrafficChange(models.Model):
    """What an hour's figures were before they were replaced; never changed itself."""

    traffic = models.ForeignKey(TrafficHour, models.PROTECT, related_name="changes")
    exposures = models.IntegerField(null=True)
    clicks = models.IntegerField(null=True)
    visitors = models.IntegerField()
    entered_at = models.DateTimeField()
    entered_by = models.BigIntegerField()
    replaced_at = models.DateTimeField()
    replaced_by = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class Benchmark(models.Model):
    """A conversion that a shop's campaigns are compared with from a day on: 同行同层平均, in 1/10,000."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    conversion_bp = models.IntegerField()
    valid_from = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(conversion_bp__gt=0, conversion_bp__lte=10_000), name="benchmark_is_a_rate"
            ),
        ]
        indexes = [models.Index(fields=["shop", "-valid_from", "-id"], name="benchmark_in_force")]


class DaySheet(models.Model):
    """One day of a campaign's 《活动监控表》; signed, its hours change no more. `totals` as they stood."""

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=10, default=SheetState.OPEN)
    state_at = models.DateTimeField()
    due_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    totals = models.JSONField(default=dict)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "day"], name="day_sheet_once"),
            models.CheckConstraint(
                condition=~Q(state=SheetState.SIGNED) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="day_sheet_signed_by",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="day_sheet_state")]


class HourReading(models.Model):
    """Our own facts of one closed hour of a campaign, of its goods only. Money in the shop's minor units.

    `shop_buyers` are those of everything the shop sold: what visitors of the whole shop are held against.
    `stock_left` is what could still be promised when the hour closed; counted again are orders, never stock.
    """

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    sheet = models.ForeignKey(DaySheet, models.PROTECT, related_name="hours")
    hour = models.DateTimeField()
    orders = models.IntegerField()
    buyers = models.IntegerField()
    shop_buyers = models.IntegerField()
    new_customers = models.IntegerField()
    pieces = models.IntegerField()
    paid_minor = models.BigIntegerField()
    stock_left = models.IntegerField()
    benchmark_bp = models.IntegerField(null=True)
    benchmark_name = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField()
    counted_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "hour"], name="hour_reading_once")]


class HourStock(models.Model):
    """One SKU's hour: pieces sold in it, and pieces that could still be promised when it closed."""

    reading = models.ForeignKey(HourReading, models.CASCADE, related_name="stocks", db_index=False)
    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+")
    sold = models.IntegerField()
    left = models.IntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reading", "sku"], name="hour_stock_once")]


class Alert(models.Model):
    """Conversion too low, or a SKU's stock that will not last; one open per campaign, kind and SKU.

    `facts` is the arithmetic: what was measured, compared with what, by which policy.
    """

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    sku = models.ForeignKey("listing.Sku", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, default=AlertState.OPEN)
    state_at = models.DateTimeField()
    hour = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    facts = models.JSONField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "sku"],
                name="alert_open_once",
                condition=Q(state=AlertState.OPEN),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(state=AlertState.DISMISSED) | ~Q(reason=""), name="alert_dismissed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="alert_state"),
            models.Index(fields=["campaign", "kind", "-id"], name="alert_campaign"),
        ]


class Action(models.Model):
    """Something done about an alert, with the figures before it and, one and three hours later, after it.

    `reference` is the row it made elsewhere (brief, slot application, call, presale, promotion), by its number.
    """

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="actions", db_index=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    note = models.CharField(max_length=500, blank=True)
    reference = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField()
    taken_by = models.BigIntegerField()
    before = models.JSONField()
    after_one = models.JSONField(null=True)
    after_three = models.JSONField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "kind"], name="action_once")]


class RestockCall(models.Model):
    """Pieces of a SKU are needed before a campaign sells out; whoever buys says when they come, or that none do."""

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="+")
    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, default=CallState.ASKED)
    state_at = models.DateTimeField()
    quantity = models.IntegerField()
    needed_by = models.DateTimeField()
    reminder_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    due_at = models.DateTimeField()
    arrives_at = models.DateTimeField(null=True)
    promised_quantity = models.IntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    arrived_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "sku"],
                name="restock_call_open_once",
                condition=Q(state__in=(CallState.ASKED, CallState.PROMISED)),
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="restock_call_positive"),
            models.CheckConstraint(
                condition=~Q(state=CallState.PROMISED) | Q(arrives_at__isnull=False), name="restock_call_promise_dated"
            ),
        ]
        indexes = [models.Index(fields=["sku", "state"], name="restock_call_sku")]


class Presale(models.Model):
    """A SKU of a campaign that is sold ahead of its stock: orders placed meanwhile ship within so many days."""

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="+")
    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=PresaleState.PROPOSED)
    state_at = models.DateTimeField()
    ship_within_days = models.IntegerField()
    proposed_at = models.DateTimeField()
    proposed_by = models.BigIntegerField()
    started_at = models.DateTimeField(null=True)
    started_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "sku"],
                name="presale_open_once",
                condition=Q(state__in=(PresaleState.PROPOSED, PresaleState.ON)),
            ),
            models.CheckConstraint(condition=Q(ship_within_days__gt=0), name="presale_days_positive"),
        ]
        indexes = [models.Index(fields=["shop", "sku", "state"], name="presale_goods")]
