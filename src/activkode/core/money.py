"""Dollars at the borders, integers of micro-dollars inside; must never meet a float (POLICY 2.5)."""

import re
from decimal import Decimal

from activkode.core.errors import Code, Refusal

MICROS = 1_000_000
# ASCII digits only: other scripts' digits, commas, exponents, signs and NaN are refused.
_DOLLARS = re.compile(r"(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,6}))?", re.ASCII)


def micros(text: str) -> int:
    """Micro-dollars of a decimal string such as "0.25". Raises Refusal(invalid_request)."""
    match = _DOLLARS.fullmatch(text)
    if match is None:
        raise Refusal(Code.INVALID_REQUEST, 'An amount is written like "12.50", with at most six decimals.')
    return int(match[1]) * MICROS + int((match[2] or "").ljust(6, "0"))


def dollars(amount_micros: int) -> str:
    """A decimal string with at least two and at most six decimals."""
    sign, amount = ("-", -amount_micros) if amount_micros < 0 else ("", amount_micros)
    whole, part = divmod(amount, MICROS)
    return f"{sign}{whole}.{str(part).rjust(6, '0').rstrip('0').ljust(2, '0')}"


def decimal(amount_micros: int) -> Decimal:
    """The exact amount in dollars, for libraries that want a Decimal."""
    return Decimal(amount_micros).scaleb(-6)


def coins(units: int, decimals: int) -> str:
    """An amount of a coin in its smallest unit as a decimal string of whole coins, exact and without closing zeros."""
    whole, part = divmod(units, 10**decimals)
    return f"{whole}.{str(part).rjust(decimals, '0')}".rstrip("0").rstrip(".") if part else str(whole)
