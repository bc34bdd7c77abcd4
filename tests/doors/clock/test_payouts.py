"""What the clock does for payouts when something is wrong with one of them: lessons of a review."""

from typing import Any

import pytest

import cast
from activkode.identity.models import User
from activkode.withdrawals import payouts, read
from activkode.withdrawals.policy import Kind
from activkode.withdrawals.signing import SignerAt
from withdrawals import scripted
from withdrawals.scripted import FakePayer, shift, sign

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


def test_a_void_that_is_stuck_is_bumped_as_a_void(alice: User) -> None:
    """The clock found a void stuck for an hour and raised its fee, as a payment: what an operator had stopped was paid."""
    payer = FakePayer()
    one, payout, _ = scripted.sent(alice, payer)
    payouts.replace(payout, payer, kind=Kind.VOID, by="olga")
    void = scripted.latest(alice, one.id)[2]
    payouts.take_signed(void, payer, sign(payouts.unsigned_of(void)), by="signer")
    payouts.send(scripted.latest(alice, one.id)[2], payer)
    payouts.look(payout, payer)
    shift("2 hours")

    clock.watch(payer, NOWHERE)

    kinds: list[Any] = [each.kind for each in read.transactions(alice.id, payout.id)]
    assert kinds == [Kind.PAY, Kind.VOID, Kind.VOID]
