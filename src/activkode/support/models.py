"""Cases: what was asked, said, shown and decided, and who was told that time runs out. No verbs: SQL functions write."""

from django.db import models
from django.db.models import Q

UNDECIDED_STATES = ["open", "waiting_customer"]


class RuleRow(models.Model):
    """policy.RULES as rows, written by `migrate`, so that one SQL statement can decide by them."""

    pk = models.CompositePrimaryKey("event", "from_state")
    event = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField(null=True)
    refusal = models.TextField(null=True)
    told = models.TextField(null=True)
    why = models.TextField()

    class Meta:
        db_table = "support_rule"


class Case(models.Model):
    """Something that a person decides. `customer_id` is null while nobody is known to have asked; `origin` names the one
    cause of a case that the system opened; `paused_at` is set while the customer is asked. An activation has one case
    at a time, and once decided goes on with that one."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField(null=True)
    kind = models.TextField()
    channel = models.TextField()
    state = models.TextField()
    verified = models.BooleanField()
    email = models.TextField()
    subject = models.TextField()
    description = models.TextField()
    activation_id = models.BigIntegerField(null=True)
    deposit_id = models.BigIntegerField(null=True)
    withdrawal_id = models.BigIntegerField(null=True)
    origin = models.TextField(null=True, unique=True)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    interim_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    mail_id = models.BigIntegerField(null=True)
    policy_version = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(activation_id=None) | Q(customer_id__isnull=False),
                name="case_owner_of_activation",
            ),
            models.UniqueConstraint(
                fields=["activation_id"],
                condition=Q(activation_id__isnull=False) & ~Q(state="closed"),
                name="case_of_activation_once",
            ),
            models.UniqueConstraint(
                fields=["deposit_id"],
                condition=Q(deposit_id__isnull=False, state__in=UNDECIDED_STATES),
                name="case_of_deposit_once",
            ),
            models.UniqueConstraint(
                fields=["withdrawal_id"],
                condition=Q(withdrawal_id__isnull=False, state__in=UNDECIDED_STATES),
                name="case_of_withdrawal_once",
            ),
        ]
        indexes = [
            models.Index(fields=["customer_id", "id"], name="case_of_customer"),
            models.Index(fields=["due_at"], name="case_due", condition=Q(state__in=UNDECIDED_STATES)),
            models.Index(fields=["email", "acknowledged_at"], name="case_of_email"),
            models.Index(fields=["decided_at"], name="case_decided"),
        ]


class Message(models.Model):
    """Something said in a case. Append-only. `internal` is never shown to the customer; `mail_id` is the stored mail that it
    came with."""

    id = models.BigAutoField(primary_key=True)
    case_id = models.BigIntegerField(db_index=True)
    at = models.DateTimeField()
    author = models.TextField()
    actor = models.TextField()
    event = models.TextField()
    text = models.TextField()
    internal = models.BooleanField()
    mail_id = models.BigIntegerField(null=True)


class Question(models.Model):
    """A fact that the customer was asked for: once before each decision. The clock stood still from `asked_at` to
    `ended_at`, which put the due date off by `days` business days."""

    pk = models.CompositePrimaryKey("case_id", "round")
    case_id = models.BigIntegerField()
    round = models.IntegerField()
    asked_at = models.DateTimeField()
    text = models.TextField()
    actor = models.TextField()
    ended_at = models.DateTimeField(null=True)
    answered = models.BooleanField(null=True)
    days = models.IntegerField(null=True)


class Decision(models.Model):
    """A decision with its clause and reason: the first, and at most one more after new facts. Append-only. `taken_micros`
    was taken back of a credit that was wrong, `loss_micros` is what was no longer there to take; `due_at` was its date."""

    pk = models.CompositePrimaryKey("case_id", "number")
    case_id = models.BigIntegerField()
    number = models.IntegerField()
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.TextField()
    clause = models.TextField()
    reason = models.TextField()
    actor = models.TextField()
    actor_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    activation_id = models.BigIntegerField(null=True)
    deposit_id = models.BigIntegerField(null=True)
    withdrawal_id = models.BigIntegerField(null=True)
    amount_micros = models.BigIntegerField(default=0)
    taken_from = models.BigIntegerField(null=True)
    taken_micros = models.BigIntegerField(default=0)
    loss_micros = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            # One decision each, the second only in the same case after it was reopened: whoever decides, wherever.
            models.UniqueConstraint(
                fields=["activation_id", "number"],
                condition=Q(activation_id__isnull=False),
                name="activation_decided_once",
            ),
            models.UniqueConstraint(
                fields=["activation_id"],
                condition=Q(activation_id__isnull=False, outcome="granted"),
                name="activation_granted_once",
            ),
            models.UniqueConstraint(
                fields=["deposit_id", "clause"],
                condition=Q(deposit_id__isnull=False, outcome="granted"),
                name="deposit_granted_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_micros__gte=0, taken_micros__gte=0, loss_micros__gte=0),
                name="decision_amounts",
            ),
        ]


class Attachment(models.Model):
    """A file of a case, found by its token alone. `image` has been decoded and encoded again; anything else is handed out as
    a download that nobody has opened."""

    id = models.BigAutoField(primary_key=True)
    case_id = models.BigIntegerField(db_index=True)
    message_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    token = models.TextField(unique=True)
    name = models.TextField()
    image = models.BooleanField()
    media_type = models.TextField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    size_bytes = models.IntegerField()
    sha256 = models.BinaryField()
    content = models.BinaryField()
    internal = models.BooleanField(default=False)


class Escalation(models.Model):
    """Operators were told that half of the time is over, or all of it: of a case or a withdrawal, once for each date."""

    pk = models.CompositePrimaryKey("subject", "subject_id", "stage", "due_at")
    subject = models.TextField()
    subject_id = models.BigIntegerField()
    stage = models.TextField()
    due_at = models.DateTimeField()
    at = models.DateTimeField()
