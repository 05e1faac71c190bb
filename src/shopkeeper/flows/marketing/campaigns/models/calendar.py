"""Working days and days off as people entered them: before any published data."""

from django.db import models

from shopkeeper.foundation.declared import ALL_OTHERS


class CalendarDay(models.Model):
    """A day that is worked or off otherwise than the calendar knows, from the yearly notice."""

    day = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS
