"""The one form of a key that signs: what an unsigned transaction would do, read off what is signed itself, and the signed
bytes. Pure; must never believe a readable field beside them, ask a node, or put a key into a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from activkode.funding.policy import Asset


class Unreadable(Exception):
    """The body is no unsigned transaction that this key signs. The text says why, without the key."""


class UnusableKey(Exception):
    """A key of the key file that cannot be used. The text says why, without the key."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a transaction would do. `destination` is None where it pays nobody but the key's own wallet (a void); `amount` is
    all that leaves to others beside the fee, in the asset's smallest unit; `fee` is the most it can cost, in the fee coin's
    smallest unit.

    `spends` are the names of withdrawals.chains.base.Unsigned.spends, read off the transaction. `identity` tells what is
    signed from everything else: what is hashed for the signature, or its hash. Two bodies of one identity give the same
    signed bytes."""

    asset: Asset
    destination: str | None
    amount: int
    fee: int
    spends: tuple[str, ...]
    identity: str


class Key(Protocol):
    """A key of one asset, made from its entry of the key file: Module.read(entry) in coins/__init__.py's table."""

    asset: Asset
    wallet: str  # public: the sending address, or what the operator knows the wallet by

    def describe(self, body: Mapping[str, Any]) -> Meant:
        """What the body would do if it were signed. Strict: whatever it does beside paying one destination, taking change
        and paying the fee is Unreadable, and so is what this key cannot sign whole. Raises Unreadable."""

    def sign(self, body: Mapping[str, Any]) -> bytes:
        """The signed bytes, in the form of withdrawals.chains.base.Signed.raw; the same for the same identity, always
        (RFC 6979; BIP 340 without fresh randomness). Only after `describe` was judged. Raises Unreadable."""


class Reads(Protocol):
    """What each module of this package has to offer as `read`."""

    def __call__(self, entry: Mapping[str, Any]) -> Key:
        """The key of an entry of the key file. Raises UnusableKey."""
