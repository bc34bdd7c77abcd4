"""Blocks of the fake chain: 80-byte headers, hashes, roots, and the first blocks of the real networks."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from embit.script import Script
from embit.transaction import Transaction, TransactionInput, TransactionOutput

VERSION = 0x20000000
BITS = 0x207FFFFF
# The transaction of the first block of all networks here.
_FIRST = bytes.fromhex(
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d6573"
    "2030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73"
    "ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504"
    "e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000"
)
# Time, bits and nonce of the first block.
_FIRST_HEADERS = {
    "mainnet": (1231006505, 0x1D00FFFF, 2083236893),
    "testnet": (1296688602, 0x1D00FFFF, 414098458),
    "signet": (1598918400, 0x1E0377AE, 52613770),
    "regtest": (1296688602, BITS, 2),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction, its id and its bytes."""

    txid: str
    transaction: Transaction
    raw: bytes

    @property
    def inputs(self) -> list[tuple[str, int]]:
        """The outputs that it spends."""
        return [(each.txid.hex(), each.vout) for each in self.transaction.vin]

    @property
    def outputs(self) -> list[tuple[int, bytes]]:
        """Satoshis and script of each output."""
        return [(each.value, each.script_pubkey.data) for each in self.transaction.vout]


@dataclass(frozen=True, slots=True)
class FakeBlock:
    """A block of the fake chain; the coinbase stands first."""

    height: int
    hash: str
    parent: str
    root: str
    version: int
    time: int
    bits: int
    nonce: int
    sent: tuple[Sent, ...]

    @property
    def header(self) -> bytes:
        """The 80 bytes that are hashed."""
        return _header(self.version, self.parent, self.root, self.time, self.bits, self.nonce)


def first(network: str) -> FakeBlock:
    """Block 0, the real one."""
    seconds, bits, nonce = _FIRST_HEADERS[network]
    sent = (keep(Transaction.parse(_FIRST)),)
    root, parent = merkle_root([sent[0].txid]), "00" * 32
    found = double_hash(_header(1, parent, root, seconds, bits, nonce))
    return FakeBlock(0, found, parent, root, 1, seconds, bits, nonce, sent)


def mined(parent: FakeBlock, seconds: int, sent: Sequence[Sent]) -> FakeBlock:
    """A block on top of another."""
    root = merkle_root([each.txid for each in sent])
    nonce = 0
    while True:
        found = double_hash(_header(VERSION, parent.hash, root, seconds, BITS, nonce))
        if found[0] in "01234567":  # regtest's target
            height = parent.height + 1
            return FakeBlock(height, found, parent.hash, root, VERSION, seconds, BITS, nonce, tuple(sent))
        nonce += 1


def forgotten(genesis: FakeBlock, known: Sequence[tuple[int, str, str, int]]) -> list[FakeBlock]:
    """Blocks 1 to the last known one, of which only place and hash are known; below the known ones the first one stands
    for all."""
    past = [
        FakeBlock(height, found, parent, genesis.root, VERSION, seconds, BITS, 0, genesis.sent)
        for height, found, parent, seconds in known
        if height
    ]
    return [past[0]] * (past[0].height - 1) + past if past else []


def coinbase(height: int, serial: int, outputs: Sequence[tuple[int, bytes]]) -> Sent:
    """Coins from nowhere. The serial number keeps two of the same height apart."""
    push = bytes([3, *height.to_bytes(3, "little"), 4, *serial.to_bytes(4, "little")])
    source = TransactionInput(bytes(32), 0xFFFFFFFF, script_sig=Script(push))
    targets = [TransactionOutput(satoshis, Script(script)) for satoshis, script in outputs]
    return keep(Transaction(version=2, vin=[source], vout=targets))


def keep(transaction: Transaction) -> Sent:
    """With its id and bytes."""
    return Sent(transaction.txid().hex(), transaction, transaction.serialize())


def merkle_root(ids: Sequence[str]) -> str:
    """The root over transaction ids, all as they are written: last byte first."""
    if len(ids) == 1:
        return ids[0]
    even = [*ids, ids[-1]] if len(ids) % 2 else list(ids)
    joined = [_backwards(even[at]) + _backwards(even[at + 1]) for at in range(0, len(even), 2)]
    return merkle_root([double_hash(pair) for pair in joined])


def double_hash(raw: bytes) -> str:
    """SHA-256 of SHA-256, last byte first."""
    return sha256(sha256(raw).digest()).digest()[::-1].hex()


def _backwards(text: str) -> bytes:
    return bytes.fromhex(text)[::-1]


def _header(version: int, parent: str, root: str, seconds: int, bits: int, nonce: int) -> bytes:
    numbers = b"".join(number.to_bytes(4, "little") for number in (seconds, bits, nonce))
    return version.to_bytes(4, "little") + _backwards(parent) + _backwards(root) + numbers
