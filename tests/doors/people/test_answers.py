"""What every answer carries, and how a refusal or a fault is told."""

from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

import cast
from activkode.activations.read import Activation
from activkode.core.errors import Code, Refusal, TryLater
from activkode.doors.people import words
from activkode.identity.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/policy/", "/nowhere/", "/overview/", "/static/people/people.js"])
def test_every_answer_has_a_strict_content_policy_and_a_request_id(address: str) -> None:
    answer = _closed(Client().get(address))

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer["X-Frame-Options" if "static" not in address else "Request-Id"]
    assert len(answer["Request-Id"]) == 16


def test_pages_are_kept_by_no_cache_but_static_files_are(at: Client) -> None:
    assert at.get(reverse("overview"))["Cache-Control"] == "no-store"
    assert "max-age=3600" in _closed(at.get("/static/people/base.css"))["Cache-Control"]


def test_static_files_are_named_by_their_content(at: Client) -> None:
    page = at.get(reverse("overview")).content.decode()

    assert "/static/people/people.js?v=" in page
    assert finders.find("people/people.js")


@pytest.mark.parametrize("name", ["activation_cancel", "activation_complete", "activation_reveal"])
def test_a_post_without_the_token_of_our_form_is_refused(alice: User, rented: Activation, name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    answer = strict.post(reverse(name, args=[rented.id]))

    assert answer.status_code == 403
    assert "did not come from this site" in answer.content.decode()


def test_json_sent_as_plain_text_is_refused(alice: User, rented: Activation) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    answer = strict.post(reverse("activation_cancel", args=[rented.id]), b"{}", content_type="text/plain")

    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["activation_cancel", "key_revoke", "activation_open", "key_create"])
def test_what_changes_something_takes_no_get(at: Client, rented: Activation, name: str) -> None:
    args = [rented.id] if "cancel" in name or "revoke" in name else []

    assert at.get(reverse(name, args=args)).status_code == 405


@pytest.mark.parametrize("error", [TryLater("away"), OperationalError("away")])
def test_a_database_that_is_away_is_said_and_not_a_fault(
    at: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def away(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("activkode.activations.read.page", away)
    answer = at.get(reverse("overview"))

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "nothing was done" in answer.content.decode()


def test_a_fault_shows_its_reference_and_not_its_inside(
    at: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("activkode.activations.read.page", broken)
    at.raise_request_exception = False
    answer = at.get(reverse("overview"))

    assert answer.status_code == 500
    assert answer["Request-Id"] in answer.content.decode()
    assert "the inside" not in answer.content.decode()
    assert answer["Request-Id"] in capsys.readouterr().out


def test_refusals_are_logged_by_route_and_without_secrets(
    alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    canary = "canary-5f1c"
    Client().get(f"/accounts/confirm-email/{canary}/")
    Client().get(f"/nowhere/?token={canary}")
    Client().post(reverse("account_login"), {"login": alice.email, "password": canary})

    told = capsys.readouterr()
    assert "people.refused" in told.out
    assert canary not in told.out + told.err


def test_every_refusal_is_a_sentence_for_a_person() -> None:
    for code in Code:
        sentence = words.told(Refusal(code))
        assert sentence[0].isupper() and sentence.rstrip().endswith((".", "?"))
        assert "acknowledge_banned" not in sentence


@pytest.mark.parametrize("length", ["1000001", "99999999999999999999999", "-1", "x", "١"])
def test_a_body_longer_than_any_form_is_refused_unread(length: str) -> None:
    answer = Client().post("/accounts/login/", b"", content_type="text/plain", CONTENT_LENGTH=length)

    assert answer.status_code == 413
    assert "too large" in answer.content.decode()


def test_an_unknown_host_is_refused() -> None:
    assert Client(headers={"host": "evil.example"}).get("/").status_code == 400


def test_a_redirect_never_leaves_the_site(db: None) -> None:
    from allauth.account.models import EmailAddress

    user = cast.person("alice")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    fields = {"login": user.email, "password": "alice", "next": "https://evil.example/"}

    assert Client().post(reverse("account_login"), fields).url == reverse("overview")


@pytest.mark.parametrize(
    "address",
    [
        "/rent/?page=0",
        "/rent/?page=x",
        "/rent/?q=%00",
        "/activations/?before=x",
        "/activations/?before=1x",
        "/activations/?before=99999999999999999999",
        "/topups/?before=1x",
        "/activations/?show=x",
        "/rent/?country=%F0%9F",
    ],
)
def test_bent_queries_are_no_fault(at: Client, address: str) -> None:
    assert at.get(address).status_code == 200


def _closed(answer: Any) -> Any:
    """Closes the file of a static answer, but not the database connection as closing the answer would."""
    for close in answer._resource_closers:
        close()
    return answer
