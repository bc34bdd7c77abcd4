"""Top-ups as they are read: what a deposit is worth, what adds up, what is found."""

from dataclasses import fields

import pytest

import cast
from activkode.core.money import micros
from activkode.funding import read
from activkode.funding.policy import Asset
from activkode.funding.read import Topup
from activkode.identity.models import User
from funding.lives import ADDRESS, TX, Life, address, live, price

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> User:
    return cast.person("bob")


@pytest.mark.parametrize("name", ["pricing", "under_case", "ignored"])
def test_without_a_rate_nothing_is_said_of_the_worth(bob: User, name: str) -> None:
    """It was called worth nine trillion dollars: `least` passes over a null."""
    one = live(bob, name)

    assert (one.expected_micros, one.wanted) == (None, 2)


def test_an_amount_beyond_the_books_is_no_fault(bob: User) -> None:
    price(Asset.BTC, "64000")

    one = Life(bob).sight(10**30).topup()

    assert one.expected_micros == 9 * 10**18


def test_small_ones_are_added_up_where_there_is_a_rate(bob: User) -> None:
    assert read.accumulated(bob.id) == {}
    life = Life(bob)
    price(Asset.BTC, "64000")
    for number in range(2):
        life.tx = f"{number:064}"
        life.mine(amount=300)

    assert read.accumulated(bob.id) == {Asset.BTC: micros("0.384")}


def test_top_ups_are_chosen_by_state_and_address(bob: User) -> None:
    one = live(bob, "credited")

    assert read.topups(bob.id, states=["credited"], address=ADDRESS) == [one]
    assert read.topups(bob.id, states=["seen"]) == read.topups(bob.id, address="x") == []
    assert read.topups(bob.id, states=[]) == []


def test_a_transaction_is_found_however_it_is_written(bob: User) -> None:
    one = live(bob, "seen")

    for text in (TX, TX.upper(), f" dep_{one.id} ", ADDRESS.upper()):
        assert read.search(text) == [one]
    assert read.search("dep_1") == read.search("") == []


def test_addresses_are_only_ones_own(bob: User) -> None:
    address(bob)
    address(cast.person("mary"), Asset.BTC, "another")

    assert [one.address for one in read.addresses_of(bob.id)] == [ADDRESS]


def test_an_amount_of_more_digits_than_a_decimal_keeps_is_shown_to_the_last_one() -> None:
    nothing = {field.name: None for field in fields(Topup)}
    huge = Topup(**nothing | {"asset": Asset.ETH, "amount": 10**30 + 1})  # type: ignore[arg-type]

    assert f"{huge.coins:f}" == "1000000000000.000000000000000001"
