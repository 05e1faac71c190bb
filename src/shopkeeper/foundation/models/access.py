"""How programs come in: scoped tokens, and the memory of requests already answered."""

from django.db import models

from shopkeeper.foundation.declared import ALL_OTHERS


class ApiToken(models.Model):
    """A token of a person for a program; `permissions` narrows the person's own, never widens them."""

    person = models.ForeignKey("foundation.Person", models.CASCADE)
    name = models.CharField(max_length=80)
    token_hash = models.BinaryField(unique=True)
    permissions = models.JSONField(default=list)  # empty = all that the person may
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    personal = frozenset[str]()
    harmless = ALL_OTHERS


class IdempotencyKey(models.Model):
    """One answered request, or one part of it; the same key again gets the same answer."""

    actor_id = models.BigIntegerField()
    key = models.CharField(max_length=100)
    request_hash = models.BinaryField()
    answer = models.JSONField(null=True)  # null only within the transaction that makes it
    made_at = models.DateTimeField()

    personal = frozenset[str]()
    harmless = ALL_OTHERS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="idempotency_key_once")]
