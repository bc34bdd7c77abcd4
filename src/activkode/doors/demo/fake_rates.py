"""Fake exchanges on loopback, called fake: one server that answers the ticker endpoints of all the exchanges that rates are
looked up at, each in its own JSON. Tests set prices and faults; the demo lets made-up prices wander slowly.
"""

import json
import math
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SOURCES = ("kraken", "coinbase", "bitstamp", "bitfinex")
# Those that quote what only fees are paid in, and nothing else.
MORE = ("cryptocom", "okx")
COINS: dict[str, int | Decimal] = {"BTC": 68_000, "ETH": 3_400, "USDT": 1, "TRX": Decimal("0.30")}
_SECONDS_A_WAVE = 1_800
_PATHS = {
    "kraken": re.compile(r"/0/public/Ticker\?pair=(?P<pair>X?(?P<coin>XBT|ETH|USDT)ZUSD|(?P<fee>TRX)USD)"),
    "coinbase": re.compile(
        r"/api/v3/brokerage/market/products/(?P<pair>(?P<coin>BTC|ETH|USDT)-USD)/ticker\?limit=1"
    ),
    "bitstamp": re.compile(r"/api/v2/ticker/(?P<pair>(?P<coin>btc|eth|usdt)usd)/"),
    "bitfinex": re.compile(r"/v2/ticker/(?P<pair>t(?P<coin>BTC|ETH|UST|TRX)USD)"),
    "cryptocom": re.compile(r"/exchange/v1/public/get-tickers\?instrument_name=(?P<pair>(?P<coin>TRX)_USD)"),
    "okx": re.compile(r"/api/v5/market/ticker\?instId=(?P<pair>(?P<coin>TRX)-USDT)"),
}
_COIN_OF = {"XBT": "BTC", "UST": "USDT"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a fake exchange: an HTTP status, other bytes than its answer, or silence for so long."""

    status: int = 200
    body: bytes | None = None
    silent_seconds: float = 0.0


@dataclass
class FakeRates:
    """A fake: `start`, then ask `url`, then `stop`. `prices` by source and coin override the wandering ones and may be any
    text; `ahead_seconds` shifts the time that an exchange gives, None leaves it out."""

    prices: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    ahead_seconds: dict[str, float | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def start(self, port: int = 0) -> "FakeRates":
        """Listens on loopback. Raises OSError where the port cannot be had."""
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answers no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where all four exchanges are."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def settings(self) -> dict[str, dict[str, str]]:
        """The value of ACTIVKODE_RATE_SOURCES that asks this fake."""
        return {source: {"url": self.url} for source in (*SOURCES, *MORE)}

    def set(self, coin: str, price: str, *sources: str) -> None:
        """A price at these sources, or at all."""
        for source in sources or (*SOURCES, *MORE):
            self.prices[source, coin] = price

    def price(self, source: str, coin: str) -> str:
        """What the source answers now."""
        return self.prices.get((source, coin)) or wandering(source, coin, time.time())


def wandering(source: str, coin: str, seconds: float) -> str:
    """A made-up price: up and down by a percent in half an hour, a little different at each source."""
    wave = 0.01 * math.sin(2 * math.pi * seconds / _SECONDS_A_WAVE) if coin != "USDT" else 0.0
    apart = 0.0002 * (*SOURCES, *MORE).index(source)
    return f"{float(COINS[coin]) * (1 + wave + apart):.5f}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a fake that is silent need not end before the test does


def _handler(fake: FakeRates) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answers as the exchange would whose path this is."""
            for source, pattern in _PATHS.items():
                if match := pattern.fullmatch(self.path):
                    word = (match["coin"] or match["fee"]).upper()
                    fake.asked.append(source)
                    self._answer(source, _COIN_OF.get(word, word), match["pair"])
                    return
            self._send(404, b"{}")

        def _answer(self, source: str, coin: str, pair: str) -> None:
            fault = fake.faults.get(source, Fault())
            time.sleep(fault.silent_seconds)
            ahead = fake.ahead_seconds.get(source, 0.0)
            at = None if ahead is None else datetime.now(UTC) + timedelta(seconds=ahead)
            body = fault.body
            if body is None:
                body = _SHAPES[source](pair, fake.price(source, coin), at).encode()
            self._send(fault.status, body)

        def _send(self, status: int, body: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # who asked has gone

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


# --- each exchange's own shape; prices are set in as text, so that a test can make them any bytes ---


def _kraken(pair: str, price: str, at: datetime | None) -> str:
    level, two = [price, "1", "1.000"], ["1.0", "1.0"]
    body: dict[str, object] = {"a": level, "b": level, "c": [price, "0.01"], "v": ["10.5", "20.5"], "p": two}
    body |= {"t": [1, 2], "l": two, "h": two, "o": "1.0"}
    return json.dumps({"error": [], "result": {pair: body}})


def _coinbase(pair: str, price: str, at: datetime | None) -> str:
    trade = {"trade_id": "518078013", "product_id": pair, "price": price, "size": "0.0065", "side": "BUY"}
    trade |= {"bid": "", "ask": ""}
    if at:
        trade["time"] = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return json.dumps({"trades": [trade], "best_bid": "1.0", "best_ask": "1.0"})


def _bitstamp(pair: str, price: str, at: datetime | None) -> str:
    body = {"last": price, "open": "1.0", "high": "1.0", "low": "1.0", "volume": "10.5", "vwap": "1.0"}
    body |= {"bid": "1.0", "ask": "1.0", "side": "0", "percent_change_24": "0.1"}
    if at:
        body["timestamp"] = str(int(at.timestamp()))
    return json.dumps(body)


def _bitfinex(pair: str, price: str, at: datetime | None) -> str:
    return f"[1.0, 73.9, 1.0, 75.9, 0.1, 0.001, {price}, 14480.8, 1.0, 1.0]"


def _cryptocom(pair: str, price: str, at: datetime | None) -> str:
    ticker: dict[str, object] = {
        "i": pair,
        "a": price,
        "h": "1.0",
        "l": "1.0",
        "v": "10.5",
        "vv": "1.0",
        "c": "0.01",
    }
    ticker |= {"b": "1.0", "k": "1.0"} | ({"t": int(at.timestamp() * 1000)} if at else {})
    return json.dumps({"id": -1, "method": "public/get-tickers", "code": 0, "result": {"data": [ticker]}})


def _okx(pair: str, price: str, at: datetime | None) -> str:
    ticker = {
        "instType": "SPOT",
        "instId": pair,
        "last": price,
        "askPx": "1.0",
        "bidPx": "1.0",
        "open24h": "1.0",
    }
    ticker |= {"high24h": "1.0", "low24h": "1.0", "vol24h": "10.5", "volCcy24h": "1.0"}
    ticker |= {"ts": str(int(at.timestamp() * 1000))} if at else {}
    return json.dumps({"code": "0", "msg": "", "data": [ticker]})


_SHAPES: dict[str, Callable[[str, str, datetime | None], str]] = {
    "kraken": _kraken,
    "coinbase": _coinbase,
    "bitstamp": _bitstamp,
    "bitfinex": _bitfinex,
    "cryptocom": _cryptocom,
    "okx": _okx,
}
