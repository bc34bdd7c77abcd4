"""Where numbers and addresses come from, which are free, and who holds which until when. No verbs."""

from django.db import models


class Number(models.Model):
    """A telephone number of ours: digits of E.164 without the plus."""

    id = models.BigAutoField(primary_key=True)
    phone = models.TextField(unique=True)
    country_id = models.CharField(max_length=2)
    operator = models.TextField()
    link = models.TextField()
    active = models.BooleanField(default=True)
    import_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["country_id", "operator"], name="number_pool")]


class Domain(models.Model):
    """A mail domain of ours; at most `capacity` addresses of it are leased at a time."""

    name = models.TextField(primary_key=True)
    capacity = models.IntegerField(default=10_000)
    active = models.BooleanField(default=True)


class Free(models.Model):
    """A number that may be leased for an offer now. Takers start at a random key and skip locked rows."""

    pk = models.CompositePrimaryKey("offer_id", "rnd", "number_id")
    offer_id = models.IntegerField()
    rnd = models.IntegerField()
    number_id = models.BigIntegerField()
    phone = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number_id", "offer_id"], name="free_once")]


class Lease(models.Model):
    """An address held by an activation. While `blocking`, the index below makes a second lease of the same address
    and service impossible; it stays so through the quarantine and is lifted by the clock (POLICY 2.1.11)."""

    activation_id = models.BigIntegerField(primary_key=True)
    customer_id = models.BigIntegerField()
    service_id = models.IntegerField()
    offer_id = models.IntegerField()
    kind = models.TextField()
    address = models.TextField()
    number_id = models.BigIntegerField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    blocked_until = models.DateTimeField(null=True)
    blocking = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "service_id"],
                condition=models.Q(blocking=True),
                name="lease_never_overlaps",
            )
        ]
        indexes = [
            # Past leases only: the running ones are found by the constraint above, and renting pays for one index less.
            models.Index(
                fields=["address", "starts_at"], name="lease_past", condition=models.Q(blocking=False)
            ),
        ]


class Rest(models.Model):
    """The timer of a number's quarantine after a lease. Not an index of the leases: so that the end of a lease changes no
    column that an index knows, and PostgreSQL writes no index entry for it."""

    pk = models.CompositePrimaryKey("until", "activation_id")
    until = models.DateTimeField()
    activation_id = models.BigIntegerField()


class Import(models.Model):
    """A bulk import of numbers: progress while it runs, report of the refused lines, all or nothing."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.TextField()
    filename = models.TextField()
    state = models.TextField()
    lines = models.IntegerField(default=0)
    checked = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    bad = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)
