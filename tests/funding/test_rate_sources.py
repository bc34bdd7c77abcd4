"""Four exchanges asked through ccxt over real sockets, played by the demo's fake: what each answers, late, wrongly or not at
all costs only itself.
"""

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any

import pytest

from activkode.doors.demo import fake_rates
from activkode.doors.demo.fake_rates import SOURCES, FakeRates, Fault
from activkode.funding import rate_sources
from activkode.funding.policy import Asset, FeeCoin
from activkode.funding.rate_sources import Quote, Sources
from activkode.funding.rates import decide

ASSETS = tuple(Asset)
TRX = FeeCoin.TRX


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """ccxt takes its seconds once, outside of what is timed here."""
    importlib.import_module("ccxt")


@pytest.fixture
def fake() -> Iterator[FakeRates]:
    running = FakeRates().start()
    yield running
    running.stop()


@pytest.fixture
def sources(fake: FakeRates) -> Iterator[Sources]:
    asked = Sources(fake.settings)
    yield asked
    asked.close()


def now() -> datetime:
    return datetime.now(UTC)


def one(sources: Sources, name: str, asset: Asset = Asset.BTC) -> Quote:
    """What one source says."""
    return next(quote for quote in sources.ask([asset], now())[asset] if quote.source == name)


def test_every_exchange_gives_every_price_as_it_wrote_it(fake: FakeRates, sources: Sources) -> None:
    fake.set("BTC", "67012.30000001")
    fake.set("ETH", "3400.10")
    fake.set("USDT", "0.99950")
    found = sources.ask(ASSETS, now())
    assert {quote.price for quote in found[Asset.BTC]} == {"67012.30000001"}
    assert {quote.price for quote in found[Asset.ETH]} == {"3400.10"}
    assert {quote.price for quote in found[Asset.USDT_TRC20]} == {"0.99950"}
    assert [quote.source for quote in found[Asset.BTC]] == list(SOURCES)
    assert sorted(fake.asked) == sorted(SOURCES * 3)


def test_an_exchanges_own_time_is_taken_and_else_the_time_of_asking(
    fake: FakeRates, sources: Sources
) -> None:
    fake.ahead_seconds = dict.fromkeys(SOURCES, -50.0)
    asked_at = now()
    found = {quote.source: quote.at for quote in sources.ask([Asset.BTC], asked_at)[Asset.BTC]}
    assert found["kraken"] == found["bitfinex"] == asked_at
    for dated in ("coinbase", "bitstamp"):
        at = found[dated]
        assert at and timedelta(seconds=48) < asked_at - at < timedelta(seconds=52)


@pytest.mark.parametrize("source", ["coinbase", "bitstamp"])
def test_a_time_that_should_be_there_and_is_not_is_none(
    fake: FakeRates, sources: Sources, source: str
) -> None:
    fake.ahead_seconds[source] = None
    assert one(sources, source).at is None


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "-Infinity", "1e5", "1e400000000", "junk"])
def test_a_price_that_is_none_never_counts(
    fake: FakeRates, sources: Sources, source: str, price: str
) -> None:
    if price == "junk" and source == "bitfinex":
        price = '"junk"'  # its prices are bare numbers of JSON
    fake.set("BTC", "100")
    fake.set("BTC", price, source)
    began = monotonic()
    quotes = sources.ask([Asset.BTC], now())[Asset.BTC]
    assert monotonic() - began < rate_sources.PATIENCE_SECONDS
    decision = decide(Asset.BTC, quotes, None, now())
    (row,) = [row for row in decision.sources if row["name"] == source]
    if price == "1e5":  # unusual, and a price: told apart by the others
        assert decision.trouble.startswith("sources differ")
        return
    assert row["dropped"]
    assert (decision.rate, decision.trouble) == (Decimal(100), "")


BODIES = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"[[]]",
    b'"100"',
    b"{",
    b"<html>busy</html>",
    b"\xff\xfe",
    b'{"error":["EService:Busy"]}',
    b'{"error":[],"result":{}}',
    b'{"error":[],"result":null}',
    b'{"error":"x","status":"error","message":"m","reason":1}',
    b'{"trades":[]}',
    b'{"trades":{"a":1}}',
    b'{"last":[1,2],"timestamp":"soon"}',
    b'{"last":{"a":1},"timestamp":1e99}',
    b'["error",10020,"symbol: invalid"]',
    b"[" * 100_000,
    b'{"last":"1e999999999","timestamp":"1"}',
    b"[1,1,1,1,1,1,1e999999999,1,1,1]",
    b'{"last":"' + b"9" * 2_000_000 + b'"}',
    b"[1,1,1,1,1,1," + b"9" * 5_000 + b",1,1,1]",
]


@pytest.mark.parametrize("body", BODIES, ids=[str(number) for number in range(len(BODIES))])
def test_an_answer_that_makes_no_sense_is_a_failure_of_that_source(
    fake: FakeRates, sources: Sources, body: bytes
) -> None:
    for source in SOURCES:
        fake.faults[source] = Fault(body=body)
    began = monotonic()
    decision = decide(Asset.BTC, sources.ask([Asset.BTC], now())[Asset.BTC], None, now())
    assert monotonic() - began < rate_sources.PATIENCE_SECONDS
    assert decision.rate is None
    assert len([row for row in decision.sources if row["dropped"]]) == len(SOURCES)


@pytest.mark.parametrize("status", [301, 400, 403, 404, 418, 429, 500, 502, 503, 520])
def test_an_http_error_is_a_failure_and_the_others_count(
    fake: FakeRates, sources: Sources, status: int
) -> None:
    fake.faults["bitstamp"] = Fault(status=status, body=b"{}")
    quote = one(sources, "bitstamp")
    assert quote.price == ""
    assert decide(Asset.BTC, sources.ask([Asset.BTC], now())[Asset.BTC], None, now()).trouble == ""


def test_a_slow_exchange_delays_nobody_and_is_asked_again_when_it_has_answered(
    fake: FakeRates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_sources, "TIMEOUT_MILLISECONDS", 9_000)
    monkeypatch.setattr(rate_sources, "PATIENCE_SECONDS", 1.5)
    patient = Sources(fake.settings)
    fake.faults["kraken"] = Fault(silent_seconds=5)
    began = monotonic()
    quotes = patient.ask([Asset.BTC], now())[Asset.BTC]
    assert monotonic() - began < 4
    assert [quote.failure for quote in quotes] == ["no answer in time", "", "", ""]
    asked = fake.asked.count("kraken")
    assert one(patient, "kraken").failure == "no answer in time"
    assert fake.asked.count("kraken") == asked  # not asked a second time while it thinks
    fake.faults.clear()
    while one(patient, "kraken").failure:
        assert monotonic() - began < 30
    patient.close()


def test_silence_ends_by_itself(fake: FakeRates, sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_sources, "TIMEOUT_MILLISECONDS", 300)
    impatient = Sources(fake.settings)
    fake.faults["kraken"] = Fault(silent_seconds=3)
    assert one(impatient, "kraken").failure == "failed (RequestTimeout)"
    impatient.close()


def test_nobody_there_is_a_failure(fake: FakeRates) -> None:
    closed = Sources({"kraken": {"url": "http://127.0.0.1:9"}})
    assert one(closed, "kraken").failure.startswith("failed (")
    closed.close()


def test_a_source_that_nobody_knows_is_named(fake: FakeRates) -> None:
    unknown = Sources({"mtgox": {}})
    assert one(unknown, "mtgox").failure == "not a known source"


def test_without_an_address_of_ours_the_real_exchange_would_be_asked() -> None:
    made: Any = {name: rate_sources._exchange(name, {}) for name in SOURCES}
    hosts = {name: str(next(iter(made[name].urls["api"].values()))) for name in SOURCES}
    assert hosts["kraken"] == "https://api.kraken.com"
    assert hosts["coinbase"] == "https://api.coinbase.com"
    assert hosts["bitstamp"] == "https://www.bitstamp.net/api"
    for exchange in made.values():
        exchange.session.close()


@pytest.mark.parametrize("coin", fake_rates.COINS)
def test_the_demos_prices_wander_and_stay_near_each_other(coin: str) -> None:
    for seconds in range(0, 7200, 60):
        prices = [Decimal(fake_rates.wandering(source, coin, seconds)) for source in SOURCES]
        assert (max(prices) - min(prices)) * 100 < prices[0]
        assert abs(prices[0] - fake_rates.COINS[coin]) * 50 <= fake_rates.COINS[coin]


def test_what_only_fees_are_paid_in_is_priced_by_those_who_list_it(fake: FakeRates, sources: Sources) -> None:
    fake.set("TRX", "0.300125")

    found = sources.ask((*ASSETS, TRX), now())

    assert {(quote.source, quote.price) for quote in found[TRX]} == {
        (source, "0.300125") for source in ("kraken", "bitfinex", "cryptocom", "okx")
    }
    assert decide(TRX, found[TRX], None, now()).rate == Decimal("0.300125")
    assert {quote.source for quote in found[Asset.BTC]} == set(SOURCES)


def test_an_exchange_that_counts_in_usdt_is_left_out_where_usdt_is_no_dollar(
    fake: FakeRates, sources: Sources
) -> None:
    fake.set("TRX", "0.30")
    fake.set("TRX", "0.33", "okx")

    decided = decide(TRX, sources.ask([TRX], now())[TRX], None, now())

    assert decided.trouble == "sources differ by more than 2 %: 0.30 to 0.33"
