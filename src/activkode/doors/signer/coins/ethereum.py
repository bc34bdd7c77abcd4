"""Signs plain payments of ether. Must never sign anything that it cannot write down itself, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coincurve import PrivateKey

from activkode.doors.signer.coins.base import Meant, Unreadable
from activkode.doors.signer.coins.secret import private_key
from activkode.funding.policy import Asset
from activkode.withdrawals.chains.curve import address_of
from activkode.withdrawals.chains.ethereum_forms import Payment, checksummed, payment_of

_MAIN_NETWORK = 1


@dataclass(frozen=True, slots=True)
class EthereumKey:
    """coins.base.Key of one address on one network."""

    wallet: str
    chain_id: int
    _key: PrivateKey = field(repr=False)
    asset: Asset = Asset.ETH

    def describe(self, body: Mapping[str, Any]) -> Meant:
        """What the payment would do. Nothing to ourselves is a void. Raises Unreadable."""
        payment = self._read(body)
        is_void = payment.to == self.wallet and payment.value == 0
        return Meant(
            self.asset,
            None if is_void else checksummed(payment.to),
            payment.value,
            payment.most_fee,
            (f"{self.wallet}:{payment.nonce}",),
            payment.digest().hex(),
        )

    def sign(self, body: Mapping[str, Any]) -> bytes:
        """The signed bytes (RFC 6979, s in the lower half). Raises Unreadable."""
        payment = self._read(body)
        wire = self._key.sign_recoverable(payment.digest(), hasher=None)
        return payment.with_signature(int.from_bytes(wire[:32]), int.from_bytes(wire[32:64]), wire[64])

    def _read(self, body: Mapping[str, Any]) -> Payment:
        try:
            payment = payment_of(body)
        except ValueError as error:
            raise Unreadable(str(error)) from error
        if payment.chain_id != self.chain_id:
            raise Unreadable(f"it is of network {payment.chain_id}; this key signs for {self.chain_id}")
        if payment.tip > payment.most_price:
            raise Unreadable("its tip is above its price")
        return payment


def read(entry: Mapping[str, Any]) -> EthereumKey:
    """The key of {"private_key": 64 hex digits, "chain_id": 1}. Raises UnusableKey."""
    key = private_key(entry)
    chain_id = entry.get("chain_id", _MAIN_NETWORK)
    return EthereumKey("0x" + address_of(key.public_key).hex(), int(chain_id), key)
