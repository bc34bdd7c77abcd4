"""Rates looked up at fake exchanges over real sockets, and deposits that wait for them: each fault makes a deposit wait, and
its end credits the deposit by the recorded rate.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import cast
from activkode.core import sql, status
from activkode.core.money import micros
from activkode.doors.clock import chains
from activkode.doors.demo.fake_rates import SOURCES, FakeRates, Fault
from activkode.funding import read
from activkode.funding.chains.base import Found
from activkode.funding.policy import FIGURES, Asset, Chain, Figure
from activkode.funding.rate_sources import Sources
from activkode.funding.rates import Rates
from activkode.funding.watch import Watcher
from activkode.ledger import read as books
from funding.scripted import FakeChain

pytestmark = pytest.mark.django_db
BTC = 10**8


class Stage:
    """Alice, a fake chain, and four fake exchanges of which three are asked."""

    def __init__(self, fake: FakeRates) -> None:
        self.alice = cast.person("alice")
        self.fake = fake
        self.chain = FakeChain(Chain.BITCOIN)
        self.watcher = Watcher(self.chain)
        self.watcher.round()
        asked = {name: options for name, options in fake.settings.items() if name != "bitfinex"}
        self.sources = Sources(asked)
        self.rates = Rates([Asset.BTC], self.sources)
        self._address()
        fake.set("BTC", "50000")

    def _address(self) -> None:
        index = sql.value("select fn.address_index('btc', 'test', %s)", (self.alice.id,))
        sql.execute(
            "select fn.address_give('btc', %s, 'bitcoin', 'key', 'address', 'BTC', %s)",
            (index, self.alice.id),
        )

    def pay(self, amount: int = BTC // 100) -> None:
        """A payment that is deep enough for its amount."""
        self.chain.mine(Found("a", 0, "key", amount, Asset.BTC), count=3)

    def go(self) -> str:
        """A look at the exchanges, then at the chain; where the deposit stands."""
        self.rates.round()
        self.watcher.round()
        return str(sql.value("select state from funding_deposit"))

    def trouble(self) -> str:
        return str(sql.value("select trouble from funding_rate where asset = 'BTC'"))


@pytest.fixture
def stage() -> Iterator[Stage]:
    fake = FakeRates().start()
    made = Stage(fake)
    yield made
    made.sources.close()
    fake.stop()


def shift(seconds: int) -> None:
    """Sets the database's clock forward."""
    sql.execute("select set_config('activkode_test.shift', %s, true)", (f"{seconds} seconds",))


# --- each fault waits, and its end credits ---


def _price(price: str, *sources: str):  # type: ignore[no-untyped-def]
    return lambda fake: fake.set("BTC", price, *sources)


def _fault(fault: Fault):  # type: ignore[no-untyped-def]
    return lambda fake: fake.faults.__setitem__("kraken", fault)


FAULTS = {
    "zero": _price("0", "kraken"),
    "negative": _price("-50000", "coinbase"),
    "not a number": _price("NaN", "bitstamp"),
    "infinite": _price("Infinity", "kraken"),
    "garbage": _price("fifty thousand", "bitstamp"),
    "ten times as much at one": _price("500000", "kraken"),
    "two apart": _price("51001", "coinbase"),
    "ten times as much everywhere": _price("500000"),
    "a tenth everywhere": _price("5000"),
    "zero everywhere": _price("0"),
    "stale": lambda fake: fake.ahead_seconds.__setitem__("bitstamp", -121.5),
    "ten minutes old": lambda fake: fake.ahead_seconds.__setitem__("coinbase", -600.0),
    "from the future": lambda fake: fake.ahead_seconds.__setitem__("coinbase", 60.0),
    "without its time": lambda fake: fake.ahead_seconds.__setitem__("coinbase", None),
    "down": _fault(Fault(status=503, body=b"down")),
    "nonsense": _fault(Fault(body=b"<html>")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_deposit_waits_for_a_rate_and_is_credited_when_there_is_one(stage: Stage, fault: str) -> None:
    stage.rates.round()  # 50,000 is what is believed
    FAULTS[fault](stage.fake)
    stage.pay()
    assert stage.go() == "pricing"
    assert stage.trouble()
    assert books.balance(stage.alice.id).cash == 0

    stage.fake.faults.clear()
    stage.fake.ahead_seconds.clear()
    stage.fake.set("BTC", "50123.45")
    assert stage.go() == "credited"
    assert stage.trouble() == ""
    assert books.balance(stage.alice.id).cash == micros("501.2345")


def test_four_sources_bear_the_loss_of_one(stage: Stage) -> None:
    stage.rates = Rates([Asset.BTC], Sources(stage.fake.settings))
    stage.fake.faults["kraken"] = Fault(status=500)
    stage.pay()
    assert stage.go() == "credited"


def test_without_any_source_it_waits(stage: Stage) -> None:
    stage.rates = Rates([Asset.BTC], Sources({}))
    stage.pay()
    assert stage.go() == "pricing"


def test_the_clock_looks_rates_up_for_the_chains_that_it_watches(stage: Stage, settings: Any) -> None:
    settings.CHAINS, settings.RATE_SOURCES = {"bitcoin": {}, "tron": {}}, stage.fake.settings
    stage.fake.set("USDT", "0.9990")
    (loop,) = [loop for loop in chains.loops() if loop.name == "rates"]
    assert loop.work() is False
    found = sql.rows("select asset, rate, usable from funding_rate order by asset")
    assert found == [("BTC", Decimal(50000), True), ("USDT-TRC20", Decimal(1), True)]


def test_the_receipt_holds_the_rate_its_sources_and_its_age(stage: Stage) -> None:
    stage.fake.set("BTC", "50001.5", "coinbase")
    stage.fake.ahead_seconds["bitstamp"] = -30.0
    stage.pay()
    stage.go()
    (one,) = read.topups(stage.alice.id)
    assert one.rate == Decimal("50000")
    assert one.credited_at and one.rate_at
    assert timedelta(seconds=29) < one.credited_at - one.rate_at < timedelta(seconds=60)
    assert one.rate_sources is not None
    assert [(row["name"], row["price"]) for row in one.rate_sources] == [
        ("kraken", "50000"),
        ("coinbase", "50001.5"),
        ("bitstamp", "50000"),
    ]
    assert all(row["at"].endswith("Z") for row in one.rate_sources)


def test_a_source_that_was_not_counted_stands_on_the_receipt_with_the_reason(stage: Stage) -> None:
    stage.rates = Rates([Asset.BTC], Sources(stage.fake.settings))
    stage.fake.set("BTC", "0", "bitfinex")  # which ccxt makes no price of
    stage.pay()
    stage.go()
    (one,) = read.topups(stage.alice.id)
    assert one.rate_sources is not None
    assert [row.get("dropped") for row in one.rate_sources] == [None, None, None, "no price"]


def test_a_rate_that_was_not_renewed_for_two_minutes_prices_nothing(stage: Stage) -> None:
    stage.rates.round()
    shift(FIGURES[Figure.RATE_AGE_SECONDS] + 1)
    stage.pay()
    stage.watcher.round()
    assert sql.value("select state from funding_deposit") == "pricing"


def test_a_real_crash_is_accepted_after_an_hour(stage: Stage) -> None:
    stage.rates.round()
    stage.fake.set("BTC", "20000")
    stage.pay()
    assert stage.go() == "pricing"
    believed_at = sql.value("select believed_at from funding_rate")
    for minutes in (20, 40, 59):
        shift(minutes * 60)
        stage.fake.ahead_seconds = dict.fromkeys(SOURCES, minutes * 60.0)
        assert stage.go() == "pricing"
        assert stage.trouble().startswith("a jump of more than 25 %: from 50000")
    assert sql.value("select believed_at from funding_rate") == believed_at
    shift(3601)
    stage.fake.ahead_seconds = dict.fromkeys(SOURCES, 3601.0)
    assert stage.go() == "credited"
    assert books.balance(stage.alice.id).cash == micros("200")


def test_a_price_that_comes_back_from_a_jump_is_believed_at_once(stage: Stage) -> None:
    stage.rates.round()
    stage.fake.set("BTC", "500000")
    stage.pay()
    assert stage.go() == "pricing"
    stage.fake.set("BTC", "51000")
    assert stage.go() == "credited"


def test_tether_off_its_peg_is_credited_at_the_market(stage: Stage) -> None:
    rates = Rates([Asset.USDT_TRC20], stage.sources)
    stage.fake.set("USDT", "0.9810")
    rates.round()
    assert sql.value("select rate from funding_rate where asset = 'USDT-TRC20'") == 1
    stage.fake.set("USDT", "0.9790")
    rates.round()
    assert sql.value("select rate from funding_rate where asset = 'USDT-TRC20'") == Decimal("0.979")


def test_words_that_no_database_takes_harm_nobody(stage: Stage) -> None:
    stage.fake.set("BTC", "1\0\ud800" + "é" * 100, "kraken")
    stage.pay()
    assert stage.go() == "pricing"


def test_the_status_page_shows_rates_only_while_they_are_usable(stage: Stage) -> None:
    stage.fake.faults["kraken"] = Fault(status=500)
    stage.rates.round()
    assert "rates" not in {source["name"] for source in status.read()["sources"]}
    stage.fake.faults.clear()
    stage.rates.round()
    assert {"name": "rates", "healthy": True} in [
        {"name": source["name"], "healthy": source["healthy"]} for source in status.read()["sources"]
    ]
    shift(30)
    assert [source["healthy"] for source in status.read()["sources"] if source["name"] == "rates"] == [False]


# --- floored once ---


@pytest.mark.parametrize(
    ("amount", "rate", "credited"),
    [
        (3_333_333, "49999.9999999999", 1_666_666_499),  # 1,666.6664999966... dollars
        (123_456, "50000.01", 61_728_012),
        (2_003, "49999.99", 1_001_499),
    ],
)
def test_a_credit_is_the_amount_times_the_recorded_rate(
    stage: Stage, amount: int, rate: str, credited: int
) -> None:
    stage.fake.set("BTC", rate)
    stage.chain.mine(Found("a", 0, "key", amount, Asset.BTC), count=6)
    assert stage.go() == "credited"
    (one,) = read.topups(stage.alice.id)
    assert one.rate is not None
    assert one.credited_micros == credited == int(Decimal(amount) * one.rate / 100)
    assert books.balance(stage.alice.id).cash == credited
