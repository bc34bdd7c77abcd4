"""The books: wallets, transfers, the chart of movements, grants, daily closings. No verbs: only SQL functions write here."""

from django.db import models
from django.db.models import Q


class Wallet(models.Model):
    """A customer's balances in micro-dollars. This row is the lock under which the customer's money moves."""

    customer_id = models.BigIntegerField(primary_key=True)
    cash = models.BigIntegerField(default=0)
    promo = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    withdrawing = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    event_seq = models.BigIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cash__gte=0, promo__gte=0, held__gte=0, withdrawing__gte=0),
                name="wallet_not_negative",
            )
        ]


class Movement(models.Model):
    """The chart of accounts as rows, written by `migrate` from ledger/movements.py."""

    name = models.TextField(primary_key=True)
    from_account = models.TextField()
    to_account = models.TextField()
    meaning = models.TextField()


class Transfer(models.Model):
    """One amount from one account to another, with the balances after it. Never changed, never removed."""

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
            models.CheckConstraint(condition=Q(amount_micros__gt=0), name="transfer_positive"),
            models.CheckConstraint(condition=Q(purse__in=["cash", "promo"]), name="transfer_purse"),
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
