"""What agents know and say: articles with versions, canned replies, products shown to customers."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from shopkeeper.flows.service.tickets.models.tickets import Ticket
from shopkeeper.flows.service.tickets.states import ArticleState
from shopkeeper.foundation.declared import ALL_OTHERS


class Article(models.Model):
    """One piece of knowledge, of a shop or of all; its current words are its newest version's."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    sku = models.ForeignKey("listing.Sku", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, default=ArticleState.DRAFT)
    state_at = models.DateTimeField()
    title = models.CharField(max_length=120)
    version = models.IntegerField(default=1)
    grams = ArrayField(models.TextField(), default=list)  # pairs of letters, for search
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [
            GinIndex(fields=["grams"], name="article_grams"),
            models.Index(fields=["state", "-changed_at", "-id"], name="article_state"),
        ]


class ArticleVersion(models.Model):
    """The words of an article as they stood; never changed afterwards."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="article_version_from_one"),
        ]


class CannedReply(models.Model):
    """Words said often, with places to be filled from live facts: {order} {parcel} {stock} {price} {agent}."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, null=True, related_name="+")
    shortcut = models.CharField(max_length=30)
    title = models.CharField(max_length=60)
    text = models.TextField()
    kind = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "shortcut"], name="canned_reply_once", nulls_distinct=False)
        ]


class Offer(models.Model):
    """A product shown to a customer, with its price and stock of that moment; minor units of `currency`."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="offers")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+", db_index=False)
    shown_at = models.DateTimeField()
    shown_by = models.BigIntegerField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    available = models.IntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "sku"], name="offer_once")]
        indexes = [models.Index(fields=["shop", "shown_at"], name="offer_shop")]
