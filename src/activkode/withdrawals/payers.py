"""The wallets that pay, from settings: ACTIVKODE_PAYOUTS {"ethereum": {"address": ...}, ...} names only what is public; the
nodes are those of ACTIVKODE_CHAINS. Addresses of nodes hold passwords: must never be logged.
"""

import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings

from activkode.core.errors import Code, Refusal
from activkode.funding.policy import BY_ASSET, Asset, Chain
from activkode.withdrawals.chains.base import Payer

_MADE_BY = {
    Chain.BITCOIN: "activkode.withdrawals.chains.bitcoin:BitcoinPayer",
    Chain.ETHEREUM: "activkode.withdrawals.chains.ethereum:EthereumPayer",
    Chain.TRON: "activkode.withdrawals.chains.tron:TronPayer",
}
_kept = threading.local()


def assets() -> list[Asset]:
    """What can be paid out here: there is a node, and a wallet that pays."""
    return [
        asset
        for asset, rule in BY_ASSET.items()
        if settings.PAYOUTS.get(rule.chain) and settings.CHAINS.get(rule.chain, {}).get("url")
    ]


def payer(asset: Asset) -> Payer:
    """What pays an asset, this thread's own. Raises Refusal(payout_unavailable), Unusable where the wallet is none."""
    if asset not in assets():
        raise Refusal(Code.PAYOUT_UNAVAILABLE, f"No wallet is set up that pays {asset}.")
    chain = BY_ASSET[asset].chain
    node, wallet = settings.CHAINS[chain], settings.PAYOUTS[chain]
    # Kept by its thread: a new one of bitcoin looks through all unspent outputs first, which takes minutes on a real node.
    kept: dict[Chain, tuple[Any, Payer]] = _kept.__dict__.setdefault("payers", {})
    if kept.get(chain, (None,))[0] != (node, wallet):
        kept[chain] = ((node, wallet), make(chain, node, wallet))
    return kept[chain][1]


def make(chain: Chain, node: Mapping[str, Any], wallet: Mapping[str, Any]) -> Payer:
    """A payer of a chain; each keeps a connection of its own. Raises Unusable where the wallet is none."""
    made: Callable[[Mapping[str, Any]], Payer] = _maker(chain)
    return made({**node, **wallet})


@cache
def _maker(chain: Chain) -> Any:
    module, name = _MADE_BY[chain].split(":")
    return getattr(import_module(module), name)
