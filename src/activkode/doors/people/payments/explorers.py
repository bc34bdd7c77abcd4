"""Where everybody can look a transaction up: the public explorers of the main networks, or the one that ACTIVKODE_CHAINS
names with "explorer": "https://.../{tx}". A test network without one has no link.
"""

from django.conf import settings

from activkode.funding.policy import Chain

_MAIN = {
    Chain.BITCOIN: "https://mempool.space/tx/{tx}",
    Chain.ETHEREUM: "https://etherscan.io/tx/{tx}",
    Chain.TRON: "https://tronscan.org/#/transaction/{tx}",
}
_MAIN_IDS = {Chain.ETHEREUM: 1, Chain.TRON: 728126428}


def link(chain: Chain, tx: str) -> str:
    """The address of a transaction's page; empty where there is none."""
    configured = settings.CHAINS.get(chain, {})
    pattern = str(configured.get("explorer", "")) or (_MAIN[chain] if _is_main(chain, configured) else "")
    return pattern.replace("{tx}", tx)


def _is_main(chain: Chain, configured: dict[str, object]) -> bool:
    is_named = configured.get("network", "mainnet") == "mainnet"
    return is_named and configured.get("chain_id", _MAIN_IDS.get(chain)) == _MAIN_IDS.get(chain)
