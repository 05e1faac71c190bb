"""Orders as we hold them, their lines, their holds, and the sessions in which they are checked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shopkeeper.flows.fulfilment.intake.states import JobState, OrderState, SessionState
from shopkeeper.foundation.declared import ALL_OTHERS


class Order(models.Model):
    """Our order, one per platform order. Receiver and remarks are sealed under the buyer's key."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, db_index=False)  # order_shop_state begins with it
    platform_no = models.CharField(max_length=64)
    platform_state = models.CharField(max_length=40)
    state = models.CharField(max_length=20, default=OrderState.UNPAID)
    state_at = models.DateTimeField()
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    modified_at = models.DateTimeField()  # the platform's version: older messages change nothing
    ship_by_at = models.DateTimeField(null=True)
    taken_in_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT, null=True, db_index=False)
    subject_id = models.BigIntegerField()
    receiver_token = models.CharField(max_length=200, blank=True)
    receiver_sealed = models.BinaryField()
    receiver_name_masked = models.CharField(max_length=60, blank=True)
    receiver_phone_masked = models.CharField(max_length=40, blank=True)
    receiver_address_masked = models.CharField(max_length=200, blank=True)
    province = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=40, blank=True)
    phone_index = models.BinaryField(null=True)
    phone_tail_index = models.BinaryField(null=True)
    address_index = models.BinaryField(null=True)
    currency = models.CharField(max_length=3)
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    has_remark = models.BooleanField(default=False)
    seller_flag = models.CharField(max_length=10, blank=True)
    refund_state = models.CharField(max_length=12, blank=True)  # '', requested, refunded
    open_holds = ArrayField(models.CharField(max_length=30), default=list)
    is_history = models.BooleanField(default=False)

    personal = frozenset({"receiver_sealed", "phone_index", "phone_tail_index", "address_index"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            # The number leads: the same index finds an order pasted into the search field.
            models.UniqueConstraint(fields=["platform_no", "shop"], name="order_once"),
            models.CheckConstraint(
                condition=Q(state=OrderState.UNPAID) | Q(state=OrderState.CANCELLED) | Q(paid_at__isnull=False),
                name="order_paid_at_with_state",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="order_state"),
            models.Index(fields=["shop", "state", "-id"], name="order_shop_state"),
            models.Index(fields=["shop", "-placed_at", "-id"], include=["state"], name="order_shop_placed"),
            models.Index(fields=["shop", "-id"], name="order_shop_held", condition=~Q(open_holds=[])),
            models.Index(
                fields=["shop", "released_at"], name="order_shop_released", condition=Q(released_at__isnull=False)
            ),
            models.Index(fields=["shop", "paid_at"], name="order_shop_paid", condition=Q(paid_at__isnull=False)),
            models.Index(
                fields=["subject_id", "shop", "paid_at"], name="order_buyer", condition=Q(paid_at__isnull=False)
            ),
            models.Index(fields=["phone_index"], name="order_phone"),
            models.Index(fields=["phone_tail_index"], name="order_phone_tail"),
            models.Index(
                fields=["address_index", "shop"],
                name="order_open_address",
                condition=Q(state__in=["to_check", "released"]),
            ),
        ]

    @property
    def number(self) -> str:
        return order_number(self.id)


def order_number(order_id: int) -> str:
    """The number people see: JY and ten digits."""
    return f"JY{order_id:010d}"


class OrderLine(models.Model):
    """One line as it was bought; the SKU is matched by the merchant code and may be unknown."""

    order = models.ForeignKey(
        Order, models.CASCADE, related_name="lines", db_index=False
    )  # order_line_once leads with it
    platform_line_no = models.CharField(max_length=64)
    sku = models.ForeignKey("listing.Sku", models.PROTECT, null=True)
    outer_code = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True)
    spec = models.CharField(max_length=100, blank=True)
    quantity = models.IntegerField()
    price_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    refund_state = models.CharField(max_length=12, blank=True)
    is_gift = models.BooleanField(default=False)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "platform_line_no"], name="order_line_once")]


class Hold(models.Model):
    """Why an order waits: a set beside the state. Cleared by a decision, or by the fact going away."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="holds")
    code = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=20, blank=True)  # pass, fixed, vanished, cancelled
    reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "code"], name="hold_open_once", condition=Q(cleared_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="hold_cleared_at_and_by",
            ),
        ]


class CheckSession(models.Model):
    """One of the day's common checks of pending orders in a shop: who signed it, and when."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT)
    scheduled_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=SessionState.OPEN)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.BigIntegerField(null=True)
    released_count = models.IntegerField(default=0)
    held_count = models.IntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "scheduled_at"], name="check_session_once"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="check_session_signed_at_and_by",
            ),
        ]


class PullCursor(models.Model):
    """How far a shop's orders have been read, by the platform's modification time."""

    shop = models.OneToOneField("foundation.Shop", models.CASCADE)
    read_until = models.DateTimeField()
    last_pulled_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class Job(models.Model):
    """Work of more than two seconds that somebody began: an import, or one action on very many orders.

    `wish` is what was asked (no personal data: ids, digests, a reason); `result` counts what came of it.
    """

    kind = models.CharField(max_length=12)  # import, release, hold, cancel, pass
    state = models.CharField(max_length=10, default=JobState.QUEUED)
    state_at = models.DateTimeField()
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True)
    wish = models.JSONField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    stop_asked_at = models.DateTimeField(null=True)
    done_count = models.IntegerField(default=0)
    total = models.IntegerField(null=True)
    result = models.JSONField(default=dict)
    failures_digest = models.CharField(max_length=64, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [models.Index(fields=["asked_by", "-id"], name="job_of_person")]
