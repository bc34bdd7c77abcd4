"""A signed transfer on TRON is compared with what was asked for: every field, and whose signature it is."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from coincurve import PrivateKey

from activkode.doors.signer.coins.base import Unreadable
from activkode.doors.signer.coins.tron import read
from activkode.withdrawals.chains import curve, protobuf
from activkode.withdrawals.chains.base import Mismatch, Unsigned
from activkode.withdrawals.chains.tron import TronPayer
from activkode.withdrawals.chains.tron_forms import Transfer, body_of, transfer_of
from activkode.withdrawals.policy import Kind
from withdrawals.tron.wallet import SECRET, TOKEN, USDT

KEY = read({"private_key": SECRET})
OWNER = KEY._owner
PAYER = TronPayer({"http_url": "http://127.0.0.1:1", "address": KEY.wallet})
OTHER = "0x" + "11" * 20
ASKED = Transfer(
    OWNER, TOKEN, OTHER, 15 * USDT, 20 * USDT, b"\x12\x34", b"\x56" * 8, 1_800_000_000_000, 1_799_000_000_000
)
UNSIGNED = Unsigned(Kind.PAY, body_of(ASKED, ""), (ASKED.txid(),), 1, PAYER.fee_coin)


def signature(raw_data: bytes, secret: str = SECRET) -> bytes:
    return PrivateKey(bytes.fromhex(secret)).sign_recoverable(sha256(raw_data).digest(), hasher=None)


def signed_raw(raw_data: bytes, secret: str = SECRET) -> bytes:
    return protobuf.write({1: raw_data, 2: signature(raw_data, secret)})


def signed(transfer: Transfer = ASKED, secret: str = SECRET) -> bytes:
    return signed_raw(transfer.raw_data(), secret)


def rebuilt(path: tuple[int, ...], change: Callable[[dict[int, Any]], None]) -> bytes:
    """The right raw data with a change in the message that the path of fields leads to."""

    def inside(raw: bytes, rest: tuple[int, ...]) -> bytes:
        fields = protobuf.read(raw)
        if rest:
            inner = fields[rest[0]]
            assert isinstance(inner, bytes)
            fields[rest[0]] = inside(inner, rest[1:])
        else:
            change(fields)
        return protobuf.write(fields)

    return inside(ASKED.raw_data(), path)


def set_(field: int, value: Any) -> Callable[[dict[int, Any]], None]:
    return lambda fields: fields.__setitem__(field, value)


def high_s() -> bytes:
    found = signature(ASKED.raw_data())
    s = curve.ORDER - int.from_bytes(found[32:64])
    return ASKED.with_signature(found[:32] + s.to_bytes(32) + bytes([1 - found[64]]))


CONTRACT, ANY, CALL = (11,), (11, 2), (11, 2, 2)
FIELDS: dict[str, tuple[Transfer, str]] = {
    "another owner": (replace(ASKED, owner=OTHER), "owner"),
    "another token": (replace(ASKED, contract=OTHER), "contract"),
    "another receiver": (replace(ASKED, to=OWNER), "to is"),
    "a little more": (replace(ASKED, amount=15 * USDT + 1), "amount"),
    "a little less": (replace(ASKED, amount=15 * USDT - 1), "amount"),
    "a higher fee limit": (replace(ASKED, fee_limit=20 * USDT + 1), "fee_limit"),
    "another block's number": (replace(ASKED, ref_bytes=b"\x12\x35"), "ref_bytes"),
    "another block's hash": (replace(ASKED, ref_hash=b"\x57" * 8), "ref_hash"),
    "a later expiry": (replace(ASKED, expiration=ASKED.expiration + 1), "expiration"),
    "another time": (replace(ASKED, timestamp=ASKED.timestamp + 1), "timestamp"),
}
BYTES: dict[str, Callable[[], bytes]] = {
    "a memo": lambda: rebuilt((), set_(10, b"hello")),
    "a script": lambda: rebuilt((), set_(12, b"\x01")),
    "a permission": lambda: rebuilt(CONTRACT, set_(5, 2)),
    "a name of a contract": lambda: rebuilt(CONTRACT, set_(4, b"x")),
    "another type of contract": lambda: rebuilt(CONTRACT, set_(1, 1)),
    "another type's name": lambda: rebuilt(ANY, set_(1, b"type.googleapis.com/protocol.TransferContract")),
    "TRX sent along": lambda: rebuilt(CALL, set_(3, 1)),
    "another token sent along": lambda: rebuilt(CALL, lambda fields: fields.update({5: 1, 6: 1_000_001})),
    "an approval": lambda: rebuilt(CALL, lambda fields: set_(4, b"\x09\x5e\xa7\xb3" + fields[4][4:])(fields)),
    "a byte behind the amount": lambda: rebuilt(CALL, lambda fields: set_(4, fields[4] + b"\0")(fields)),
    "a receiver of more than twenty bytes": lambda: rebuilt(
        CALL, lambda fields: set_(4, fields[4][:4] + b"\x01" + fields[4][5:])(fields)
    ),
    "an address of another network": lambda: rebuilt(CALL, lambda f: set_(1, b"\xa0" + f[1][1:])(f)),
    "no fee limit": lambda: rebuilt((), lambda fields: fields.pop(18)),
    "no expiry": lambda: rebuilt((), lambda fields: fields.pop(8)),
    "no data": lambda: rebuilt(CALL, lambda fields: fields.pop(4)),
}  # fmt: skip


def test_the_right_transfer_is_told_its_id() -> None:
    assert PAYER.check(UNSIGNED, signed()).tx == ASKED.txid()


def test_a_parity_from_27_on_means_the_same() -> None:
    found = signature(ASKED.raw_data())

    assert (
        PAYER.check(UNSIGNED, ASKED.with_signature(found[:64] + bytes([found[64] + 27]))).tx == ASKED.txid()
    )


@pytest.mark.parametrize(("transfer", "word"), FIELDS.values(), ids=list(FIELDS))
def test_another_field_is_a_mismatch_that_names_it(transfer: Transfer, word: str) -> None:
    with pytest.raises(Mismatch, match=word):
        PAYER.check(UNSIGNED, signed(transfer))


@pytest.mark.parametrize("made", BYTES.values(), ids=list(BYTES))
def test_anything_beside_a_plain_transfer_is_a_mismatch(made: Callable[[], bytes]) -> None:
    with pytest.raises(Mismatch):
        PAYER.check(UNSIGNED, signed_raw(made()))


@pytest.mark.parametrize("made", BYTES.values(), ids=list(BYTES))
def test_anything_beside_a_plain_transfer_is_not_signed(made: Callable[[], bytes]) -> None:
    with pytest.raises(Unreadable):
        KEY.sign(UNSIGNED.body | {"raw_data": made().hex()})


RIGHT = signature(ASKED.raw_data())
SIGNED_WRONG: dict[str, bytes] = {
    "somebody else's": signed(secret="11" * 32),
    "its twin": high_s(),
    "noughts": ASKED.with_signature(bytes(65)),
    "a parity of 2": ASKED.with_signature(RIGHT[:64] + b"\2"),
    "cut off": ASKED.with_signature(RIGHT[:64]),
    "none": protobuf.write({1: ASKED.raw_data()}),
    "two": signed() + protobuf.write({2: RIGHT}),
    "a field more": signed() + protobuf.write({5: b"\1"}),
    "no transaction": ASKED.raw_data(),
    "nothing": b"",
}


@pytest.mark.parametrize("raw", SIGNED_WRONG.values(), ids=list(SIGNED_WRONG))
def test_another_signature_is_a_mismatch(raw: bytes) -> None:
    with pytest.raises(Mismatch):
        PAYER.check(UNSIGNED, raw)


@pytest.mark.parametrize("transfer", [replace(ASKED, owner=OTHER), replace(ASKED, contract=OTHER)])
def test_what_was_stored_must_be_of_our_wallet_and_token(transfer: Transfer) -> None:
    stored = Unsigned(Kind.PAY, body_of(transfer, ""), (transfer.txid(),), 1, PAYER.fee_coin)

    with pytest.raises(Mismatch, match="another"):
        PAYER.check(stored, signed(transfer))
    with pytest.raises(Unreadable):
        KEY.describe(stored.body)


def test_any_flipped_bit_is_a_mismatch() -> None:
    raw = signed()
    for place in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(Mismatch):
            PAYER.check(UNSIGNED, bytes(flipped))


def test_what_is_signed_is_read_off_the_bytes_alone() -> None:
    lying = body_of(replace(ASKED, amount=10**12), "pays 1 USDT") | {"txid": ASKED.txid()}

    assert KEY.describe(lying).amount == 10**12
    assert transfer_of(lying).amount == 10**12
