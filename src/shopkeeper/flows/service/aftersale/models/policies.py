"""The after-sale policies, version by version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from shopkeeper.foundation.declared import ALL_OTHERS


class AfterSalePolicy(models.Model):
    """One version of a platform's policy ('' = every platform without its own). Never changed, only followed."""

    platform = models.CharField(max_length=20, blank=True)
    version = models.IntegerField()
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "version"], name="aftersale_policy_once")]


class AfterSalePolicyLine(models.Model):
    """What one reason is owed under one version."""

    policy = models.ForeignKey(AfterSalePolicy, models.PROTECT, related_name="lines", db_index=False)
    reason = models.CharField(max_length=20)
    days = models.IntegerField()
    solutions = ArrayField(models.CharField(max_length=20))
    freight_by = models.CharField(max_length=10)
    shots = ArrayField(models.CharField(max_length=10), default=list)
    percent = models.IntegerField(default=0)
    cap_minor = models.BigIntegerField(default=0)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "reason"], name="aftersale_policy_line_once")]
