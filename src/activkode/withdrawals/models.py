"""Withdrawals, approvals, payouts and their transactions. No verbs: only SQL functions write here."""

from django.db import models
from django.db.models import Q

from activkode.withdrawals import policy


class RuleRow(models.Model):
    """policy.RULES as rows, written by `migrate`."""

    pk = models.CompositePrimaryKey("event", "from_state")
    event = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField()
    movement = models.TextField(null=True)
    why = models.TextField()

    class Meta:
        db_table = "withdrawals_rule"


class Withdrawal(models.Model):
    """A customer's wish to be paid out. `network_micros` is what the customer bears of the network's cost beyond the flat
    fee; `quote_micros` is the cost that was last shown, `consent_by` until when it is to be agreed to. `paused_at`: the
    clock stands while the customer is waited for. `released_by` is the granted case that lets a suspended customer be
    paid, since `released_at`: in that suspension, not in a later one. `retries` is how many payouts with signed
    transactions may fail before a person decides again."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    asset = models.TextField()
    address = models.TextField()
    gross_micros = models.BigIntegerField()
    fee_micros = models.BigIntegerField()
    network_micros = models.BigIntegerField()
    state = models.TextField()
    channel = models.TextField()
    note = models.TextField(blank=True, default="")
    requested_at = models.DateTimeField()
    quote_micros = models.BigIntegerField(null=True)
    quoted_at = models.DateTimeField(null=True)
    consent_by = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    broadcast_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")
    waived_by = models.TextField(blank=True, default="")
    waived_for = models.BigIntegerField(null=True)
    released_by = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)
    retries = models.IntegerField(default=0)
    policy_version = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id"],
                condition=Q(state__in=[str(state) for state in policy.OPEN]),
                name="withdrawal_open_once",
            ),
            models.UniqueConstraint(
                fields=["customer_id", "waived_for"],
                condition=Q(waived_for__isnull=False) & ~Q(state__in=["rejected", "cancelled", "returned"]),
                name="withdrawal_waived_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in policy.State]), name="withdrawal_state"
            ),
            models.CheckConstraint(
                condition=Q(gross_micros__gt=models.F("fee_micros") + models.F("network_micros")),
                name="withdrawal_pays_something",
            ),
            models.CheckConstraint(
                condition=Q(fee_micros__gte=0) & Q(network_micros__gte=0), name="withdrawal_fees_positive"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="withdrawal_due",
                condition=Q(state__in=[str(state) for state in policy.OPEN]),
            ),
            models.Index(fields=["closed_at"], name="withdrawal_closed"),
        ]


class Approval(models.Model):
    """One member of staff's word for one withdrawal as it stood then."""

    pk = models.CompositePrimaryKey("customer_id", "withdrawal_id", "actor_id")
    customer_id = models.BigIntegerField()
    withdrawal_id = models.BigIntegerField()
    actor_id = models.BigIntegerField()
    actor = models.TextField()
    at = models.DateTimeField()


class Payout(models.Model):
    """One attempt to pay a withdrawal: `amount` in the asset's smallest unit, by `rate` (null: not needed yet). Everything
    that its transactions spend stands in withdrawals_spend."""

    pk = models.CompositePrimaryKey("customer_id", "id")
    id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    withdrawal_id = models.BigIntegerField()
    state = models.TextField()
    asset = models.TextField()
    chain = models.TextField()
    wallet = models.TextField()
    nonce = models.BigIntegerField(null=True)
    destination = models.TextField()
    amount = models.DecimalField(max_digits=78, decimal_places=0)
    net_micros = models.BigIntegerField()
    rate = models.DecimalField(max_digits=30, decimal_places=10)
    rate_at = models.DateTimeField(null=True)
    rate_sources = models.JSONField(null=True)
    most_fee = models.DecimalField(max_digits=78, decimal_places=0)
    handed_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    standing = models.TextField(blank=True, default="")
    tx = models.TextField(null=True)
    height = models.BigIntegerField(null=True)
    confirmations = models.IntegerField(default=0)
    fee_paid = models.DecimalField(max_digits=78, decimal_places=0, null=True)
    proof = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id", "withdrawal_id"],
                condition=Q(state__in=[str(state) for state in policy.LIVE]),
                name="payout_live_once",
            ),
            models.UniqueConstraint(
                fields=["customer_id", "withdrawal_id"],
                condition=Q(state="confirmed"),
                name="payout_confirmed_once",
            ),
            models.UniqueConstraint(
                fields=["wallet", "nonce"], condition=Q(nonce__isnull=False), name="payout_nonce_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in policy.PayoutState]), name="payout_state"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_amount"),
        ]
        indexes = [
            models.Index(
                fields=["chain"],
                name="payout_live",
                condition=Q(state__in=[str(state) for state in policy.LIVE]),
            )
        ]


class Transaction(models.Model):
    """One transaction of a payout: the first, or a replacement that spends the same. `raw` and `tx` are stored before it is
    broadcast, once, and never change."""

    pk = models.CompositePrimaryKey("customer_id", "payout_id", "number")
    customer_id = models.BigIntegerField()
    payout_id = models.BigIntegerField()
    number = models.IntegerField()
    kind = models.TextField()
    body = models.JSONField()
    spends = models.JSONField()
    fee = models.DecimalField(max_digits=78, decimal_places=0)
    fee_coin = models.TextField()
    expires_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField()
    handed_by = models.TextField()
    tx = models.TextField(null=True, unique=True)
    raw = models.BinaryField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    told = models.TextField(blank=True, default="")
    words = models.TextField(blank=True, default="")
    told_at = models.DateTimeField(null=True)
    signer_words = models.TextField(blank=True, default="")
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tx__isnull=True, raw__isnull=True, signed_at__isnull=True)
                | Q(tx__isnull=False, raw__isnull=False, signed_at__isnull=False),
                name="transaction_signed_whole",
            ),
        ]


class Spend(models.Model):
    """What a payout's transactions spend: an output, or a wallet's nonce. One payout's for ever, unless it died and the
    output is free again."""

    pk = models.CompositePrimaryKey("chain", "spend")
    chain = models.TextField()
    spend = models.TextField()
    payout_id = models.BigIntegerField()


class Wallet(models.Model):
    """A wallet that pays. This row is the lock under which nonces and inputs are given out."""

    name = models.TextField(primary_key=True)
    chain = models.TextField()
    next_nonce = models.BigIntegerField(null=True)
