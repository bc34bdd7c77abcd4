"""Mails to the contact address: originals, never changed, and what became of each. No verbs: only SQL functions write."""

from django.db import models
from django.db.models import Q


class Mail(models.Model):
    """A mail exactly as it came, once for each recipient. `peer` and `helo` are the host that delivered, "" where another
    server of ours stands between; `sender` is the envelope's, "" for a bounce, null where nobody knows. Append-only."""

    id = models.BigAutoField(primary_key=True)
    digest = models.BinaryField(unique=True)
    carrier = models.TextField()
    peer = models.TextField()
    helo = models.TextField()
    sender = models.TextField(null=True)
    recipient = models.TextField()
    raw = models.BinaryField()
    received_at = models.DateTimeField(db_index=True)


class Fate(models.Model):
    """What became of a mail (policy.Fate), and by what: who it says it is from, whether and how that was proven, what was
    found wrong. `told` is the address that was answered automatically."""

    mail_id = models.BigIntegerField(primary_key=True)
    fate = models.TextField()
    reason = models.TextField()
    sender = models.TextField()
    verified_by = models.TextField()
    message_id = models.TextField()
    subject = models.TextField()
    customer_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    withdrawal_id = models.BigIntegerField(null=True)
    told = models.TextField()
    attempts = models.IntegerField()
    settle_after = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(customer_id=None) | ~Q(verified_by=""), name="mail_customer_is_proven"
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_id=None) | Q(customer_id__isnull=False),
                name="mail_withdrawal_has_customer",
            ),
            # The same mail sent once more, by whoever has a copy, asks for nothing again.
            models.UniqueConstraint(
                fields=["sender", "message_id"],
                condition=~Q(verified_by="") & ~Q(message_id="") & ~Q(fate="parked"),
                name="mail_counts_once",
            ),
        ]
        indexes = [
            models.Index(fields=["settle_after"], name="mail_pending", condition=Q(fate="pending")),
            models.Index(fields=["told", "settled_at"], name="mail_told", condition=~Q(told="")),
            models.Index(fields=["case_id"], name="mail_of_case", condition=Q(case_id__isnull=False)),
            models.Index(
                fields=["withdrawal_id"], name="mail_of_withdrawal", condition=Q(withdrawal_id__isnull=False)
            ),
        ]


class Fetched(models.Model):
    """How far a mailbox that stands elsewhere was read: the greatest UID whose mails, up to it, are all stored (RFC 9051,
    2.3.1.1). A new UIDVALIDITY begins anew."""

    pk = models.CompositePrimaryKey("mailbox", "uid_validity")
    mailbox = models.TextField()
    uid_validity = models.BigIntegerField()
    last_uid = models.BigIntegerField()
    at = models.DateTimeField()
