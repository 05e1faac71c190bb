"""Products and their SKUs: what is sold. A SKU's code is the merchant code that platforms carry."""

from django.db import models

from shopkeeper.foundation.declared import ALL_OTHERS


class Product(models.Model):
    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=100, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    def __str__(self) -> str:
        return self.title


class Sku(models.Model):
    """One sellable variant. Weight in grams, money in minor units of the currency."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="skus")
    code = models.CharField(max_length=60, unique=True)
    barcode = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    spec = models.CharField(max_length=100, blank=True)
    weight_g = models.PositiveIntegerField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    price_minor = models.BigIntegerField(default=0)
    floor_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")
    is_fragile = models.BooleanField(default=False)
    is_unbendable = models.BooleanField(default=False)
    is_delisted = models.BooleanField(default=False)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
