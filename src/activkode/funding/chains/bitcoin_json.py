"""Blocks and transactions as Bitcoin Core's JSON gives them, and the proof that they are whole. Pure.

A block is its header, whose hash was asked for; the header holds the root of the transactions' ids; and an id is the hash
of the transaction's bytes. What is taken from a block is taken from bytes that this chain of hashes proves.
"""

from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

import msgspec
from msgspec import Struct

from activkode.funding.chains.base import Unusable
from activkode.funding.chains.bitcoin_rpc import Answer

SATOSHIS = 10**8
MOST_COINS = 21_000_000
_HEX = frozenset("0123456789abcdef")
_HASH_LENGTH = 64
_HASH_BYTES, _PAIR_BYTES = 32, 64
_OUTPOINT_BYTES = 36


# What is not named here is skipped: most of a block's JSON. Without the
# garbage collector's tracking, tens of thousands of these a block cost a third less; there are no cycles in them.
class Script(Struct, gc=False):
    """`scriptPubKey`."""

    hex: str


class Output(Struct, gc=False):
    """One of `vout`."""

    value: Decimal
    n: int
    script: Script = msgspec.field(name="scriptPubKey")


class Input(Struct, gc=False):
    """One of `vin`; a coinbase spends nothing."""

    txid: str = ""
    vout: int = -1


class Transaction(Struct, gc=False):
    """A transaction of a block, or of getrawtransaction."""

    txid: str
    vin: list[Input]
    vout: list[Output]
    hex: str


class Header(Struct):
    """What getblockheader answers, as far as it is needed."""

    hash: str
    height: int
    time: int


class FullBlock(Struct):
    """What getblock with verbosity 2 answers."""

    hash: str
    height: int
    version: int
    merkleroot: str
    time: int
    bits: str
    nonce: int
    count: int = msgspec.field(name="nTx")
    tx: list[Transaction]
    parent: str = msgspec.field(name="previousblockhash", default="0" * _HASH_LENGTH)


class Proven(NamedTuple):
    """A transaction read from its own bytes. `inputs` are the outputs it spends ("txid:number"), `outputs` pairs of
    satoshis and the output script in hex."""

    txid: str
    inputs: tuple[str, ...]
    outputs: tuple[tuple[int, str], ...]


BLOCK = msgspec.json.Decoder(Answer[FullBlock])
HEADER = msgspec.json.Decoder(Answer[Header])
TRANSACTIONS = msgspec.json.Decoder(list[Answer[Transaction]])
TEXT = msgspec.json.Decoder(Answer[str])
TEXTS = msgspec.json.Decoder(Answer[list[str]])
NUMBER = msgspec.json.Decoder(Answer[int])


def hash_of(text: str, what: str) -> str:
    """The text, if it is a hash. Raises Unusable."""
    if len(text) != _HASH_LENGTH or not _HEX.issuperset(text):
        raise Unusable(f"{what} is no hash: {text[:80]!r}")
    return text


def time_of(seconds: int) -> datetime:
    """A header's time. Raises Unusable."""
    if not 0 <= seconds < 2**32:
        raise Unusable(f"a block's time is {seconds}")
    return datetime.fromtimestamp(seconds, UTC)


def check(block: FullBlock, height: int, hash_: str) -> None:
    """That it is the block that was asked for, and all of it. Raises Unusable."""
    name = f"block {height}"
    if block.hash != hash_ or block.height != height:
        raise Unusable(f"{name}: asked for {hash_}, got {block.hash[:80]} of height {block.height}")
    if not block.tx or len(block.tx) != block.count:
        raise Unusable(f"{name}: {len(block.tx)} of {block.count} transactions")
    if _header_hash(block, name) != hash_:
        raise Unusable(f"{name}: the header does not have the hash {hash_}")
    ids = [transaction.txid for transaction in block.tx]
    # Twins would leave the root as it is (CVE-2012-2459).
    if len(set(ids)) != len(ids) or merkle_root(ids, name) != block.merkleroot:
        raise Unusable(f"{name}: its transactions are not those of its header")


def merkle_root(ids: list[str], name: str) -> str:
    """The root of a block's transaction ids. Raises Unusable where one is no hash."""
    try:
        level = bytes.fromhex("".join(ids[::-1]))[::-1]  # each id backwards, the first one first
    except ValueError as error:
        raise Unusable(f"{name}: a transaction's id is no hash") from error
    if len(level) != _HASH_BYTES * len(ids):
        raise Unusable(f"{name}: a transaction's id is no hash")
    while len(level) > _HASH_BYTES:
        if len(level) % _PAIR_BYTES:
            level += level[-_HASH_BYTES:]
        pairs = [level[at : at + _PAIR_BYTES] for at in range(0, len(level), _PAIR_BYTES)]
        level = b"".join([sha256(sha256(pair).digest()).digest() for pair in pairs])
    return level[::-1].hex()


def prove(transaction: Transaction) -> Proven:
    """What the transaction's bytes say, if they have its id and its JSON says the same. Raises Unusable."""
    name = f"transaction {transaction.txid[:80]}"
    try:
        proven = read_bytes(bytes.fromhex(transaction.hex))
    except (ValueError, IndexError) as error:
        raise Unusable(f"{name}: its bytes cannot be read") from error
    if proven.txid != transaction.txid:
        raise Unusable(f"{name}: its bytes are those of {proven.txid}")
    said = [(output.n, satoshis_of(output.value, name), output.script.hex) for output in transaction.vout]
    if said != [(number, *each) for number, each in enumerate(proven.outputs)]:
        raise Unusable(f"{name}: its outputs are not those of its bytes")
    return proven


def satoshis_of(coins: Decimal, name: str) -> int:
    """Whole coins in satoshis, exactly. Raises Unusable where no output can hold that."""
    if coins.is_nan() or not 0 <= coins <= MOST_COINS:
        raise Unusable(f"{name}: an output of {str(coins)[:40]} coins")
    satoshis = int(coins * SATOSHIS)
    if coins != Decimal(satoshis) / SATOSHIS:
        raise Unusable(f"{name}: an output of parts of a satoshi")
    return satoshis


def read_bytes(raw: bytes) -> Proven:
    """A serialized transaction of any version, with or without witnesses. Raises IndexError, ValueError."""
    begin = at = 6 if raw[4] == 0 and raw[5] == 1 else 4
    inputs, outputs = [], []
    count, at = _number(raw, at)
    for _ in range(count):
        inputs.append(f"{raw[at : at + 32][::-1].hex()}:{int.from_bytes(raw[at + 32 : at + 36], 'little')}")
        length, at = _number(raw, at + _OUTPOINT_BYTES)
        at += length + 4
    count, at = _number(raw, at)
    for _ in range(count):
        satoshis = int.from_bytes(raw[at : at + 8], "little")
        length, at = _number(raw, at + 8)
        outputs.append((satoshis, raw[at : at + length].hex()))
        at += length
    body = raw[:4] + raw[begin:at] + raw[-4:]
    return Proven(sha256(sha256(body).digest()).digest()[::-1].hex(), tuple(inputs), tuple(outputs))


def _number(raw: bytes, at: int) -> tuple[int, int]:
    """A compact size, and where it ends."""
    first = raw[at]
    if first < 0xFD:
        return first, at + 1
    width = 2 << (first - 0xFD)
    return int.from_bytes(raw[at + 1 : at + 1 + width], "little"), at + 1 + width


def _header_hash(block: FullBlock, name: str) -> str:
    try:
        raw = b"".join(
            (
                (block.version & 0xFFFFFFFF).to_bytes(4, "little"),
                bytes.fromhex(hash_of(block.parent, "a parent"))[::-1],
                bytes.fromhex(hash_of(block.merkleroot, "a root"))[::-1],
                block.time.to_bytes(4, "little"),
                bytes.fromhex(block.bits)[::-1],
                block.nonce.to_bytes(4, "little"),
            )
        )
    except (ValueError, OverflowError) as error:
        raise Unusable(f"{name}: its header cannot be put together") from error
    return sha256(sha256(raw).digest()).digest()[::-1].hex()
