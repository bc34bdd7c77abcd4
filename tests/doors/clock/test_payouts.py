"""What the clock does for payouts when something is wrong with one of them: lessons of a review."""

from typing import Any

import pytest

import cast
from activkode.doors.clock import payouts as clock
from activkode.identity.models import User
from activkode.withdrawals import payouts, read
from activkode.withdrawals.chains.base import CannotPay, Sight, Unsigned, Version, Wish
from activkode.withdrawals.policy import Kind, State
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


class Tripping(FakePayer):
    """Trips over what is to be paid first."""

    def build(self, wish: Wish, nonce: int | None, taken: frozenset[str]) -> Unsigned:
        raise KeyError("a fault of ours")

    def look(self, versions: tuple[Version, ...]) -> Sight:
        if versions[0].unsigned.body["nonce"] == 0:
            raise KeyError("a fault of ours")
        return super().look(versions)


def test_a_fault_in_one_payout_holds_up_no_other(alice: User, bob: User) -> None:
    """One withdrawal that could not be built ended each round before anything was given to the node or looked at."""
    payer = Tripping()
    _, first, _ = scripted.sent(alice, FakePayer())
    one, second, transaction = scripted.signed(bob, FakePayer())
    carol = cast.person("carol")
    cast.fund(carol, "100.00")
    scripted.approved(carol)

    clock.Carrying().carry(payer, NOWHERE)
    assert payer.broadcasts
    payer.mined[transaction.tx or ""] = 12
    clock.watch(payer, NOWHERE)

    assert second.id > first.id
    assert read.one(bob.id, one.id).state == State.PAID


class Poor(FakePayer):
    """Cannot pay anything, and counts what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    def build(self, wish: Wish, nonce: int | None, taken: frozenset[str]) -> Unsigned:
        self.asked.append(wish.amount)
        raise CannotPay("the wallet is empty")


def test_withdrawals_that_cannot_be_paid_keep_nobody_behind_them_waiting(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first fifty were tried again and again; the fifty-first never had its turn."""
    monkeypatch.setattr(clock, "_BATCH", 2)
    carol = cast.person("carol")
    cast.fund(carol, "100.00")
    for user, amount in ((alice, "20.00"), (bob, "30.00"), (carol, "40.00")):
        scripted.approved(user, amount)
    payer, carrying = Poor(), clock.Carrying()

    for _ in range(3):
        carrying.carry(payer, NOWHERE)

    first, second, third = payer.asked[:3]
    assert first < second < third
    assert payer.asked == [first, second, third, first, second]


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
