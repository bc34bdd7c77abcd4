"""Nobody reaches what is somebody else's, by whatever address (FAILURES X01)."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import activkode.config.urls_people  # noqa: F401 - makes the parts of addresses known
import cast
from activkode.activations.read import Activation
from activkode.doors.people.addresses import Number, PublicId
from activkode.doors.people.dashboard.urls import urlpatterns
from activkode.identity import keys
from activkode.identity.models import User
from activkode.support import operations as cases
from activkode.support.operations import Opening
from activkode.support.policy import Channel, Kind
from doors.people.conftest import newcomer, prove, visitor
from funding.lives import live
from withdrawals.scripted import requested

pytestmark = pytest.mark.django_db

WITH_ID = [
    pattern.name
    for pattern in urlpatterns
    if any(isinstance(one, PublicId | Number) for one in pattern.pattern.converters.values())
]

PUBLIC = {"landing", "policy", "holidays", "status", "support_check", "help", "file"} | {
    f"account_{name}"
    for name in (
        "login",
        "logout",
        "signup",
        "inactive",
        "email_verification_sent",
        "reset_password",
        "reset_password_done",
        "reset_password_from_key_done",
    )
}
# Opened by a link from a mail.
WITH_A_SECRET = {"account_confirm_email", "account_reset_password_from_key"}


def test_the_list_of_addresses_with_an_id_is_not_empty() -> None:
    known = {
        "activation",
        "activation_cancel",
        "activation_live",
        "key_revoke",
        "topup_receipt",
        "withdrawal_confirm",
    }
    assert known <= set(WITH_ID)


@pytest.mark.parametrize("name", WITH_ID)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_id_is_answered_like_one_that_does_not_exist(
    alice: User, rented: Activation, name: str, method: str
) -> None:
    keys.create(alice.id, "hers")
    hers = keys.of(alice.id)[0].id if name == "key_revoke" else rented.id
    if name.startswith("topup"):
        hers = live(alice, "credited").id
    if name.startswith("case"):
        hers = cases.open(Opening(Kind.OTHER, Channel.DASHBOARD, "hers", customer_id=alice.id)).case_id
    if name.startswith("withdrawal"):
        cast.fund(alice, "300.00")
        hers = requested(alice)
    someone = newcomer("mallory")
    mallory = visitor(someone)
    prove(mallory, someone)

    foreign, unknown = (getattr(mallory, method)(reverse(name, args=[id_])) for id_ in (hers, 999_999_999))

    assert (foreign.status_code, foreign.get("Location")) == (unknown.status_code, unknown.get("Location"))
    assert foreign.status_code in {302, 404, 405}
    assert keys.of(alice.id)[0].revoked_at is None


def test_mallory_changes_nothing_of_alices(alice: User, rented: Activation) -> None:
    from activkode.activations import read

    mallory = Client()
    mallory.force_login(newcomer("mallory"))
    for name in ("activation_cancel", "activation_complete", "activation_reveal"):
        assert mallory.post(reverse(name, args=[rented.id])).status_code == 404

    assert read.get(alice.id, rented.id) == rented


@pytest.mark.parametrize(
    "text", ["act_0", "act_-1", "act_1e3", "act_", "act_99999999999999999999", "1", "act_١"]
)
def test_what_cannot_be_an_id_is_no_page(at: Client, text: str) -> None:
    assert at.get(f"/activations/{text}/").status_code == 404


def test_every_page_but_the_public_ones_needs_a_sign_in(db: None) -> None:
    names = {pattern.name for pattern in _patterns(get_resolver()) if pattern.name}

    open_ones = {name for name in names - WITH_A_SECRET if _is_open(name)}

    assert open_ones == PUBLIC


def _is_open(name: str) -> bool:
    pattern = next(one for one in _patterns(get_resolver()) if one.name == name)
    known = {"service": "shop", "form": "csv", "coin": "BTC", "token": "x" * 32}
    kwargs = {field: known.get(field, 1) for field in getattr(pattern.pattern, "converters", {})}
    answer = Client().get(reverse(name, kwargs=kwargs or None))
    return not (answer.status_code == 302 and answer.url.startswith(reverse("account_login")))


def _patterns(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in resolver.url_patterns:
        found += _patterns(one) if isinstance(one, URLResolver) else [one]
    return found
