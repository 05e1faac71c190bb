"""Keys of data subjects: destroying one erases what it sealed, everywhere, and leaves the records whole."""

from django.db import models

from shopkeeper.foundation.declared import ALL_OTHERS


class SubjectKey(models.Model):
    """A data subject's key, wrapped by the master key; `wrapped` is null once the person was erased."""

    reference_hash = models.BinaryField(unique=True)
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False, erased_at__isnull=True)
                | models.Q(wrapped__isnull=True, erased_at__isnull=False),
                name="subject_key_erased_or_not",
            )
        ]
