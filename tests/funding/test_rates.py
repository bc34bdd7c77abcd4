"""What is believed of what exchanges say: POLICY 2.2.3, case by case. Pure."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activkode.funding.policy import FIGURES, Asset, Figure
from activkode.funding.rate_sources import Quote
from activkode.funding.rates import AHEAD_SECONDS, Believed, Decision, decide

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
AGE = FIGURES[Figure.RATE_AGE_SECONDS]
YOUNG = FIGURES[Figure.RATE_JUMP_SECONDS]


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def quotes(*prices: str, at: datetime | None = NOW) -> list[Quote]:
    return [Quote(f"s{number}", price, at) for number, price in enumerate(prices)]


def decided(*prices: str, asset: Asset = Asset.BTC, believed: Believed | None = None) -> Decision:
    return decide(asset, quotes(*prices), believed, NOW)


# --- the median ---


@pytest.mark.parametrize(
    ("prices", "rate"),
    [
        (("100", "101", "100.5"), "100.5"),
        (("101", "100", "100"), "100"),
        (("100", "101", "100.4", "100.6"), "100.5"),
        (("100", "100", "100"), "100"),
        (("67000.01", "67000.02", "67000.03", "67000.04"), "67000.025"),
        (("0.9995", "0.9996", "0.9999", "1"), "0.99975"),
        (("6.7e4", "67000.0", "67000"), "67000"),
        (("1.00000000001", "1.00000000002", "1.00000000003"), "1"),
    ],
)
def test_the_rate_is_the_median(prices: tuple[str, ...], rate: str) -> None:
    decision = decided(*prices)
    assert (decision.rate, decision.trouble) == (Decimal(rate), "")


def test_two_sources_are_not_enough() -> None:
    decision = decided("100", "100")
    assert decision.trouble == "2 of at least 3 sources: no other is configured"
    assert decided().trouble == "0 of at least 3 sources: none is configured"


def test_what_is_stored_names_each_source_its_price_and_its_time() -> None:
    decision = decide(Asset.BTC, [*quotes("100", "101", "100.50"), Quote("s3", "0", ago(7))], None, NOW)
    assert decision.sources[2] == {"name": "s2", "price": "100.50", "at": "2026-06-01T12:00:00.000Z"}
    assert decision.sources[3] == {
        "name": "s3",
        "price": "0",
        "at": "2026-06-01T11:59:53.000Z",
        "dropped": "zero",
    }


def test_the_age_of_a_rate_is_that_of_its_oldest_counted_source() -> None:
    found = [*quotes("100", "100", "100"), Quote("s3", "100", ago(60)), Quote("s4", "0", ago(90))]
    assert decide(Asset.BTC, found, None, NOW).oldest_at == ago(60)


# --- what no source may say ---

GARBAGE = [
    ("0", "zero"),
    ("0.000", "zero"),
    ("-0", "zero"),
    ("-1", "negative"),
    ("-67000.12", "negative"),
    ("NaN", "not a number"),
    ("sNaN", "not a number"),
    ("Infinity", "not a number"),
    ("-Infinity", "not a number"),
    ("", "no price"),
    ("None", "no price"),
    ("1,000", "no price"),
    ("1_000", "no price"),
    ("１００", "no price"),
    ("0x64", "no price"),
    ("100" + "0" * 40, "no price"),
    ("1e999", "beyond belief"),
    ("1e12", "beyond belief"),
    ("1e-7", "beyond belief"),
    ("1e-999999", "beyond belief"),
    ("1e9999999999999999999", "no price"),
]


@pytest.mark.parametrize(("text", "why"), GARBAGE)
def test_a_price_that_is_none_drops_its_source_with_the_reason(text: str, why: str) -> None:
    decision = decided("100", text, "100", "100")
    assert (decision.rate, decision.trouble) == (Decimal(100), "")
    assert decision.sources[1]["dropped"] == why


@pytest.mark.parametrize(("text", "why"), GARBAGE)
def test_where_too_few_are_left_there_is_no_rate(text: str, why: str) -> None:
    assert decided("100", text, "100").trouble == f"2 of at least 3 sources: s1 {why}"


@pytest.mark.parametrize("text", ["\0", "1\0", "é" * 50, "x" * 100_000, "<b>1</b>\n", "\ud800"])
def test_what_is_stored_of_garbage_can_be_stored_and_shown(text: str) -> None:
    stored = decided("100", text, "100", "100").sources[1]["price"]
    assert stored is not None and len(stored) <= 40 and stored.isascii() and stored.isprintable()


def test_a_source_that_does_not_answer_is_dropped_with_the_reason() -> None:
    away = Quote("away", "", None, "no answer in time")
    assert decide(Asset.BTC, [*quotes("100", "100", "100"), away], None, NOW).trouble == ""
    decision = decide(Asset.BTC, [*quotes("100", "100"), away], None, NOW)
    assert decision.trouble == "2 of at least 3 sources: away no answer in time"


# --- time ---


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (ago(AGE), None),
        (ago(AGE + 0.001), "too old"),
        (ago(600), "too old"),
        (ago(-AHEAD_SECONDS), None),
        (ago(-AHEAD_SECONDS - 0.001), "from the future"),
        (ago(-86_400), "from the future"),
        (None, "without a time"),
    ],
)
def test_a_price_has_its_time(at: datetime | None, why: str | None) -> None:
    decision = decide(Asset.BTC, [*quotes("100", "100"), Quote("s2", "100", at)], None, NOW)
    assert decision.sources[2].get("dropped") == why
    assert (decision.trouble == "") == (why is None)


def test_a_time_a_little_ahead_counts_as_now() -> None:
    assert decide(Asset.BTC, quotes("100", "100", "100", at=ago(-3)), None, NOW).oldest_at == NOW


# --- how far apart ---


@pytest.mark.parametrize(
    ("prices", "agree"),
    [
        (("99", "100", "101"), True),  # exactly 2 %
        (("99", "100", "101.000001"), False),
        (("98.999999", "100", "101"), False),
        (("100", "100", "102"), True),
        (("100", "100", "102.01"), False),
        (("100", "100", "100", "103"), False),  # three agree, one is off: nobody knows who is right
        (("100", "100", "110", "110"), False),
        (("100", "1000", "100"), False),
        (("0.0099", "0.0100", "0.0101"), True),
        (("99999999999", "100000000000", "101999999999"), True),
        (("99999999999", "100000000000", "102000000000"), False),
    ],
)
def test_sources_may_be_two_percent_of_the_median_apart(prices: tuple[str, ...], agree: bool) -> None:
    trouble = decided(*prices).trouble
    assert trouble == "" if agree else trouble.startswith("sources differ by more than 2 %")


# --- jumps ---


@pytest.mark.parametrize(
    ("price", "seconds_ago", "is_believed"),
    [
        ("125", 60, True),  # exactly 25 %
        ("125.01", 60, False),
        ("75", 60, True),
        ("74.99", 60, False),
        ("1000", 60, False),
        ("10", 60, False),
        ("10", YOUNG, False),
        ("10", YOUNG + 1, True),  # a real crash is accepted after an hour
        ("1000", YOUNG + 1, True),
        ("100", 0, True),
    ],
)
def test_a_jump_is_doubted_for_an_hour(price: str, seconds_ago: int, is_believed: bool) -> None:
    trouble = decided(price, price, price, believed=Believed(Decimal(100), ago(seconds_ago))).trouble
    assert trouble == "" if is_believed else trouble.startswith("a jump of more than 25 %")


def test_the_first_rate_ever_is_no_jump() -> None:
    assert decided("100", "100", "100", believed=None).trouble == ""


# --- the dollar's coin ---


@pytest.mark.parametrize(
    ("price", "rate"),
    [
        ("1", "1"),
        ("0.9992", "1"),
        ("1.02", "1"),
        ("0.98", "1"),
        ("0.9799", "0.9799"),
        ("1.0201", "1.0201"),
        ("0.5", "0.5"),
    ],
)
def test_tether_is_a_dollar_unless_it_is_more_than_two_percent_off(price: str, rate: str) -> None:
    assert decided(price, price, price, asset=Asset.USDT_TRC20).rate == Decimal(rate)


def test_no_other_coin_is_pegged() -> None:
    assert decided("1.01", "1.01", "1.01").rate == Decimal("1.01")


def test_without_its_market_tether_has_no_rate_either() -> None:
    assert decided("1", "1", asset=Asset.USDT_TRC20).trouble != ""


# --- whatever comes ---

anything = st.one_of(
    st.text(max_size=45),
    st.from_regex(r"-?[0-9]{1,13}(\.[0-9]{1,12})?(e[+-]?[0-9]{1,4})?", fullmatch=True),
    st.sampled_from([text for text, _ in GARBAGE]),
    st.decimals(min_value="99", max_value="101", places=8).map(str),
)


@given(st.lists(anything, max_size=6), st.sampled_from(Asset))
def test_whatever_sources_say_a_usable_rate_lies_between_them(prices: list[str], asset: Asset) -> None:
    decision = decided(*prices, asset=asset)
    counted = [Decimal(str(row["price"])) for row in decision.sources if "dropped" not in row]
    assert len(decision.sources) == len(prices)
    if decision.trouble:
        return
    assert decision.rate is not None and decision.rate > 0
    assert len(counted) >= 3
    spread = Decimal("1e-10")
    if asset is not Asset.USDT_TRC20 or decision.rate != 1:
        assert min(counted) - spread <= decision.rate <= max(counted) + spread
