"""Paying in as a customer sees it: an address to pay to, every payment with its state, and nobody else's."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activkode.doors.people import words
from activkode.funding import read
from activkode.funding import words as told
from activkode.funding.policy import ASSETS, Asset, Reason, State
from activkode.identity.models import User
from doors.people.conftest import newcomer, visitor
from funding.lives import ADDRESS, LIVES, TX, Life, address, live, price

pytestmark = pytest.mark.django_db


def _page(client: Client, name: str, /, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


# --- an address ---


def test_every_asset_of_the_policy_can_be_chosen(at_bobs: Client, opened: set[Asset]) -> None:
    page = _page(at_bobs, "topups")

    for rule in ASSETS:
        assert rule.name in page and rule.network in page
        assert f'action="{reverse("topup_address", args=[rule.asset])}"' in page


@pytest.mark.parametrize("asset", Asset)
def test_an_address_is_shown_with_its_warning_and_its_terms(
    at_bobs: Client, opened: set[Asset], asset: Asset
) -> None:
    answer = at_bobs.post(reverse("topup_address", args=[asset]))
    page = _page(at_bobs, "topup_address", asset)
    rule = next(rule for rule in ASSETS if rule.asset == asset)

    assert answer.url == reverse("topup_address", args=[asset])
    assert f'id="address">fake-{asset.lower()}-1<' in page
    assert f"Send only {rule.name} (" in page and f"only over the network {rule.network}." in page
    assert "smaller payments add up" in page and "$1.00" in page
    assert "stays yours for ever" in page
    assert "<svg" in page and f"QR code of your {rule.name} address" in page


def test_a_second_click_gives_the_same_address(at_bobs: Client, bob: User, opened: set[Asset]) -> None:
    for _ in range(2):
        at_bobs.post(reverse("topup_address", args=[Asset.ETH]))

    assert [one.address for one in read.addresses_of(bob.id)] == ["fake-eth-1"]


def test_looking_makes_no_address(at_bobs: Client, bob: User, opened: set[Asset]) -> None:
    assert at_bobs.get(reverse("topup_address", args=[Asset.ETH])).url == reverse("topups")
    assert read.addresses_of(bob.id) == []


def test_an_asset_that_is_not_open_is_told_in_words(at_bobs: Client, bob: User, opened: set[Asset]) -> None:
    opened.remove(Asset.BTC)

    assert "Not available right now" in _page(at_bobs, "topups")
    page = at_bobs.post(reverse("topup_address", args=[Asset.BTC]), follow=True).content.decode()
    assert "This coin cannot be paid in right now." in page
    assert read.addresses_of(bob.id) == []


def test_what_is_no_asset_is_no_page(at_bobs: Client) -> None:
    for name in ("DOGE", "btc", "BTC-TRC20", "dep_0"):
        assert at_bobs.get(f"/topups/{name}/").status_code == 404


def test_two_customers_have_two_addresses(at_bobs: Client, opened: set[Asset]) -> None:
    at_bobs.post(reverse("topup_address", args=[Asset.BTC]))
    at_marys = visitor(newcomer("mary"))
    at_marys.post(reverse("topup_address", args=[Asset.BTC]))

    assert "fake-btc-2" in _page(at_marys, "topup_address", Asset.BTC)
    assert "fake-btc-2" not in _page(at_bobs, "topup_address", Asset.BTC)


# --- every state on every page ---


@pytest.mark.parametrize("name", LIVES)
def test_every_state_is_told_on_every_page(at_bobs: Client, bob: User, opened: set[Asset], name: str) -> None:
    one = live(bob, name)
    word = words.STATES[one.state]
    pages = {
        "list": _page(at_bobs, "topups"),
        "address": _page(at_bobs, "topup_address", Asset.BTC),
        "own": _page(at_bobs, "topup", one.id),
    }

    for place, page in pages.items():
        assert f">{word}</span>" in page, place
        assert reverse("topup", args=[one.id]) in page
        assert told.REASONS.get(one.reason or "", "") in page, place
    assert TX in pages["own"] and ADDRESS in pages["own"] and f"version {one.policy_version}" in pages["own"]
    on_overview = reverse("topup", args=[one.id]) in _page(at_bobs, "overview")
    assert on_overview == (one.state in ("seen", "confirming", "pricing", "accumulating", "orphaned"))


@pytest.mark.parametrize(
    ("name", "progress"),
    [
        ("seen", "Not in a block yet"),
        ("confirming", "1 of 2 blocks"),
        ("pricing", "Waiting for a rate"),
        ("accumulating", "Adds up: $0.43 of $1.00"),
        ("orphaned", "it waits for another one"),
        ("under_case: shortfall", "part of it was spent"),
        ("reversed: written off", "you owe nothing"),
        ("credited: restored", "Credited again"),
        ("confirming: returning", "In the chain again"),
        ("replaced", "f" * 64),
    ],
)
def test_how_far_it_is_is_told_in_words(at_bobs: Client, bob: User, name: str, progress: str) -> None:
    one = live(bob, name)

    assert progress in _page(at_bobs, "topup", one.id)


def test_a_chain_that_calls_blocks_final_is_waited_for_in_words(at_bobs: Client, bob: User) -> None:
    from activkode.funding.chains.base import Found
    from activkode.funding.policy import Chain
    from activkode.funding.watch import Watcher
    from funding.scripted import FakeChain

    key = address(bob, Asset.USDT_TRC20, "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8")
    chain = FakeChain(Chain.TRON, final_lag=19)
    Watcher(chain).round()
    chain.mine(Found("a", 3, key, 12_000_000, Asset.USDT_TRC20))
    Watcher(chain).round()

    page = _page(at_bobs, "topups")
    assert "12 USDT" in page and "Waiting for the chain's finality" in page


def test_every_state_and_reason_has_its_words() -> None:
    assert set(told.STATES) == set(State) and set(told.REASONS) == set(Reason)
    for state in State:
        assert words.TONES[state]


def test_the_rate_stands_there_with_its_sources_and_its_age(at_bobs: Client, bob: User) -> None:
    page = _page(at_bobs, "topup", live(bob, "credited").id)

    assert "$64,000.00 per BTC" in page and "kraken 64,000" in page
    assert "0.01 BTC" in page and "$640.00" in page
    assert "s at the moment of crediting" in page


# --- live ---


def test_news_are_given_only_where_there_are_some(at_bobs: Client, bob: User, opened: set[Asset]) -> None:
    life = Life(bob)
    price(Asset.BTC, "64000")
    life.sight()
    one = life.topup()
    pages = {
        "topups_live": _page_mark(at_bobs, "topups"),
        "topup_address_live": _page_mark(at_bobs, "topup_address", Asset.BTC),
        "topup_live": _page_mark(at_bobs, "topup", one.id),
        "overview_live": _page_mark(at_bobs, "overview"),
    }
    arguments: dict[str, list[Any]] = {"topup_address_live": [Asset.BTC], "topup_live": [one.id]}
    for name, mark in pages.items():
        assert at_bobs.get(reverse(name, args=arguments.get(name, [])), {"after": mark}).status_code == 204, (
            name
        )

    life.mine(blocks=1)

    for name, mark in pages.items():
        news = at_bobs.get(reverse(name, args=arguments.get(name, [])), {"after": mark})
        assert news.status_code == 200 and b"1 of 2 blocks" in news.content, name


def _page_mark(client: Client, name: str, *args: object) -> str:
    return str(client.get(reverse(name, args=args)).context["mark"])


def test_a_credit_changes_the_balance_in_every_live_part(at_bobs: Client, bob: User) -> None:
    one = live(bob, "credited")

    for name, args in (("topups_live", []), ("overview_live", []), ("topup_live", [one.id])):
        assert b'data-set="balance">$640.00<' in at_bobs.get(reverse(name, args=args)).content


# --- overview, statement, receipt ---


def test_an_empty_balance_leads_to_the_top_up(at_bobs: Client) -> None:
    page = _page(at_bobs, "overview")

    assert page.count(f'href="{reverse("topups")}"') >= 2
    assert "Your balance is empty. Top it up" in page


@pytest.mark.parametrize(
    ("name", "movements"),
    [
        ("credited", ["Top-up in bitcoin"]),
        ("reversed", ["Top-up in bitcoin", "Top-up taken back by the chain"]),
        ("credited: restored", ["Top-up in the chain again"]),
        ("reversed: written off", ["Written off by us: nothing to pay"]),
    ],
)
def test_the_statement_names_the_movements_and_leads_to_the_top_up(
    at_bobs: Client, bob: User, name: str, movements: list[str]
) -> None:
    one = live(bob, name)

    page = _page(at_bobs, "statement")

    assert f'href="{reverse("topup", args=[one.id])}"' in page
    for movement in movements:
        assert movement in page


@pytest.mark.parametrize("name", LIVES)
def test_the_pdf_says_what_the_page_says(at_bobs: Client, bob: User, name: str) -> None:
    one = live(bob, name)
    page = at_bobs.get(reverse("topup", args=[one.id]))
    answer = at_bobs.get(reverse("topup_receipt", args=[one.id]))
    paper = _text(answer.content)

    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert f'filename="activkode-dep_{one.id}.pdf"' in answer["Content-Disposition"]
    for fact in page.context["facts"]:
        assert fact.label in paper
        assert fact.value.replace(" ", "") in paper.replace(" ", ""), fact
    assert page.context["title"] in paper and bob.email in paper
    assert answer.content.count(b"/Type /Page\n") == 1


def _text(pdf: bytes) -> str:
    """What an uncompressed PDF of ours draws, line after line, put together."""
    import re

    drawn = re.findall(rb"\((.*?)(?<!\\)\) Tj", pdf)
    text = b"".join(drawn).decode("latin-1")
    return (
        re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), text)
        .replace("\\(", "(")
        .replace("\\)", ")")
    )


def test_a_long_list_is_read_page_by_page(at_bobs: Client, bob: User) -> None:
    price(Asset.BTC, "64000")
    life = Life(bob)
    for number in range(30):
        life.tx = f"{number:064}"
        life.chain.mine(life.payment(2_000_000))
    life.watcher.round()

    first = _page(at_bobs, "topups")
    assert "Older" in first
    older = read.topups(bob.id, limit=25)[-1].id
    second = _page(at_bobs, "topups", before=str(older))
    assert "Newest" in second and "data-live" not in second


# --- strangers ---


@pytest.mark.parametrize("name", ["topup", "topup_live", "topup_receipt"])
def test_a_foreign_top_up_is_not_there(bob: User, name: str) -> None:
    one = live(bob, "credited")
    at_mallorys = visitor(newcomer("mallory"))

    assert at_mallorys.get(reverse(name, args=[one.id])).status_code == 404
    assert TX not in at_mallorys.get(reverse("topups")).content.decode()
