"""People and their programs: users, API keys, suspensions. No verbs."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Role(models.TextChoices):
    """What a signed-in person is; what each may do is data in identity/permissions.py."""

    CUSTOMER = "customer"
    SUPPORT = "support"
    OPERATOR = "operator"


class Users(BaseUserManager["User"]):
    """Makes users with a normalised e-mail address."""

    def create_user(self, email: str, password: str | None = None, *, role: str = Role.CUSTOMER) -> "User":
        """A user; its wallet is opened by a trigger in the same transaction."""
        user = self.model(email=email.strip().lower(), role=role)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of an e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who can sign in. A customer's id is this id everywhere."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(max_length=254, unique=True)
    role = models.TextField(choices=Role.choices, default=Role.CUSTOMER)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    email_changed_at = models.DateTimeField(null=True)

    objects = Users()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower")
        ]

    @property
    def is_staff(self) -> bool:
        """Whether the operator console opens for this person."""
        return self.role != Role.CUSTOMER

    def __str__(self) -> str:
        return self.email


class EmailChange(models.Model):
    """A change of an account's e-mail address, and the address before it: whoever read mail there is told what is asked
    for in the days after."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField(db_index=True)
    at = models.DateTimeField()
    before = models.TextField()

    class Meta:
        db_table = "identity_email_change"


class ApiKey(models.Model):
    """A program's key: only its SHA-256 is kept; the first characters name it to its owner."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField(db_index=True)
    name = models.TextField()
    prefix = models.TextField()
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Suspension(models.Model):
    """Why a customer's wallet is frozen, by whom, and until when."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField()
    reason = models.TextField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id"], condition=models.Q(lifted_at=None), name="suspended_once"
            )
        ]


class Webhook(models.Model):
    """Where a customer's programs want to be told; `last_seq` is the last event that was delivered or given up, `due_at`
    when the next may be tried. `events` null is all of them, `sealed` the secret that signs (core/sealing.py)."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField(db_index=True)
    url = models.TextField()
    events = models.JSONField(null=True)
    description = models.TextField()
    sealed = models.TextField()
    active = models.BooleanField()
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    reason = models.TextField()
    last_seq = models.BigIntegerField()
    due_at = models.DateTimeField()
    failures = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="webhook_due", condition=models.Q(active=True)),
        ]


class Delivery(models.Model):
    """An event for a webhook and every try to deliver it. `seq` is null for a test, `asked_at` says that it goes out of
    turn because its owner asked."""

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField()
    webhook_id = models.BigIntegerField()
    seq = models.BigIntegerField(null=True)
    event_id = models.TextField()
    type = models.TextField()
    body = models.TextField()
    state = models.TextField()
    created_at = models.DateTimeField(db_index=True)
    attempts = models.IntegerField()
    tries = models.JSONField()
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer_id", "webhook_id", "seq"], name="delivered_once")
        ]
        indexes = [
            models.Index(fields=["webhook_id", "id"], name="delivery_of"),
            models.Index(
                fields=["due_at"],
                name="delivery_asked",
                condition=models.Q(state="pending", asked_at__isnull=False),
            ),
        ]
