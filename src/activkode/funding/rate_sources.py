"""Asks exchanges for their last prices, by ccxt, each in a thread of its own, so that a slow one delays nobody. What an
exchange answers is passed on as it was written; must never make a float of it, nor trust its length.
"""

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from activkode.funding.policy import Asset, FeeCoin, Priced

TIMEOUT_MILLISECONDS = 3_000
# A round goes on without whoever has not answered by then.
PATIENCE_SECONDS = 5
_LONGEST_ANSWER = 1_000_000
# ccxt multiplies some figures out: one of a billion digits would stop the whole process.
_HUGE = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]{3,}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a source says one whole coin costs in dollars: the price as it was written, and its time (None where one was to
    be given and was not). With a `failure` there is no price."""

    source: str
    price: str
    at: datetime | None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Market:
    """How an exchange calls the pairs that it quotes, and whether it says when its last price was made; else the time of
    asking counts, which is never later."""

    ids: Mapping[Priced, str]
    dated: bool


# Those that answer for their pairs with one public call each, under the names that ccxt has for them. The first four quote
# all that can be paid in. TRX, which only fees are paid in, two of them do not list: two more are asked for it alone, one of
# them in USDT, which is as near to a dollar as sources may differ, or nothing is believed.
MARKETS: dict[str, Market] = {
    "kraken": Market(
        {Asset.BTC: "XXBTZUSD", Asset.ETH: "XETHZUSD", Asset.USDT_TRC20: "USDTZUSD", FeeCoin.TRX: "TRXUSD"},
        dated=False,
    ),
    "coinbase": Market(
        {Asset.BTC: "BTC-USD", Asset.ETH: "ETH-USD", Asset.USDT_TRC20: "USDT-USD"}, dated=True
    ),
    "bitstamp": Market({Asset.BTC: "btcusd", Asset.ETH: "ethusd", Asset.USDT_TRC20: "usdtusd"}, dated=True),
    "bitfinex": Market(
        {Asset.BTC: "tBTCUSD", Asset.ETH: "tETHUSD", Asset.USDT_TRC20: "tUSTUSD", FeeCoin.TRX: "tTRXUSD"},
        dated=False,
    ),
    "cryptocom": Market({FeeCoin.TRX: "TRX_USD"}, dated=True),
    "okx": Market({FeeCoin.TRX: "TRX-USDT"}, dated=True),
}


class Sources:
    """The exchanges of ACTIVKODE_RATE_SOURCES: {"kraken": {}, "bitstamp": {"url": "http://127.0.0.1:8100"}, ...}; with a
    `url` another server is asked in the exchange's place (a mirror, a fake)."""

    def __init__(self, settings: Mapping[str, Mapping[str, Any]]) -> None:
        self._sources = [_Source(name, options or {}) for name, options in settings.items()]

    def ask(self, assets: Sequence[Priced], now: datetime) -> dict[Priced, list[Quote]]:
        """What each source that quotes it says of each asset, asked all at once. Comes back within
        PATIENCE_SECONDS and a little."""
        for source in self._sources:
            source.begin(assets, now)
        deadline = monotonic() + PATIENCE_SECONDS
        answers = [source.finish(assets, deadline) for source in self._sources]
        return {asset: [answer[asset] for answer in answers if asset in answer] for asset in assets}

    def close(self) -> None:
        """Closes the connections of those that are not being asked."""
        for source in self._sources:
            source.close()


class _Source:
    def __init__(self, name: str, options: Mapping[str, Any]) -> None:
        self.name, self._options = name, options
        self._exchange: Any = None
        self._thread: threading.Thread | None = None
        self._answers: dict[Priced, Quote] = {}

    def begin(self, assets: Sequence[Priced], now: datetime) -> None:
        """Starts asking, where the last question is answered."""
        if self._thread and self._thread.is_alive():
            return
        self._answers = {}
        if self.name in MARKETS:
            self._load()
            # A daemon, so that an exchange that never answers does not keep the process from ending.
            self._thread = threading.Thread(
                target=self._ask, args=(self._quoted(assets), now), name=f"rate {self.name}", daemon=True
            )
            self._thread.start()

    def finish(self, assets: Sequence[Priced], deadline: Any) -> dict[Priced, Quote]:
        """The answers that are there by the deadline (of `monotonic`), and why the others are not."""
        if self._thread:
            self._thread.join(max(0, deadline - monotonic()))
        missing = "no answer in time" if self.name in MARKETS else "not a known source"
        return {
            asset: self._answers.get(asset) or Quote(self.name, "", None, missing)
            for asset in self._quoted(assets)
        }

    def _quoted(self, assets: Sequence[Priced]) -> list[Priced]:
        """Those that it lists; all of them where nobody knows it, so that it is named."""
        return [asset for asset in assets if self.name not in MARKETS or asset in MARKETS[self.name].ids]

    def close(self) -> None:
        if self._exchange and not (self._thread and self._thread.is_alive()):
            self._exchange.session.close()

    def _load(self) -> None:
        if self._exchange is None:
            self._exchange = _exchange(self.name, self._options)

    def _ask(self, assets: Sequence[Priced], now: datetime) -> None:
        answers = self._answers
        for asset in assets:
            answers[asset] = self._quote(asset, now)

    def _quote(self, asset: Priced, now: datetime) -> Quote:
        from ccxt.base.errors import BaseError

        try:
            ticker = self._exchange.fetch_ticker(_symbol(asset))
            price, milliseconds = ticker["last"], ticker["timestamp"]
            at = now
            if MARKETS[self.name].dated:
                at = milliseconds and _EPOCH + timedelta(milliseconds=milliseconds)
        except (
            BaseError,
            ArithmeticError,
            AttributeError,
            LookupError,
            RuntimeError,
            TypeError,
            ValueError,
            OSError,
        ) as error:
            # Whatever a source makes of its answer costs only that source. Its words are not ours to repeat.
            return Quote(self.name, "", None, f"failed ({type(error).__name__})")
        return Quote(self.name, "" if price is None else str(price), at or None)


def _exchange(name: str, options: Mapping[str, Any]) -> Any:
    import ccxt  # seconds and megabytes, which only the process that asks should pay

    made = getattr(ccxt, name)({"enableRateLimit": False, "timeout": TIMEOUT_MILLISECONDS})
    made.number = str
    made.parse_json = _plain
    # As many markets as are asked about: loading all of them would be megabytes from each exchange.
    made.set_markets([_market(asset, id_) for asset, id_ in MARKETS[name].ids.items()])
    if url := options.get("url"):
        made.urls["api"] = {key: _moved(old, url) for key, old in made.urls["api"].items()}
    return made


def _symbol(asset: Priced) -> str:
    return f"{_coin(asset)}/USD"


def _coin(asset: Priced) -> str:
    return asset.value.partition("-")[0]


def _market(asset: Priced, id_: str) -> dict[str, Any]:
    coin = _coin(asset)
    return {
        "id": id_,
        "symbol": _symbol(asset),
        "base": coin,
        "quote": "USD",
        "baseId": coin,
        "quoteId": "USD",
        "type": "spot",
        "spot": True,
        "active": True,
    }


def _moved(old: str, url: str) -> str:
    return url.rstrip("/") + urlsplit(old).path


def _plain(text: str) -> Any:
    """JSON with every number as it was written. Raises ValueError for what is too long or holds absurd figures."""
    if len(text) > _LONGEST_ANSWER:
        raise ValueError("too long")
    answer = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    if any(_HUGE.fullmatch(found) for found in _texts(answer)):
        raise ValueError("a figure with a huge exponent")
    return answer


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
