"""What operators do: find, look, suspend, credit, read codes with a trace, keep services and prices, run the audit."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from activkode.activations.read import Activation
from activkode.catalogue import kept
from activkode.catalogue import read as catalogue
from activkode.core import outbox, read, sql
from activkode.identity.models import User
from activkode.ledger import read as books

pytestmark = pytest.mark.django_db

Send = Callable[[Activation, str], str]


def _page(client: Client, name: str, /, *args: object, **query: str) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def _post(client: Client, name: str, /, *args: object, **fields: str) -> str:
    return client.post(reverse(name, args=args), fields, follow=True).content.decode()


# --- customers ---


def test_customers_are_found_by_address_and_number(console: Client, alice: User) -> None:
    for search in ("ALICE@", str(alice.id)):
        assert "alice@people.example" in _page(console, "console_customers", q=search)
    assert "Nobody found" in _page(console, "console_customers", q="100%")


def test_a_customer_shows_wallet_activations_and_ledger(
    console: Client, alice: User, rented: Activation
) -> None:
    page = _page(console, "console_customer", alice.id)
    assert "$8.00" in page and "$2.00" in page and f"act_{rented.id}" in page

    assert "cash → held" in _page(console, "console_ledger", alice.id)


def test_a_suspension_is_kept_with_its_reason_and_lifted(console: Client, alice: User) -> None:
    assert "Suspended. All sessions are ended." in _post(
        console, "console_suspend", alice.id, reason="a test"
    )
    assert books.balance(alice.id).frozen
    assert "suspended already" in _post(console, "console_suspend", alice.id, reason="again")

    page = _post(console, "console_lift", alice.id, reason="the test is over")

    assert not books.balance(alice.id).frozen
    assert "a test" in page
    logged = [(line.actor, line.action) for line in read.audit_log(subject=f"customer {alice.id}")][:2]
    assert logged == [("olga@people.example", "lift suspension"), ("olga@people.example", "suspend")]


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_done_without_a_reason(console: Client, alice: User, reason: str) -> None:
    assert "Reason: This field is required." in _post(console, "console_suspend", alice.id, reason=reason)
    assert not books.balance(alice.id).frozen


def test_credit_arrives_with_its_reason(console: Client, alice: User) -> None:
    _post(console, "console_credit", alice.id, amount="1.50", kind="promo_grant", reason="sorry")

    assert books.balance(alice.id).promo == 1_500_000
    line = read.audit_log(subject=f"customer {alice.id}")[0]
    assert (line.actor, line.action, line.detail["reason"]) == ("olga@people.example", "promo_grant", "sorry")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "1e9"},
        {"amount": "1,50"},
        {"kind": "capture"},
        {"reason": ""},
    ],
)
def test_bent_credit_is_refused(console: Client, alice: User, change: dict[str, str]) -> None:
    fields = {"amount": "1.50", "kind": "goodwill_grant", "reason": "sorry"} | change

    _post(console, "console_credit", alice.id, **fields)

    assert books.balance(alice.id).total == 10_000_000


@pytest.mark.parametrize("name", ["console_customer", "console_suspend", "console_credit", "console_ledger"])
def test_a_customer_that_does_not_exist_is_no_page(console: Client, name: str) -> None:
    method = console.get if name in {"console_customer", "console_ledger"} else console.post

    assert (
        method(
            reverse(name, args=[999_999]), {"reason": "x", "amount": "1", "kind": "promo_grant"}
        ).status_code
        == 404
    )


# --- activations ---


def test_an_activation_is_found_by_id_number_and_address(
    console: Client, alice: User, rented: Activation
) -> None:
    for search in (f"act_{rented.id}", rented.address, f"+{rented.address[:4]} {rented.address[4:]}"):
        assert f"act_{rented.id}" in _page(console, "console_activations", q=search)
    for search in ("act_1", "act_x", "44", "nobody@mail.example"):
        assert "Nothing found" in _page(console, "console_activations", q=search)


def test_an_activation_is_reached_only_by_its_own_customer(
    console: Client, olga: User, rented: Activation
) -> None:
    assert console.get(reverse("console_activation", args=[olga.id, rented.id])).status_code == 404


def test_messages_are_listed_without_what_they_say(
    console: Client, alice: User, rented: Activation, send: Send
) -> None:
    send(rented, "Your Shop code is 481920")

    page = _page(console, "console_activation", alice.id, rented.id)

    assert "delivered" in page and "481920" not in page


def test_reading_codes_leaves_a_line_in_the_audit_log(
    console: Client, alice: User, rented: Activation, send: Send
) -> None:
    send(rented, "Your Shop code is 481920")

    page = _post(console, "console_codes", alice.id, rented.id, reason="the customer asked")

    assert "481920" in page
    line = read.audit_log(subject=f"customer {alice.id}")[0]
    assert (line.actor, line.action) == ("olga@people.example", "read codes")
    assert line.detail == {"activation": f"act_{rented.id}", "reason": "the customer asked"}


def test_codes_are_not_read_without_a_reason(
    console: Client, alice: User, rented: Activation, send: Send
) -> None:
    send(rented, "Your Shop code is 481920")

    assert "481920" not in _post(console, "console_codes", alice.id, rented.id, reason="")


# --- services and prices ---

SERVICE = {
    "code": "fresh",
    "name": "Fresh",
    "virtual_numbers": "allowed",
    "cancel_lock_seconds": "0",
    "senders": "Fresh\nfresh.example\n",
    "active": "on",
}


def test_a_service_is_made_and_changed(console: Client) -> None:
    _post(console, "console_service_create", **SERVICE)
    _post(console, "console_service", "fresh", **(SERVICE | {"name": "Fresher", "code": "other"}))

    line = kept.service("fresh")
    assert (line.name, line.senders, line.active) == ("Fresher", ("Fresh", "fresh.example"), True)
    assert [one.code for one in kept.services()] == ["fresh"]


def test_a_taken_code_overwrites_nothing(console: Client) -> None:
    _post(console, "console_service_create", **SERVICE)
    page = _post(console, "console_service_create", **(SERVICE | {"name": "Another"}))

    assert "There is a service of this code already." in page
    assert kept.service("fresh").name == "Fresh"


def test_a_price_is_set_and_replaced(console: Client) -> None:
    _post(console, "console_service_create", **SERVICE)
    for price in ("0.30", "0.35"):
        fields = {"kind": "sms", "country": "GB", "operator": "any", "price": price, "active": "on"}
        _post(console, "console_offer", "fresh", **fields)

    assert [(one.country, one.price_micros) for one in catalogue.offers("fresh")] == [("GB", 350_000)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"price": "0"}, "More than"),
        ({"price": "cheap"}, "An amount is written like"),
        ({"country": ""}, "A number belongs to a country."),
        ({"kind": "email"}, "An e-mail address belongs to no country."),
        ({"country": "ZZ"}, "Select a valid choice"),
    ],
)
def test_a_bent_price_is_told(console: Client, change: dict[str, str], told: str) -> None:
    _post(console, "console_service_create", **SERVICE)
    fields = {"kind": "sms", "country": "GB", "operator": "any", "price": "0.30", "active": "on"}

    answer = console.post(reverse("console_offer", args=["fresh"]), fields | change)

    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert kept.offers("fresh") == []


# --- numbers ---


def test_a_number_is_found_and_retired_with_a_trace(console: Client, alice: User) -> None:
    number = sql.value("select id from supply_number where phone = '447700900007'")
    assert "+44 7700 900007" in _page(console, "console_numbers", q="900 007")

    _post(console, "console_retire", number)

    assert sql.value("select active from supply_number where id = %s", (number,)) is False
    assert "+44 7700 900007" not in _page(console, "console_numbers", q="900007", state="active")
    assert read.audit_log(subject=f"number {number}")[0].action == "retire number"


@pytest.mark.django_db(transaction=True)
def test_an_import_is_carried_out_while_its_page_is_watched(console: Client) -> None:
    import threading

    from django.core.files.uploadedfile import SimpleUploadedFile

    text = "phone,country,operator,link\n+447700900101,GB,any,carl\n+447700900102,GB,any,carl\n"
    for content, told in (
        (text, "2 numbers added"),
        (text + "12,GB,any,carl\n", "Nothing was added"),
        ("a,b\n1,2\n", "The first line must be"),
    ):
        file = SimpleUploadedFile("numbers.csv", content.encode())
        answer = console.post(reverse("console_import_create"), {"file": file})
        for thread in threading.enumerate():
            if thread.name.startswith("import "):
                thread.join()

        assert told in console.get(answer.url).content.decode()
    assert "refused" in _page(console, "console_imports").lower()


def test_a_file_that_is_no_text_is_refused(console: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("numbers.csv", b"\xff\xfe\x00")
    page = console.post(reverse("console_import_create"), {"file": file}, follow=True).content.decode()

    assert "The file is not UTF-8 text" in page


# --- the house ---


def test_the_audit_runs_on_demand(console: Client) -> None:
    assert "Every invariant holds." in _post(console, "console_audit_run")


@pytest.mark.plants_violation
@pytest.mark.django_db(transaction=True)
def test_a_violation_is_shown_with_its_rows(console: Client, alice: User, superuser: object) -> None:
    superuser.execute("update ledger_wallet set cash = cash + 1 where customer_id = %s", (alice.id,))  # type: ignore[attr-defined]

    page = _post(console, "console_audit_run")

    assert "are violated" in page and "01_wallet_equals_transfers" in page


def test_what_could_not_be_delivered_is_listed(console: Client) -> None:
    outbox.put_mail("bob@people.example", "Hello", "a secret link")
    outbox.failed(outbox.claim(1)[0], "ConnectionRefusedError")

    page = _page(console, "console_outbox")

    assert "bob@people.example" in page and "ConnectionRefusedError" in page
    assert "a secret link" not in page


def test_the_audit_log_is_searched_by_person_and_customer(console: Client, alice: User) -> None:
    _post(console, "console_suspend", alice.id, reason="a test")

    assert "a test" in _page(console, "console_audit_log", q="olga@")
    assert "a test" in _page(console, "console_audit_log", q=f"customer {alice.id}")
    assert "Nothing fits" in _page(console, "console_audit_log", q="nobody")
