"""Products and their SKUs, pictures, categories: what is sold. A SKU's code is the merchant code platforms carry.

Columns that came after the first installations have a default in the database: goods that were there before
products were entered and reviewed here count as approved.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from shopkeeper.flows.products.listing.states import (
    AttributeKind,
    ImageRole,
    ImageVerdict,
    ImportState,
    NoReasonClass,
    ProductState,
    TagSource,
)
from shopkeeper.foundation.declared import ALL_OTHERS

LEVELS = 3


class Category(models.Model):
    """One node of our own tree of exactly three levels.

    A parent is always of the level above: the database holds that pair, so there is neither a cycle nor a wrong
    depth however rows are written.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.SmallIntegerField()
    parent_level = models.GeneratedField(
        expression=F("level") - 1, output_field=models.SmallIntegerField(), db_persist=True
    )
    name = models.CharField(max_length=60)
    position = models.IntegerField(default=0)
    is_retired = models.BooleanField(default=False)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=LEVELS), name="category_three_levels"),
            models.CheckConstraint(
                condition=Q(level=1, parent__isnull=True) | Q(level__gt=1, parent__isnull=False),
                name="category_roots_have_no_parent",
            ),
            models.UniqueConstraint(fields=["id", "level"], name="category_level"),
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="category_name_once",
                nulls_distinct=False,
                condition=Q(is_retired=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CategoryMapping(models.Model):
    """The leaf of a platform that a leaf of ours is sold under there."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="mappings")
    platform = models.CharField(max_length=20)
    platform_leaf = models.CharField(max_length=60)
    platform_path = models.CharField(max_length=200, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "platform"], name="category_mapping_once")]


class AttributeTemplate(models.Model):
    """One attribute that products of a category (and of those below it) have."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="attributes")
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, default=AttributeKind.TEXT)
    is_required = models.BooleanField(default=False)
    choices = ArrayField(models.CharField(max_length=60), default=list)
    units = ArrayField(models.CharField(max_length=20), default=list)
    position = models.IntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "name"], name="attribute_once"),
            models.CheckConstraint(
                condition=~Q(kind=AttributeKind.CHOICE) | ~Q(choices=[]), name="attribute_choice_has_choices"
            ),
        ]


class Product(models.Model):
    """A product (SPU). `version` counts every change of what buyers and the platform see."""

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=100, blank=True)  # as a file named it; the tree's leaf is `leaf`
    leaf = models.ForeignKey(Category, models.PROTECT, null=True, related_name="products")
    core_keyword = models.CharField(max_length=60, db_default="")
    selling_points = ArrayField(models.CharField(max_length=200), db_default=[])
    scenarios = ArrayField(models.CharField(max_length=200), db_default=[])
    description = models.TextField(db_default="")
    attributes = models.JSONField(db_default=[])  # pairs of name and value, in the order entered
    platforms = ArrayField(models.CharField(max_length=20), db_default=[])
    promises = ArrayField(models.CharField(max_length=30), db_default=[])
    no_reason = models.CharField(max_length=20, db_default=NoReasonClass.YES.value)
    state = models.CharField(max_length=10, db_default=ProductState.APPROVED.value)
    state_at = models.DateTimeField(null=True)
    version = models.IntegerField(db_default=1)
    content_version = models.IntegerField(db_default=1)  # the last that changed more than pictures
    submitted_version = models.IntegerField(null=True)
    submitted_by = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    approved_version = models.IntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    first_approved_at = models.DateTimeField(null=True)
    review_reason = models.CharField(max_length=500, db_default="")
    review_findings = models.JSONField(db_default=[])
    made_at = models.DateTimeField(null=True)
    made_by = models.BigIntegerField(null=True)
    edited_at = models.DateTimeField(null=True)
    edited_by = models.BigIntegerField(null=True)
    search_text = models.TextField(db_default="")
    search_grams = ArrayField(models.TextField(), db_default=[])

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ProductState.SUBMITTED)
                | Q(submitted_version__isnull=False, submitted_by__isnull=False, submitted_at__isnull=False),
                name="product_submitted_by_and_at",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="product_state"),
            models.Index(fields=["leaf"], name="product_leaf"),
            GinIndex(fields=["search_grams"], name="product_grams", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.title


class ProductVersion(models.Model):
    """What a product said at one version, whole: to compare with, and so that no edit is lost."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    version = models.IntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "version"], name="product_version_once")]


class Sku(models.Model):
    """One sellable variant. Weight in grams, money in minor units of the currency."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="skus")
    code = models.CharField(max_length=60, unique=True)
    barcode = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    spec = models.CharField(max_length=100, blank=True)
    spec_values = models.JSONField(db_default=[])  # [["颜色", "白色"], ["尺码", "L"]], in the order of the matrix
    weight_g = models.PositiveIntegerField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    price_minor = models.BigIntegerField(default=0)
    floor_minor = models.BigIntegerField(default=0)
    list_minor = models.BigIntegerField(db_default=0)
    currency = models.CharField(max_length=3, default="CNY")
    is_fragile = models.BooleanField(default=False)
    is_unbendable = models.BooleanField(default=False)
    is_delisted = models.BooleanField(default=False)
    search_text = models.TextField(db_default="")
    search_grams = ArrayField(models.TextField(), db_default=[])

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [GinIndex(fields=["search_grams"], name="sku_grams", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SkuAlias(models.Model):
    """Another code under which orders name a SKU: an older, a platform's, a mistyped one. A SKU's own goes first."""

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="aliases")
    code = models.CharField(max_length=60, unique=True)
    reason = models.CharField(max_length=200, blank=True)
    put_at = models.DateTimeField()
    put_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class ProductImage(models.Model):
    """One picture of a product. The file is kept by content; `measures` is what the inspection measured."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="images")
    role = models.CharField(max_length=10, default=ImageRole.GALLERY)
    position = models.IntegerField(default=0)
    digest = models.CharField(max_length=64)
    shown_name = models.CharField(max_length=120)
    verdict = models.CharField(max_length=10, default=ImageVerdict.WAITING)
    measures = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    added_at = models.DateTimeField()
    added_by = models.BigIntegerField()
    inspected_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "digest"], name="product_image_once", condition=~Q(role=ImageRole.DETAIL)
            ),
            models.UniqueConstraint(
                fields=["product", "digest"], name="product_detail_once", condition=Q(role=ImageRole.DETAIL)
            ),
            models.UniqueConstraint(fields=["product"], name="product_main_once", condition=Q(role=ImageRole.MAIN)),
            models.CheckConstraint(
                condition=Q(verdict=ImageVerdict.WAITING) | Q(inspected_at__isnull=False),
                name="product_image_inspected",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "role", "position"], name="product_image_order"),
            models.Index(fields=["verdict", "-id"], name="product_image_verdict"),
        ]


class ProductTag(models.Model):
    """A tag on a product, put there by a person or by the rule."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="tags")
    tag = models.CharField(max_length=20)
    source = models.CharField(max_length=10, default=TagSource.HAND)
    tagged_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "tag"], name="product_tag_once")]
        indexes = [models.Index(fields=["tag", "product"], name="product_tag")]


class ProductImport(models.Model):
    """A file of products on its way in, or tried out: a dry run changes nothing and tells what would happen."""

    state = models.CharField(max_length=10, default=ImportState.QUEUED)
    state_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    shown_name = models.CharField(max_length=120)
    is_dry_run = models.BooleanField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    done_count = models.IntegerField(default=0)
    total = models.IntegerField(null=True)
    result = models.JSONField(default=dict)
    failures_digest = models.CharField(max_length=64, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        indexes = [models.Index(fields=["asked_by", "-id"], name="product_import_of_person")]
