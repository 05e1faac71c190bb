"""Where work happens: shops on platforms and warehouses."""

from django.db import models

from shopkeeper.foundation.declared import ALL_OTHERS


class Shop(models.Model):
    """One shop on one platform. Credentials are sealed under the installation's master key."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    platform = models.CharField(max_length=20)
    currency = models.CharField(max_length=3, default="CNY")
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    api_url = models.CharField(max_length=300, blank=True)
    app_key = models.CharField(max_length=100, blank=True)
    credentials_sealed = models.BinaryField(default=b"")
    default_warehouse = models.ForeignKey("foundation.Warehouse", models.PROTECT, null=True)
    is_active = models.BooleanField(default=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    def __str__(self) -> str:
        return self.name


class Warehouse(models.Model):
    """One warehouse of ours; sender details are the company's own, printed on labels."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    sender_name = models.CharField(max_length=60, blank=True)
    sender_phone = models.CharField(max_length=30, blank=True)
    sender_address = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    def __str__(self) -> str:
        return self.name
