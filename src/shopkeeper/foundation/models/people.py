"""The people who work here, their roles, and the shops and warehouses they may see."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from shopkeeper.foundation.declared import ALL_OTHERS


class Person(AbstractBaseUser):
    """Someone who signs in. A row of scope limits; no row at all means every shop (or warehouse)."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    language = models.CharField(max_length=2, default="zh")
    theme = models.CharField(max_length=5, default="auto")
    is_active = models.BooleanField(default=True)
    all_shops = models.BooleanField(default=False)
    all_warehouses = models.BooleanField(default=False)

    objects = BaseUserManager()
    USERNAME_FIELD = "username"

    personal = frozenset[str]()  # staff data of the employer; not a data subject of the shops
    harmless = ALL_OTHERS

    def __str__(self) -> str:
        return self.name


class PersonRole(models.Model):
    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=30)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "role"], name="person_role_once")]


class PersonShop(models.Model):
    person = models.ForeignKey(Person, models.CASCADE, related_name="shops")
    shop = models.ForeignKey("foundation.Shop", models.CASCADE)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "shop"], name="person_shop_once")]


class PersonWarehouse(models.Model):
    person = models.ForeignKey(Person, models.CASCADE, related_name="warehouses")
    warehouse = models.ForeignKey("foundation.Warehouse", models.CASCADE)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "warehouse"], name="person_warehouse_once")]
