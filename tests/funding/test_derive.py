"""Addresses as two libraries and the published vectors have them; keys that must not be used are refused unnamed."""

import hashlib

import pytest
from bip_utils import Base58Decoder, Base58Encoder, Bip39SeedGenerator, Bip44, Bip44Coins
from coincurve import PublicKey
from Crypto.Hash import keccak
from embit import bip32, script
from embit.networks import NETWORKS

from activkode.funding.derive import Keychain, PrivateKey, UnusableKey, prove
from funding import published as known

INDEXES = (0, 1, 2, 19, 20, 21, 1000, 99_999, 2**31 - 1)


def keychain(name: str, xpub: str, first: str, network: str = "mainnet") -> Keychain:
    return prove(name, xpub, first, network, None)


P2WPKH = keychain("btc_p2wpkh", known.ZPUB, known.BIP84[0][1])
P2TR = keychain("btc_p2tr", known.BIP86_XPUB, known.BIP86[0][1])
ETH = keychain("eth", known.ETH_XPUB, known.ETH[0][1])
TRON = keychain("tron", known.TRON_XPUB, known.TRON[0][1])


@pytest.mark.parametrize(("index", "address"), known.BIP84)
def test_bip84_vectors(index: int, address: str) -> None:
    assert P2WPKH.derive(index).address == address


@pytest.mark.parametrize(("index", "address", "script_hex"), known.BIP86)
def test_bip86_vectors_with_their_output_scripts(index: int, address: str, script_hex: str) -> None:
    derived = P2TR.derive(index)
    assert (derived.address, derived.key) == (address, script_hex)


@pytest.mark.parametrize("index", INDEXES)
def test_p2wpkh_agrees_with_embit(index: int) -> None:
    child = bip32.HDKey.from_string(known.ZPUB).derive([0, index])
    other = script.p2wpkh(child.key)
    derived = P2WPKH.derive(index)
    assert (derived.address, derived.key) == (other.address(NETWORKS["main"]), other.data.hex())


@pytest.mark.parametrize("index", INDEXES)
def test_p2tr_agrees_with_embit_on_the_tweak(index: int) -> None:
    child = bip32.HDKey.from_string(known.BIP86_XPUB).derive([0, index])
    other = script.p2tr(child.key)
    derived = P2TR.derive(index)
    assert (derived.address, derived.key) == (other.address(NETWORKS["main"]), other.data.hex())


@pytest.mark.parametrize(("network", "embit_network"), [("testnet", "test"), ("regtest", "regtest")])
def test_other_networks_have_their_own_prefix_and_the_same_script(network: str, embit_network: str) -> None:
    child = bip32.HDKey.from_string(known.VPUB)
    first = script.p2wpkh(child.derive([0, 0]).key).address(NETWORKS[embit_network])
    other = script.p2wpkh(child.derive([0, 7]).key)
    derived = keychain("btc_p2wpkh", known.VPUB, first, network).derive(7)
    assert (derived.address, derived.key) == (other.address(NETWORKS[embit_network]), other.data.hex())


def test_the_plain_form_of_a_key_gives_the_same_keychain() -> None:
    plain = bip32.HDKey.from_string(known.ZPUB).to_base58(version=bytes.fromhex("0488b21e"))
    assert keychain("btc_p2wpkh", plain, known.BIP84[0][1]).fingerprint == P2WPKH.fingerprint


def test_the_same_key_on_another_network_is_another_keychain() -> None:
    """Its addresses look different there, and money sent to the one is not on the other."""
    here = keychain("btc_p2wpkh", known.VPUB, known.TESTNET_P2WPKH, "testnet")
    first = script.p2wpkh(bip32.HDKey.from_string(known.VPUB).derive([0, 0]).key)
    there = keychain("btc_p2wpkh", known.VPUB, first.address(NETWORKS["regtest"]), "regtest")
    assert here.fingerprint != there.fingerprint


def test_ethereum_vectors() -> None:
    assert [ETH.derive(index).address for index, _ in known.ETH] == [address for _, address in known.ETH]
    assert ETH.derive(0).key == "0x9858effd232b4033e47d90003d41ec34ecaeda94"


def test_the_accounts_that_anvil_prints() -> None:
    account = Bip44.FromSeed(Bip39SeedGenerator(known.JUNK).Generate(), Bip44Coins.ETHEREUM)
    xpub = account.Purpose().Coin().Account(0).PublicKey().ToExtended()
    anvil = prove("eth", xpub, known.ANVIL[0], "dev", None)
    assert tuple(anvil.derive(index).address for index in range(5)) == known.ANVIL
    assert anvil.uri(known.ANVIL[1]) == f"ethereum:{known.ANVIL[1]}@31337"


@pytest.mark.parametrize("index", INDEXES)
def test_ethereum_and_tron_agree_with_embit_and_a_plain_keccak(index: int) -> None:
    assert ETH.derive(index).key == f"0x{twenty_bytes(known.ETH_XPUB, index).hex()}"
    body = twenty_bytes(known.TRON_XPUB, index)
    derived = TRON.derive(index)
    assert derived.key == f"0x{body.hex()}"
    checksum = hashlib.sha256(hashlib.sha256(b"\x41" + body).digest()).digest()[:4]
    assert derived.address == Base58Encoder.Encode(b"\x41" + body + checksum)


def twenty_bytes(xpub: str, index: int) -> bytes:
    """The last twenty bytes of the Keccak hash of embit's child key."""
    child = bip32.HDKey.from_string(xpub).derive([0, index])
    point = PublicKey(child.key.sec()).format(compressed=False)[1:]
    return keccak.new(digest_bits=256, data=point).digest()[12:]


def test_tron_vector() -> None:
    assert TRON.derive(0).address == known.TRON[0][1]


def test_what_a_camera_reads() -> None:
    assert P2WPKH.uri("bc1qx") == "bitcoin:bc1qx"
    assert ETH.uri("0xAb") == "ethereum:0xAb@1"
    assert TRON.uri("Tx") == "Tx"


def test_the_first_address_may_be_written_as_wallets_do() -> None:
    assert keychain("btc_p2wpkh", known.ZPUB, known.BIP84[0][1].upper()).fingerprint
    assert keychain("eth", known.ETH_XPUB, known.ETH[0][1].lower()).fingerprint


CHANGED = known.ZPUB[:50] + ("A" if known.ZPUB[50] != "A" else "B") + known.ZPUB[51:]
DEEPER = bip32.HDKey.from_string(known.BIP86_XPUB).derive([0]).to_base58()
UNHARDENED = bip32.HDKey.from_seed(bytes(64)).derive("m/44h/60h/0").to_public().to_base58()
PURPOSE_ONLY = (
    Bip44.FromSeed(Bip39SeedGenerator(known.JUNK).Generate(), Bip44Coins.ETHEREUM)
    .Purpose()
    .PublicKey()
    .ToExtended()
)


@pytest.mark.parametrize(
    ("name", "xpub", "network", "why"),
    [
        ("btc_p2wpkh", CHANGED, "mainnet", "checksum"),
        ("btc_p2wpkh", known.ZPUB[:-1], "mainnet", "checksum"),
        ("btc_p2wpkh", "", "mainnet", "extended key"),
        ("btc_p2wpkh", "l0Ol", "mainnet", "extended key"),
        ("btc_p2wpkh", known.BIP84[0][1], "mainnet", "extended key"),
        ("tron", known.TRON[0][1], "mainnet", "extended key"),
        ("btc_p2wpkh", known.VPUB, "mainnet", "another network"),
        ("btc_p2wpkh", known.ZPUB, "testnet", "another network"),
        ("btc_p2tr", known.TPUB_P2TR, "mainnet", "another network"),
        ("eth", known.TPUB_P2TR, "mainnet", "another network"),
        ("btc_p2tr", known.ZPUB, "mainnet", "another kind"),
        ("eth", known.ZPUB, "mainnet", "another kind"),
        ("btc_p2tr", DEEPER, "mainnet", "depth 4"),
        ("eth", PURPOSE_ONLY, "mainnet", "depth 1"),
        ("eth", UNHARDENED, "mainnet", "depth 3"),
        ("btc_p2wpkh", known.ZPUB, "liquid", "no network"),
        ("eth", known.ETH_XPUB, "elsewhere", "chain_id"),
        ("doge", known.ETH_XPUB, "mainnet", "no such kind"),
        ("eth", known.TRON_XPUB, "mainnet", "first_address"),
        ("btc_p2wpkh", known.BIP86_XPUB, "mainnet", "first_address"),
    ],
)
def test_a_key_that_cannot_be_right_is_refused_unnamed(name: str, xpub: str, network: str, why: str) -> None:
    with pytest.raises(UnusableKey, match=why) as refused:
        prove(name, xpub, known.ETH[0][1], network, None)
    assert not xpub or xpub not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_key_that_is_no_point_of_the_curve_is_refused() -> None:
    body = Base58Decoder.CheckDecode(known.ZPUB)
    broken = Base58Encoder.CheckEncode(body[:45] + b"\x02" + b"\xff" * 32)
    with pytest.raises(UnusableKey, match="curve"):
        keychain("btc_p2wpkh", broken, known.BIP84[0][1])


@pytest.mark.parametrize("key", [known.ZPRV, known.ZPRV[:40], "xprv" + "9" * 100])
def test_a_private_key_is_refused_and_never_named(key: str) -> None:
    with pytest.raises(PrivateKey) as refused:
        prove("btc_p2wpkh", key, known.BIP84[0][1], "mainnet", None)
    assert key not in str(refused.value)


def test_a_private_key_under_a_public_name_is_refused() -> None:
    private = bip32.HDKey.from_string(known.ZPRV)
    body = private.serialize(bytes.fromhex("04b24746"))
    disguised = Base58Encoder.CheckEncode(body)
    assert disguised.startswith("zpub")
    with pytest.raises(PrivateKey):
        prove("btc_p2wpkh", disguised, known.BIP84[0][1], "mainnet", None)


def test_tron_addresses_are_compared_letter_by_letter() -> None:
    with pytest.raises(UnusableKey, match="first_address"):
        keychain("tron", known.TRON_XPUB, known.TRON[0][1].lower())


@pytest.mark.parametrize("index", [-1, 2**31])
def test_there_are_no_hardened_addresses(index: int) -> None:
    with pytest.raises(UnusableKey):
        P2WPKH.derive(index)


def test_a_keychain_shows_no_key() -> None:
    assert known.ZPUB not in repr(P2WPKH)
    assert "Bip32" not in repr(P2WPKH)
