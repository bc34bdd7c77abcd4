"""Dollars at the border are exact or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activkode.core.errors import Refusal
from activkode.core.money import decimal, dollars, micros


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0.25", 250_000),
        ("12", 12_000_000),
        ("0.000001", 1),
        ("999999999999.999999", 999_999_999_999_999_999),
    ],
)
def test_an_amount_is_read_exactly(text: str, amount: int) -> None:
    assert micros(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1,00", "1e3", "NaN", "1e309", "Infinity", "٣", "0.0000001", "1.", ".5", "01", " 1", "1\n", "1_0", "0x1", "1000000000000"],
)  # fmt: skip
def test_what_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        micros(text)


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_writing_and_reading_give_the_same_amount(amount: int) -> None:
    assert micros(dollars(amount)) == amount
    assert decimal(amount) * 1_000_000 == amount


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_at_least_two_decimals_are_written(amount: int) -> None:
    assert len(dollars(amount).rpartition(".")[2]) >= 2
