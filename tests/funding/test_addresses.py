"""An address belongs to one customer for ever, comes only from a proven keychain, and is found again by its index alone."""

from typing import Any

import pytest
import structlog

import cast
from activkode.config import environment
from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.funding import addresses, keychains, read
from activkode.funding.derive import prove
from activkode.funding.policy import Asset, Chain
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from funding import published as known
from funding.scripted import FakeChain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def configured(settings: Any) -> Any:
    settings.CHAINS, settings.KEYCHAINS = dict(known.CHAINS), dict(known.KEYCHAINS)
    keychains._proven.cache_clear()  # as in a process that has just started
    return settings


@pytest.fixture
def watched() -> None:
    for chain in Chain:
        Watcher(FakeChain(chain)).round()


@pytest.fixture
def alice() -> User:
    return cast.person("alice")


def refused(asset: Asset = Asset.BTC, name: str | None = None, user: int = 1) -> bool:
    """Whether an address is refused with the one code for it."""
    try:
        addresses.give(user, asset, name)
    except Refusal as refusal:
        assert refusal.code is Code.DEPOSITS_UNAVAILABLE
        return True
    return False


# --- one customer's ---


def test_each_asset_has_its_address_in_the_form_that_wallets_show(alice: User, watched: None) -> None:
    given = {asset: addresses.give(alice.id, asset) for asset in Asset}
    assert (given[Asset.BTC].address, given[Asset.ETH].address) == (known.BIP84[1][1], known.ETH[1][1])
    assert given[Asset.BTC].uri == f"bitcoin:{known.BIP84[1][1]}"
    assert given[Asset.ETH].uri == f"ethereum:{known.ETH[1][1]}@1"
    assert given[Asset.USDT_TRC20].uri == given[Asset.USDT_TRC20].address
    keys = dict(sql.rows("select keychain, key from funding_address"))
    assert keys["eth"] == known.ETH[1][1].lower()
    assert len(keys["tron"]) == 42


def test_asked_twice_it_is_the_same_address(alice: User, watched: None) -> None:
    assert addresses.give(alice.id, Asset.BTC) == addresses.give(alice.id, Asset.BTC)
    assert sql.value("select next_index from funding_keychain where name = 'btc_p2wpkh'") == 2


def test_a_taproot_address_stands_beside_the_other_one(alice: User, watched: None) -> None:
    addresses.give(alice.id, Asset.BTC)
    taproot = addresses.give(alice.id, Asset.BTC, "btc_p2tr")
    assert taproot.address == known.BIP86[1][1]
    assert (
        sql.value("select key from funding_address where address = %s", (taproot.address,))
        == known.BIP86[1][2]
    )


def test_index_zero_is_nobodys(watched: None) -> None:
    given = {addresses.give(customer, Asset.BTC).address for customer in range(1, 7)}
    assert known.BIP84[0][1] not in given
    assert [row[0] for row in sql.rows("select index from funding_address order by index")] == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]


def test_any_address_ever_given_out_is_found_with_its_owner(alice: User, watched: None) -> None:
    given = [addresses.give(alice.id, asset) for asset in Asset]
    for one in given:
        (found,) = read.issued(one.address)
        assert (found.customer, found.asset, found.created_at) == (alice.id, one.asset, one.created_at)
    assert {found.address for found in read.issued(str(alice.id))} == {one.address for one in given}


def test_from_the_key_and_the_list_of_indexes_every_address_comes_back(watched: None) -> None:
    """FAILURES T29: no search by gaps, which stops too early; the list says where to look."""
    fingerprint = keychains.of(Asset.BTC).fingerprint
    for number in range(3):
        for stranger in range(100):  # a gap of which no wallet's search would reach the end
            sql.execute("select fn.address_index('btc_p2wpkh', %s, %s)", (fingerprint, -stranger - 1))
        addresses.give(number + 1, Asset.BTC)
    restored = prove("btc_p2wpkh", known.ZPUB, known.BIP84[0][1], "mainnet", None)
    given = sql.rows("select index, address, key from funding_address order by index")
    assert [row[0] for row in given] == [101, 202, 303]
    for index, address, key in given:
        assert (restored.derive(index).address, restored.derive(index).key) == (address, key)


# --- proven first ---


@pytest.mark.parametrize(
    "entry",
    [
        {"xpub": known.ZPUB, "first_address": known.BIP84[1][1]},
        {"xpub": known.VPUB, "first_address": known.TESTNET_P2WPKH},
        {"xpub": known.ZPUB},
        {"first_address": known.BIP84[0][1]},
        {"xpub": None, "first_address": known.BIP84[0][1]},
        known.ZPUB,
        None,
    ],
)
def test_a_keychain_that_is_not_proven_gives_no_address(configured: Any, watched: None, entry: Any) -> None:
    configured.KEYCHAINS = {"btc_p2wpkh": entry}
    assert refused()
    assert not sql.rows("select * from funding_keychain")


def test_the_log_names_the_keychain_and_the_reason_and_not_the_key(configured: Any, watched: None) -> None:
    configured.KEYCHAINS = {"btc_p2wpkh": {"xpub": known.ZPUB, "first_address": known.BIP84[1][1] + " "}}
    with structlog.testing.capture_logs() as lines:
        assert refused()
    (line,) = [line for line in lines if line["event"] == "keychain.unusable"]
    assert (line["keychain"], line["why"]) == ("btc_p2wpkh", "it does not derive its first_address")
    assert known.ZPUB not in str(lines)


def test_each_process_proves_a_keychain_once(watched: None) -> None:
    with structlog.testing.capture_logs() as lines:
        for customer in range(1, 5):
            addresses.give(customer, Asset.BTC)
    assert [line["event"] for line in lines] == ["keychain.proven"]


def test_a_private_key_in_the_settings_is_refused_and_not_logged(configured: Any, watched: None) -> None:
    configured.KEYCHAINS = {"btc_p2wpkh": {"xpub": known.ZPRV, "first_address": known.BIP84[0][1]}}
    with structlog.testing.capture_logs() as lines:
        assert refused()
    assert [line["log_level"] for line in lines] == ["critical"]
    assert known.ZPRV not in str(lines)


@pytest.mark.parametrize("key", [known.ZPRV, f" {known.ZPRV[:20]}", "tprvX"])
def test_no_process_starts_with_a_private_key(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("ACTIVKODE_KEYCHAINS", f'{{"btc_p2wpkh": {{"other": [{{"xpub": "{key}"}}]}}}}')
    with pytest.raises(environment.SettingError, match="private key") as refusal:
        environment.public_keys("ACTIVKODE_KEYCHAINS", "{}")
    assert key not in str(refusal.value)


@pytest.mark.parametrize("value", ["[]", "null", '"xpub"', "{"])
def test_keychains_are_an_object_of_json(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ACTIVKODE_KEYCHAINS", value)
    with pytest.raises(environment.SettingError, match="ACTIVKODE_KEYCHAINS must be"):
        environment.public_keys("ACTIVKODE_KEYCHAINS", "{}")


def test_public_keys_are_taken_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVKODE_KEYCHAINS", f'{{"btc_p2wpkh": {{"xpub": "{known.ZPUB}"}}}}')
    assert environment.public_keys("ACTIVKODE_KEYCHAINS", "{}") == {"btc_p2wpkh": {"xpub": known.ZPUB}}


def test_on_a_test_network_the_addresses_are_that_networks(
    configured: Any, watched: None, alice: User
) -> None:
    configured.CHAINS = {"bitcoin": {"network": "testnet"}}
    configured.KEYCHAINS = {
        "btc_p2wpkh": {"xpub": known.VPUB, "first_address": known.TESTNET_P2WPKH},
        "btc_p2tr": {"xpub": known.TPUB_P2TR, "first_address": known.TESTNET_P2TR},
    }
    assert addresses.give(alice.id, Asset.BTC).address.startswith("tb1q")
    assert addresses.give(alice.id, Asset.BTC, "btc_p2tr").address.startswith("tb1p")


def test_an_asset_without_a_keychain_is_refused(configured: Any, watched: None) -> None:
    configured.KEYCHAINS = {}
    assert refused(Asset.BTC)
    assert refused(Asset.BTC, "btc_p2wpkh")


def test_a_keychain_of_another_asset_is_refused(watched: None) -> None:
    assert refused(Asset.BTC, "eth")
    assert refused(Asset.BTC, "doge")


# --- only where somebody watches ---


def test_where_no_chain_is_watched_no_address_is_given(configured: Any, watched: None) -> None:
    configured.CHAINS = {"tron": {}}
    assert refused(Asset.BTC)


def test_before_the_watcher_has_begun_no_address_is_given(alice: User) -> None:
    """What is paid in a block before the first one that is read would be seen by nobody."""
    assert refused(Asset.BTC, user=alice.id)
    Watcher(FakeChain(Chain.BITCOIN)).round()
    assert not refused(Asset.BTC, user=alice.id)


# --- another key under the same name ---


def test_another_key_under_the_same_name_is_refused_to_new_and_old_customers(
    configured: Any, watched: None, alice: User
) -> None:
    addresses.give(alice.id, Asset.ETH)
    configured.KEYCHAINS = {"eth": {"xpub": known.TRON_XPUB, "first_address": first_of_the_other()}}
    with structlog.testing.capture_logs() as lines:
        assert refused(Asset.ETH, user=alice.id)
        assert refused(Asset.ETH, user=cast.person("bob").id)
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["keychain.other_key"] * 2
    assert sql.value("select count(*) from funding_address") == 1


def test_the_key_in_its_other_form_is_the_same_key(configured: Any, watched: None, alice: User) -> None:
    first = addresses.give(alice.id, Asset.BTC)
    configured.KEYCHAINS = {"btc_p2wpkh": {"xpub": plain_form(), "first_address": known.BIP84[0][1]}}
    assert addresses.give(alice.id, Asset.BTC) == first


def first_of_the_other() -> str:
    """The first Ethereum address of a key that is another wallet's."""
    from bip_utils import EthAddrEncoder
    from embit import bip32

    return EthAddrEncoder.EncodeKey(bip32.HDKey.from_string(known.TRON_XPUB).derive([0, 0]).key.sec())


def plain_form() -> str:
    """BIP84's key as an xpub."""
    from embit import bip32

    return bip32.HDKey.from_string(known.ZPUB).to_base58(version=bytes.fromhex("0488b21e"))
