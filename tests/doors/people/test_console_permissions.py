"""Every page and every act of the console, tried by every role: only what identity/permissions.py allows is let through."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import activkode.config.urls_people  # noqa: F401 - makes the parts of addresses known
from activkode.activations.read import Activation
from activkode.doors.people.console.urls import urlpatterns
from activkode.identity.models import Role, User
from activkode.identity.permissions import Action, may
from doors.people.conftest import newcomer

pytestmark = pytest.mark.django_db

PAGES = [(pattern.name, pattern.callback) for pattern in urlpatterns]
LET_THROUGH = {200, 302, 404, 422}


def _address(name: str, alice: User, rented: Activation) -> str:
    pattern = next(one for one in urlpatterns if one.name == name)
    values = {
        "customer_id": alice.id,
        "activation_id": rented.id,
        "number_id": 1,
        "import_id": 1,
        "deposit_id": 1,
        "withdrawal_id": 1,
        "payout_id": 1,
        "case_id": 1,
        "mail_id": 1,
        "service": "shop",
    }
    return reverse(name, kwargs={field: values[field] for field in pattern.pattern.converters})


@pytest.mark.parametrize(("name", "view"), PAGES, ids=[name for name, _ in PAGES])
def test_each_page_names_the_action_it_needs(name: str, view: Any) -> None:
    assert isinstance(view.action, Action)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "view"), PAGES, ids=[name for name, _ in PAGES])
def test_only_the_roles_that_hold_the_action_come_in(
    alice: User, rented: Activation, name: str, view: Any, method: str
) -> None:
    address = _address(name, alice, rented)
    for role in Role:
        client = Client()
        client.force_login(newcomer(f"a-{role}", role))

        status = getattr(client, method)(address).status_code

        if status == 405:
            continue
        if role is Role.CUSTOMER:
            assert status == 404, role
        elif may(role, view.action):
            assert status in LET_THROUGH, role
        else:
            assert status == 403, role


@pytest.mark.parametrize(("name", "view"), PAGES, ids=[name for name, _ in PAGES])
def test_strangers_are_sent_to_the_sign_in(alice: User, rented: Activation, name: str, view: Any) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(_address(name, alice, rented))
        assert answer.url.startswith(reverse("account_login"))


def test_customers_learn_nothing_of_the_console(alice: User, at: Client) -> None:
    inside = at.get(reverse("console_customers"))
    nowhere = at.get("/nowhere/")

    assert (inside.status_code, b"There is nothing here" in inside.content) == (404, True)
    assert nowhere.status_code == 404


@pytest.mark.parametrize("name", ["console_suspend", "console_lift", "console_credit", "console_codes"])
def test_nobody_acts_on_their_own_account(console: Client, olga: User, name: str) -> None:
    from activkode.ledger import read as books

    kwargs = {"customer_id": olga.id} | ({"activation_id": 1} if name == "console_codes" else {})
    fields = {"reason": "mine", "amount": "5.00", "kind": "goodwill_grant"}

    answer = console.post(reverse(name, kwargs=kwargs), fields)

    assert answer.status_code == 302
    assert "Nobody acts on their own account." in console.get(reverse("console")).content.decode()
    assert (books.balance(olga.id).total, books.balance(olga.id).frozen) == (0, False)


def test_staff_without_a_second_factor_are_asked_on_every_page(console: Client) -> None:
    assert "Your account has no second factor." in console.get(reverse("console")).content.decode()


def test_where_it_is_demanded_the_console_opens_only_with_a_second_factor(
    console: Client, olga: User, settings: Any
) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    settings.STAFF_NEED_SECOND_FACTOR = True
    assert console.get(reverse("console")).url == reverse("mfa_index")
    assert console.post(reverse("console_audit_run")).url == reverse("mfa_index")

    TOTP.activate(olga, generate_totp_secret())
    assert console.get(reverse("console")).status_code == 200
