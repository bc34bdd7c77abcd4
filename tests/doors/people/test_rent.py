"""Search, the support check before purchase, and buying exactly what was seen."""

import re

import pytest
from django.test import Client
from django.urls import reverse

import cast
from activkode.activations import read
from activkode.catalogue.operations import ServiceForm, save_service
from activkode.identity import suspension
from activkode.identity.models import User
from activkode.ledger import read as books
from doors.people.conftest import newcomer

pytestmark = pytest.mark.django_db


def _form(at: Client, service: str, kind: str = "sms") -> dict[str, str]:
    """The fields of an offer's form as the page holds them."""
    page = at.get(reverse("rent_service", args=[service])).content.decode()
    forms = re.findall(r'<form class="offer-buy".*?</form>', page, re.DOTALL)
    found = [dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in forms]
    return next(form for form in found if form["kind"] == kind)


def _buy(at: Client, form: dict[str, str]) -> str:
    return at.post(reverse("activation_open"), form, follow=True).content.decode()


def test_a_search_finds_by_name_country_and_kind(at: Client) -> None:
    def found(**query: str) -> set[str]:
        return {service.code for service in at.get(reverse("rent"), query).context["found"]}

    assert found(q="SHO") == {"shop"}
    assert found(q="%") == set()
    assert found(country="GB", q="rival") == {"rival"}
    assert found(country="FR") == set()
    assert "shop" in found(kind="email")


def test_an_offer_shows_price_stock_window_and_verdict(at: Client) -> None:
    page = at.get(reverse("rent_service", args=["slow"])).content.decode()

    for shown in ("$3.00", "20", "1 h", "Accepts virtual numbers", "United Kingdom"):
        assert shown in page


def test_renting_opens_the_activation_at_the_price_shown(at: Client, alice: User) -> None:
    page = _buy(at, _form(at, "shop"))

    assert "Waiting for a code" in page
    assert (books.balance(alice.id).held, len(read.page(alice.id))) == (2_000_000, 1)


def test_an_address_is_rented_like_a_number(at: Client, alice: User) -> None:
    _buy(at, _form(at, "shop", "email"))

    assert read.page(alice.id)[0].address.endswith("@mail.example")


def test_a_form_sent_twice_buys_once(at: Client, alice: User) -> None:
    form = _form(at, "shop")
    _buy(at, form)
    page = _buy(at, form)

    assert len(read.page(alice.id)) == 1
    assert "You paid once" in page


def test_each_page_names_another_purchase(at: Client, alice: User) -> None:
    _buy(at, _form(at, "shop"))
    _buy(at, _form(at, "shop"))

    assert len(read.page(alice.id)) == 2


def test_a_dearer_price_is_refused_and_the_new_one_shown(at: Client, alice: User) -> None:
    form = _form(at, "shop")
    cast.set_price("shop", "2.50")

    page = _buy(at, form)

    assert "The price is now 2.50, above the price you allowed. Nothing was charged." in page
    assert books.balance(alice.id).cash == 10_000_000
    assert _form(at, "shop")["price"] == "2.50"


def test_a_cheaper_price_is_taken(at: Client, alice: User) -> None:
    form = _form(at, "shop")
    cast.set_price("shop", "1.00")
    _buy(at, form)

    assert books.balance(alice.id).held == 1_000_000


def test_without_money_price_and_balance_are_told(db: None) -> None:
    cast.shelf()
    bob = Client()
    bob.force_login(newcomer("bob"))

    assert "The price is $2.00 and your balance has $0.00 to spend." in _buy(bob, _form(bob, "shop"))


def test_a_banned_service_cannot_be_bought(at: Client, alice: User) -> None:
    page = at.get(reverse("rent_service", args=["bank"])).content.decode()

    assert "Bans virtual numbers" in page and "Not rentable" in page
    assert "bans virtual numbers" in _buy(at, _form(at, "bank") | {"acknowledge": "on"})
    assert read.page(alice.id) == []


def test_an_open_banned_service_needs_the_tick(at: Client, alice: User) -> None:
    assert "after you have ticked" in _buy(at, _form(at, "club"))
    assert read.page(alice.id) == []

    _buy(at, _form(at, "club") | {"acknowledge": "on"})
    assert len(read.page(alice.id)) == 1


def test_a_suspended_customer_is_told_and_rents_nothing(alice: User) -> None:
    suspension.suspend(alice.id, actor="olga", reason="test")
    at = Client()
    at.force_login(alice)

    page = _buy(at, _form(at, "shop"))

    assert "The account is suspended" in page
    assert read.page(alice.id) == []


def test_what_is_sold_out_cannot_be_clicked_and_is_refused(db: None) -> None:
    cast.shelf([])
    alice = newcomer("alice")
    cast.fund(alice, "10.00")
    at = Client()
    at.force_login(alice)

    assert "None free" in at.get(reverse("rent_service", args=["shop"])).content.decode()
    assert "No number is free" in _buy(at, _form(at, "shop"))


def test_an_unknown_service_is_a_page_that_is_not_there(at: Client) -> None:
    assert at.get(reverse("rent_service", args=["nowhere"])).status_code == 404


def test_a_service_closed_meanwhile_is_refused(at: Client, alice: User) -> None:
    form = _form(at, "shop")
    save_service(ServiceForm("shop", "Shop", active=False), actor="olga")

    at.post(reverse("activation_open"), form)

    assert books.balance(alice.id).cash == 10_000_000


@pytest.mark.parametrize(
    "change",
    [
        {"price": "-1"},
        {"price": "1e9"},
        {"price": "NaN"},
        {"price": ""},
        {"kind": "pigeon"},
        {"operator": "x" * 300},
        {"country": "GBR"},
        {"service": "no such thing"},
        {"service": "shop\x00"},
        {"key": ""},
        {"key": "k" * 500},
        {"key": "with space"},
        {"price": "١"},
    ],
)
def test_a_bent_form_is_refused_without_a_trace(at: Client, alice: User, change: dict[str, str]) -> None:
    answer = at.post(reverse("activation_open"), _form(at, "shop") | change)

    assert answer.status_code == 302
    assert (read.page(alice.id), books.balance(alice.id).cash) == ([], 10_000_000)


def test_a_form_names_no_other_customer(at: Client, alice: User) -> None:
    mallory = newcomer("mallory")
    extra = {
        "customer": str(mallory.id),
        "customer_id": str(mallory.id),
        "state": "received",
        "role": "operator",
    }

    _buy(at, _form(at, "shop") | extra)

    assert (len(read.page(alice.id)), read.page(mallory.id)) == (1, [])
    alice.refresh_from_db()
    assert alice.role == "customer"
