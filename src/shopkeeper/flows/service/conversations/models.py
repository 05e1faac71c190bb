"""Conversations with customers, what was said in them, calls, and how a shop's customers reach us.

What customers say, show and are called is sealed under their own key; the rest is ids, codes and moments.
"""

from django.db import models
from django.db.models import Q

from shopkeeper.flows.service.conversations.states import ConversationState, Delivery
from shopkeeper.foundation.declared import ALL_OTHERS


class ShopChannel(models.Model):
    """How a shop's customers reach us: the widget's secret, where it may stand, how far platform chats are read."""

    shop = models.OneToOneField("foundation.Shop", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    secret_sealed = models.BinaryField()  # the installation's own secret, under the master key
    secret_version = models.IntegerField(default=1)
    origins = models.CharField(max_length=1_000, blank=True)  # pages that may show the widget, space between
    pulled_upto = models.BigIntegerField(default=0)
    pulled_at = models.DateTimeField(null=True)
    pull_error = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class Conversation(models.Model):
    """One exchange with one customer, from the first line to its end. At most one is open per customer and channel.

    The clock of the first reply: from `waiting_from` (the first line needing a person) to `replied_at`, due at
    `due_at`. `open_since` is the oldest line that nobody has answered yet, first or later.
    """

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=ConversationState.QUEUED)
    state_at = models.DateTimeField()
    subject_id = models.BigIntegerField()
    contact_sealed = models.BinaryField(default=b"")  # what the customer is called and reached by
    contact_masked = models.CharField(max_length=60, blank=True)
    phone_index = models.BinaryField(null=True)
    order = models.ForeignKey("intake.Order", models.PROTECT, null=True, related_name="+")
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, blank=True)  # the ticket's suggested kind: whose skill is asked for
    language = models.CharField(max_length=2, default="zh")
    agent = models.ForeignKey("tickets.Agent", models.PROTECT, null=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    waiting_from = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    off_duty = models.BooleanField(default=False)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.BigIntegerField(null=True)
    greeted_at = models.DateTimeField(null=True)
    open_since = models.DateTimeField(null=True)
    last_sequence = models.IntegerField(default=0)
    last_at = models.DateTimeField()
    last_sender = models.CharField(max_length=10, blank=True)
    ending = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    personal = frozenset({"contact_sealed", "phone_index"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "shop", "channel"],
                name="conversation_open_once",
                condition=~Q(state=ConversationState.ENDED) & ~Q(channel__in=["phone", "form"]),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ConversationState.QUEUED, ConversationState.ENDED]) | Q(agent__isnull=False),
                name="conversation_has_agent",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConversationState.ENDED) | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="conversation_ended_how",
            ),
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True) | Q(waiting_from__isnull=False),
                name="conversation_replied_to_something",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="conversation_shop"),
            models.Index(
                fields=["agent", "-id"], name="conversation_of_agent", condition=~Q(state=ConversationState.ENDED)
            ),
            models.Index(fields=["shop", "id"], name="conversation_open", condition=~Q(state=ConversationState.ENDED)),
            models.Index(
                fields=["shop", "waiting_from"],
                name="conversation_clocked",
                condition=Q(waiting_from__isnull=False),
            ),
            models.Index(fields=["subject_id", "-id"], name="conversation_customer"),
            models.Index(fields=["phone_index"], name="conversation_phone", condition=Q(phone_index__isnull=False)),
        ]


def conversation_number(conversation_id: int) -> str:
    """The number people see: HH (会话) and ten digits."""
    return f"HH{conversation_id:010d}"


class Message(models.Model):
    """One line, in the order it came. `client_id` is its sender's own key: the same line sent again is stored once,
    even where its conversation has ended meanwhile.

    Lines whose words were lost on the way and pulled later keep the moment they were said in `said_at`.
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages", db_index=False)
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    subject_id = models.BigIntegerField(db_index=False)
    sequence = models.IntegerField()
    client_id = models.CharField(max_length=80)
    sender = models.CharField(max_length=10)
    person = models.ForeignKey("foundation.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    said_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    needs_person = models.BooleanField(default=False)
    body_sealed = models.BinaryField()
    picture = models.ForeignKey("Picture", models.PROTECT, null=True, related_name="+", db_index=False)
    delivery = models.CharField(max_length=10, default=Delivery.NOT_NEEDED, blank=True)
    delivered_at = models.DateTimeField(null=True)
    outside_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=80, blank=True)

    personal = frozenset({"body_sealed"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "sequence"], name="message_in_order"),
            models.UniqueConstraint(fields=["subject_id", "client_id"], name="message_once"),
        ]


class Picture(models.Model):
    """A picture somebody sent: recognised by its content, bounded, kept sealed, its name for people's eyes only."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    digest = models.BinaryField(null=True)  # keyed: the same picture of the same customer is kept once
    kind = models.CharField(max_length=8)
    size = models.IntegerField()
    taken_at = models.DateTimeField()
    content_sealed = models.BinaryField()

    personal = frozenset({"content_sealed", "digest"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "subject_id", "digest"], name="picture_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="picture_not_empty"),
        ]


class PhoneCall(models.Model):
    """One telephone call: rang, answered or missed. The number is sealed; callers are found by its blind index."""

    conversation = models.OneToOneField(Conversation, models.PROTECT, related_name="call")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    subject_id = models.BigIntegerField()
    reference = models.CharField(max_length=80)  # the telephone system's own number of the call
    note_sealed = models.BinaryField(default=b"")
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    hung_up_at = models.DateTimeField(null=True)

    personal = frozenset({"note_sealed"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "reference"], name="call_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_by__isnull=False), name="call_answered_by"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=models.F("rang_at")),
                name="call_answered_after_ringing",
            ),
        ]
