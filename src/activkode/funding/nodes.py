"""The nodes of ACTIVKODE_CHAINS: {"bitcoin": {"url": ..., "network": ...}, ...}. Addresses of nodes hold passwords: must
never be logged.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from activkode.funding.chains.base import Node
from activkode.funding.policy import Chain

_MADE_BY = {
    Chain.BITCOIN: "activkode.funding.chains.bitcoin:BitcoinNode",
    Chain.ETHEREUM: "activkode.funding.chains.evm:EthereumNode",
    Chain.TRON: "activkode.funding.chains.tron:TronNode",
}


def make(chains: Mapping[str, Mapping[str, Any]], url: str = "url") -> list[Node]:
    """A node for each configured chain that has an address under `url` (`second_url`: the second source)."""
    return [_make(Chain(name), options, options[url]) for name, options in chains.items() if options.get(url)]


def _make(chain: Chain, options: Mapping[str, Any], url: str) -> Node:
    module, name = _MADE_BY[chain].split(":")
    made: Callable[[str, Mapping[str, Any]], Node] = getattr(import_module(module), name)
    return made(url, options)
