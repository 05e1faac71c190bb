"""Tickets, their notes and waits, the agents they go to, and what corrections taught the classification."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.service.tickets.states import UNFINISHED, Presence, Priority, TicketState
from shopkeeper.foundation.declared import ALL_OTHERS


class Agent(models.Model):
    """Somebody who answers customers: what they can do, how much at a time, and whether they are there.

    Empty skills mean everything. `load` counts tickets in hand, `chat_load` conversations in hand; both are
    moved in the transaction that assigns, under this row's lock.
    """

    person = models.OneToOneField("foundation.Person", models.PROTECT, related_name="+")
    kinds = ArrayField(models.CharField(max_length=20), default=list)
    stages = ArrayField(models.CharField(max_length=12), default=list)
    languages = ArrayField(models.CharField(max_length=2), default=list)
    shop_ids = ArrayField(models.BigIntegerField(), default=list)
    capacity = models.SmallIntegerField(default=20)
    chat_capacity = models.SmallIntegerField(default=5)
    load = models.SmallIntegerField(default=0)
    chat_load = models.SmallIntegerField(default=0)
    presence = models.CharField(max_length=10, default=Presence.OFFLINE)
    presence_at = models.DateTimeField()
    last_assigned_at = models.DateTimeField(null=True)

    personal = frozenset[str]()  # staff data of the employer; not a data subject of the shops
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(load__gte=0) & Q(chat_load__gte=0), name="agent_load_not_negative"),
            models.CheckConstraint(
                condition=Q(capacity__gte=0) & Q(chat_capacity__gte=0), name="agent_capacity_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["load", "last_assigned_at"], name="agent_free", condition=Q(presence="available"))
        ]


class Ticket(models.Model):
    """One matter of one customer. Their words, name and phone are sealed under their key."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey("intake.Order", models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10)
    external_ref = models.CharField(max_length=80)  # how the channel names it; the same twice is one ticket
    subject_id = models.BigIntegerField()
    words_sealed = models.BinaryField(default=b"")  # {"subject", "text"}
    customer_sealed = models.BinaryField(default=b"")  # {"name", "phone"}
    customer_name_masked = models.CharField(max_length=60, blank=True)
    customer_phone_masked = models.CharField(max_length=40, blank=True)
    phone_index = models.BinaryField(null=True)
    phone_tail_index = models.BinaryField(null=True)
    stage = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    suggested_kind = models.CharField(max_length=20)
    suggestion_words = ArrayField(models.CharField(max_length=20), default=list)  # of our word list, not theirs
    suggestion_score = models.IntegerField(default=0)
    features = ArrayField(models.CharField(max_length=20), default=list)  # every listed word that was seen
    classified_by = models.BigIntegerField(null=True)  # who set the type; nobody = the suggestion stands
    language = models.CharField(max_length=2, default="zh")
    priority = models.CharField(max_length=10, default=Priority.NORMAL)
    priority_rank = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, default=TicketState.OPEN)
    state_at = models.DateTimeField()
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    first_assigned_at = models.DateTimeField(null=True)
    reply_due_at = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    first_reply_by = models.BigIntegerField(null=True)
    resolve_due_at = models.DateTimeField()
    next_due_at = models.DateTimeField()  # the nearest of the two clocks: what lists are sorted by
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=20, blank=True)
    reopened_count = models.SmallIntegerField(default=0)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    converted_order = models.ForeignKey("intake.Order", models.PROTECT, null=True, related_name="+", db_index=False)
    converted_at = models.DateTimeField(null=True)

    personal = frozenset({"words_sealed", "customer_sealed", "phone_index", "phone_tail_index"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "channel", "external_ref"], name="ticket_once"),
            models.CheckConstraint(
                condition=~Q(state=TicketState.ASSIGNED) | Q(agent__isnull=False), name="ticket_assigned_to_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state=TicketState.RESOLVED) | (Q(resolved_at__isnull=False) & ~Q(resolution="")),
                name="ticket_resolved_with_resolution",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")), name="ticket_not_its_own_double"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "state", "next_due_at", "id"], name="ticket_shop_state_due"),
            models.Index(fields=["state", "next_due_at", "id"], name="ticket_state_due"),
            models.Index(fields=["agent", "state", "next_due_at", "id"], name="ticket_agent_state_due"),
            models.Index(fields=["state", "-id"], name="ticket_state"),
            models.Index(fields=["agent", "state", "-id"], name="ticket_agent_state"),
            models.Index(fields=["shop", "opened_at"], name="ticket_shop_opened"),
            models.Index(fields=["subject_id", "-id"], name="ticket_subject"),
            models.Index(
                fields=["state", "agent", "shop"], name="ticket_unfinished", condition=Q(state__in=UNFINISHED)
            ),
            models.Index(fields=["external_ref"], name="ticket_ref"),
            models.Index(fields=["phone_index"], name="ticket_phone"),
            models.Index(fields=["phone_tail_index"], name="ticket_phone_tail"),
        ]

    @property
    def number(self) -> str:
        return ticket_number(self.id)


def ticket_number(ticket_id: int) -> str:
    """The number people see: GD and ten digits."""
    return f"GD{ticket_id:010d}"


class TicketNote(models.Model):
    """What agents write for each other about a ticket; it may repeat the customer's words, so it is sealed."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="notes")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    note_ref = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    note_sealed = models.BinaryField(default=b"")

    personal = frozenset({"note_sealed"})
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "note_ref"], name="ticket_note_once")]


class TicketWait(models.Model):
    """A time in which the customer's answer was awaited and the clock of the solution stood still."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="waits")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], name="ticket_waits_once", condition=Q(until__isnull=True)),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="ticket_wait_forwards"
            ),
        ]


class KindWeight(models.Model):
    """What agents' corrections taught: points added to the word list's own for a word and a type."""

    word = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    points = models.IntegerField(default=0)
    changed_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "kind"], name="kind_weight_once")]


class Correction(models.Model):
    """An agent said the suggested type was wrong, or right: the record by which the suggestion is judged."""

    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="correction")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    suggested_kind = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [models.Index(fields=["shop", "made_at"], name="correction_shop")]
