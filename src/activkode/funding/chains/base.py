"""The one form of a watched chain: what a node is asked, and what comes back. Pure; must never touch the database.

A node is not trusted: whatever does not fit together is Unusable, changes nothing, and is asked for again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from activkode.funding.policy import Asset, Chain, Reason

# `position` of the plain value of a transaction; outputs and logs count from 0.
PLAIN_VALUE = -1


class Away(Exception):
    """The node does not answer, or says that it cannot: ask again later. `code` is its own number for why."""

    def __init__(self, words: str = "", code: int | None = None) -> None:
        super().__init__(words)
        self.code = code


class Unusable(Exception):
    """The node answered what cannot be true, or not all of it. The text says what, for the operator."""


class WrongNetwork(Unusable):
    """The node follows another chain than the configured one: nothing it says concerns us."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest block of the node's chain, and the height up to which the chain itself calls blocks final (0 where it
    has no such word)."""

    height: int
    hash: str
    at: datetime
    final_height: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Something that may have been moved to an address of ours, in the coin's smallest unit.

    `key` is what Address.key calls the receiver. `asset` is None for what is none of ours; `token` then says what it was.
    With a `reason` it is ignored or put before a person. `inputs` are the outputs that the transaction spends, where a
    payment can be replaced by another that spends them too ("txid:number")."""

    tx: str
    position: int
    key: str
    amount: int
    asset: Asset | None
    token: str = ""
    reason: Reason | None = None
    inputs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Something that left an address of ours, fees included, on chains where an address has a balance."""

    key: str
    asset: Asset
    amount: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block as far as it concerns us. `spent`: outputs that own.waits_for() asked about, each with its spender."""

    height: int
    hash: str
    parent: str
    at: datetime
    found: tuple[Found, ...] = ()
    spent: tuple[tuple[str, str], ...] = ()
    left: tuple[Left, ...] = ()


class Own(Protocol):
    """What is ours, as far as a scanner needs it. `has` may say yes of a stranger's key, never no of ours."""

    def has(self, key: str) -> bool:
        """Whether the key may be one of ours."""

    def among(self, keys: Sequence[str]) -> list[int]:
        """The places of the keys that may be ours: `has` for a whole block at once."""

    def waits_for(self) -> frozenset[str]:
        """Outputs ("txid:number") that unconfirmed payments to us spend."""


class Node(Protocol):
    """A node of one chain. Every call raises Away or Unusable."""

    chain: Chain

    def genesis(self) -> str:
        """What tells this network from others: the hash of block 0."""

    def head(self) -> Head:
        """The newest block."""

    def hash_at(self, height: int) -> str:
        """The hash of the node's block at a height that is not above its head."""

    def fetch(self, height: int) -> object:
        """The whole block at a height, in a form that `read` takes; checked for being whole."""

    def read(self, fetched: object, own: Own) -> Block:
        """What of it concerns us. Called after `own` has learnt every address that was given out before `fetch`."""

    def pending(self, own: Own) -> list[Found]:
        """Unconfirmed payments to us; empty where the chain has no mempool to look at."""

    def conflicts(self, own: Own) -> list[tuple[str, str]]:
        """Outputs of own.waits_for() that another unconfirmed transaction spends now, with that transaction."""
