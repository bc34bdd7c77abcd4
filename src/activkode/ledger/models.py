"""The books: wallets, transfers, the chart of movements, grants, daily closings. No verbs: only SQL functions write here."""

from django.db import models


class Wallet(models.Model):
    """A customer's balances in micro-dollars. This row is the lock under which the customer's money moves.

    That none is negative is part of the columns' type, the domain `micros` (migration 0002): PostgreSQL compiles a
    domain's check once a session, a table's anew for every statement."""

    customer_id = models.BigIntegerField(primary_key=True)
    cash = models.BigIntegerField(default=0)
    promo = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    withdrawing = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    event_seq = models.BigIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True)


class Movement(models.Model):
    """The chart of accounts as rows, written by `migrate` from ledger/movements.py."""

    name = models.TextField(primary_key=True)
    from_account = models.TextField()
    to_account = models.TextField()
    meaning = models.TextField()


class Transfer(models.Model):
    """One amount from one account to another, with the balances after it. Never changed, never removed. The domains
    `micros_moved` and `purse` (migration 0002) refuse an amount that is not positive, and another purse."""

    pk = models.CompositePrimaryKey("customer_id", "seq")
    customer_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    movement = models.TextField()
    purse = models.TextField()
    reference_kind = models.TextField()
    reference_id = models.BigIntegerField()
    amount_micros = models.BigIntegerField()
    cash_after = models.BigIntegerField()
    promo_after = models.BigIntegerField()
    held_after = models.BigIntegerField()
    withdrawing_after = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id", "reference_id", "reference_kind", "movement", "purse"],
                name="transfer_once",
            ),
        ]


class Grant(models.Model):
    """Why a customer was given credit by a person: the reference of promo and goodwill transfers."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField()
    reason = models.TextField()
    movement = models.TextField()
    amount_micros = models.BigIntegerField()


class Closing(models.Model):
    """Sum of one house account's movements in one UTC day; house accounts have no balance row."""

    pk = models.CompositePrimaryKey("day", "account")
    day = models.DateField()
    account = models.TextField()
    amount_micros = models.BigIntegerField()
