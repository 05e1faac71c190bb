"""Segments of customers: a definition over paid orders. Who is in one is never stored, it is asked."""

from django.db import models
from django.db.models import Q

from shopkeeper.foundation.declared import ALL_OTHERS


class Segment(models.Model):
    """Customers of one shop by what they bought; `size` is how many they were at `counted_at`."""

    shop = models.ForeignKey("foundation.Shop", models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    definition = models.JSONField(default=dict)  # as rules/segments.py writes it
    size = models.IntegerField(default=0)
    counted_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.BigIntegerField()
    is_retired = models.BooleanField(default=False)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "code"], name="segment_code_once"),
            models.CheckConstraint(condition=Q(size__gte=0), name="segment_size_not_negative"),
        ]
