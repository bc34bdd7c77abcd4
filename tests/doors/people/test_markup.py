"""Every page is readable by a screen reader, and holds nothing that the content policy would stop."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node

import cast
from activkode.activations.read import Activation
from activkode.funding.policy import Asset
from activkode.identity.models import User
from doors.people.conftest import prove
from funding.lives import LIVES, live
from withdrawals import scripted
from withdrawals.ways import WAYS, way

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/",
    "/policy/",
    "/status/",
    "/holidays/",
    "/support-check/?service=club",
    "/help/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/wrong/",
    "/accounts/inactive/",
    "/nowhere/",
)
CUSTOMER = (
    "/overview/",
    "/topups/",
    "/withdrawals/",
    "/cases/",
    "/cases/new/",
    "/rent/",
    "/rent/?q=nothing",
    "/rent/shop/",
    "/rent/club/",
    "/rent/bank/",
    "/activations/",
    "/activations/?show=code",
    "/statement/",
    "/keys/",
    "/account/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
)
CONSOLE = (
    "/console/",
    "/console/customers/",
    "/console/activations/?q=447700900000",
    "/console/topups/",
    "/console/topups/?q=nothing",
    "/console/topups/cases/",
    "/console/withdrawals/",
    "/console/withdrawals/?show=closed",
    "/console/cases/",
    "/console/cases/?q=nothing",
    "/console/chains/",
    "/console/solvency/",
    "/console/numbers/",
    "/console/imports/",
    "/console/services/",
    "/console/services/new/",
    "/console/services/club/",
    "/console/findings/",
    "/console/audit-log/",
    "/console/outbox/",
)


def _check(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in {200, 404}, address
    page = HTMLParser(answer.content.decode())
    faults = [fault for check in CHECKS for fault in check(page)]
    assert not faults, f"{address}: {faults}"


@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages(alice: User, address: str) -> None:
    _check(Client(), address)


def test_pages_of_a_customer(
    at: Client, alice: User, rented: Activation, send: Callable[[Activation, str], str]
) -> None:
    alice.set_password("a password to be changed")  # without one, allauth shows another page
    alice.save()
    at.force_login(alice)
    send(rented, "Welcome, dear customer")
    _check(at, reverse("activation", args=[rented.id]))
    send(rented, "Your Shop code is 481920")
    for address in (*CUSTOMER, reverse("activation", args=[rented.id])):
        _check(at, address)


def test_pages_of_the_console(
    console: Client, alice: User, rented: Activation, send: Callable[[Activation, str], str]
) -> None:
    send(rented, "Your Shop code is 481920")
    own = (
        reverse("console_customer", args=[alice.id]),
        reverse("console_ledger", args=[alice.id]),
        reverse("console_activation", args=[alice.id, rented.id]),
    )
    for address in (*CONSOLE, *own):
        _check(console, address)


@pytest.mark.parametrize("name", LIVES)
def test_pages_of_a_top_up(
    bob: User, at_bobs: Client, console: Client, opened: set[Asset], settings: Any, name: str
) -> None:
    settings.DEMO_PAY_URL = "http://127.0.0.1:9/"
    one = live(bob, name)

    for address in ("/topups/", "/topups/BTC/", "/overview/", reverse("topup", args=[one.id])):
        _check(at_bobs, address)
    own = reverse("console_topup", args=[one.id])
    for address in (own, "/console/topups/cases/", f"/console/topups/?q={one.tx}", "/console/chains/"):
        _check(console, address)


@pytest.mark.parametrize("name", WAYS)
def test_pages_of_a_withdrawal(bob: User, at_bobs: Client, console: Client, name: str) -> None:
    cast.fund(bob, "300.00")
    scripted.rates()
    one = way(bob, name)
    prove(at_bobs, bob)

    for page in ("withdrawal", *(("withdrawal_confirm",) if one.can_confirm else ())):
        _check(at_bobs, reverse(page, args=[one.id]))
    if one.asks_consent:
        _check(at_bobs, reverse("withdrawal_consent", args=[one.id]))
    for address in ("/withdrawals/", "/overview/", "/statement/"):
        _check(at_bobs, address)
    for address in ("/console/withdrawals/", reverse("console_withdrawal", args=[one.id])):
        _check(console, address)


def test_forms_with_mistakes_are_readable_too(alice: User) -> None:
    for address, fields in (
        ("/accounts/login/", {"login": "x", "password": "y"}),
        ("/accounts/signup/", {"email": "x", "password1": "y"}),
    ):
        page = HTMLParser(Client().post(address, fields).content.decode())
        assert page.css_first("[aria-invalid=true]") is not None or page.css_first(".errorlist") is not None
        assert not [fault for check in CHECKS for fault in check(page)]


# --- what is checked ---


def _frame(page: HTMLParser) -> Iterator[str]:
    if not (page.css_first("html[lang]") and page.css_first("title") and page.css_first("main")):
        yield "no language, title or main part"
    if len(page.css("h1")) != 1:
        yield f"{len(page.css('h1'))} first headings"
    if not page.css_first("a.skip[href='#main']"):
        yield "no way round the navigation"


def _labels(page: HTMLParser) -> Iterator[str]:
    labelled = {label.attributes.get("for") for label in page.css("label")}
    for field in page.css("input, select, textarea"):
        known = field.attributes.get("id") in labelled or field.attributes.get("aria-label")
        if field.attributes.get("type") != "hidden" and not known:
            yield f"no label: {field.html}"


def _names(page: HTMLParser) -> Iterator[str]:
    for node in page.css("a, button"):
        if not (node.text(strip=True) or node.attributes.get("aria-label")):
            yield f"no name: {node.html}"
    for image in page.css("img"):
        if "alt" not in image.attributes:
            yield f"no text: {image.html}"
    for nav in page.css("nav"):
        if not nav.attributes.get("aria-label"):
            yield "a navigation without a name"


def _references(page: HTMLParser) -> Iterator[str]:
    ids = Counter(node.attributes["id"] for node in page.css("[id]"))
    yield from (f"twice: {name}" for name, count in ids.items() if count > 1)
    for node in page.css("[aria-labelledby], [aria-describedby]"):
        for attribute in ("aria-labelledby", "aria-describedby"):
            for name in (node.attributes.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} of nothing: {name}"


def _policy(page: HTMLParser) -> Iterator[str]:
    for node in page.css("*"):
        if "style" in node.attributes or any(name.startswith("on") for name in node.attributes):
            yield f"stopped by the content policy: {node.html}"
    for script in page.css("script"):
        if not (script.attributes.get("src") or "").startswith("/static/"):
            yield "an inline script"
    yield from (
        f"from elsewhere: {node.html}" for node in page.css("link[href], img[src]") if _elsewhere(node)
    )
    if page.css_first("style"):
        yield "an inline style"


def _elsewhere(node: Node) -> bool:
    address = node.attributes.get("href") or node.attributes.get("src") or ""
    return not address.startswith(("/static/", "/files/", "data:image/svg+xml"))


def _forms(page: HTMLParser) -> Iterator[str]:
    for form in page.css("form[method=post]"):
        if not form.css_first("input[name=csrfmiddlewaretoken]"):
            yield f"no token: {form.attributes.get('action')}"
    for table in page.css("table"):
        if not table.css_first("th[scope]"):
            yield "a table without headings"


CHECKS = (_frame, _labels, _names, _references, _policy, _forms)
