"""API keys: made after the password, shown once, ended at once."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

import cast
from activkode.core import sql
from activkode.core.errors import Refusal
from activkode.identity import keys
from activkode.identity.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


@pytest.fixture
def at(db: None) -> Client:
    """Alice, signed in by her password."""
    user = cast.person("alice")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def _make(at: Client, name: str) -> str:
    at.post(reverse("key_create"), {"name": name})
    page = at.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("key_create")})
    found = re.search(r"ak_[\w-]+(?=</p>)", page.content.decode())
    assert found
    return found[0]


def test_a_key_needs_the_password_again_and_then_works(at: Client) -> None:
    asked = at.post(reverse("key_create"), {"name": "tests"})
    assert asked.url.startswith(reverse("account_reauthenticate"))

    key = _make(at, "tests")

    assert keys.owner(key) == User.objects.get().id


def test_a_key_is_shown_once_and_kept_nowhere(at: Client) -> None:
    key = _make(at, "tests")

    assert key not in at.get(reverse("keys")).content.decode()
    assert not sql.value(
        "select exists (select from django_session where session_data like %s)", (f"%{key}%",)
    )
    assert sql.value("select octet_length(digest) from identity_apikey") == 32


def test_a_revoked_key_is_refused_from_then_on(at: Client) -> None:
    key = _make(at, "tests")
    at.post(reverse("key_revoke", args=[sql.value("select id from identity_apikey")]))

    with pytest.raises(Refusal):
        keys.owner(key)


def test_a_key_needs_a_name(at: Client) -> None:
    at.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert at.post(reverse("key_create"), {"name": " "}).status_code == 422
