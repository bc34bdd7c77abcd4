"""Extended public keys from the settings, and the addresses that they derive. Pure; must never see a private key."""

from dataclasses import dataclass

from activkode.core.errors import Code, Refusal
from activkode.funding.policy import Asset


@dataclass(frozen=True, slots=True)
class Derived:
    """An address as shown, and the key by which a chain's data calls it (Address.key)."""

    address: str
    key: str


@dataclass(frozen=True, slots=True)
class Keychain:
    """One extended public key of the settings, proven to derive its expected first address."""

    name: str
    asset: Asset
    fingerprint: str

    def derive(self, index: int) -> Derived:
        """The address of an index."""
        raise Refusal(Code.DEPOSITS_UNAVAILABLE)

    def uri(self, address: str) -> str:
        """What a wallet's camera reads."""
        return address


def of(asset: Asset, name: str | None = None) -> Keychain:
    """The keychain of an asset. Raises Refusal(deposits_unavailable)."""
    raise Refusal(Code.DEPOSITS_UNAVAILABLE)
