"""What one whole coin is worth in dollars: decided from what several exchanges say, by POLICY 2.2.3. Where they cannot be
trusted there is no rate, and deposits wait. Decimals only; must never guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext
from statistics import median

import structlog
from psycopg.types.json import Jsonb

from activkode.core import heartbeat, sql
from activkode.funding.policy import BY_ASSET, FIGURES, Asset, Figure, Priced
from activkode.funding.rate_sources import Quote, Sources

log = structlog.get_logger("activkode.rates")

# Clocks of two well-kept machines differ by less; a price from further ahead was dated by a broken one.
AHEAD_SECONDS = 5
HEARTBEAT = "rates"
_LEAST, _MOST = Decimal("0.000001"), Decimal(10) ** 12
_LONGEST_PRICE = 40
# What funding_rate.rate keeps.
_KEPT = Decimal("1e-10")
_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Believed:
    """The last usable rate, and the time of its oldest source."""

    rate: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """A rate, or why there is none. `sources` is what is stored: {name, price, at}, with `dropped` where a source was not
    counted. `rate` is also given where it is not trusted, for whoever looks into it."""

    rate: Decimal | None
    oldest_at: datetime | None
    sources: list[dict[str, str | None]]
    trouble: str


@dataclass(slots=True)
class _Counted:
    prices: list[Decimal] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    told: list[dict[str, str | None]] = field(default_factory=list)


class Rates:
    """Looks rates up, again and again; what it must not forget stands in the database."""

    def __init__(self, assets: Sequence[Priced], sources: Sources) -> None:
        self._assets, self._sources = assets, sources
        self._said: dict[Priced, str] = {}

    def round(self) -> bool:
        """Asks every source once and keeps what follows. False: there is nothing to do at once. Raises TryLater."""
        quotes = self._sources.ask(self._assets, _now())
        now = _now()  # after the answers: a source's own time may lie behind the question's
        for asset in self._assets:
            decision = decide(asset, quotes[asset], _believed(asset), now)
            keep(asset, decision)
            self._say(asset, decision)
        # The heartbeat tells whether deposits can be priced; what only fees are paid in has no say in that.
        if not any(trouble for asset, trouble in self._said.items() if isinstance(asset, Asset)):
            heartbeat.beat(HEARTBEAT)
        return False

    def _say(self, asset: Priced, decision: Decision) -> None:
        if decision.trouble and not self._said.get(asset):
            log.warning("rate.trouble", asset=asset, trouble=decision.trouble)
        elif not decision.trouble and self._said.get(asset, "?"):
            log.info("rate.usable", asset=asset, rate=str(decision.rate))
        self._said[asset] = decision.trouble


def decide(asset: Priced, quotes: Sequence[Quote], believed: Believed | None, now: datetime) -> Decision:
    """The rate of an asset by POLICY 2.2.3: the median of enough young sources that agree, and that do not jump away from
    the rate believed so far; a dollar's coin counts as 1.00 while the market is near it."""
    counted = _count(quotes, now)
    least = FIGURES[Figure.RATE_SOURCES]
    if not counted.prices:
        return Decision(None, None, counted.told, f"0 of at least {least} sources: {_dropped(counted)}")
    with localcontext(prec=_DIGITS):
        middle = median(counted.prices)
        rate = _pegged(asset, middle).quantize(_KEPT, ROUND_HALF_EVEN)
        trouble = _too_few(counted) or _apart(counted.prices, middle) or _jumped(rate, believed, now)
    return Decision(rate, min(counted.times), counted.told, trouble)


def keep(asset: Priced, decision: Decision) -> None:
    """Stores a decision; deposits are priced by it from now on, or wait. Raises TryLater."""
    sql.execute(
        "select fn.rate_keep(%s, %s, %s, %s, %s)",
        (asset, decision.rate, Jsonb(decision.sources), decision.oldest_at, decision.trouble[:500]),
    )


# --- what counts ---


def _count(quotes: Sequence[Quote], now: datetime) -> _Counted:
    counted = _Counted()
    for quote in quotes:
        at = quote.at and min(quote.at, now)  # never newer than now
        price, why = _price(quote.price)
        why = quote.failure or why or _untimely(quote.at, now)
        row: dict[str, str | None] = {
            "name": quote.source,
            "price": _shown(quote.price),
            "at": _stamp(at) if at else None,
        }
        counted.told.append(row | {"dropped": why} if why else row)
        if not why and at:
            counted.prices.append(price)
            counted.times.append(at)
    return counted


def _price(text: str) -> tuple[Decimal, str]:
    """The price, or why it is none. Decimal reads more than prices: other scripts' digits, 1_000, NaN, 1e999."""
    try:
        if not text.isascii() or "_" in text or len(text) > _LONGEST_PRICE:
            raise InvalidOperation
        price = Decimal(text)
    except InvalidOperation:
        return Decimal(0), "no price"
    if not price.is_finite():
        return Decimal(0), "not a number"
    if price <= 0:
        return price, "zero" if price == 0 else "negative"
    return price, "" if _LEAST <= price < _MOST else "beyond belief"


def _shown(text: str) -> str:
    """What of a source's words may be stored and shown: PostgreSQL's JSON takes no NUL, and a page no novel."""
    return "".join(letter for letter in text[:_LONGEST_PRICE] if letter.isascii() and letter.isprintable())


def _untimely(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "without a time"
    if at > now + timedelta(seconds=AHEAD_SECONDS):
        return "from the future"
    if now - at > timedelta(seconds=FIGURES[Figure.RATE_AGE_SECONDS]):
        return "too old"
    return ""


# --- what is believed ---


def _too_few(counted: _Counted) -> str:
    least = FIGURES[Figure.RATE_SOURCES]
    if len(counted.prices) >= least:
        return ""
    return f"{len(counted.prices)} of at least {least} sources: {_dropped(counted)}"


def _apart(prices: Sequence[Decimal], middle: Decimal) -> str:
    most = FIGURES[Figure.RATE_SPREAD_PERCENT]
    if (max(prices) - min(prices)) * 100 <= most * middle:
        return ""
    return f"sources differ by more than {most} %: {min(prices)} to {max(prices)}"


def _jumped(rate: Decimal, believed: Believed | None, now: datetime) -> str:
    young = timedelta(seconds=FIGURES[Figure.RATE_JUMP_SECONDS])
    if believed is None or now - believed.at > young:
        return ""
    most = FIGURES[Figure.RATE_JUMP_PERCENT]
    if abs(rate - believed.rate) * 100 <= most * believed.rate:
        return ""
    return f"a jump of more than {most} %: from {believed.rate:f} to {rate:f}"


def _pegged(asset: Priced, middle: Decimal) -> Decimal:
    near = abs(middle - 1) * 100 <= FIGURES[Figure.PEG_PERCENT]
    is_dollar = isinstance(asset, Asset) and BY_ASSET[asset].is_dollar
    return Decimal(1) if is_dollar and near else middle


# --- rows and words ---


def _believed(asset: Priced) -> Believed | None:
    row = sql.one("select believed_rate, believed_at from funding_rate where asset = %s", (asset,))
    return Believed(*row) if row and row[0] is not None else None


def _now() -> datetime:
    now: datetime = sql.value("select fn.now()")
    return now


def _dropped(counted: _Counted) -> str:
    found = [f"{row['name']} {row['dropped']}" for row in counted.told if "dropped" in row]
    return ", ".join(found) or ("no other is configured" if counted.told else "none is configured")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
