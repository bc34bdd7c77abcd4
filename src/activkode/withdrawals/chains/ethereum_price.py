"""What a unit of gas costs on Ethereum: what is offered for a first try, and what a replacement has to offer. In wei."""

from dataclasses import dataclass
from statistics import median_low

from activkode.funding.chains.base import Unusable
from activkode.funding.chains.evm_rpc import Rpc, fields, listed, quantity
from activkode.withdrawals.chains.base import CannotPay

_GWEI = 10**9
# Tips below are ignored by block builders; above, somebody's answer is wrong.
_LEAST_TIP, _MOST_TIP = _GWEI // 100, 20 * _GWEI
_MOST_BASE = 100_000 * _GWEI
_BLOCKS = 10
_MIDDLE = 50  # the percentile of tips that is asked for
# Nodes want 10 % more on both prices (geth, price bump); with an eighth none of them haggles over roundings.
_BUMP_EIGHTHS = 9


@dataclass(frozen=True, slots=True)
class Price:
    """What a transaction offers for a unit of gas: a tip, and the most in all."""

    tip: int
    most: int


@dataclass(frozen=True, slots=True)
class Market:
    """The next block's base fee, and the tip that is usual."""

    base: int
    tip: int

    @property
    def now(self) -> int:
        """What a unit costs in the next block."""
        return self.base + self.tip

    def within(self, cap: int) -> Price:
        """Twice the base fee and the tip, so that it can wait through six full blocks; less where the cap says so. Raises
        CannotPay where the cap does not cover the next block."""
        if cap < self.now:
            raise CannotPay(f"a unit of gas costs {self.now} wei now; the cap allows {cap}")
        return Price(self.tip, min(2 * self.base + self.tip, cap))


def price_now(rpc: Rpc) -> Market:
    """The market as the node has seen it in the last blocks. Raises Away, Unusable."""
    history = fields(rpc.ask("eth_feeHistory", hex(_BLOCKS), "latest", [_MIDDLE]), "the history of fees")
    bases = listed(history.get("baseFeePerGas"), "base fees")
    rewards = [
        quantity(listed(row, "tips")[0], "a tip")
        for row in listed(history.get("reward") or [], "tips")
        if row
    ]
    if not bases:
        raise Unusable("there are no base fees")
    # The last one is the next block's. Blocks without transactions tell a tip of nought.
    told = [tip for tip in rewards if tip]
    tip = min(max(median_low(told) if told else 0, _LEAST_TIP), _MOST_TIP)
    return Market(quantity(bases[-1], "the base fee", _MOST_BASE), tip)


def raised(before: Price, market: Market, cap: int) -> Price:
    """A replacement's price: an eighth more on both, or the market's where that is more. Raises CannotPay where the cap is
    below that eighth."""
    least = Price(_more(before.tip), _more(before.most))
    if cap < least.most:
        raise CannotPay(f"a replacement has to offer {least.most} wei a unit of gas; the cap allows {cap}")
    tip = max(least.tip, market.tip)
    most = min(max(least.most, 2 * market.base + tip), cap)
    return Price(min(tip, most), most)


def _more(price: int) -> int:
    return -(-price * _BUMP_EIGHTHS // 8)
