"""No payout is stuck for good, and nothing that was stopped pays after all: lessons of a review."""

import pytest

import cast
from activkode.core.errors import Code
from activkode.funding.policy import Chain
from activkode.identity import suspension
from activkode.identity.models import User
from activkode.withdrawals import operations, payouts, read
from activkode.withdrawals.chains.base import Unsigned, Wish
from activkode.withdrawals.policy import Kind, PayoutState, State
from withdrawals import scripted
from withdrawals.scripted import FakePayer, refuses, sign, wallet

pytestmark = pytest.mark.django_db


def _void(user: User, number: int, payer: FakePayer) -> str:
    """Voids the newest payout and has that signed; the transaction's id."""
    _, payout, _ = scripted.latest(user, number)
    payouts.replace(payout, payer, kind=Kind.VOID, by="olga")
    _, _, void = scripted.latest(user, number)
    return payouts.take_signed(void, payer, sign(payouts.unsigned_of(void)), by="signer").tx


def test_a_mined_void_ends_a_payout_whose_payment_no_signer_ever_signed(alice: User) -> None:
    """A signer refused the payment (its limits), so its number held up all later payouts. The void freed the number, but
    the payout stayed live for ever: the amount could neither be paid nor given back."""
    payer = FakePayer()
    one, payout, _ = scripted.handed(alice, payer)
    payer.mined[_void(alice, one.id, payer)] = 12

    assert payouts.look(payout, payer) == PayoutState.DEAD

    olga = scripted.staff("olga")
    operations.give_back(alice.id, one.id, actor_id=olga.id, actor=olga.email, reason="never signed")
    assert (read.one(alice.id, one.id).state, wallet(alice)) == (State.RETURNED, ("300.00", "0.00"))


def test_a_failed_payment_ends_a_payout_whose_bump_no_signer_ever_signed(alice: User) -> None:
    """The bump's fee was above the signer's limit; then the first transaction was mined and reverted."""
    payer = FakePayer()
    _, payout, transaction = scripted.sent(alice, payer)
    payouts.replace(payout, payer, kind=Kind.PAY, by="clock")
    payer.mined[transaction.tx or ""] = 12
    payer.failed.add(transaction.tx or "")

    assert payouts.look(payout, payer) == PayoutState.DEAD


def test_what_was_voided_is_never_replaced_by_a_payment(alice: User) -> None:
    """The clock found a void stuck for an hour and raised its fee, as a payment: what an operator had stopped was paid."""
    payer = FakePayer()
    one, payout, _ = scripted.sent(alice, payer)
    _void(alice, one.id, payer)

    refuses(Code.WRONG_STATE, payouts.replace, payout, payer, kind=Kind.PAY, by="clock")
    payouts.replace(payout, payer, kind=Kind.VOID, by="clock")
    assert scripted.latest(alice, one.id)[2].kind == Kind.VOID


def test_a_suspended_customers_signed_payment_is_held_but_its_void_is_not(alice: User) -> None:
    """The customer was suspended between signature and broadcast. The payment was held, and so was the void that was to free
    its number: all later payouts in ether waited behind it for as long as the suspension lasted."""
    payer = FakePayer()
    one, payout, payment = scripted.signed(alice, payer)
    suspension.suspend(alice.id, actor="olga", reason="x")
    assert not payouts.send(payment, payer)
    void = _void(alice, one.id, payer)

    assert payouts.send(scripted.latest(alice, one.id)[2], payer)
    assert not payouts.send(payment, payer)
    assert list(payer.mempool) == [void]

    payer.mined[void] = 12
    assert payouts.look(payout, payer) == PayoutState.DEAD
    olga = scripted.staff("olga")
    operations.give_back(alice.id, one.id, actor_id=olga.id, actor=olga.email, reason="suspended")


def test_a_payment_that_had_not_left_when_it_was_voided_never_leaves(alice: User) -> None:
    """The clock sent the payment in the moment after an operator had voided it."""
    payer = FakePayer()
    one, _, payment = scripted.signed(alice, payer)
    payouts.replace(scripted.latest(alice, one.id)[1], payer, kind=Kind.VOID, by="olga")

    assert not payouts.send(payment, payer)
    assert payer.broadcasts == []


class OneCoin(FakePayer):
    """Pays from coins without numbers, and takes the first that is not taken."""

    def next_nonce(self) -> int | None:
        return None

    def build(self, wish: Wish, nonce: int | None, taken: frozenset[str]) -> Unsigned:
        self.before_broadcast()
        coin = next(name for name in ("coin:0", "coin:1") if name not in taken)
        return Unsigned(Kind.PAY, {"amount": str(wish.amount)}, (coin,), 1, self.fee_coin)


def test_a_coin_that_another_payout_took_meanwhile_is_no_fault_but_a_new_try(alice: User) -> None:
    """An operator exported while the clock handed out: both had chosen one coin, and the second ended in a fault that no
    door could tell."""
    bob = cast.person("bob")
    cast.fund(bob, "100.00")
    first, second = scripted.approved(alice), scripted.approved(bob)
    payer, between = OneCoin(), OneCoin()

    def meanwhile() -> None:
        payer.before_broadcast = lambda: None
        payouts.hand(bob.id, second, between, by="olga")

    payer.before_broadcast = meanwhile
    payouts.hand(alice.id, first, payer, by="clock")

    assert scripted.latest(bob, second)[2].spends == ("coin:0",)
    assert scripted.latest(alice, first)[2].spends == ("coin:1",)
    assert payer.chain is Chain.ETHEREUM
