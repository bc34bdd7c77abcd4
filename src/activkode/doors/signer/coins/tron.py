"""Signs plain transfers of one token on TRON. Must never sign anything that it cannot write down itself, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coincurve import PrivateKey

from activkode.doors.signer.coins.base import Meant, Unreadable, UnusableKey
from activkode.doors.signer.coins.secret import private_key
from activkode.funding.chains.base import Unusable
from activkode.funding.chains.tron import TRON, key_of
from activkode.funding.policy import Asset
from activkode.withdrawals.chains.curve import address_of
from activkode.withdrawals.chains.tron_forms import Transfer, shown, transfer_of


@dataclass(frozen=True, slots=True)
class TronKey:
    """coins.base.Key of one address and one token."""

    wallet: str
    contract: str
    _owner: str
    _key: PrivateKey = field(repr=False)
    asset: Asset = Asset.USDT_TRC20

    def describe(self, body: Mapping[str, Any]) -> Meant:
        """What the transfer would do. `fee` is its fee limit: bandwidth comes on top, and is worth little. Raises
        Unreadable."""
        transfer = self._read(body)
        tx = transfer.txid()
        return Meant(self.asset, shown(transfer.to), transfer.amount, transfer.fee_limit, (tx,), tx)

    def sign(self, body: Mapping[str, Any]) -> bytes:
        """The signed bytes (RFC 6979, s in the lower half). Raises Unreadable."""
        transfer = self._read(body)
        return transfer.with_signature(self._key.sign_recoverable(transfer.digest(), hasher=None))

    def _read(self, body: Mapping[str, Any]) -> Transfer:
        try:
            transfer = transfer_of(body)
        except ValueError as error:
            raise Unreadable(str(error)) from error
        if transfer.owner != self._owner:
            raise Unreadable(
                f"it moves what lies on {shown(transfer.owner)}; this key signs for {self.wallet}"
            )
        if transfer.contract != self.contract:
            raise Unreadable(
                f"it calls {shown(transfer.contract)}; this key signs for {shown(self.contract)}"
            )
        return transfer


def read(entry: Mapping[str, Any]) -> TronKey:
    """The key of {"private_key": 64 hex digits, "contract": the token's address, by default USDT's}. Raises UnusableKey."""
    key = private_key(entry)
    owner = "0x" + address_of(key.public_key).hex()
    try:
        contract = key_of(str(entry.get("contract", TRON.assets[Asset.USDT_TRC20])))
    except Unusable as error:
        raise UnusableKey(str(error)) from None
    return TronKey(shown(owner), contract, owner, key)
