"""A key for bitcoin reads what a PSBT would do off the transaction itself, and signs nothing that it cannot account for."""

from collections.abc import Callable
from typing import Any

import pytest
from embit import bip32, script
from embit.ec import PublicKey
from embit.psbt import PSBT, DerivationPath
from embit.script import Script
from embit.transaction import Transaction, TransactionInput, TransactionOutput

from activkode.doors.signer.coins.base import Meant, Unreadable, UnusableKey
from activkode.doors.signer.coins.bitcoin import read
from activkode.funding.policy import Asset
from withdrawals.bitcoin.wallets import ELSEWHERE, FIRST, PUBLIC, SECRET, key

_STRANGER = bip32.HDKey.from_seed(b"somebody else").derive("m/84h/1h/0h")
_MINE = bip32.HDKey.from_string(PUBLIC)
Change = Callable[[PSBT], object]


def public(place: tuple[int, int], account: bip32.HDKey = _MINE) -> PublicKey:
    return account.derive(list(place)).get_public_key()


def path(place: tuple[int, int]) -> DerivationPath:
    return DerivationPath(_MINE.my_fingerprint, list(place))


def earlier(satoshis: int, place: tuple[int, int] = (0, 0), account: bip32.HDKey = _MINE) -> Transaction:
    """A transaction that made a coin."""
    return Transaction(
        version=2,
        vin=[TransactionInput(bytes([satoshis % 251]) * 32, 0)],
        vout=[TransactionOutput(satoshis, script.p2wpkh(public(place, account)))],
    )


def psbt() -> PSBT:
    """Two coins of 100,000 pay 150,000 elsewhere and 49,000 back."""
    coins = [(earlier(100_000), (0, 0)), (earlier(100_001), (1, 3))]
    coins[1][0].vout[0].script_pubkey = script.p2wpkh(public((1, 3)))
    made = PSBT(
        Transaction(
            version=2,
            vin=[TransactionInput(each.txid(), 0, sequence=0xFFFFFFFD) for each, _ in coins],
            vout=[
                TransactionOutput(150_000, script.address_to_scriptpubkey(ELSEWHERE)),
                TransactionOutput(49_000, script.p2wpkh(public((1, 7)))),
            ],
        ),
        unknown={},
    )
    for scope, (before, place) in zip(made.inputs, coins, strict=True):
        scope.unknown, scope.non_witness_utxo, scope.witness_utxo = {}, before, before.vout[0]
        scope.bip32_derivations[public(place)] = path(place)
    for scope in made.outputs:
        scope.unknown = {}
    made.outputs[1].bip32_derivations[public((1, 7))] = path((1, 7))
    return made


def body(changed: PSBT) -> dict[str, Any]:
    return {"psbt": changed.to_base64(), "pays": {"satoshis": {FIRST: 1}, "fee_satoshis": 0}}


def test_it_says_what_the_transaction_does_whatever_stands_beside_it() -> None:
    made = psbt()
    spends = tuple(sorted(f"{each.txid.hex()}:0" for each in made.inputs))
    wanted = Meant(Asset.BTC, ELSEWHERE, 150_000, 1_001, spends, made.tx.txid().hex())
    assert key().describe(body(made)) == wanted


def test_a_transaction_to_the_wallet_alone_pays_nobody() -> None:
    made = psbt()
    made.outputs.pop(0)
    meant = key().describe(body(made))
    assert (meant.destination, meant.amount, meant.fee) == (None, 0, 151_001)


def test_the_same_transaction_gives_the_same_bytes() -> None:
    made = psbt()
    first = key().sign(body(made))
    made.outputs[1].bip32_derivations[public((0, 1))] = path((0, 1))
    assert key().sign(body(made)) == key().sign(body(made)) == first
    assert Transaction.parse(first).txid().hex() == key().describe(body(made)).identity


def test_a_lie_about_an_amount_does_not_hide_the_fee() -> None:
    """The wallet was shown a smaller coin: the earlier transaction tells."""
    made = psbt()
    made.inputs[0].witness_utxo = TransactionOutput(60_000, made.inputs[0].witness_utxo.script_pubkey)
    assert key().describe(body(made)).fee == 1_001


def claim(made: PSBT) -> None:
    made.outputs[0].bip32_derivations[public((1, 8))] = path((1, 8))


def test_a_destination_that_is_claimed_to_be_change_stays_a_destination() -> None:
    made = psbt()
    claim(made)
    assert key().describe(body(made)).destination == ELSEWHERE


def other_coin(made: PSBT) -> None:
    before = earlier(100_000, (0, 0), _STRANGER)
    made.inputs[0].non_witness_utxo, made.inputs[0].witness_utxo = before, before.vout[0]
    made.inputs[0].txid = before.txid()


def forged_earlier(made: PSBT) -> None:
    made.inputs[0].non_witness_utxo = earlier(999_999)


def twice(made: PSBT) -> None:
    made.inputs.append(made.inputs[0])


def far_change(made: PSBT) -> None:
    place = (1, 2_000_000_000)
    made.outputs[1].script_pubkey = script.p2wpkh(public(place))
    made.outputs[1].bip32_derivations = {public(place): path(place)}


def _set(where: Callable[[PSBT], object], **values: object) -> Change:
    def change(made: PSBT) -> None:
        for name, value in values.items():
            setattr(where(made), name, value)

    return change


_STRANGERS = script.p2wpkh(public((1, 7), _STRANGER))
WRONG: dict[str, tuple[Change, str]] = {
    "change to a stranger": (
        _set(lambda made: made.outputs[1], script_pubkey=_STRANGERS),
        "more than one address",
    ),
    "change whose place is not told": (
        _set(lambda made: made.outputs[1], bip32_derivations={}),
        "more than one address",
    ),
    "change where no wallet looks": (far_change, "more than one address"),
    "a stranger's coin": (other_coin, "not of this wallet"),
    "a coin whose place is not told": (
        _set(lambda made: made.inputs[0], bip32_derivations={}),
        "not of this wallet",
    ),
    "an earlier transaction that is another": (forged_earlier, "without the transaction that made it"),
    "no earlier transaction": (
        _set(lambda made: made.inputs[0], non_witness_utxo=None),
        "without the transaction",
    ),
    "a coin twice": (twice, "a coin twice"),
    "a signature that covers less": (
        _set(lambda made: made.inputs[0], sighash_type=0x83),
        "whole transaction",
    ),
    "more than there is": (_set(lambda made: made.outputs[0], value=10**8), "more than it spends"),
    "a time lock": (_set(lambda made: made, locktime=900_000), "time lock"),
    "another version": (_set(lambda made: made, tx_version=1), "another version"),
    "a script without address": (
        _set(lambda made: made.outputs[0], script_pubkey=Script(b"\x6a\x01\x01")),
        "no address",
    ),
    "a coin's number that is not there": (_set(lambda made: made.inputs[0], vout=9), "no PSBT"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_it_cannot_account_for_is_not_signed(name: str) -> None:
    change, words = WRONG[name]
    made = psbt()
    change(made)
    for act in (key().describe, key().sign):
        with pytest.raises(Unreadable, match=words):
            act(body(made))


@pytest.mark.parametrize(
    "given", [{}, {"psbt": None}, {"psbt": ""}, {"psbt": "cHNidP8="}, {"psbt": "x" * 999}, {"psbt": 7}]
)
def test_what_is_no_psbt_is_not_signed(given: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        key().describe(given)


def test_a_psbt_with_any_byte_changed_is_read_or_refused() -> None:
    """Never anything else: no crash, no hang. What is still read is signed as it is read."""
    raw = psbt().serialize()
    for place in range(len(raw)):
        flipped = bytearray(raw)
        flipped[place] ^= 1 << place % 8
        given = {"psbt": __import__("base64").b64encode(bytes(flipped)).decode()}
        try:
            meant = key().describe(given)
        except Unreadable:
            continue
        assert Transaction.parse(key().sign(given)).txid().hex() == meant.identity


# --- keys ---


@pytest.mark.parametrize(
    "form", ["{}", "wpkh({})", "wpkh({}/0/*)", "wpkh([73c5da0a/84h/1h/0h]{}/<0;1>/*)", " {}\n"]
)
def test_a_key_may_be_given_as_itself_or_as_a_descriptor(form: str) -> None:
    made = read({"account": form.format(SECRET), "network": "regtest"})
    assert (made.wallet, made.asset) == (FIRST, Asset.BTC)


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"account": ""},
        {"account": PUBLIC, "network": "regtest"},
        {"account": SECRET},
        {"account": SECRET, "network": "mainnet"},
        {"account": SECRET, "network": "liquid"},
        {"account": SECRET[:-1], "network": "regtest"},
        {"account": SECRET[:30] + "1" + SECRET[31:], "network": "regtest"},
        {"account": bip32.HDKey.from_string(SECRET).derive([0]).to_base58(), "network": "regtest"},
        {"account": f"tr({SECRET}/0/*)", "network": "regtest"},
        {"account": [SECRET], "network": "regtest"},
    ],
)
def test_a_key_that_cannot_be_used_is_refused_unnamed(entry: dict[str, Any]) -> None:
    with pytest.raises(UnusableKey) as refused:
        read(entry)
    assert SECRET[4:40] not in str(refused.value)
    assert SECRET[4:40] not in repr(refused.value.__cause__)


def test_a_key_shows_nothing() -> None:
    assert SECRET[4:40] not in repr(key()) + str(vars(key()))
