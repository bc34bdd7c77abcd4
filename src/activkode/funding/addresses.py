"""Gives customers their deposit addresses: one per customer and keychain, theirs for ever. Must never hold a key that can
spend.
"""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.funding import keychains
from activkode.funding.policy import BY_ASSET, FIGURES, Asset, Figure


@dataclass(frozen=True, slots=True)
class DepositAddress:
    """Where a customer pays an asset in. `uri` is what a wallet's camera reads; `least_micros` is the minimum below which
    payments add up."""

    asset: Asset
    network: str
    address: str
    uri: str
    keychain: str
    least_micros: int
    created_at: datetime


def give(customer_id: int, asset: Asset, keychain: str | None = None) -> DepositAddress:
    """The customer's address for the asset, made when first asked for; the same one ever after.

    `keychain` chooses among several of an asset (btc_p2tr beside btc_p2wpkh); None takes the first that is configured.
    Raises Refusal(deposits_unavailable) where no proven keychain is configured, TryLater."""
    chosen = keychains.of(asset, keychain)
    with sql.transaction():
        index = sql.value(
            "select fn.address_index(%s, %s, %s)", (chosen.name, chosen.fingerprint, customer_id)
        )
        if index is not None:
            derived = chosen.derive(index)
            sql.execute(
                "select fn.address_give(%s, %s, %s, %s, %s, %s, %s)",
                (chosen.name, index, BY_ASSET[asset].chain, derived.key, derived.address, asset, customer_id),
            )
        found = sql.one(
            "select address, created_at from funding_address where keychain = %s and customer_id = %s",
            (chosen.name, customer_id),
        )
    if found is None:
        raise Refusal(Code.DEPOSITS_UNAVAILABLE)
    address, created_at = found
    return DepositAddress(
        asset,
        BY_ASSET[asset].network,
        address,
        chosen.uri(address),
        chosen.name,
        FIGURES[Figure.TOPUP_LEAST_MICROS],
        created_at,
    )
