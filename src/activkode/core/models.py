"""Tables that every package leans on: events, outbox, idempotency, audit log, outages, findings, stored policy."""

from django.db import models


class Event(models.Model):
    """One thing that happened to a customer, in commit order: the sequence is taken under the wallet's row lock."""

    pk = models.CompositePrimaryKey("customer_id", "seq")
    customer_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    type = models.TextField()
    activation_id = models.BigIntegerField(null=True)
    revision = models.IntegerField(null=True)
    payload = models.JSONField(null=True)


class Outbox(models.Model):
    """A mail (later: a webhook call) to be delivered at least once; its state is in the row, never in a queue."""

    id = models.BigAutoField(primary_key=True)
    topic = models.TextField()
    payload = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="outbox_due",
                condition=models.Q(delivered_at=None, failed_at=None),
            )
        ]


class Idempotency(models.Model):
    """The first answer given to a key, kept 30 days."""

    pk = models.CompositePrimaryKey("customer_id", "key")
    customer_id = models.BigIntegerField()
    key = models.TextField()
    body_hash = models.BinaryField()
    outcome = models.JSONField()
    created_at = models.DateTimeField()


class AuditLog(models.Model):
    """Who did what, append-only; each line's hash covers the line before it."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.TextField()
    action = models.TextField()
    subject = models.TextField()
    detail = models.JSONField()
    prev_hash = models.BinaryField()
    hash = models.BinaryField(unique=True)

    class Meta:
        db_table = "core_audit_log"


class Heartbeat(models.Model):
    """When a loop of the clock last went round."""

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()


class Outage(models.Model):
    """A time in which no clock ran; lateness inside it is explained by it, and counted from its end."""

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()


class Finding(models.Model):
    """A violated invariant as the audit saw it, open until a later audit no longer sees it."""

    id = models.BigAutoField(primary_key=True)
    invariant = models.TextField()
    rows = models.JSONField()
    count = models.BigIntegerField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invariant"], condition=models.Q(resolved_at=None), name="finding_open_once"
            )
        ]


class Figure(models.Model):
    """A figure for the status page, computed by the clock so that reading it costs one row."""

    name = models.TextField(primary_key=True)
    value = models.JSONField()
    computed_at = models.DateTimeField()


class Holiday(models.Model):
    """A day that is no business day, published at least a year ahead; never taken back once it is here, since due dates
    were counted with it."""

    day = models.DateField(primary_key=True)
    name = models.TextField()


class Policy(models.Model):
    """Every version of the policy that was ever in force, as data."""

    version = models.IntegerField(primary_key=True)
    data = models.JSONField()
    active_from = models.DateTimeField()


class SqlStamp(models.Model):
    """Hash of the SQL functions that were built last; a process of another version refuses to start."""

    name = models.TextField(primary_key=True)
    hash = models.TextField()
    built_at = models.DateTimeField()
