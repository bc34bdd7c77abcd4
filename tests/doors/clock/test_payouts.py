"""What the clock does for payouts when something is wrong with one of them: lessons of a review."""

from typing import Any

import pytest

import cast
from activkode.identity.models import User
from activkode.withdrawals import payouts
from activkode.withdrawals.signing import SignerAt
from withdrawals import scripted

pytestmark = pytest.mark.django_db
NOWHERE = SignerAt("http://127.0.0.1:1", "secret")


@pytest.fixture
def alice(db: None) -> User:
    user = cast.person("alice")
    cast.fund(user, "300.00")
    scripted.rates()
    return user


@pytest.fixture
def bob(alice: User) -> User:
    user = cast.person("bob")
    cast.fund(user, "100.00")
    return user


def test_a_wallet_that_is_none_stops_neither_the_clock_nor_the_other_coins(settings: Any) -> None:
    """A mistyped address of one payout wallet, and no activation was refunded any more: the clock did not start."""
    settings.CHAINS = {"ethereum": {"url": "http://127.0.0.1:1"}}
    settings.PAYOUTS = {"ethereum": {"address": "no address"}}
    settings.SIGNER_URL = ""

    found = clock.loops()

    assert [loop.name for loop in found] == ["lapse withdrawals", "payouts ETH", "watch payouts ETH"]
    assert [loop.work() for loop in found] == [False] * 3
