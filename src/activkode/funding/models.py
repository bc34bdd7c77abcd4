"""Chains as this system has read them, addresses, deposits, rates. No verbs: only SQL functions write here."""

from django.db import models
from django.db.models import Q

from activkode.funding import policy


class AssetRow(models.Model):
    """policy.ASSETS and policy.CHAINS as rows, written by `migrate`, so that one SQL statement can decide by them."""

    name = models.TextField(primary_key=True)
    chain = models.TextField()
    coin = models.TextField()
    decimals = models.IntegerField()
    is_dollar = models.BooleanField()
    confirmations = models.IntegerField()
    final_only = models.BooleanField()
    deep_above_micros = models.BigIntegerField()
    deep_confirmations = models.IntegerField()
    deep_final = models.BooleanField()

    class Meta:
        db_table = "funding_asset"


class RuleRow(models.Model):
    """policy.RULES as rows, written by `migrate`."""

    pk = models.CompositePrimaryKey("event", "from_state")
    event = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField(null=True)
    movement = models.TextField(null=True)

    class Meta:
        db_table = "funding_rule"


class ChainRow(models.Model):
    """How far a chain has been read. This row is the lock under which its blocks and deposits change; `cursor` is the
    last block that was read, and canonical."""

    name = models.TextField(primary_key=True)
    genesis = models.TextField()
    cursor_height = models.BigIntegerField()
    cursor_hash = models.TextField()
    head_height = models.BigIntegerField(default=0)
    final_height = models.BigIntegerField(default=0)
    head_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")
    trouble_since = models.DateTimeField(null=True)
    # The nightly second reading is at rescanned_height and goes on to rescan_until; looked_key is where the round through
    # the balances of addresses stands.
    rescanned_height = models.BigIntegerField(default=0)
    rescan_until = models.BigIntegerField(default=0, db_default=0)
    looked_key = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "funding_chain"


class Block(models.Model):
    """A block that was read; `canonical` until a fork removes it."""

    pk = models.CompositePrimaryKey("chain", "hash")
    chain = models.TextField()
    hash = models.TextField()
    height = models.BigIntegerField()
    parent = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField()
    canonical = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "height"], condition=Q(canonical=True), name="block_canonical_once"
            )
        ]


class Keychain(models.Model):
    """An extended public key that addresses are derived from. `fingerprint` keeps addresses of two wallets apart: another
    key under the same name is refused. This row is the lock under which an index is handed out, so that indexes commit
    in order."""

    name = models.TextField(primary_key=True)
    fingerprint = models.TextField()
    next_index = models.BigIntegerField()


class Address(models.Model):
    """An address and the customer whose it is, for ever. `key` is what the chain's data calls it: the output script in
    hex on Bitcoin, twenty bytes in hex elsewhere."""

    pk = models.CompositePrimaryKey("keychain", "index")
    keychain = models.TextField()
    index = models.BigIntegerField()
    chain = models.TextField()
    key = models.TextField()
    address = models.TextField()
    asset = models.TextField()
    customer_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "key"], name="address_key_once"),
            models.UniqueConstraint(fields=["customer_id", "keychain"], name="address_of_customer_once"),
        ]
        indexes = [models.Index(fields=["address"], name="address_text")]


class Deposit(models.Model):
    """One thing that one transaction moved to one of our addresses: an output, a token's log, or the plain value. Credited
    at most once, for ever (2.2.1). `position` is the output's number, the log's place within its transaction, or -1 for
    the plain value; `token` says what was moved where it is not an asset of ours."""

    id = models.BigIntegerField(primary_key=True)
    chain = models.TextField()
    tx = models.TextField()
    position = models.IntegerField()
    customer_id = models.BigIntegerField()
    address = models.TextField()
    asset = models.TextField(null=True)
    token = models.TextField(blank=True, default="")
    amount = models.DecimalField(max_digits=78, decimal_places=0)
    state = models.TextField()
    reason = models.TextField(null=True)
    note = models.TextField(blank=True, default="")
    accepted = models.BooleanField(default=False)
    seen_at = models.DateTimeField()
    pending_at = models.DateTimeField(null=True)
    height = models.BigIntegerField(null=True)
    block = models.TextField(null=True)
    unmined_at = models.DateTimeField(null=True)
    mined_at = models.DateTimeField(null=True)
    inputs = models.JSONField(null=True)
    replaced_by = models.TextField(null=True)
    rate = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    rate_at = models.DateTimeField(null=True)
    rate_sources = models.JSONField(null=True)
    credited_micros = models.BigIntegerField(null=True)
    credited_at = models.DateTimeField(null=True)
    reversed_micros = models.BigIntegerField(default=0)
    reversed_at = models.DateTimeField(null=True)
    restored_micros = models.BigIntegerField(default=0)
    written_off_micros = models.BigIntegerField(default=0)
    policy_version = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "tx", "position", "address"], name="deposit_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="deposit_amount"),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in policy.State]), name="deposit_state"
            ),
        ]
        indexes = [
            models.Index(fields=["customer_id", "-id"], name="deposit_of_customer"),
            models.Index(fields=["address"], name="deposit_of_address"),
            models.Index(fields=["block"], name="deposit_of_block"),
            models.Index(
                fields=["chain", "id"],
                name="deposit_unsettled",
                condition=Q(
                    state__in=["seen", "confirming", "pricing", "accumulating", "orphaned", "under_case"]
                )
                | Q(unmined_at__isnull=False),
            ),
        ]


class Rate(models.Model):
    """What one whole coin is worth in dollars, as last looked up. Only a `usable` row that is young enough prices a
    deposit; `oldest_at` is the time of its oldest source. `believed_*` is the last usable one: jumps are measured
    against it."""

    asset = models.TextField(primary_key=True)
    rate = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    sources = models.JSONField()
    oldest_at = models.DateTimeField(null=True)
    usable = models.BooleanField()
    trouble = models.TextField(blank=True, default="")
    looked_at = models.DateTimeField()
    believed_rate = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    believed_at = models.DateTimeField(null=True)


class Outgoing(models.Model):
    """What left one of our addresses in a block, fees included, on chains where an address has a balance."""

    pk = models.CompositePrimaryKey("chain", "block", "key", "asset")
    chain = models.TextField()
    block = models.TextField()
    key = models.TextField()
    asset = models.TextField()
    amount = models.DecimalField(max_digits=78, decimal_places=0)

    class Meta:
        indexes = [models.Index(fields=["chain", "key"], name="outgoing_of_key")]


class Holding(models.Model):
    """What the chain itself says lies on one of our addresses, beside what we have recorded: internal transfers and
    tokens that arrive short are found by the difference, and the solvency report adds it up. `outgoing` is what was
    seen leaving, fees included."""

    pk = models.CompositePrimaryKey("chain", "address", "token")
    chain = models.TextField()
    address = models.TextField()
    token = models.TextField()
    customer_id = models.BigIntegerField()
    balance = models.DecimalField(max_digits=78, decimal_places=0)
    outgoing = models.DecimalField(max_digits=78, decimal_places=0, default=0)
    height = models.BigIntegerField()
    looked_at = models.DateTimeField()
