"""The one form of paying out on a chain: building an unsigned transaction, checking a signed one, giving it to a node, and
looking what became of it. Pure but for the node's calls; must never touch the database, and never hold a key that spends.

A node is not trusted, and neither is a signer: what comes back is compared with what was asked for.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from activkode.funding.policy import Asset, Chain
from activkode.withdrawals.policy import Kind


class CannotPay(Exception):
    """No transaction can be built now: the wallet holds too little, or the cost is above the cap. The text is for the
    operator; nothing was begun."""


class Mismatch(Exception):
    """A signed transaction is not the one that was asked for, or its signature is not ours. The text says where."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be paid: `amount` in the asset's smallest unit, exactly as it has to arrive. `payout` names the attempt
    to the signer ("pay_17"). `most_fee` is the cap on the network's cost, in the fee coin's smallest unit."""

    payout: str
    asset: Asset
    destination: str
    amount: int
    most_fee: int


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A transaction as it goes to the signer, and is exported. `body` is plain JSON, all that the signer needs and a person
    can read. `spends` names what no second transaction can spend too: outpoints "txid:n", "address:nonce", or for TRON
    the transaction's id. `fee` is the most it can cost, in `fee_coin`'s smallest unit (BTC, ETH, TRX). `expires_at`: after
    it the chain takes the transaction no more."""

    kind: Kind
    body: dict[str, Any]
    spends: tuple[str, ...]
    fee: int
    fee_coin: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """The bytes to broadcast and the transaction's id."""

    tx: str
    raw: bytes


class Told(StrEnum):
    """What a node said of bytes that it was given. `refused` proves nothing: another node may have taken them."""

    TAKEN = "taken"
    KNOWN = "known"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """The node's answer and its words, for the operator."""

    told: Told
    words: str = ""


class Standing(StrEnum):
    """Where a payout stands on the chain.

    unknown: no node knows it, which proves nothing; pending: waits for a block; mined: in a block, not yet deep enough;
    confirmed: deep enough and successful; failed: deep enough and moved nothing; dead: what it spends was spent by
    another transaction, deep enough, or it expired."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    MINED = "mined"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a payout. `tx` is which of its transactions stands in a block; `fee` what it cost, in the fee coin's
    smallest unit; `proof` are the node's own facts in words and figures, kept with the payout."""

    standing: Standing
    tx: str | None = None
    height: int | None = None
    confirmations: int = 0
    fee: int | None = None
    proof: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """One signed transaction of a payout, as `look` is told of it."""

    kind: Kind
    signed: Signed
    unsigned: Unsigned


class Payer(Protocol):
    """Pays out one asset from one wallet of ours. Calls to the node raise funding.chains.base.Away or Unusable."""

    chain: Chain
    asset: Asset
    fee_coin: str

    def wallet(self) -> str:
        """The name of what pays, as nonces are counted by: the sending address, or for Bitcoin the first one."""

    def holds(self) -> int:
        """What can be paid from now, in the asset's smallest unit."""

    def next_nonce(self) -> int | None:
        """The next nonce by the chain's own count of what is mined; None where the chain has none. The database's own
        counter decides; this one only tells it where to begin, and whether something foreign spent."""

    def cost(self, destination: str, amount: int) -> int:
        """What the network would take now for such a payout, in the fee coin's smallest unit."""

    def build(self, wish: Wish, nonce: int | None, taken: frozenset[str]) -> Unsigned:
        """A transaction that pays exactly that. `taken` are the `spends` of other live payouts. Raises CannotPay."""

    def replace(self, wish: Wish, before: Unsigned, kind: Kind) -> Unsigned:
        """One that spends what `before` spends (at least one same input, the same nonce), with a fee that the network takes
        as a replacement; of kind `void` it pays nobody but us. Raises CannotPay where that passes the cap, or where the
        chain has no replacing (TRON: wait for the expiry)."""

    def check(self, unsigned: Unsigned, raw: bytes) -> Signed:
        """That these bytes are that transaction, every field of it, signed by our wallet. Raises Mismatch. Asks nobody."""

    def broadcast(self, signed: Signed) -> Broadcast:
        """Gives the bytes to the node. Never raises for what the node says, nor for a node that is away."""

    def look(self, versions: tuple[Version, ...]) -> Sight:
        """What became of a payout, of which every transaction that was ever signed is given, the newest last. A `void` that
        is deep enough makes it dead."""

    def expired(self, unsigned: Unsigned) -> bool:
        """Whether the chain can prove that this unsigned or signed transaction is in no block and can enter none any more.
        False where the chain has no expiry, or where a second look is needed."""
