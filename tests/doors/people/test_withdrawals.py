"""Taking money out as a customer sees it: the form, the confirmation that asks again who it is, every step, and the receipt."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import cast
from activkode.core import sql
from activkode.core.money import micros
from activkode.doors.people.payments import words
from activkode.funding.policy import ASSETS
from activkode.identity import suspension
from activkode.identity.models import User
from activkode.ledger import read as books
from activkode.withdrawals import operations, read
from activkode.withdrawals.policy import State
from doors.people.conftest import newcomer, visitor
from withdrawals import scripted
from withdrawals.scripted import ADDRESS
from withdrawals.ways import WAYS, way

pytestmark = pytest.mark.django_db
FORM = {"asset": "ETH", "address": ADDRESS, "amount": "20.00"}


def _page(client: Client, name: str, /, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


def _told(answer: Any) -> str:
    return html.unescape(answer.content.decode())


# --- asking ---


def test_the_form_says_what_counts_before_anything_is_asked(at_wendys: Client) -> None:
    page = _page(at_wendys, "withdrawals")

    for rule in ASSETS:
        assert f'value="{rule.asset}"' in page and rule.network in page
    assert "You can withdraw $300.00; the promotional $5.00 is for spending only and cannot leave" in page
    for words_of_terms in ("$20.00 pays $15.00", "Ours up to $5.00", "from $200.00 up, two"):
        assert words_of_terms in page


def test_a_request_leads_to_its_confirmation_and_holds_nothing(at_wendys: Client, wendy: User) -> None:
    answer = at_wendys.post(reverse("withdrawal_create"), FORM)

    made = read.open_one(wendy.id)
    assert made and answer.url == reverse("withdrawal_confirm", args=[made.id])
    assert (made.state, made.gross_micros, made.channel) == (State.REQUESTED, 20_000_000, "dashboard")
    assert books.balance(wendy.id).withdrawing == 0


def test_all_is_the_cash_alone(at_wendys: Client, wendy: User) -> None:
    at_wendys.post(reverse("withdrawal_create"), FORM | {"amount": "1", "everything": "on"})

    made = read.open_one(wendy.id)
    assert made and made.gross_micros == micros("300.00")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"amount": "19.99"}, "the least is $20.00"),
        ({"amount": "300.01"}, "$300.00 can be withdrawn"),
        ({"amount": ""}, "Give an amount, or choose all of it."),
        ({"amount": "1e3"}, 'An amount is written like "12.50"'),
        ({"amount": "-20"}, 'An amount is written like "12.50"'),
        ({"asset": "DOGE"}, "Choose one of these coins."),
        ({"asset": "BTC"}, "This is an Ethereum address; you asked for Bitcoin."),
        ({"address": ADDRESS[:-1]}, "An Ethereum address has 40 digits after 0x; this one has 39."),
        ({"address": ADDRESS[:-2] + "e7"}, "a character is mistyped"),
        ({"address": ""}, "Give the address to pay to."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_keeps_what_was_typed(
    at_wendys: Client, wendy: User, change: dict[str, str], sentence: str
) -> None:
    answer = at_wendys.post(reverse("withdrawal_create"), FORM | change)

    page = _told(answer)
    assert answer.status_code in {402, 422} and sentence in page
    assert (FORM | change)["address"] in page
    assert read.open_one(wendy.id) is None


def test_a_second_one_is_not_asked_for_while_one_is_open(at_wendys: Client, wendy: User) -> None:
    number = scripted.confirmed(wendy)

    assert reverse("withdrawal", args=[number]) in _page(at_wendys, "withdrawals")
    answer = at_wendys.post(reverse("withdrawal_create"), FORM)

    assert answer.status_code == 409 and len(read.page(wendy.id)) == 1


def test_who_has_too_little_is_told_so_instead_of_a_form(db: None) -> None:
    bob = newcomer("bob")
    cast.fund(bob, "19.99")

    page = _page(visitor(bob), "withdrawals")

    assert "Not enough cash to withdraw" in page and 'name="address"' not in page


def test_what_no_field_of_the_form_asks_for_is_not_read(at_wendys: Client, wendy: User) -> None:
    odd = {
        "fee_micros": "0",
        "state": "approved",
        "customer_id": "1",
        "network_micros": "0",
        "released_by": "1",
    }

    at_wendys.post(reverse("withdrawal_create"), FORM | odd)

    made = read.open_one(wendy.id)
    assert made and (made.state, made.fee_micros, made.released_by) == (State.REQUESTED, 5_000_000, None)


def test_an_address_without_a_checksum_is_warned_of_until_it_is_confirmed(
    at_wendys: Client, wendy: User
) -> None:
    lowered = FORM | {"address": ADDRESS.lower()}

    page = _told(at_wendys.post(reverse("withdrawal_create"), lowered, follow=True))

    assert 'id="warning"' in page and ADDRESS in page


# --- every state ---


@pytest.mark.parametrize("name", WAYS)
def test_every_state_is_told_with_all_its_steps_and_no_name_of_staff(wendy: User, name: str) -> None:
    one = way(wendy, name)
    client = visitor(wendy)

    page = _page(client, "withdrawal", one.id)

    word = {"approved: asked": "Waits for you", "broadcast: stuck": "Needs a decision"}.get(name)
    assert f">{word or words.STATES[one.state]}</span>" in page
    assert ADDRESS in page and f"wdr_{one.id}" in page and f"version {one.policy_version}" in page
    assert ('id="cancel"' in page) == one.can_cancel
    for secret in ("olga", "oscar", "signer"):
        assert secret not in page.lower()
    assert read.approvals(wendy.id, one.id) == [] or "approvals" in page
    assert f">{word or words.STATES[one.state]}</span>" in _page(client, "withdrawals")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("confirmed", "0 of 1 approvals"),
        ("confirmed: one of two", "1 of 2 approvals"),
        ("confirmed: e-mail changed", "nothing is approved before"),
        ("confirmed: suspended", "waits for an operator’s decision"),
        ("approved: asked", "The clock stands"),
        ("approved: handed", "It is being signed, so it cannot be cancelled any more."),
        ("broadcast: mined", "3 confirmations so far"),
        ("broadcast: bumped", "Sent 2 times"),
        ("broadcast: stuck", "A person decides how it goes on"),
        ("paid", "0.0075 ETH"),
        ("rejected", "This address was reported stolen. $20.00 is back in your balance."),
        ("cancelled", "By you. $20.00 is back in your balance."),
        ("cancelled: lapsed", "Not confirmed in time. Nothing had been set aside."),
        ("returned", "The network refused it. $20.00 is back in your balance."),
    ],
)
def test_how_it_stands_is_told_in_words(wendy: User, name: str, told: str) -> None:
    one = way(wendy, name)

    assert told in _page(visitor(wendy), "withdrawal", one.id)


def test_the_page_asks_for_news_and_gets_them_only_when_there_are_some(
    at_wendys: Client, wendy: User
) -> None:
    number = scripted.confirmed(wendy)
    place = reverse("withdrawal_live", args=[number])
    mark = at_wendys.get(place).context["mark"]
    assert at_wendys.get(place, {"after": mark}).status_code == 204

    olga = scripted.staff("olga")
    operations.approve(wendy.id, number, actor_id=olga.id, actor=olga.email)

    answer = at_wendys.get(place, {"after": mark})
    assert answer.status_code == 200 and "1 of 1 approvals" in _told(answer)


def test_a_transaction_leads_to_an_explorer_of_its_own_network(wendy: User, settings: Any) -> None:
    one = way(wendy, "broadcast")
    tx = read.transactions(wendy.id, read.payouts(wendy.id, one.id)[0].id)[0].tx
    client = visitor(wendy)

    settings.CHAINS = {"ethereum": {"url": "x", "network": "fake"}}
    assert f'data-copy="{tx}"' in _page(client, "withdrawal", one.id)
    settings.CHAINS = {"ethereum": {"url": "x"}}
    assert f'href="https://etherscan.io/tx/{tx}"' in _page(client, "withdrawal", one.id)
    settings.CHAINS = {"ethereum": {"url": "x", "chain_id": 31337, "explorer": "https://look.example/{tx}"}}
    assert f'href="https://look.example/{tx}"' in _page(client, "withdrawal", one.id)


def test_it_is_cancelled_until_it_is_being_signed(wendy: User) -> None:
    client, one = visitor(wendy), way(wendy, "approved")
    page = _told(client.post(reverse("withdrawal_cancel", args=[one.id]), follow=True))
    assert "Cancelled. The amount is back in your balance." in page
    assert books.balance(wendy.id).cash == micros("300.00")

    handed = way(wendy, "approved: handed")
    page = _told(client.post(reverse("withdrawal_cancel", args=[handed.id]), follow=True))
    assert "cannot be cancelled any more" in page


def test_a_higher_cost_is_agreed_to_on_a_page_of_its_own(at_wendys: Client, wendy: User) -> None:
    one = way(wendy, "approved: asked")
    page = _page(at_wendys, "withdrawal_consent", one.id)
    assert "$10.00" in page and 'id="arrives">$10.00' in page

    stale = at_wendys.post(reverse("withdrawal_consent", args=[one.id]), {"quote": "9000000"}, follow=True)
    assert "cost has changed" in _told(stale)
    at_wendys.post(reverse("withdrawal_consent", args=[one.id]), {"quote": "10000000"})

    one = read.one(wendy.id, one.id)
    assert (one.asks_consent, one.net_micros) == (False, micros("10.00"))


# --- paper and books ---


def test_a_receipt_holds_every_figure(wendy: User) -> None:
    one = way(wendy, "paid")
    answer = visitor(wendy).get(reverse("withdrawal_receipt", args=[one.id]))

    assert answer["Content-Disposition"] == f'attachment; filename="activkode-wdr_{one.id}.pdf"'
    for text in (
        b"Receipt for a withdrawal",
        b"$20.00",
        b"$5.00",
        b"$15.00",
        b"0.0075 ETH",
        ADDRESS.encode(),
    ):
        assert text in answer.content, text
    assert b"$2,000.00 per ETH" in answer.content and b"wendy@people.example" in answer.content


def test_each_cent_is_on_the_statement_in_words(wendy: User) -> None:
    client, _ = visitor(wendy), way(wendy, "paid")

    answer = client.get(reverse("statement"))

    page = html.unescape(answer.content.decode())
    for movement in ("Set aside for a withdrawal", "Flat fee of a withdrawal", "Withdrawn in ether"):
        assert movement in page
    lines, statement = answer.context["lines"], answer.context["statement"]
    for account in ("cash", "promo", "held", "withdrawing"):
        moved = sum(getattr(line, account) for line in lines)
        assert getattr(statement.opening, account) + moved == getattr(statement.closing, account)


def test_a_suspended_customer_is_told_what_that_means_for_the_money(wendy: User) -> None:
    suspension.suspend(wendy.id, actor="olga", reason="a test")
    client = visitor(wendy)

    assert "Nothing can be withdrawn now" in _page(client, "withdrawals")
    assert client.post(reverse("withdrawal_create"), FORM).status_code == 403
    assert sql.value("select count(*) from withdrawals_withdrawal") == 0
