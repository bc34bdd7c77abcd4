"""What the command line does for operators: the first account, and credit with a reason."""

import click
from allauth.account.models import EmailAddress

from activkode.core import audit_log, sql
from activkode.core.money import dollars, micros
from activkode.identity.models import Role, User


def create(email: str, password: str) -> None:
    """Makes an operator, or makes an existing account one. Raises TryLater."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, password, role=Role.OPERATOR)
    else:
        user.role = Role.OPERATOR
        user.set_password(password)
        user.save(update_fields=["role", "password"])
    # Who may run this command needs no mail to prove an address.
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    audit_log.note("command line", "create operator", f"customer {user.id}")
    click.echo(f"operator {user.email} is ready; set a second factor after the first sign-in")


def grant(email: str, amount: str, *, reason: str, kind: str) -> None:
    """Credits promo or goodwill. Raises Refusal, TryLater, click.ClickException for an unknown customer."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise click.ClickException(f"there is no account {email}")
    number = sql.value(
        "select fn.grant_credit(%s, %s, %s, 'command line', %s)",
        (user.id, f"{kind}_grant", micros(amount), reason),
    )
    click.echo(f"grant_{number}: {dollars(micros(amount))} {kind} for {user.email}")
