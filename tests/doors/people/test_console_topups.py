"""What staff see of top-ups: whose an address is, everything of a deposit, cases and their decisions, chains, solvency."""

import html

import pytest
from django.test import Client
from django.urls import reverse
from psycopg.types.json import Jsonb

from activkode.core import read as core
from activkode.core import sql
from activkode.funding import operations, read
from activkode.funding.policy import Asset, Event
from activkode.identity.models import Role, User
from activkode.ledger import read as books
from doors.people.conftest import newcomer, visitor
from funding.lives import ADDRESS, LIVES, TX, Life, address, live, price

pytestmark = pytest.mark.django_db


def _page(client: Client, name: str, /, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def _decide(client: Client, deposit: int, decision: Event, reason: str = "looked at it") -> str:
    fields = {"decision": str(decision), "reason": reason}
    answer = client.post(reverse("console_topup_decide", args=[deposit]), fields, follow=True)
    return html.unescape(answer.content.decode())


# --- search ---


def test_an_address_ever_issued_leads_to_its_customer_and_its_payments(console: Client, bob: User) -> None:
    one = live(bob, "credited")

    for text in (ADDRESS, ADDRESS.upper(), f" {ADDRESS} ", str(bob.id)):
        page = _page(console, "console_topups", q=text)
        assert reverse("console_customer", args=[bob.id]) in page, text
        assert f"dep_{one.id}" in page and "btc, 1" in page, text


@pytest.mark.parametrize("text", [TX, TX.upper(), "dep"])
def test_a_payment_is_found_by_transaction_and_by_id(console: Client, bob: User, text: str) -> None:
    one = live(bob, "under_case")

    assert f"dep_{one.id}" in _page(console, "console_topups", q=f"dep_{one.id}" if text == "dep" else text)


def test_an_address_to_which_nothing_came_is_found_too(console: Client, bob: User) -> None:
    address(bob)

    page = _page(console, "console_topups", q=ADDRESS)

    assert ADDRESS in page and "Nothing came" in page


@pytest.mark.parametrize("text", ["dep_", "dep_x", "dep_99999999999999999999", "%", "nowhere", "-1", "0"])
def test_what_is_nowhere_is_not_found(console: Client, bob: User, text: str) -> None:
    live(bob, "seen")

    assert "Nothing found" in _page(console, "console_topups", q=text)


# --- a deposit ---


@pytest.mark.parametrize("name", LIVES)
def test_every_state_is_shown_with_all_that_is_kept(console: Client, bob: User, name: str) -> None:
    one = live(bob, name)

    page = _page(console, "console_topup", one.id)

    for shown in (
        TX,
        ADDRESS,
        one.state,
        one.reason or "",
        one.token,
        one.note,
        str(one.amount),
        one.block or "",
    ):
        assert shown in page
    assert ("Write off" in page) == (name == "under_case: shortfall")
    assert f"coin-{TX}:0" in page
    assert f"dep_{one.id}" in _page(console, "console_customer", bob.id)


def test_a_deposit_that_does_not_exist_is_no_page(console: Client) -> None:
    assert console.get(reverse("console_topup", args=[999])).status_code == 404
    assert console.post(reverse("console_topup_decide", args=[999])).status_code == 404


# --- cases ---


def test_cases_wait_in_a_queue_until_they_are_decided(console: Client, bob: User) -> None:
    one = live(bob, "under_case")
    assert f"dep_{one.id}" in _page(console, "console_cases")

    page = _decide(console, one.id, Event.DECIDE_CLOSE, "a token without worth")

    assert "Decided. The deposit is now: not credited." in page and "a token without worth" in page
    assert "No case" in _page(console, "console_cases")
    line = core.audit_log(subject=f"deposit {one.id}")[0]
    assert (line.actor, line.action) == ("olga@people.example", "deposit decide_close")
    assert line.detail["why"] == "a token without worth"


def test_an_accepted_case_is_credited_as_others_are(console: Client, bob: User) -> None:
    from activkode.funding.policy import Reason

    price(Asset.BTC, "64000")
    life = Life(bob)
    life.mine(reason=Reason.COINBASE)
    deposit = life.topup().id

    _decide(console, deposit, Event.DECIDE_CREDIT)
    life.watcher.round()

    assert life.topup().state == "credited"
    assert books.balance(bob.id).cash == 640_000_000


def test_a_shortfall_is_written_off(console: Client, bob: User) -> None:
    one = live(bob, "under_case: shortfall")

    assert "taken back" in _decide(console, one.id, Event.WRITE_OFF)

    assert read.any_topup(one.id).written_off_micros == 2_000_000


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_decided_without_a_reason(console: Client, bob: User, reason: str) -> None:
    one = live(bob, "under_case")

    assert "Reason: This field is required." in _decide(console, one.id, Event.DECIDE_CLOSE, reason)
    assert read.any_topup(one.id).state == "under_case"


@pytest.mark.parametrize("name", ["credited", "seen", "ignored: closed", "under_case: shortfall"])
def test_what_is_not_open_to_a_decision_is_refused(console: Client, bob: User, name: str) -> None:
    one = live(bob, name)

    assert "Decision: Select a valid choice" in _decide(console, one.id, Event.DECIDE_CLOSE)
    assert read.any_topup(one.id).state == one.state


@pytest.mark.parametrize("event", operations.DECISIONS)
@pytest.mark.parametrize("name", LIVES)
def test_the_page_offers_exactly_what_the_books_allow(bob: User, name: str, event: Event) -> None:
    one = live(bob, name)
    is_offered = event in operations.open_decisions(one)

    state = sql.value("select fn.deposit_decide(%s, %s, 'olga', 'a test')", (one.id, event))

    assert (state is not None) == is_offered


def test_nobody_decides_about_a_deposit_of_their_own(olga: User, console: Client) -> None:
    one = live(olga, "under_case")

    assert "Nobody acts on their own account." in _decide(console, one.id, Event.DECIDE_CLOSE)
    assert read.any_topup(one.id).state == "under_case"
    assert 'name="decision"' not in _page(console, "console_topup", one.id)


def test_support_looks_and_does_not_decide(bob: User) -> None:
    one = live(bob, "under_case")
    support = visitor(newcomer("sue", Role.SUPPORT))

    assert 'name="decision"' not in _page(support, "console_topup", one.id)
    answer = support.post(
        reverse("console_topup_decide", args=[one.id]), {"decision": "decide_close", "reason": "x"}
    )
    assert answer.status_code == 403
    assert read.any_topup(one.id).state == "under_case"


# --- chains, rates, solvency ---


def test_chains_are_shown_with_their_trouble(console: Client, bob: User) -> None:
    assert "No chain is watched yet" in _page(console, "console_chains")
    life = Life(bob).sight()
    assert "Read to the head" in _page(console, "console_chains")

    life.chain.is_away = True
    life.watcher.round()

    assert "Away: the fake node is switched off" in _page(console, "console_chains")


def test_cases_and_troubles_stand_on_the_first_page(console: Client, bob: User) -> None:
    quiet = _page(console, "console")
    life = Life(bob)
    life.mine(asset=None, token="0xfa4e", reason="wrong_asset")
    life.chain.is_away = True
    life.watcher.round()

    page = _page(console, "console")

    for title in ("Deposits under case", "Chains with a trouble"):
        assert f"<dt>{title}</dt><dd>0</dd>" in quiet and f"<dt>{title}</dt><dd>1</dd>" in page


def test_rates_are_shown_with_their_sources_and_their_trouble(console: Client) -> None:
    price(Asset.BTC, "64000")
    sql.execute(
        "select fn.rate_keep('ETH', null, %s, null, 'only 1 source answered')",
        (Jsonb([{"name": "kraken", "price": "2500.5", "at": "2026-01-01T00:00:00Z"}]),),
    )
    sql.execute("select fn.rate_keep('USDT-TRC20', 1, '[]', fn.now() - interval '1 hour', '')")

    page = _page(console, "console_chains")

    assert "$64,000.00 per BTC" in page and "coinbase 64,000" in page and "In force" in page
    assert "only 1 source answered" in page and "kraken 2,500.5" in page
    assert "Too old" in page


def test_the_solvency_report_says_what_was_not_looked_at(console: Client, bob: User) -> None:
    live(bob, "credited")
    page = _page(console, "console_solvency")
    assert page.count("Not looked at yet") == len(Asset)
    assert "$640.00" in page and "0.01 BTC" in page

    sql.execute("set local role activkode")  # the application itself may write this only by a function
    sql.execute(
        "insert into funding_holding (chain, address, token, customer_id, balance, outgoing, height, looked_at)"
        " values ('bitcoin', %s, '', %s, 1000000, 0, 3, fn.now())",
        (ADDRESS, bob.id),
    )
    sql.execute("set local role activkode_app")

    assert _page(console, "console_solvency").count("Not looked at yet") == len(Asset) - 1


@pytest.mark.parametrize("before", ["1x", "x", "0", "9" * 30])
def test_a_place_in_a_list_that_is_none_is_no_fault(console: Client, before: str) -> None:
    for name in ("console_customers", "console_numbers", "console_audit_log", "console_topups"):
        assert console.get(reverse(name), {"before": before}).status_code == 200
