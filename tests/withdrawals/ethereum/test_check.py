"""A signed payment of ether is compared with what was asked for: every field, and whose signature it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from coincurve import PrivateKey

from activkode.doors.signer.coins.ethereum import read
from activkode.withdrawals.chains import curve, rlp
from activkode.withdrawals.chains.base import Mismatch, Unsigned
from activkode.withdrawals.chains.ethereum import EthereumPayer
from activkode.withdrawals.chains.ethereum_forms import Payment, body_of, read_signed
from activkode.withdrawals.policy import Kind
from withdrawals.ethereum.wallet import SECRET, SOMEBODY

GWEI = 10**9
KEY = read({"private_key": SECRET, "chain_id": 1})
PAYER = EthereumPayer({"url": "http://127.0.0.1:1", "address": KEY.wallet})
ASKED = Payment(1, 7, GWEI, 30 * GWEI, 21_000, SOMEBODY.lower(), 10**18)
UNSIGNED = Unsigned(
    Kind.PAY, body_of(ASKED, KEY.wallet, ""), (f"{KEY.wallet}:7",), ASKED.most_fee, PAYER.fee_coin
)


def signed(payment: Payment = ASKED, secret: str = SECRET) -> bytes:
    wire = PrivateKey(bytes.fromhex(secret)).sign_recoverable(payment.digest(), hasher=None)
    return payment.with_signature(int.from_bytes(wire[:32]), int.from_bytes(wire[32:64]), wire[64])


def items(raw: bytes) -> list[Any]:
    found = rlp.decode(raw[1:])
    assert isinstance(found, list)
    return found


def with_item(place: int, item: rlp.Item) -> bytes:
    """The right transaction with another item, signed for what it then is."""
    unsigned = items(signed())[:9]
    unsigned[place] = item
    digest = curve.keccak256(b"\x02" + rlp.encode(unsigned))
    wire = PrivateKey(bytes.fromhex(SECRET)).sign_recoverable(digest, hasher=None)
    numbers = (wire[64], int.from_bytes(wire[:32]), int.from_bytes(wire[32:64]))
    return b"\x02" + rlp.encode([*unsigned, *map(rlp.number, numbers)])


def twin(raw: bytes) -> bytes:
    """The same payment with the other signature that every signature has."""
    found = read_signed(raw)
    return found.payment.with_signature(found.r, curve.ORDER - found.s, 1 - found.parity)


# What was made of it, and the word that the mismatch names.
TAMPERED: dict[str, tuple[Callable[[], bytes], str]] = {
    "another network": (lambda: signed(replace(ASKED, chain_id=5)), "chain_id"),
    "another number": (lambda: signed(replace(ASKED, nonce=8)), "nonce"),
    "a larger tip": (lambda: signed(replace(ASKED, tip=2 * GWEI)), "tip"),
    "a larger price": (lambda: signed(replace(ASKED, most_price=31 * GWEI)), "most_price"),
    "a smaller price": (lambda: signed(replace(ASKED, most_price=29 * GWEI)), "most_price"),
    "more gas": (lambda: signed(replace(ASKED, gas=21_001)), "gas"),
    "another receiver": (lambda: signed(replace(ASKED, to=KEY.wallet)), "to is"),
    "one wei more": (lambda: signed(replace(ASKED, value=10**18 + 1)), "value"),
    "one wei less": (lambda: signed(replace(ASKED, value=10**18 - 1)), "value"),
    "data": (lambda: with_item(7, b"\x01"), "data"),
    "an access list": (lambda: with_item(8, [[bytes(20), []]]), "access list"),
    "no receiver, which makes a contract": (lambda: with_item(5, b""), "no address"),
    "somebody else's signature": (lambda: signed(secret="11" * 32), "signature is that of"),
    "the signature's twin": (lambda: twin(signed()), "upper half"),
    "a signature of noughts": (lambda: ASKED.with_signature(0, 0, 0), "out of range"),
    "the other parity": (lambda: ASKED.with_signature(*_flipped()), "signature is that of"),
    "a parity of 27": (lambda: ASKED.with_signature(*_flipped()[:2], 27), "parity"),
    "an older type": (lambda: b"\x01" + signed()[1:], "type 2"),
    "no signature": (ASKED.to_sign, "fields"),
    "a byte behind the end": (lambda: signed() + b"\0", "behind"),
    "the last byte cut off": (lambda: signed()[:-1], "cut off"),
    "a number with leading noughts": (lambda: with_item(1, b"\0\x07"), "leading noughts"),
    "nothing": (lambda: b"", "type 2"),
}


def _flipped() -> tuple[int, int, int]:
    found = read_signed(signed())
    return found.r, found.s, 1 - found.parity


def test_the_right_payment_is_told_its_id() -> None:
    raw = signed()

    assert PAYER.check(UNSIGNED, raw).tx == "0x" + curve.keccak256(raw).hex()


@pytest.mark.parametrize(("made", "word"), TAMPERED.values(), ids=list(TAMPERED))
def test_anything_else_is_a_mismatch(made: Callable[[], bytes], word: str) -> None:
    with pytest.raises(Mismatch, match=word):
        PAYER.check(UNSIGNED, made())


@pytest.mark.parametrize(
    "other", [replace(UNSIGNED, spends=(f"{KEY.wallet}:8",)), replace(UNSIGNED, fee=1)], ids=["spends", "fee"]
)
def test_what_was_stored_beside_it_must_agree(other: Unsigned) -> None:
    with pytest.raises(Mismatch):
        PAYER.check(other, signed())


def test_any_flipped_bit_is_a_mismatch() -> None:
    raw = signed()
    for place in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(Mismatch):
            PAYER.check(UNSIGNED, bytes(flipped))
