"""Reviews and their findings, the word list in versions, listings in shops, and what shops were told of stock.

The record of pushes is an append-only table made by migration.
"""

from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.products.publishing.states import ListingState, MismatchState, ReviewState, Severity
from shopkeeper.foundation.declared import ALL_OTHERS


class WordVersion(models.Model):
    """One change of the word list. The list at version n is what was added by then and not yet retired."""

    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    added = models.IntegerField(default=0)
    retired = models.IntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class Term(models.Model):
    """One word of the list. `#` in it stands for one digit. Category and platform empty: for all."""

    text = models.CharField(max_length=60)
    folded = models.CharField(max_length=60)  # normalised: what is searched for
    severity = models.CharField(max_length=5)
    ground = models.CharField(max_length=20)
    suggestion = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=100, blank=True)
    platform = models.CharField(max_length=20, blank=True)
    added_in = models.ForeignKey(WordVersion, models.PROTECT, related_name="added_terms")
    retired_in = models.ForeignKey(WordVersion, models.PROTECT, related_name="retired_terms", null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["folded", "category", "platform"], name="term_once", condition=Q(retired_in__isnull=True)
            ),
            models.CheckConstraint(condition=Q(severity__in=[str(s) for s in Severity]), name="term_severity"),
            models.CheckConstraint(condition=~Q(folded=""), name="term_says_something"),
        ]
        indexes = [models.Index(fields=["retired_in", "id"], name="term_in_force")]


class Exemption(models.Model):
    """A listed word that may stand for one product, with its kind and where the proof is kept."""

    product = models.ForeignKey("listing.Product", models.PROTECT, related_name="+")
    folded = models.CharField(max_length=60)
    text = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    proof = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    valid_until = models.DateField(null=True)
    granted_at = models.DateTimeField()
    granted_by = models.BigIntegerField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.BigIntegerField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "folded"], name="exemption_once", condition=Q(revoked_at__isnull=True)
            )
        ]


class Review(models.Model):
    """One submission of one product: what it said, what was found in it, and what the supervisor decided."""

    product = models.ForeignKey("listing.Product", models.PROTECT, related_name="+")
    version = models.IntegerField()
    state = models.CharField(max_length=10, default=ReviewState.OPEN)
    state_at = models.DateTimeField()
    submitted_at = models.DateTimeField()
    submitted_by = models.BigIntegerField()
    due_at = models.DateTimeField()
    word_version = models.ForeignKey(WordVersion, models.PROTECT, related_name="+", null=True)
    said = models.JSONField()  # place -> text, as submitted
    seen_with = models.JSONField()  # category, pictures, prices and promises, for the comparison
    findings = models.JSONField()  # listed words found, as rows of rules/findings.py
    advice = models.JSONField(default=list)  # what the product's own checks advise
    blocks = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    marks = models.JSONField(default=list)  # places the supervisor marked, with a note each

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "submitted_at"], name="review_once"),
            models.UniqueConstraint(fields=["product"], name="review_open_once", condition=Q(state=ReviewState.OPEN)),
            models.CheckConstraint(
                condition=~Q(state__in=[ReviewState.APPROVED, ReviewState.RETURNED])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="review_decided_by",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReviewState.APPROVED, ReviewState.RETURNED])
                | Q(submitted_by=0)
                | ~Q(decided_by=F("submitted_by")),
                name="review_not_ones_own",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="review_state"),
            models.Index(fields=["product", "-id"], name="review_product"),
        ]


class Listing(models.Model):
    """One product in one shop. `said` is what the platform was last told; prices in minor units of the shop."""

    product = models.ForeignKey("listing.Product", models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=ListingState.TO_PUBLISH)
    state_at = models.DateTimeField()
    wanted_at = models.DateTimeField()
    wanted_by = models.BigIntegerField()
    version = models.IntegerField(default=0)  # of the product, as last told
    said = models.JSONField(default=dict)
    item_no = models.CharField(max_length=40, blank=True)
    published_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_equal = models.BooleanField(null=True)
    seen = models.JSONField(default=dict)  # what the last read back showed
    is_relist = models.BooleanField(default=False)  # only to be put up again: the platform has all the rest
    tries = models.IntegerField(default=0)
    error = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "shop"], name="listing_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[ListingState.ON_SALE, ListingState.MISMATCH]) | ~Q(item_no=""),
                name="listing_on_sale_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "state", "-id"], name="listing_shop_state"),
            models.Index(fields=["state", "-id"], name="listing_state"),
        ]


class ListingSku(models.Model):
    """One variant in one shop. Dirty while `wanted_seq` is ahead of `told_seq`: the newest quantity wins."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="skus")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    sku = models.ForeignKey("listing.Sku", models.PROTECT, related_name="+")
    sku_no = models.CharField(max_length=40, blank=True)
    price_minor = models.BigIntegerField(default=0)
    wanted = models.IntegerField(default=0)
    wanted_seq = models.BigIntegerField(default=0)
    wanted_at = models.DateTimeField(null=True)
    told = models.IntegerField(default=0)
    told_seq = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)
    error_seq = models.BigIntegerField(default=0)  # the wish that was refused for good; a newer one is tried again
    seen = models.IntegerField(null=True)
    seen_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "sku"], name="listing_sku_once"),
            models.CheckConstraint(
                condition=Q(wanted__gte=0) & Q(told__gte=0) & Q(told_seq__lte=F("wanted_seq")),
                name="listing_sku_quantities",
            ),
        ]
        indexes = [
            models.Index(fields=["sku"], name="listing_sku_of"),
            models.Index(
                fields=["shop", "wanted_at"], name="listing_sku_dirty", condition=Q(told_seq__lt=F("wanted_seq"))
            ),
        ]


class Mismatch(models.Model):
    """A listing that is not what we said: both values per field, until they are equal or explained."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="+")
    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=MismatchState.OPEN)
    state_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    differences = models.JSONField()
    ending = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing"], name="mismatch_open_once", condition=Q(state=MismatchState.OPEN)
            ),
            models.CheckConstraint(
                condition=Q(state=MismatchState.OPEN) | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="mismatch_ended_with_ending",
            ),
        ]
        indexes = [models.Index(fields=["listing", "-id"], name="mismatch_listing")]
