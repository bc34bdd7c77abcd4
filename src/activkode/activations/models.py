"""A rental of one number or address for one code, its messages, and the policy's edges as rows. No verbs."""

from django.db import models
from django.db.models import Q

OPEN_STATES = ["requesting", "waiting", "received"]
UNDECIDED_STATES = ["requesting", "waiting"]


class Activation(models.Model):
    """State changes only in `fn.activation_apply` and `fn.expire_due`, along the rows of activations/policy.py."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    customer_id = models.BigIntegerField()
    id = models.BigIntegerField()
    service_id = models.IntegerField()
    offer_id = models.IntegerField()
    kind = models.TextField()
    country_id = models.CharField(max_length=2, null=True)
    operator = models.TextField()
    address = models.TextField(blank=True, default="")
    price_micros = models.BigIntegerField()
    promo_micros = models.BigIntegerField(default=0)
    state = models.TextField()
    clause = models.TextField(null=True)
    revision = models.IntegerField(default=1)
    window_seconds = models.IntegerField()
    policy_version = models.IntegerField()
    opened_at = models.DateTimeField()
    cancel_from = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # That both amounts are in range is part of their type: ledger's domains (migration 0003).
            models.CheckConstraint(
                condition=Q(promo_micros__lte=models.F("price_micros")), name="activation_promo_within_price"
            )
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="activation_due", condition=Q(state__in=OPEN_STATES)),
            # An offer's quality is that of what was decided; so renting does not pay for this index.
            models.Index(
                fields=["offer_id", "id"],
                name="activation_offer_decided",
                condition=~Q(state__in=UNDECIDED_STATES),
            ),
        ]


class Message(models.Model):
    """A message that belongs to an activation, in order of revision. `shown` is false until the text may be seen."""

    pk = models.CompositePrimaryKey("customer_id", "activation_id", "revision")
    customer_id = models.BigIntegerField()
    activation_id = models.BigIntegerField()
    revision = models.IntegerField()
    received_at = models.DateTimeField()
    sender = models.TextField()
    text = models.TextField()
    code = models.TextField(null=True)
    link = models.TextField(null=True)
    shown = models.BooleanField()
    original_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer_id", "original_id"], name="message_original_once")
        ]


class Rule(models.Model):
    """activations/policy.py's RULES as rows, written by `migrate`, so that one SQL statement can decide by them."""

    pk = models.CompositePrimaryKey("event", "from_state")
    event = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField(null=True)
    movement = models.TextField(null=True)
    clause = models.TextField(null=True)
    refusal = models.TextField(null=True)


class Delay(models.Model):
    """How long automatic refunds took after expiry, counted per day in buckets: what the status page publishes."""

    pk = models.CompositePrimaryKey("day", "bucket_ms")
    day = models.DateField()
    bucket_ms = models.BigIntegerField()
    count = models.BigIntegerField()
    max_ms = models.BigIntegerField()
