"""What the doctor says of top-ups: every trouble has a row of its own and something to do about it, and no key is printed."""

from typing import Any

import pytest
from psycopg.types.json import Jsonb

from activkode.core import sql, status
from activkode.doors.clock import chains
from activkode.funding import addresses
from activkode.funding.policy import Asset, Chain
from activkode.funding.watch import Watcher
from activkode.schema import doctor, doctor_topups
from activkode.schema.looks import Result
from funding import published as known
from funding.scripted import FakeChain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def configured(settings: Any) -> Any:
    settings.CHAINS = {"bitcoin": {}}
    settings.KEYCHAINS = {"btc_p2wpkh": known.KEYCHAINS["btc_p2wpkh"]}
    return settings


@pytest.fixture
def chain() -> FakeChain:
    made = FakeChain(Chain.BITCOIN)
    Watcher(made).round()
    return made


def row(name: str) -> Result:
    """What the doctor says under a name."""
    return dict(doctor_topups.checks())[name]()


def rate(trouble: str = "") -> None:
    sources = [
        {"name": "kraken", "price": "1", "at": "x"},
        {"name": "bitstamp", "price": "0", "at": "x", "dropped": "zero"},
    ]
    sql.execute("select fn.rate_keep('BTC', 50000.5, %s, fn.now(), %s)", (Jsonb(sources), trouble))


def shift(seconds: int) -> None:
    sql.execute("select set_config('activkode_test.shift', %s, true)", (f"{seconds} seconds",))


# --- keychains ---


def test_a_proven_keychain_is_fine(chain: FakeChain) -> None:
    addresses.give(1, Asset.BTC)
    found = row("keychain btc_p2wpkh")
    assert found.fine
    assert found.seen.startswith("derives its first address")
    assert found.seen.endswith("1 addresses given out")


def test_a_keychain_that_derives_another_address_is_not(configured: Any) -> None:
    configured.KEYCHAINS = {"btc_p2wpkh": {"xpub": known.ZPUB, "first_address": known.BIP84[1][1]}}
    found = row("keychain btc_p2wpkh")
    assert (found.fine, found.seen) == (False, "it does not derive its first_address")
    assert "ACTIVKODE_KEYCHAINS" in found.remedy


def test_a_private_key_is_told_and_not_printed(
    configured: Any, chain: FakeChain, capsys: pytest.CaptureFixture[str]
) -> None:
    configured.KEYCHAINS = {
        "btc_p2wpkh": {"xpub": known.ZPRV, "first_address": known.BIP84[0][1]},
        "btc_p2tr": {"xpub": known.BIP86_XPUB, "first_address": known.BIP86[0][1]},
    }
    doctor.main()
    printed = capsys.readouterr().out
    assert "BAD  keychain btc_p2wpkh: it is a private key" in printed
    assert "ok   keychain btc_p2tr" in printed
    assert known.ZPRV not in printed and known.BIP86_XPUB not in printed


def test_a_keychain_begun_with_another_key_is_told(configured: Any, chain: FakeChain) -> None:
    sql.execute("select fn.address_index('btc_p2wpkh', 'another', 1)")
    found = row("keychain btc_p2wpkh")
    assert (found.fine, found.seen) == (False, "was begun with another key or network")


def test_a_new_key_may_stand_beside_the_old_one_under_a_name_of_its_own(
    configured: Any, chain: FakeChain
) -> None:
    sql.execute("select fn.address_index('btc_p2wpkh', 'another', 1)")
    configured.KEYCHAINS = {"btc_p2wpkh/2": known.KEYCHAINS["btc_p2wpkh"]} | configured.KEYCHAINS
    assert row("keychain btc_p2wpkh/2").fine
    assert addresses.give(1, Asset.BTC).address == known.BIP84[1][1]


@pytest.mark.parametrize("name", ["doge", "", "/2"])
def test_a_keychain_of_no_kind_is_told(configured: Any, name: str) -> None:
    configured.KEYCHAINS = {name: known.KEYCHAINS["eth"]}
    assert "no such kind" in row(f"keychain {name}").seen


def test_a_keychain_whose_chain_nobody_watches_is_told(configured: Any) -> None:
    configured.KEYCHAINS = {"eth": known.KEYCHAINS["eth"]}
    assert "ACTIVKODE_CHAINS has no ethereum" in row("keychain eth").seen


# --- chains ---


def test_a_chain_that_was_never_begun_is_told() -> None:
    found = row("chain bitcoin")
    assert not found.fine and found.seen.startswith("never begun")


def test_a_chain_that_is_read_to_its_head_is_fine(chain: FakeChain) -> None:
    assert row("chain bitcoin").fine
    assert row("chain bitcoin").seen.startswith("read to block 0 of 0")


def test_a_nodes_trouble_is_told_with_its_length(chain: FakeChain) -> None:
    chain.is_away = True
    Watcher(chain).round()
    shift(90)
    found = row("chain bitcoin")
    assert (found.fine, found.seen) == (
        False,
        "Away: the fake node is switched off, for 90 s; read to block 0 of 0",
    )


def test_a_chain_that_nobody_looks_at_any_more_is_told(chain: FakeChain) -> None:
    shift(61)
    assert not row("chain bitcoin").fine
    assert "activkode clock" in row("chain bitcoin").remedy


def test_the_status_page_shows_a_healthy_node_and_not_one_in_trouble(chain: FakeChain) -> None:
    assert ("chain bitcoin", True) in health()
    shift(30)
    chain.is_away = True
    Watcher(chain).round()
    assert ("chain bitcoin", False) in health()


def health() -> set[tuple[str, bool]]:
    """What GET /v1/status publishes of its sources."""
    return {(source["name"], source["healthy"]) for source in status.read()["sources"]}


# --- rates ---


def test_a_rate_that_was_never_looked_up_is_told() -> None:
    assert (row("rate BTC").fine, row("rate BTC").seen) == (False, "never looked up")


def test_a_usable_rate_is_fine_and_names_its_sources() -> None:
    rate()
    assert row("rate BTC") == Result(True, "50000.5 by kraken, 0 s old")


def test_a_rate_in_trouble_is_told() -> None:
    rate("sources differ")
    assert (row("rate BTC").fine, row("rate BTC").seen) == (False, "sources differ")


def test_a_rate_that_nobody_renews_is_told() -> None:
    rate()
    shift(121)
    assert row("rate BTC").seen == "was last looked up 121 s ago"


# --- which rows there are ---


def test_without_chains_there_is_one_row_that_says_so(configured: Any) -> None:
    configured.CHAINS, configured.KEYCHAINS = {}, {}
    ((name, look),) = doctor_topups.checks()
    assert (name, look().fine) == ("top-ups", True)


def test_only_rates_of_watched_chains_are_looked_up(configured: Any) -> None:
    assert "rates" in {loop.name for loop in chains.loops()}
    assert [name for name, _ in doctor_topups.checks()] == [
        "keychain btc_p2wpkh",
        "chain bitcoin",
        "rate BTC",
    ]
    configured.CHAINS = {}
    assert "rates" not in {loop.name for loop in chains.loops()}
