"""What the network would take for a withdrawal now, for the eyes of who is about to confirm it. Must never hold a page up: a
node that is away or slow gives no quote, and the customer is asked later where the cost turns out high (POLICY 2.3.3).
"""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Slow
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

import structlog

from activkode.core.errors import Refusal
from activkode.funding.chains.base import Away, Unusable
from activkode.funding.policy import BY_ASSET, Asset
from activkode.withdrawals import costs, payers
from activkode.withdrawals.chains.base import CannotPay, Payer

log = structlog.get_logger("activkode.withdrawals")

_PATIENCE_SECONDS = 3
# A node that hangs holds one of these and no page.
_ASKING = ThreadPoolExecutor(max_workers=4, thread_name_prefix="quote")


@dataclass(frozen=True, slots=True)
class Quote:
    """`amount` is about what would arrive, in the asset's smallest unit, None without a rate; `cost_micros` what the network
    takes, in micro-dollars, None where it could not be told."""

    amount: int | None
    cost_micros: int | None


def now(asset: Asset, address: str, net_micros: int) -> Quote:
    """The quote for paying so many micro-dollars to an address. Raises TryLater."""
    rate = costs.rate(asset)
    if rate is None:
        return Quote(None, None)
    amount = _units(net_micros, asset, rate)
    return Quote(amount, _cost(asset, address, amount))


def _units(net_micros: int, asset: Asset, rate: Decimal) -> int:
    worth = Decimal(net_micros).scaleb(BY_ASSET[asset].decimals - 6)
    return int((worth / rate).to_integral_value(ROUND_FLOOR))


def _cost(asset: Asset, address: str, amount: int) -> int | None:
    try:
        payer = payers.payer(asset)
    except (Refusal, Unusable):
        return None
    rate = costs.rate(payer.fee_coin)
    units = None if rate is None else _asked(payer, address, amount)
    return None if rate is None or units is None else costs.micros(units, payer.fee_coin, rate)


def _asked(payer: Payer, address: str, amount: int) -> int | None:
    try:
        return _ASKING.submit(payer.cost, address, amount).result(timeout=_PATIENCE_SECONDS)
    except (Away, Unusable, CannotPay, Slow) as error:
        log.info("withdrawals.no_quote", asset=payer.asset, error=type(error).__name__)
        return None
