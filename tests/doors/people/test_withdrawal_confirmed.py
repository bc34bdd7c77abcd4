"""What lets money leave: the end of the address typed by hand, a cost that was shown, and a proof of who it is that is fresh."""

import html
import time
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

import cast
from activkode.activations import operations as rentals
from activkode.core.money import micros
from activkode.identity.models import User
from activkode.ledger import read as books
from activkode.withdrawals import payers, read
from activkode.withdrawals.policy import State
from doors.people.conftest import prove, visitor
from withdrawals import scripted
from withdrawals.scripted import ADDRESS, FakePayer
from withdrawals.ways import way

pytestmark = pytest.mark.django_db
FORM = {"asset": "ETH", "address": ADDRESS, "amount": "20.00"}


def _page(client: Client, name: str, /, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


def _told(answer: Any) -> str:
    return html.unescape(answer.content.decode())


# --- confirming ---


def _confirm(client: Client, number: int, typed: str = ADDRESS[-6:], quote: str = "") -> Any:
    return client.post(reverse("withdrawal_confirm", args=[number]), {"typed": typed, "quote": quote})


def test_everything_is_shown_and_the_end_of_the_address_is_typed(
    at_wendys: Client, wendy: User, payer: FakePayer
) -> None:
    number = scripted.requested(wendy)

    page = _page(at_wendys, "withdrawal_confirm", number)
    for shown in (ADDRESS, "Ethereum", "$20.00", "−$5.00", "$15.00", "0.0075 ETH", "now, $2.00"):
        assert shown in page, shown
    answer = _confirm(at_wendys, number, quote="2000000")

    assert answer.url == reverse("withdrawal", args=[number])
    one = read.one(wendy.id, number)
    assert (one.state, one.quote_micros, one.network_micros) == (State.CONFIRMED, 2_000_000, 0)
    assert books.balance(wendy.id).withdrawing == 20_000_000


def test_what_the_network_takes_beyond_is_agreed_to_with_the_confirmation(
    at_wendys: Client, wendy: User, payer: FakePayer
) -> None:
    payer.units_cost = 4 * 10**15  # $8
    number = scripted.requested(wendy)

    page = _page(at_wendys, "withdrawal_confirm", number)
    assert "now, $8.00" in page and "−$3.00" in page and "$12.00" in page
    _confirm(at_wendys, number, quote="8000000")

    assert read.one(wendy.id, number).net_micros == micros("12.00")


@pytest.mark.parametrize("away", [True, False])
def test_a_cost_that_cannot_be_told_now_is_asked_about_later(
    at_wendys: Client, wendy: User, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    if away:
        fake = FakePayer(away=True)
        monkeypatch.setattr(payers, "payer", lambda asset: fake)
    number = scripted.requested(wendy)

    assert "you are asked before anything is paid" in _page(at_wendys, "withdrawal_confirm", number)
    _confirm(at_wendys, number)

    assert read.one(wendy.id, number).state == State.CONFIRMED


@pytest.mark.parametrize("typed", ["", "2E4169", "D2E416", "169ee", "169EE8", ADDRESS, " "])
def test_wrong_characters_confirm_nothing(
    at_wendys: Client, wendy: User, payer: FakePayer, typed: str
) -> None:
    number = scripted.requested(wendy)

    answer = _confirm(at_wendys, number, typed)

    assert answer.status_code == 422 and 'class="errorlist"' in _told(answer)
    assert read.one(wendy.id, number).state == State.REQUESTED


def test_small_letters_of_a_hexadecimal_address_are_the_same(
    at_wendys: Client, wendy: User, payer: FakePayer
) -> None:
    number = scripted.requested(wendy)

    _confirm(at_wendys, number, ADDRESS[-6:].lower())

    assert read.one(wendy.id, number).state == State.CONFIRMED


def test_letters_of_a_base58_address_are_not(at_wendys: Client, wendy: User, payer: FakePayer) -> None:
    tron = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"
    at_wendys.post(reverse("withdrawal_create"), FORM | {"asset": "USDT-TRC20", "address": tron})
    made = read.open_one(wendy.id)
    assert made

    assert _confirm(at_wendys, made.id, "JPRTV8").status_code == 422
    assert _confirm(at_wendys, made.id, tron[-6:]).status_code == 302


@pytest.mark.parametrize("quote", ["x", "-1", "1e3", "9" * 30])
def test_a_quote_that_is_none_confirms_nothing(
    at_wendys: Client, wendy: User, payer: FakePayer, quote: str
) -> None:
    number = scripted.requested(wendy)

    assert _confirm(at_wendys, number, quote=quote).status_code == 422
    assert read.one(wendy.id, number).state == State.REQUESTED


def test_money_spent_meanwhile_is_told(at_wendys: Client, wendy: User, payer: FakePayer) -> None:
    number = scripted.requested(wendy, "300.00")
    cast.shelf()
    for _ in range(3):
        rentals.open(wendy.id, rentals.Rent("slow", "GB"))
    _confirm(at_wendys, number)

    assert "can be withdrawn" in _page(at_wendys, "withdrawal", number)
    assert read.one(wendy.id, number).state == State.REQUESTED


# --- who it is ---


@pytest.mark.parametrize("name", ["withdrawal_confirm", "withdrawal_consent"])
def test_a_session_alone_confirms_nothing(wendy: User, name: str) -> None:
    number = way(wendy, "requested" if "confirm" in name else "approved: asked").id
    before = read.one(wendy.id, number)
    client = visitor(wendy)
    place = reverse(name, args=[number])

    for method in ("get", "post"):
        answer = getattr(client, method)(place, {"typed": ADDRESS[-6:], "quote": "10000000"})
        assert answer.url == f"{reverse('account_reauthenticate')}?next={place.replace('/', '%2F')}"

    assert read.one(wendy.id, number) == before


def test_a_proof_grows_old_after_five_minutes(wendy: User, payer: FakePayer) -> None:
    number, client = scripted.requested(wendy), visitor(wendy)
    prove(client, wendy, ago=301)

    assert _confirm(client, number).url.startswith(reverse("account_reauthenticate"))
    prove(client, wendy, ago=290)
    assert _confirm(client, number).url == reverse("withdrawal", args=[number])


def test_signing_in_is_no_proof(wendy: User) -> None:
    number, client = scripted.requested(wendy), visitor(wendy)
    prove(client, wendy, "password")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session.save()

    assert _confirm(client, number).url.startswith(reverse("account_reauthenticate"))


def test_where_a_second_factor_is_set_both_are_asked_for(wendy: User, payer: FakePayer) -> None:
    TOTP.activate(wendy, generate_totp_secret())
    number, client = scripted.requested(wendy), visitor(wendy)

    prove(client, wendy, "mfa")
    assert _confirm(client, number).url.startswith(reverse("account_reauthenticate"))
    prove(client, wendy, "password")
    assert _confirm(client, number).url.startswith(reverse("mfa_reauthenticate"))
    prove(client, wendy, "password", "mfa")
    assert _confirm(client, number).url == reverse("withdrawal", args=[number])


# --- from elsewhere ---


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("withdrawal_confirm", "requested"),
        ("withdrawal_cancel", "confirmed"),
        ("withdrawal_consent", "approved: asked"),
    ],
)
def test_a_form_that_is_not_ours_moves_nothing(wendy: User, name: str, state: str) -> None:
    number = way(wendy, state).id
    before, place = read.one(wendy.id, number), reverse(name, args=[number])
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(wendy)
    prove(strict, wendy)
    fields = {"typed": ADDRESS[-6:], "quote": "10000000"}
    page = strict.get(reverse("withdrawal_confirm" if state == "requested" else "withdrawal", args=[number]))
    token = {"csrfmiddlewaretoken": page.context["csrf_token"]}

    assert strict.post(place, fields).status_code == 403
    assert strict.post(place, b"{}", content_type="text/plain").status_code == 403
    assert strict.post(place, fields | {"csrfmiddlewaretoken": "x" * 32}).status_code == 403
    elsewhere = strict.post(place, fields | token, headers={"Origin": "https://elsewhere.example"})
    assert elsewhere.status_code == 403
    assert read.one(wendy.id, number) == before


@pytest.mark.parametrize(
    "name", ["withdrawal_create", "withdrawal_cancel", "case_write", "case_reopen", "case_take_back"]
)
def test_what_changes_something_takes_no_get(at_wendys: Client, name: str) -> None:
    args = [] if name == "withdrawal_create" else [1]

    assert at_wendys.get(reverse(name, args=args)).status_code == 405
