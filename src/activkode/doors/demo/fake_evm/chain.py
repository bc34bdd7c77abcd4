"""The fake chain itself: blocks, a mempool, balances after each block. Pure. What it is told to carry out it carries out:
payers of a fake chain have as much as they like; only what was signed keeps the rules of numbers and prices.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from Crypto.Hash import keccak

NATIVE = "native"
NOBODY = "0x" + "00" * 20
GAS = 21_000
GAS_PRICE = 10**9
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"


def hash_of(*parts: object) -> str:
    """Thirty-two bytes in hex that only these parts give."""
    return "0x" + keccak.new(digest_bits=256, data=repr(parts).encode()).hexdigest()


def word(value: str | int) -> str:
    """A topic or a word of data, from an address or a number."""
    return "0x" + (value[2:].lower() if isinstance(value, str) else f"{value:x}").rjust(64, "0")


@dataclass(frozen=True, slots=True)
class Move:
    """An amount of the coin or of a token (its contract) that a transaction moves."""

    token: str
    sender: str
    to: str
    amount: int


@dataclass(frozen=True, slots=True)
class FakeLog:
    """A log that a transaction writes."""

    contract: str
    topics: tuple[str, ...]
    data: str


def transfer_log(contract: str, sender: str, to: str, amount: int) -> FakeLog:
    """The log of a token's transfer in the form of the standard."""
    return FakeLog(contract, (TRANSFER, word(sender), word(to)), word(amount))


@dataclass(frozen=True, slots=True)
class FakeTx:
    """A transaction: what it says, and what it does. `moves` are beside its plain value (inside contracts). `tip` and `most`
    are what a signed one offers a unit of gas; `fee_limit` what one of TRON's does in all, and `result` the word by which it
    failed; `burnt` is its fee where that is not gas, and
    `until` (seconds) the time of the last block that may take it."""

    hash: str
    sender: str
    nonce: int
    to: str | None
    value: int
    data: str = "0x"
    kind: int = 2
    fails: bool = False
    logs: tuple[FakeLog, ...] = ()
    moves: tuple[Move, ...] = ()
    tip: int = 0
    most: int = 0
    price: int = GAS_PRICE
    is_signed: bool = False
    result: str = "SUCCESS"
    burnt: int | None = None
    until: int | None = None

    @property
    def fee(self) -> int:
        """What its sender pays for it."""
        return GAS * self.price if self.burnt is None else self.burnt


@dataclass(frozen=True, slots=True)
class FakeBlock:
    """A block, and what lies where after it."""

    height: int
    hash: str
    parent: str
    at: int
    transactions: tuple[FakeTx, ...]
    balances: dict[tuple[str, str], int]
    nonces: dict[str, int]


@dataclass
class FakeLedger:
    """The chain that is canonical now, and what waits."""

    salt: object
    blocks: list[FakeBlock] = field(default_factory=list)
    mempool: list[FakeTx] = field(default_factory=list)
    forks: int = 0
    is_resumed: bool = False
    ahead_seconds: int = 0
    base_fee: int = GAS_PRICE // 2
    reverting: set[str] = field(default_factory=set)  # receivers that take no ether

    def __post_init__(self) -> None:
        self.blocks.append(
            FakeBlock(0, hash_of(self.salt, 0), "0x" + "00" * 32, int(time.time()), (), {}, {})
        )

    def resume(
        self, known: Sequence[tuple[int, str, str, int]], balances: dict[tuple[str, str], int], payer: str
    ) -> None:
        """Goes on from the known blocks, of which only place and hash are known; below them the first one stands for all.
        The payer counts on from a number that it never had, so that no transaction has the hash of an old one."""
        past = [
            FakeBlock(height, name, parent, at, (), balances, {})
            for height, name, parent, at in known
            if height
        ]
        if past:
            self.is_resumed = True
            past[-1] = replace(past[-1], nonces={payer: past[-1].height << 20})
            self.blocks = [self.blocks[0], *[past[0]] * (past[0].height - 1), *past]

    def now(self) -> int:
        """The chain's time in seconds."""
        return int(time.time()) + self.ahead_seconds

    @property
    def head(self) -> FakeBlock:
        """The newest block."""
        return self.blocks[-1]

    def next_nonce(self, sender: str) -> int:
        """The number of the sender's next transaction."""
        waiting = [tx.nonce + 1 for tx in self.mempool if tx.sender == sender]
        return max([self.head.nonces.get(sender, 0), *waiting])

    def put(self, tx: FakeTx) -> str:
        """Into the mempool, in place of one with the same sender and number; its hash."""
        named = replace(tx, hash=hash_of(self.salt, tx)) if not tx.hash else tx
        self.mempool = [one for one in self.mempool if (one.sender, one.nonce) != (tx.sender, tx.nonce)]
        self.mempool.append(named)
        return named.hash

    def mine(self, count: int = 1) -> None:
        """Blocks on the head; the first takes what can be carried out now."""
        for _ in range(count):
            taken = self._ready()
            self._mine(tuple(taken))
            gone = {tx.hash for tx in taken}
            self.mempool = [tx for tx in self.mempool if tx.hash not in gone]

    def _ready(self) -> list[FakeTx]:
        """Signed transactions wait for the one before them and for a base fee that they can pay."""
        counts = dict(self.head.nonces)
        ready = [
            tx for tx in self.mempool if not tx.is_signed and (tx.until is None or self.now() <= tx.until)
        ]
        for tx in sorted((tx for tx in self.mempool if tx.is_signed), key=lambda tx: (tx.sender, tx.nonce)):
            # After a restart the fake knows no number of a sender's: the first one that comes is right.
            if tx.most >= self.base_fee and tx.nonce == counts.get(
                tx.sender, tx.nonce if self.is_resumed else 0
            ):
                counts[tx.sender] = tx.nonce + 1
                ready.append(replace(tx, price=min(tx.most, self.base_fee + tx.tip)))
        return ready

    def fork(self, depth: int, keep: bool | Iterable[str], length: int) -> None:
        """Replaces the newest `depth` blocks by `length` others. What of their transactions is kept stands in the first
        of them again; the rest is gone as if it had never been."""
        depth = min(depth, len(self.blocks) - 1)
        gone = [tx for block in self.blocks[-depth:] for tx in block.transactions] if depth else []
        del self.blocks[len(self.blocks) - depth :]
        self.forks += 1
        kept = {tx.hash for tx in gone} if keep is True else set(keep or ())
        self._mine(tuple(tx for tx in gone if tx.hash in kept))
        for _ in range(length - 1):
            self._mine(())

    def _mine(self, transactions: tuple[FakeTx, ...]) -> None:
        parent = self.head
        name = hash_of(
            self.salt, self.forks, parent.height + 1, parent.hash, [tx.hash for tx in transactions]
        )
        balances, nonces = parent.balances, parent.nonces
        if transactions:
            balances, nonces = dict(balances), dict(nonces)
        for tx in transactions:
            nonces[tx.sender] = max(nonces.get(tx.sender, 0), tx.nonce + 1)
            for move in _moves(tx):
                balances[move.token, move.sender] = balances.get((move.token, move.sender), 0) - move.amount
                balances[move.token, move.to] = balances.get((move.token, move.to), 0) + move.amount
        at = max(parent.at, self.now())
        self.blocks.append(
            FakeBlock(parent.height + 1, name, parent.hash, at, transactions, balances, nonces)
        )


def _moves(tx: FakeTx) -> list[Move]:
    fee = Move(NATIVE, tx.sender, NOBODY, tx.fee)
    if tx.fails:
        return [fee]
    plain = [Move(NATIVE, tx.sender, tx.to, tx.value)] if tx.value and tx.to else []
    return [fee, *plain, *tx.moves]
