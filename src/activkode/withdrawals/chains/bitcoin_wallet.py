"""The wallet that pays out bitcoin: a BIP84 account, of which only the public key is known here. Pure.

It lives on the first addresses of its two branches, as many as any wallet program looks at (the gap limit of BIP44): where
change went can be found again with the key alone, by us and by the operator's own program.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from embit import bip32, script
from embit.ec import PublicKey
from embit.networks import NETWORKS
from embit.psbt import DerivationPath

from activkode.funding import derive
from activkode.funding.chains.base import Unusable

RECEIVE, CHANGE = 0, 1
GAP = 20
_EMBIT_NAMES = {"mainnet": "main", "testnet": "test", "signet": "signet", "regtest": "regtest"}


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the wallet: its branch and its index there."""

    branch: int
    index: int


class Wallet:
    """options: xpub (an account's key: xpub, zpub, tpub or vpub), first_address (the first one for receiving, as proof),
    network, and origin ("73c5da0a/84h/0h/0h", which a hardware wallet knows its key by; without it the account's own
    fingerprint stands there). Raises Unusable where the key is none, can spend, or has another first address."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        xpub, first = str(options.get("xpub", "")), str(options.get("first_address", ""))
        self.network = str(options.get("network", "mainnet"))
        try:
            self.first_address = (
                derive.prove("btc_p2wpkh", xpub, first, self.network, None).derive(derive.FIRST_INDEX).address
            )
        except derive.UnusableKey as trouble:
            raise Unusable(f"the payout wallet's key: {trouble}") from None
        self._account = bip32.HDKey.from_string(xpub.strip())
        self._origin = _origin(str(options.get("origin", "")), self._account)

    @cached_property
    def places(self) -> dict[bytes, Place]:
        """Where each output script of the wallet stands."""
        found = [Place(branch, index) for branch in (RECEIVE, CHANGE) for index in range(GAP)]
        return {bytes(script.p2wpkh(self.public_key(place)).data): place for place in found}

    def public_key(self, place: Place) -> PublicKey:
        """The key of a place."""
        return self._account.derive([place.branch, place.index]).key

    def derivation(self, place: Place) -> DerivationPath:
        """The place as a signer finds it (BIP174)."""
        fingerprint, path = self._origin
        return DerivationPath(fingerprint, [*path, place.branch, place.index])

    def change(self, name: str, count: int) -> list[bytes]:
        """The output scripts for the change of a payout of that name: always the same ones, spread over the branch."""
        begin = int.from_bytes(sha256(name.encode()).digest()[:4])
        places = [Place(CHANGE, (begin + number) % GAP) for number in range(count)]
        return [bytes(script.p2wpkh(self.public_key(place)).data) for place in places]

    def address(self, data: bytes) -> str:
        """An output script as an address of the wallet's network."""
        return str(script.Script(data).address(NETWORKS[_EMBIT_NAMES[self.network]]))


def _origin(text: str, account: bip32.HDKey) -> tuple[bytes, list[int]]:
    if not text:
        return account.my_fingerprint, []
    fingerprint, _, path = text.strip("[]").partition("/")
    try:
        found = bytes.fromhex(fingerprint), bip32.parse_path(path)
    except (ValueError, IndexError):
        raise Unusable(
            "the payout wallet's origin is no fingerprint with a path, as 73c5da0a/84h/0h/0h"
        ) from None
    if len(found[0]) != 4 or len(found[1]) != derive.ACCOUNT_DEPTH:
        raise Unusable(
            "the payout wallet's origin is no account's: a fingerprint of 8 digits and three steps"
        )
    return found
