"""The people and the shelf that tests share. A test says only what differs.

Alice has money when a test gives her some, Bob has none, Olga and Oscar are operators, Carl is a carrier, Mallory wants
what is not hers.
"""

from functools import cache

from django.contrib.auth.hashers import make_password

from activkode.catalogue.operations import OfferForm, ServiceForm, save_offer, save_service
from activkode.core import sql
from activkode.core.money import micros
from activkode.identity.models import Role, User

PHONES = [f"447700900{number:03}" for number in range(20)]
SHELF = (
    (ServiceForm("shop", "Shop", "allowed", senders=("Shop", "shop.example")), "2.00"),
    (ServiceForm("rival", "Rival", "allowed", senders=("Rival", "rival.example")), "2.00"),
    (ServiceForm("plain", "Plain", "unknown"), "1.50"),
    (ServiceForm("slow", "Slow", "allowed", window_seconds=3600, senders=("Slow",)), "3.00"),
    (ServiceForm("locked", "Locked", "allowed", cancel_lock_seconds=120, senders=("Locked",)), "1.00"),
    (ServiceForm("bank", "Bank", "banned", senders=("Bank",)), "2.00"),
    (ServiceForm("club", "Club", "banned", open_despite_ban=True, senders=("Club",)), "2.00"),
)


def person(name: str, role: Role = Role.CUSTOMER) -> User:
    """Somebody who can sign in, with an empty wallet; the password is the name."""
    return User.objects.create(email=f"{name}@people.example", password=_hashed(name), role=role)


@cache
def _hashed(password: str) -> str:
    """As sign-in keeps it; once for all tests, for one of these costs more than most of them."""
    return make_password(password)


def fund(user: User, amount: str, *, promo: bool = False) -> None:
    """Money for a customer, in dollars."""
    movement = "promo_grant" if promo else "goodwill_grant"
    sql.execute("select fn.grant_credit(%s, %s, %s, 'olga', 'test')", (user.id, movement, micros(amount)))


def shelf(phones: list[str] = PHONES) -> None:
    """The services above, each for GB and by e-mail (at half the price), with these numbers."""
    for form, price in SHELF:
        save_service(form, actor="olga")
        save_offer(OfferForm(form.code, "sms", "GB", "any", micros(price)), actor="olga")
        save_offer(OfferForm(form.code, "email", None, "mail.example", micros(price) // 2), actor="olga")
    sql.execute(
        "insert into supply_number (phone, country_id, operator, link, active, created_at)"
        " select p, 'GB', 'any', 'carl', true, fn.now() from unnest(%s::text[]) p",
        (phones,),
    )
    sql.execute("select fn.stock_fill()")


def shopper() -> User:
    """Alice with ten dollars, before a full shelf."""
    shelf()
    user = person("alice")
    fund(user, "10.00")
    return user


def set_price(service: str, price: str) -> None:
    """A new price for the service's GB offer."""
    save_offer(OfferForm(service, "sms", "GB", "any", micros(price)), actor="olga")
