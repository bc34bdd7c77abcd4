"""The demo's accounts, services and numbers, all made up; safe to repeat, and the same accounts each time.

The telephone numbers are those that the numbering plan keeps free for drama; the mail domain cannot exist.
"""

import hashlib
import hmac
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings

from activkode.catalogue.operations import OfferForm, ServiceForm, save_offer, save_service
from activkode.core import sql
from activkode.doors.demo.scripts import SCRIPTS, sender_of
from activkode.identity import keys
from activkode.identity.models import Role, User

ACTOR = "demo"
MAIL_DOMAIN = "mail.activkode.example"
SMS_PRICE, EMAIL_PRICE = 250_000, 100_000
FUNDS = 100_000_000
WINDOWS = {"demo-short": 5, "demo-late": 10}
# Prefixes of numbers kept for drama, each with three digits to follow.
PREFIXES = ("447700900", "441134960", "441144960", "441214960", "442079460")
LINK = "demo-smpp"


def seed() -> dict[str, Any]:
    """Makes what is missing and gives the accounts for var/demo.json. Raises TryLater."""
    for code in (*SCRIPTS, "demo-banned", "demo-consent"):
        _service(code)
    _numbers()
    return {
        "customer": _customer("customer@activkode.example", FUNDS),
        "empty_customer": _customer("empty@activkode.example", 0),
        "operators": [_operator(f"{name}@activkode.example") for name in ("olga", "oscar")],
    }


def _service(code: str) -> None:
    if sql.value("select exists (select from catalogue_service where code = %s)", (code,)):
        return  # an operator may have changed it
    banned = code in ("demo-banned", "demo-consent")
    save_service(
        ServiceForm(
            code=code,
            name=" ".join(word.capitalize() for word in code.split("-")),
            virtual_numbers="banned" if banned else "allowed",
            open_despite_ban=code == "demo-consent",
            window_seconds=WINDOWS.get(code),
            senders=(sender_of(code), f"{code}.example"),
        ),
        actor=ACTOR,
    )
    save_offer(OfferForm(code, "sms", "GB", "any", SMS_PRICE), actor=ACTOR)
    save_offer(OfferForm(code, "email", None, MAIL_DOMAIN, EMAIL_PRICE), actor=ACTOR)


def _numbers() -> None:
    phones = [f"{prefix}{number:03}" for prefix in PREFIXES for number in range(1000)]
    with sql.transaction():
        added = sql.execute(
            "insert into supply_number (phone, country_id, operator, link, active, created_at)"
            " select p, 'GB', 'any', %s, true, fn.now() from unnest(%s::text[]) p on conflict (phone) do nothing",
            (LINK, phones),
        )
        if added:
            sql.execute("select fn.stock_fill()")


def _customer(email: str, funds_micros: int) -> dict[str, str]:
    account = _account(email, Role.CUSTOMER)
    user = User.objects.get(email=email)
    key = keys.PREFIX + _secret(email, "key")
    sql.execute(
        "insert into identity_apikey (customer_id, name, prefix, digest, created_at) values (%s, 'demo', %s, %s, fn.now())"
        " on conflict (digest) do nothing",
        (user.id, key[:10], keys.digest(key)),
    )
    fresh = not sql.value("select exists (select from ledger_transfer where customer_id = %s)", (user.id,))
    if fresh and funds_micros:
        sql.execute(
            "select fn.grant_credit(%s, 'goodwill_grant', %s, %s, 'demo funds')",
            (user.id, funds_micros, ACTOR),
        )
    return account | {"api_key": key}


def _operator(email: str) -> dict[str, str]:
    return _account(email, Role.OPERATOR)


def _account(email: str, role: Role) -> dict[str, str]:
    password = _secret(email, "password")
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, password, role=role)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return {"email": email, "password": password}


def _secret(email: str, purpose: str) -> str:
    # Derived, so that a restart neither forgets nor stores it.
    value = hmac.new(
        settings.SECRET_KEY.encode(), f"demo {purpose} {email}".encode(), hashlib.sha256
    ).hexdigest()
    return value[:32]
