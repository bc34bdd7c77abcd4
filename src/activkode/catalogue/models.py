"""What can be rented: services, countries, offers with their prices and windows. No verbs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class VirtualNumbers(models.TextChoices):
    """Whether the service accepts virtual numbers, as far as is known (POLICY 2.1.12)."""

    ALLOWED = "allowed"
    BANNED = "banned"
    UNKNOWN = "unknown"


class Service(models.Model):
    """A site or app whose codes are received. `senders` are the sender names that are plainly its own."""

    id = models.AutoField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    virtual_numbers = models.TextField(choices=VirtualNumbers.choices, default=VirtualNumbers.UNKNOWN)
    open_despite_ban = models.BooleanField(default=False)
    window_seconds = models.IntegerField(null=True)
    cancel_lock_seconds = models.IntegerField(default=0)
    senders = ArrayField(models.TextField(), default=list)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(window_seconds=None) | Q(window_seconds__gt=0, window_seconds__lte=86400),
                name="service_window",
            ),
            models.CheckConstraint(
                condition=Q(cancel_lock_seconds__gte=0, cancel_lock_seconds__lte=3600), name="service_lock"
            ),
        ]


class Country(models.Model):
    """ISO 3166 code, English name, telephone prefix, and the id of the compatibility dialects."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.TextField()
    prefix = models.TextField(blank=True, default="")
    handler_id = models.IntegerField(unique=True, null=True)


class Kind(models.TextChoices):
    """What is rented."""

    SMS = "sms"
    EMAIL = "email"


class Offer(models.Model):
    """One price for one service, by country and operator (for e-mail: by mail domain)."""

    id = models.AutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True)
    operator = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    price_micros = models.BigIntegerField()
    active = models.BooleanField(default=True)
    code_rate = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    delisted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind", "country", "operator"], name="offer_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(price_micros__gt=0), name="offer_price_positive"),
            models.CheckConstraint(
                condition=Q(kind="email", country=None) | Q(kind="sms", country__isnull=False),
                name="offer_kind_country",
            ),
        ]
