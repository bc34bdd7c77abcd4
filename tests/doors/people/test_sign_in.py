"""Accounts: proven by mail, silent about who has one, and ended everywhere where they must end."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.hashers import identify_hasher
from django.test import Client
from django.urls import reverse

import cast
from activkode.core import sql
from activkode.identity import suspension
from activkode.identity.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
OTHER = "quite another password"


@pytest.fixture
def alice(db: None) -> User:
    """A customer with a proven address and a password."""
    user = cast.person("alice")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _mails() -> list[tuple[str, str, str]]:
    return sql.rows(
        "select payload->>'to', payload->>'subject', payload->>'text' from core_outbox order by id"
    )  # type: ignore[return-value]


def _link(text: str) -> str:
    found = re.search(r"http://testserver(/\S+)", text)
    assert found, text
    return found[1]


def _sign_in(user: User, password: str = PASSWORD) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": password})
    return client


def _is_in(client: Client) -> bool:
    return client.get(reverse("overview")).status_code == 200


# --- sign-up ---


def test_a_new_account_opens_after_the_link_in_its_mail() -> None:
    client = Client()
    new = {"email": "New@People.example", "password1": PASSWORD}
    assert client.post(reverse("account_signup"), new).url == reverse("account_email_verification_sent")
    assert not _is_in(client)

    [(to, subject, text)] = _mails()
    client.post(_link(text))
    client.post(reverse("account_login"), {"login": "new@people.example", "password": PASSWORD})

    assert (to, subject) == ("new@people.example", "Confirm your e-mail address")
    assert _is_in(client)


def test_opening_the_link_alone_confirms_nothing() -> None:
    Client().post(reverse("account_signup"), {"email": "new@people.example", "password1": PASSWORD})

    Client().get(_link(_mails()[0][2]))  # as a mail scanner does

    assert not EmailAddress.objects.get(email="new@people.example").verified


def test_a_sign_up_for_a_known_address_looks_the_same(alice: User) -> None:
    def sign_up(email: str) -> tuple[int, str, str]:
        client = Client()
        answer = client.post(reverse("account_signup"), {"email": email, "password1": PASSWORD})
        page = client.get(answer.url).content.decode().replace(email, "")
        return answer.status_code, answer.url, re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page)

    assert sign_up(alice.email) == sign_up("nobody@people.example")
    assert {to for to, *_ in _mails()} == {alice.email, "nobody@people.example"}


def test_a_reset_for_an_unknown_address_looks_the_same(alice: User) -> None:
    def reset(email: str) -> tuple[int, str]:
        answer = Client().post(reverse("account_reset_password"), {"email": email})
        return answer.status_code, answer.url

    assert reset(alice.email) == reset("nobody@people.example")
    assert len(_mails()) == 2


def test_a_wrong_password_and_an_unknown_address_are_told_alike(alice: User) -> None:
    def told(email: str) -> list[str]:
        answer = Client().post(reverse("account_login"), {"login": email, "password": "wrong"})
        return re.findall(r'class="errorlist[^>]*>(.*?)</ul>', answer.content.decode(), re.DOTALL)

    assert told(alice.email) == told("nobody@people.example") != []


def test_passwords_are_kept_by_argon2(alice: User) -> None:
    assert identify_hasher(alice.password).algorithm == "argon2"


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password1234", "new@people.example"])
def test_a_weak_password_is_refused(weak: str) -> None:
    Client().post(reverse("account_signup"), {"email": "new@people.example", "password1": weak})

    assert not User.objects.filter(email="new@people.example").exists()


def test_guessing_is_slowed_down(alice: User) -> None:
    for _ in range(5):
        Client().post(reverse("account_login"), {"login": alice.email, "password": "wrong"})

    assert not _is_in(_sign_in(alice))


def test_a_sign_up_sets_no_role(db: None) -> None:
    new = {
        "email": "m@people.example",
        "password1": PASSWORD,
        "role": "operator",
        "is_staff": "1",
        "is_active": "1",
    }
    Client().post(reverse("account_signup"), new)

    assert User.objects.get(email="m@people.example").role == "customer"


# --- sessions ---


def test_changing_the_password_ends_the_other_sessions(alice: User) -> None:
    here, there = _sign_in(alice), _sign_in(alice)
    change = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}

    here.post(reverse("account_change_password"), change)

    assert (_is_in(here), _is_in(there)) == (True, False)
    assert _mails()[-1][1] == "Your password was changed"


def test_a_reset_ends_every_session_and_its_link_works_once(alice: User) -> None:
    there = _sign_in(alice)
    Client().post(reverse("account_reset_password"), {"email": alice.email})
    link = _link(_mails()[-1][2])

    for password in (OTHER, PASSWORD):
        client = Client()
        landed = client.get(link, follow=True)
        client.post(landed.request["PATH_INFO"], {"password1": password, "password2": password})

    assert not _is_in(there)
    assert _is_in(_sign_in(alice, OTHER))


def test_a_suspension_ends_every_session_at_once(alice: User) -> None:
    there = _sign_in(alice)
    assert _is_in(there)

    suspension.suspend(alice.id, actor="olga", reason="test")

    assert not _is_in(there)


def test_a_suspended_customer_may_look_and_is_told(alice: User) -> None:
    suspension.suspend(alice.id, actor="olga", reason="test")

    page = _sign_in(alice).get(reverse("overview")).content.decode()

    assert "This account is suspended." in page


def test_signing_out_ends_the_session(alice: User) -> None:
    here = _sign_in(alice)
    here.post(reverse("account_logout"))

    assert not _is_in(here)


def test_other_sessions_can_be_seen_and_ended(alice: User) -> None:
    here, there = _sign_in(alice), _sign_in(alice)
    assert here.get(reverse("usersessions_list")).content.decode().count("<tr>") == 3

    here.post(reverse("usersessions_list"))

    assert (_is_in(here), _is_in(there)) == (True, False)


def test_a_changed_address_is_proven_first_and_its_time_is_kept(alice: User) -> None:
    here = _sign_in(alice)
    _confirm_again(here)
    here.post(reverse("account_email"), {"email": "other@people.example", "action_add": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@people.example" and alice.email_changed_at is None

    here.post(_link(_mails()[-1][2]))

    alice.refresh_from_db()
    assert alice.email == "other@people.example" and alice.email_changed_at is not None
    assert "alice@people.example" in {to for to, subject, _ in _mails() if "was changed" in subject}


# --- second factor ---


def test_a_second_factor_is_asked_for_after_the_password(alice: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    client = _sign_in(alice)
    assert not _is_in(client)

    client.post(reverse("mfa_authenticate"), {"code": _code(secret)})

    assert _is_in(client)


def test_a_one_time_code_works_one_time(alice: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    code = _code(secret)
    first, second = _sign_in(alice), _sign_in(alice)

    for client in (first, second):
        client.post(reverse("mfa_authenticate"), {"code": code})

    assert (_is_in(first), _is_in(second)) == (True, False)


def test_a_recovery_code_signs_in_once(alice: User) -> None:
    TOTP.activate(alice, generate_totp_secret())
    code = RecoveryCodes.activate(alice).get_unused_codes()[0]
    first, second = _sign_in(alice), _sign_in(alice)

    for client in (first, second):
        client.post(reverse("mfa_authenticate"), {"code": code})

    assert (_is_in(first), _is_in(second)) == (True, False)


def test_setting_a_second_factor_up_needs_the_password_again(alice: User) -> None:
    here = _sign_in(alice)
    activate = reverse("mfa_activate_totp")
    assert here.get(activate).url.startswith(reverse("account_reauthenticate"))
    _confirm_again(here)

    secret = here.get(activate).context["form"].secret
    here.post(activate, {"code": _code(secret)})

    assert Authenticator.objects.filter(user=alice, type="totp").exists()


def test_secrets_of_second_factors_are_not_stored_in_the_clear(alice: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)

    stored = str(Authenticator.objects.get(user=alice, type="totp").data)

    assert secret not in stored
    assert TOTP(Authenticator.objects.get(user=alice, type="totp")).validate_code(_code(secret))


def _confirm_again(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def _code(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return f"{hotp_value(secret, counters[len(counters) // 2]):06}"
