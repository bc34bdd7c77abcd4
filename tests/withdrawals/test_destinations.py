"""Addresses that are right are taken in one form, and no other: not with a wrong character, nor of another network or coin."""

import random

import bdkpython as bdk
import pytest
from eth_utils import is_checksum_address

from activkode.core.errors import Code, Refusal
from activkode.funding import read
from activkode.funding.policy import Asset, Chain
from activkode.withdrawals.destinations import Destination, check
from funding import published
from funding.bitcoin.scene import give, person
from withdrawals import made_addresses as made

BTC, ETH, USDT = Asset.BTC, Asset.ETH, Asset.USDT_TRC20
MANY = 10_000
ETHEREUM, TRON = published.ETH[0][1], published.TRON[0][1]
P2PKH, P2SH = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3P14159f73E4gFr7JterCCQh9QjiTjiZrG"
P2WPKH, P2TR = published.BIP84[0][1], published.BIP86[0][1]


def refused(asset: Asset, text: str, network: str = "mainnet") -> Refusal:
    with pytest.raises(Refusal) as found:
        check(asset, text, network)
    assert found.value.kind.status == 422
    return found.value


def is_taken(asset: Asset, text: str, network: str = "mainnet") -> bool:
    try:
        check(asset, text, network)
    except Refusal:
        return False
    return True


# --- right ones ---


@pytest.mark.parametrize("asset", Asset)
def test_a_thousand_addresses_that_others_made_are_taken_as_they_stand(asset: Asset) -> None:
    for address in made.many(asset, 1000):
        assert check(asset, address, "mainnet").address == address


@pytest.mark.parametrize("kind", made.KINDS)
@pytest.mark.parametrize(
    ("network", "ours"),
    [("main", "mainnet"), ("test", "testnet"), ("signet", "signet"), ("regtest", "regtest")],
)
def test_bitcoins_scripts_are_those_of_another_library(network: str, ours: str, kind: str) -> None:
    chance, theirs = (
        random.Random(kind),
        getattr(bdk.Network, {"main": "BITCOIN", "test": "TESTNET"}.get(network, network.upper())),
    )
    for _ in range(50):
        address = made.bitcoin(chance, network, kind)
        assert check(BTC, address, ours).key == bdk.Address(address, theirs).script_pubkey().to_bytes().hex()


@pytest.mark.parametrize(
    ("asset", "text", "address"),
    [
        (BTC, f"  {P2WPKH}\r\n", P2WPKH),
        (BTC, P2WPKH.upper(), P2WPKH),
        (BTC, P2TR.upper(), P2TR),
        (BTC, P2PKH, P2PKH),
        (BTC, P2SH, P2SH),
        (ETH, f"\t{ETHEREUM} ", ETHEREUM),
        (USDT, f"\N{NO-BREAK SPACE}{TRON}", TRON),
    ],
)
def test_an_address_has_one_normal_form(asset: Asset, text: str, address: str) -> None:
    found = check(asset, text, "mainnet")
    assert (found.address, found.warning) == (address, "")


@pytest.mark.parametrize("text", [ETHEREUM.lower(), "0x" + ETHEREUM[2:].upper(), ETHEREUM.upper()])
def test_an_ethereum_address_without_checksum_is_taken_with_a_warning(text: str) -> None:
    found = check(ETH, text, "mainnet")
    assert (found.address, found.key) == (ETHEREUM, ETHEREUM.lower())
    assert "mistyped digit" in found.warning


@pytest.mark.parametrize("asset", [ETH, USDT])
def test_a_key_is_what_the_watched_chain_calls_it(asset: Asset) -> None:
    address = {ETH: ETHEREUM, USDT: TRON}[asset]
    assert (
        check(asset, address, "mainnet").key
        == {
            ETH: ETHEREUM.lower(),
            USDT: "0xc8599111f29c1e1e061265b4af93ea1f274ad78a",
        }[asset]
    )


# --- one wrong character (FAILURES W18, W19, W20) ---


@pytest.mark.parametrize("asset", [BTC, USDT])
def test_of_ten_thousand_addresses_with_a_wrong_character_none_is_taken(asset: Asset) -> None:
    chance = random.Random(4)
    taken = [
        word for each in made.many(asset, MANY) if is_taken(asset, word := made.mistyped(chance, each, 0))
    ]
    assert taken == []


def test_of_ten_thousand_wrong_ethereum_addresses_only_those_are_taken_that_eip55_cannot_tell() -> None:
    """Its checksum has one bit for each letter, 15 on average: 0.025 % of wrong digits pass it, here as everywhere; and
    where the only capital was mistyped, a warning is left."""
    chance = random.Random(4)
    taken = [word for each in made.many(ETH, MANY) if is_taken(ETH, word := made.mistyped(chance, each, 2))]
    assert len(taken) < 8
    assert all(is_checksum_address(word) or check(ETH, word).warning for word in taken)


@pytest.mark.parametrize("asset", Asset)
def test_a_missing_a_doubled_and_two_swapped_characters_are_refused(asset: Asset) -> None:
    chance = random.Random(5)
    for each in made.many(asset, 500):
        place = chance.randrange(2, len(each) - 1)
        one, other = each[place], each[place + 1]
        assert not is_taken(asset, each[:place] + each[place + 1 :])
        assert not is_taken(asset, each[:place] + one + each[place:])
        if one.lower() != other.lower():
            assert not is_taken(asset, each[:place] + other + one + each[place + 2 :])


def test_a_letter_of_the_wrong_case_is_refused() -> None:
    for asset in Asset:
        for each in made.many(asset, 200):
            place = next(at for at in range(len(each) - 1, 0, -1) if each[at].isalpha())
            assert not is_taken(asset, each[:place] + each[place].swapcase() + each[place + 1 :])


def test_bitcoin_agrees_with_the_strictest_library_on_wrong_addresses() -> None:
    chance = random.Random(6)
    for each in made.many(BTC, 500):
        word = made.mistyped(chance, each, 0)
        with pytest.raises(bdk.AddressParseError):
            bdk.Address(word, bdk.Network.BITCOIN)


# --- other networks, coins and things ---


@pytest.mark.parametrize(
    ("asset", "text", "network", "word"),
    [
        (BTC, published.TESTNET_P2WPKH, "mainnet", "test network"),
        (BTC, published.TESTNET_P2WPKH, "regtest", "test network"),
        (BTC, P2WPKH, "testnet", "main network"),
        (BTC, P2PKH, "regtest", "main network"),
        (BTC, "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "mainnet", "test network"),
        (BTC, "bcrt1qvzuenxx2qly7kw2q0ynvjkdrldll4kurfnnqs3", "mainnet", "regtest"),
        (BTC, TRON, "mainnet", "TRON address; you asked for Bitcoin"),
        (BTC, ETHEREUM, "mainnet", "Ethereum address"),
        (BTC, "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1", "mainnet", "Litecoin"),
        (BTC, "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "mainnet", "Litecoin"),
        (BTC, "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", "mainnet", "Bitcoin Cash"),
        (BTC, "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L", "mainnet", "Dogecoin"),
        (ETH, P2WPKH, "mainnet", "Bitcoin address; you asked for ether"),
        (ETH, TRON, "mainnet", "TRON"),
        (USDT, ETHEREUM, "mainnet", "Ethereum address; you asked for USDT on TRON"),
        (USDT, P2PKH, "mainnet", "Bitcoin address; you asked for USDT on TRON"),
        (USDT, P2SH, "mainnet", "Bitcoin address"),
    ],
)  # fmt: skip
def test_what_is_right_elsewhere_is_refused_by_its_name(
    asset: Asset, text: str, network: str, word: str
) -> None:
    found = refused(asset, text, network)
    assert (found.code, word in found.detail) == (Code.WRONG_NETWORK, True), found.detail


@pytest.mark.parametrize(
    ("asset", "text", "word"),
    [
        (BTC, "", "Give the address"),
        (BTC, " \n", "Give the address"),
        (BTC, f"{P2WPKH} {P2TR}", "one address"),
        (BTC, P2WPKH[:-1] + "U", "capital and small"),
        (BTC, f"bitcoin:{P2WPKH}?amount=1", "alone"),
        (BTC, f"{P2WPKH}?amount=1", "alone"),
        (BTC, "BC1SW50QGDZ25J", "witness version 16"),
        (BTC, "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "witness version 2"),
        (BTC, "bc1pfeessrawgf", "this length"),
        (BTC, "1111111111111111111114oLvT2", "Nobody"),
        (BTC, "1BitcoinEaterAddressDontSendf59kuE", "Nobody"),
        (BTC, "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "private key"),
        (BTC, published.ZPUB, "extended key"),
        (BTC, published.ZPRV, "extended key"),
        (BTC, "lnbc20m1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqhp58yjmdan79s6qqdhdzgynm4zwqd5d7xmw5fk98klysy043l2ahrqs", "Lightning"),
        (BTC, "ab" * 32, "64 digits"),
        (BTC, "1" * 5000, "too long"),
        (ETH, ETHEREUM[:-1], "this one has 39"),
        (ETH, ETHEREUM + "0", "this one has 41"),
        (ETH, ETHEREUM[2:], "begins with 0x"),
        (ETH, ETHEREUM.swapcase().replace("X", "x", 1), "checksum"),
        (ETH, "0x" + "0" * 40, "Nobody"),
        (ETH, "0x" + "0" * 39 + "9", "Nobody"),
        (ETH, "0x000000000000000000000000000000000000dEaD", "Nobody"),
        (ETH, "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE", "Nobody"),
        (ETH, "0xdAC17F958D2ee523a2206206994597C13D831ec7", "contract"),
        (ETH, "somebody.eth", "Names"),
        (ETH, f"ethereum:{ETHEREUM}@1", "alone"),
        (ETH, ETHEREUM.replace("a", "а"), "U+0430, cyrillic"),
        (ETH, ETHEREUM.replace("0", "０"), "U+FF10"),
        (ETH, ETHEREUM[:9] + "\u200b" + ETHEREUM[9:], "invisible character (U+200B"),
        (ETH, "\ufeff" + ETHEREUM, "invisible"),
        (ETH, ETHEREUM + "\u202e", "invisible"),
        (ETH, ETHEREUM + "\0", "invisible"),
        (USDT, "41" + "ab" * 20, "hexadecimal form"),
        (USDT, "0x41" + "ab" * 20, "hexadecimal form"),
        (USDT, TRON.lower(), "checksum"),
        (USDT, "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb", "Nobody"),
        (USDT, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "contract"),
        (USDT, f"tron:{TRON}", "alone"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_what_is_wrong(asset: Asset, text: str, word: str) -> None:
    found = refused(asset, text)
    assert (found.code, word in found.detail) == (Code.INVALID_ADDRESS, True), found.detail
    assert text.strip() == "" or text.strip() not in found.detail


def test_a_taproot_address_that_no_key_can_spend_is_refused() -> None:
    """bdk takes it: half of all 32-byte programs are no point of the curve."""
    programs = [bytes([2] * 31 + [last]) for last in range(20)]
    taken = [is_taken(BTC, address_of(program)) for program in programs]
    assert set(taken) == {True, False}
    assert "No key can spend" in refused(BTC, address_of(programs[taken.index(False)])).detail


def address_of(program: bytes) -> str:
    from embit import bech32

    return str(bech32.encode("bc", 1, program))


BIP350_INVALID = (
    "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf", "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
    "bc1pw5dgrnzv", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j",
    "bc1gmk9yu",
)  # fmt: skip


@pytest.mark.parametrize("address", BIP350_INVALID)
def test_the_published_invalid_segwit_addresses_are_refused(address: str) -> None:
    assert not is_taken(BTC, address, "mainnet")
    assert not is_taken(BTC, address, "testnet")


def test_any_text_at_all_is_taken_or_refused() -> None:
    chance = random.Random(7)
    signs = [chr(number) for number in range(0x250)] + list("а０\u200b\U0001f4b0")
    for _ in range(5000):
        start = chance.choice(["", "bc1", "T", "0x", "1", "3", "tb1p", "bitcoin:"])
        for asset in Asset:
            assert not is_taken(asset, start + "".join(chance.choices(signs, k=chance.randrange(60))))


def test_the_configured_network_is_the_default(settings: object) -> None:
    settings.CHAINS = {"bitcoin": {"network": "regtest"}}  # type: ignore[attr-defined]
    assert check(BTC, "bcrt1qvzuenxx2qly7kw2q0ynvjkdrldll4kurfnnqs3") == Destination(
        "bcrt1qvzuenxx2qly7kw2q0ynvjkdrldll4kurfnnqs3", "", "001460b99998ca07c9eb39407926c959a3fb7ffadb83"
    )


@pytest.mark.django_db
def test_a_deposit_address_of_ours_is_known_by_its_key() -> None:
    address = give(person("alice"))
    assert read.is_ours(Chain.BITCOIN, check(BTC, address, "regtest").key)
    assert not read.is_ours(Chain.BITCOIN, check(BTC, P2WPKH, "mainnet").key)
