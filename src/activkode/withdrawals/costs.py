"""What a network takes, in dollars: asked of the node, priced by the rates that top-ups are priced by."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from activkode.core import sql
from activkode.funding.policy import FEES
from activkode.withdrawals.policy import FIGURES, Figure

_DECIMALS = {str(fee.coin): fee.decimals for fee in FEES.values()}
_FREE = FIGURES[Figure.NETWORK_COST_FREE_MICROS]


def micros(units: int, coin: str, rate: Decimal) -> int:
    """A cost in a coin's smallest unit as micro-dollars, rounded up: what is quoted must cover it."""
    return int((Decimal(units).scaleb(6 - _DECIMALS[coin]) * rate).to_integral_value(ROUND_CEILING))


def units(cost_micros: int, coin: str, rate: Decimal) -> int:
    """So many micro-dollars in a coin's smallest unit, rounded down: a cap must not be passed."""
    return int((Decimal(cost_micros).scaleb(_DECIMALS[coin] - 6) / rate).to_integral_value(ROUND_FLOOR))


def beyond(cost_micros: int) -> int:
    """What of a network cost is the customer's, in micro-dollars (2.3.3)."""
    return max(cost_micros - _FREE, 0)


def cap(network_micros: int) -> int:
    """The most that a payout and its replacements may cost, in micro-dollars, when the customer agreed to bear that much."""
    return (_FREE + network_micros) * FIGURES[Figure.FEE_CAP_PERCENT] // 100


def rate(coin: str) -> Decimal | None:
    """The coin's rate in dollars, where there is one to trust now. Raises TryLater."""
    found = sql.value("select (fn.rate_now(%s)).rate::text", (coin,))
    return None if found is None else Decimal(found)
