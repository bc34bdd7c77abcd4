"""What the clock does for top-ups, for the chains that are configured: follow each, compare balances, read again what was
read, look up rates.
"""

from functools import partial

from django.conf import settings

from activkode.doors.clock.loop import Loop
from activkode.funding import holdings, nodes
from activkode.funding.chains.base import Node
from activkode.funding.policy import ASSETS, BY_ASSET, FEES, Asset, Priced
from activkode.funding.rate_sources import Sources
from activkode.funding.rates import Rates
from activkode.funding.rescan import Rescan
from activkode.funding.watch import Watcher

_ADDRESSES_A_LOOK = 50
# A payment is on the page within two seconds: half a one here, and the page asks once a second.
FOLLOW_SECONDS = 0.5


def loops() -> list[Loop]:
    """The loops of all configured chains; none without chains."""
    return [
        loop for name, options in settings.CHAINS.items() if options.get("url") for loop in _of_chain(name)
    ] + _rates()


def _of_chain(name: str) -> list[Loop]:
    # Each loop has a node object of its own: it keeps a connection, and the watcher's remembers the mempool.
    start: int | None = settings.CHAINS[name].get("start_height")
    holder = _node(name)
    found = [Loop(f"chain {name}", FOLLOW_SECONDS, Watcher(_node(name), start).round)]
    if isinstance(holder, holdings.Holder):
        found.append(Loop(f"balances {name}", 15.0, partial(holdings.look, holder, _ADDRESSES_A_LOOK)))
    return [*found, Loop(f"rescan {name}", 60.0, rescan_of(name).round)]


def rescan_of(name: str) -> Rescan:
    """The second reading of a chain, by its second source where it has one."""
    first = _node(name)
    return Rescan(_node(name, "second_url") if settings.CHAINS[name].get("second_url") else first, first)


def _node(name: str, url: str = "url") -> Node:
    return nodes.make({name: settings.CHAINS[name]}, url)[0]


def _rates() -> list[Loop]:
    assets: list[Priced] = [rule.asset for rule in ASSETS if rule.chain in settings.CHAINS]
    # What only fees are paid in is priced where something is paid out.
    assets += [fee.coin for asset, fee in FEES.items() if fee.coin not in assets and _is_paid_out(asset)]
    # Twice as often as the status page wants to hear of them, slow answers included.
    return [Loop("rates", 10.0, Rates(assets, Sources(settings.RATE_SOURCES)).round)] if assets else []


def _is_paid_out(asset: Asset) -> bool:
    chain = BY_ASSET[asset].chain
    return chain in settings.CHAINS and bool(settings.PAYOUTS.get(chain))
