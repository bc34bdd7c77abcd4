"""Gives customers their deposit addresses: one per customer and keychain, theirs for ever. Must never hold a key that can
spend.
"""

from dataclasses import dataclass
from datetime import datetime

import psycopg
import structlog

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.funding import keychains
from activkode.funding.derive import Keychain, UnusableKey
from activkode.funding.policy import BY_ASSET, FIGURES, Asset, Figure

log = structlog.get_logger("activkode.keychains")

_Found = tuple[str, datetime]


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
    Raises Refusal(deposits_unavailable) where no proven keychain is configured, where the keychain was begun with another
    key, or where the chain's watcher has not begun (what is paid before it has would be seen by nobody), TryLater."""
    chosen = keychains.of(asset, keychain)
    address, created_at = _given(chosen, customer_id) or _make(chosen, customer_id)
    return DepositAddress(
        asset,
        BY_ASSET[asset].network,
        address,
        chosen.uri(address),
        chosen.name,
        FIGURES[Figure.TOPUP_LEAST_MICROS],
        created_at,
    )


def _given(chosen: Keychain, customer_id: int) -> _Found | None:
    """Without the keychain's lock: a page that is looked at again waits for nobody."""
    found = sql.one(
        "select a.address, a.created_at, k.fingerprint from funding_address a"
        " join funding_keychain k on k.name = a.keychain where a.keychain = %s and a.customer_id = %s",
        (chosen.name, customer_id),
    )
    if found is None:
        return None
    if found[2] != chosen.fingerprint:
        raise _other_key(chosen)
    return found[0], found[1]


def _make(chosen: Keychain, customer_id: int) -> _Found:
    chain = BY_ASSET[chosen.asset].chain
    if sql.value("select 1 from funding_chain where name = %s", (chain,)) is None:
        log.warning("address.chain_not_begun", chain=chain)
        raise Refusal(Code.DEPOSITS_UNAVAILABLE)
    try:
        with sql.transaction():
            index = sql.value(
                "select fn.address_index(%s, %s, %s)", (chosen.name, chosen.fingerprint, customer_id)
            )
            if index is not None:
                derived = chosen.derive(index)
                sql.execute(
                    "select fn.address_give(%s, %s, %s, %s, %s, %s, %s)",
                    (chosen.name, index, chain, derived.key, derived.address, chosen.asset, customer_id),
                )
    except psycopg.errors.CheckViolation:
        raise _other_key(chosen) from None
    except UnusableKey as trouble:
        log.error("keychain.unusable", keychain=chosen.name, why=str(trouble))
        raise Refusal(Code.DEPOSITS_UNAVAILABLE) from None
    given = _given(chosen, customer_id)
    if given is None:
        raise Refusal(Code.DEPOSITS_UNAVAILABLE)
    return given


def _other_key(chosen: Keychain) -> Refusal:
    log.error(
        "keychain.other_key", keychain=chosen.name, why="it was begun with another key or on another network"
    )
    return Refusal(Code.DEPOSITS_UNAVAILABLE)
