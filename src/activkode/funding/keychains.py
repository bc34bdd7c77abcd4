"""The keychains of ACTIVKODE_KEYCHAINS: {"btc_p2wpkh": {"xpub": ..., "first_address": ...}, ...}. Each is proven in every
process before it gives its first address; index 0 is the proof's, and never a customer's. Names may carry an ending
("btc_p2wpkh/2027"), so that a new key stands beside an old one. Must never log a key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings

from activkode.core.errors import Code, Refusal
from activkode.funding.derive import Derived, Keychain, PrivateKey, UnusableKey, form_of, prove
from activkode.funding.policy import BY_ASSET, Asset

__all__ = ["Derived", "Keychain", "Look", "looks", "of"]

log = structlog.get_logger("activkode.keychains")

_Answer = Keychain | str


@dataclass(frozen=True, slots=True)
class Look:
    """A keychain of the settings: proven, or why it is not."""

    name: str
    keychain: Keychain | None
    trouble: str


def of(asset: Asset, name: str | None = None) -> Keychain:
    """The keychain of an asset, the first configured one where none is named. Raises Refusal(deposits_unavailable) where
    there is none, where its chain is not watched, or where it does not derive its expected first address."""
    for configured in settings.KEYCHAINS if name is None else [name]:
        if configured in settings.KEYCHAINS and _asset(configured) is asset:
            made = _look(configured)
            if isinstance(made, Keychain):
                return made
            break
    raise Refusal(Code.DEPOSITS_UNAVAILABLE)


def looks() -> list[Look]:
    """Every configured keychain, for whoever asks what is wrong."""
    found = [(name, _look(name)) for name in settings.KEYCHAINS]
    return [
        Look(name, made, "") if isinstance(made, Keychain) else Look(name, None, made) for name, made in found
    ]


def _asset(name: str) -> Asset | None:
    try:
        return form_of(name).asset
    except UnusableKey:
        return None


def _look(name: str) -> _Answer:
    options = settings.KEYCHAINS[name]
    if not isinstance(options, Mapping) or not all(
        isinstance(options.get(key), str) and options[key] for key in ("xpub", "first_address")
    ):
        return "it needs an xpub and a first_address"
    asset = _asset(name)
    chain = settings.CHAINS.get(BY_ASSET[asset].chain) if asset else None
    if asset and chain is None:
        return f"its chain is not watched: ACTIVKODE_CHAINS has no {BY_ASSET[asset].chain}"
    return _proven(name, options["xpub"], options["first_address"], *_network(chain or {}))


def _network(chain: Mapping[str, Any]) -> tuple[str, int | None]:
    number = chain.get("chain_id")
    return str(chain.get("network", "mainnet")), None if number is None else int(number)


@lru_cache(maxsize=64)
def _proven(name: str, extended: str, first_address: str, network: str, chain_id: int | None) -> _Answer:
    """Once per process and setting: a derivation takes a millisecond, and one line in the log is enough."""
    try:
        made = prove(name, extended, first_address, network, chain_id)
    except UnusableKey as trouble:
        level = log.critical if isinstance(trouble, PrivateKey) else log.error
        level("keychain.unusable", keychain=name, network=network, why=str(trouble))
        return str(trouble)
    log.info("keychain.proven", keychain=name, network=network, fingerprint=made.fingerprint)
    return made
