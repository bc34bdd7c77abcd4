"""What carriers delivered: originals, never changed, and what became of each. No verbs."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q


class Original(models.Model):
    """A PDU or a mail exactly as it came. Append-only."""

    id = models.BigAutoField(primary_key=True)
    carrier = models.TextField()
    source_id = models.TextField()
    kind = models.TextField()
    recipient = models.TextField()
    sender = models.TextField()
    raw = models.BinaryField()
    text = models.TextField()
    part_reference = models.IntegerField(null=True)
    part_total = models.IntegerField(null=True)
    part_number = models.IntegerField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "source_id"], name="original_once")]
        indexes = [
            models.Index(
                fields=["recipient", "sender", "part_reference", "received_at"],
                name="original_parts",
                condition=Q(part_reference__isnull=False),
            ),
            BrinIndex(fields=["received_at"], name="original_received"),
        ]


class Fate(models.Model):
    """What became of an original: pending, delivered, no_code, late, duplicate, other_service, no_lease, or part."""

    original_id = models.BigIntegerField(primary_key=True)
    fate = models.TextField(default="pending")
    head_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    activation_id = models.BigIntegerField(null=True)
    code = models.TextField(null=True)
    suspicious = models.BooleanField(default=False)
    attempts = models.IntegerField(default=0)
    settle_after = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["settle_after"], name="fate_pending", condition=Q(fate="pending")),
            models.Index(
                fields=["activation_id"], name="fate_activation", condition=Q(activation_id__isnull=False)
            ),
        ]
