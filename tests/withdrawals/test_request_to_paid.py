"""From a request to the payment: what is held, who has to agree, and that money leaves on the chain's proof alone (2.3)."""

import pytest

import cast
from activkode.activations import operations as rentals
from activkode.core import sql
from activkode.core.errors import Code
from activkode.core.money import micros
from activkode.identity import email_change, suspension
from activkode.identity.models import User
from activkode.withdrawals import operations, payouts, read
from activkode.withdrawals.chains.base import Mismatch
from activkode.withdrawals.policy import PayoutState, State
from withdrawals import scripted
from withdrawals.scripted import ADDRESS, FakePayer, refuses, shift, sign, wallet

pytestmark = pytest.mark.django_db


def test_twenty_dollars_pay_fifteen(alice: User) -> None:
    payer = FakePayer()
    number = scripted.requested(alice)
    assert wallet(alice) == ("300.00", "0.00")
    operations.confirm(alice.id, number, None)
    assert wallet(alice) == ("280.00", "20.00")
    olga = scripted.staff("olga")
    assert operations.approve(alice.id, number, actor_id=olga.id, actor=olga.email) == State.APPROVED
    payouts.hand(alice.id, number, payer, by="clock")
    one, payout, transaction = scripted.latest(alice, number)
    assert (payout.amount, payout.state) == (75 * 10**14, PayoutState.HANDED)  # $15 at $2,000
    payouts.take_signed(transaction, payer, sign(payouts.unsigned_of(transaction)), by="signer")
    assert read.one(alice.id, number).state == State.SIGNED
    assert payouts.send(scripted.latest(alice, number)[2], payer)
    assert read.one(alice.id, number).state == State.BROADCAST
    assert payouts.look(payout, payer) == PayoutState.SENT
    payer.mined[scripted.latest(alice, number)[2].tx or ""] = 3
    assert payouts.look(payout, payer) == PayoutState.SENT
    assert wallet(alice) == ("280.00", "20.00")
    payer.mined[scripted.latest(alice, number)[2].tx or ""] = 12
    assert payouts.look(payout, payer) == PayoutState.CONFIRMED
    one = read.one(alice.id, number)
    assert (one.state, one.net_micros) == (State.PAID, 15_000_000)
    assert wallet(alice) == ("280.00", "0.00")
    rows = sql.rows(
        "select movement, amount_micros from ledger_transfer where reference_kind = 'withdrawal' order by seq"
    )
    assert rows == [
        ("withdrawal_reserve", 20_000_000),
        ("withdrawal_fee", 5_000_000),
        ("withdrawal_pay_eth", 15_000_000),
    ]


def test_a_cent_less_than_the_least_is_refused_with_the_figures(alice: User) -> None:
    found = refuses(Code.BELOW_MINIMUM, scripted.requested, alice, "19.99")
    assert found.extra == {"available": "300.00", "least": "20.00"}


def test_more_than_all_is_refused_and_all_is_the_cash_alone(alice: User) -> None:
    cast.fund(alice, "50.00", promo=True)
    refuses(Code.INSUFFICIENT_BALANCE, scripted.requested, alice, "300.01")
    number = scripted.requested(alice, None)
    assert read.one(alice.id, number).gross_micros == micros("300.00")


def test_money_that_was_spent_between_request_and_confirmation_is_not_set_aside(alice: User) -> None:
    number = scripted.requested(alice, "300.00")
    cast.shelf()
    rentals.open(alice.id, rentals.Rent("shop", "GB"))
    refuses(Code.INSUFFICIENT_BALANCE, operations.confirm, alice.id, number, None)
    assert wallet(alice) == ("298.00", "0.00")


def test_one_open_request_at_a_time(alice: User) -> None:
    number = scripted.requested(alice)
    found = refuses(Code.WITHDRAWAL_OPEN, scripted.requested, alice)
    assert found.extra == {"withdrawal": f"wdr_{number}"}
    operations.cancel(alice.id, number)
    scripted.requested(alice)


def test_an_address_of_ours_is_refused(alice: User) -> None:
    index = sql.value("select fn.address_index('eth', 'test', %s)", (alice.id,))
    sql.execute(
        "select fn.address_give('eth', %s, 'ethereum', %s, %s, 'ETH', %s)",
        (index, ADDRESS.lower(), ADDRESS, alice.id),
    )
    refuses(Code.INVALID_ADDRESS, scripted.requested, alice)


def test_confirming_and_cancelling_again_change_nothing(alice: User) -> None:
    number = scripted.confirmed(alice)
    assert operations.confirm(alice.id, number, None) == State.CONFIRMED
    assert operations.cancel(alice.id, number) == State.CANCELLED
    assert operations.cancel(alice.id, number) == State.CANCELLED
    refuses(Code.WRONG_STATE, operations.confirm, alice.id, number, None)
    assert wallet(alice) == ("300.00", "0.00")


def test_somebody_elses_withdrawal_is_not_found(alice: User) -> None:
    number, mallory = scripted.confirmed(alice), cast.person("mallory")
    for call in (operations.confirm, operations.consent):
        refuses(Code.NOT_FOUND, call, mallory.id, number, 1)
    refuses(Code.NOT_FOUND, operations.cancel, mallory.id, number)
    refuses(Code.NOT_FOUND, read.one, mallory.id, number)


def test_from_two_hundred_dollars_two_different_people_approve(alice: User) -> None:
    number, olga, oscar = scripted.confirmed(alice, "200.00"), scripted.staff("olga"), scripted.staff("oscar")
    assert operations.approve(alice.id, number, actor_id=olga.id, actor=olga.email) == State.CONFIRMED
    refuses(Code.WRONG_STATE, operations.approve, alice.id, number, actor_id=olga.id, actor=olga.email)
    refuses(Code.WRONG_STATE, payouts.hand, alice.id, number, FakePayer(), by="clock")
    assert operations.approve(alice.id, number, actor_id=oscar.id, actor=oscar.email) == State.APPROVED


def test_a_cent_below_two_hundred_takes_one(alice: User) -> None:
    assert read.one(alice.id, scripted.approved(alice, "199.99")).state == State.APPROVED


def test_nobody_decides_about_the_own_account_and_no_customer_approves() -> None:
    olga = scripted.staff("olga")
    cast.fund(olga, "100.00")
    number = scripted.confirmed(olga)
    named = {"actor_id": olga.id, "actor": olga.email}
    refuses(Code.FORBIDDEN, operations.approve, olga.id, number, **named)
    refuses(Code.FORBIDDEN, operations.reject, olga.id, number, **named, reason="x")
    bob = cast.person("bob")
    refuses(Code.FORBIDDEN, operations.approve, olga.id, number, actor_id=bob.id, actor=bob.email)


def test_a_rejection_gives_the_amount_back_with_its_reason(alice: User) -> None:
    number, olga = scripted.approved(alice), scripted.staff("olga")
    named = {"actor_id": olga.id, "actor": olga.email}
    refuses(Code.INVALID_REQUEST, operations.reject, alice.id, number, **named, reason=" ")
    operations.reject(alice.id, number, **named, reason="looks stolen")
    assert (read.one(alice.id, number).reason, wallet(alice)) == ("looks stolen", ("300.00", "0.00"))
    refuses(Code.WRONG_STATE, operations.approve, alice.id, number, **named)


def test_from_the_hand_over_on_nobody_takes_it_back(alice: User) -> None:
    one, _, _ = scripted.handed(alice, FakePayer())
    olga = scripted.staff("olga")
    refuses(Code.BEING_SIGNED, operations.cancel, alice.id, one.id)
    refuses(
        Code.BEING_SIGNED, operations.reject, alice.id, one.id, actor_id=olga.id, actor=olga.email, reason="x"
    )
    refuses(Code.BEING_SIGNED, payouts.hand, alice.id, one.id, FakePayer(), by="clock")


def test_other_bytes_than_those_handed_out_are_refused(alice: User) -> None:
    payer = FakePayer()
    _, _, transaction = scripted.handed(alice, payer)
    with pytest.raises(Mismatch):
        payouts.take_signed(transaction, payer, b"something else", by="signer")
    raw = sign(payouts.unsigned_of(transaction))
    first = payouts.take_signed(transaction, payer, raw, by="signer")
    assert payouts.take_signed(transaction, payer, raw, by="olga") == first
    told = sql.value(
        "select fn.payout_sign(%s, %s, 1, 'other', 'other', 'olga')", (alice.id, transaction.payout)
    )
    assert told["refused"] == "signed_otherwise"


# --- the network's cost ---


def test_a_network_cost_beyond_five_dollars_is_asked_for_and_the_clock_stands(alice: User) -> None:
    payer = FakePayer(units_cost=36 * 10**14)  # $7.20
    number = scripted.approved(alice, "50.00")
    refuses(Code.CONSENT_AWAITED, payouts.hand, alice.id, number, payer, by="clock")
    asked = read.one(alice.id, number)
    assert (asked.quote_micros, asked.asks_consent) == (7_200_000, True)
    assert asked.paused_at is not None
    refuses(Code.CONSENT_AWAITED, payouts.hand, alice.id, number, payer, by="clock")
    refuses(Code.PRICE_ROSE, operations.consent, alice.id, number, 7_000_000)
    shift("4 days")
    operations.consent(alice.id, number, 7_200_000)
    agreed = read.one(alice.id, number)
    assert (agreed.network_micros, agreed.paused_at) == (2_200_000, None)
    assert agreed.due_at
    assert asked.due_at
    assert agreed.due_at > asked.due_at
    scripted.rates()
    payouts.hand(alice.id, number, payer, by="clock")
    assert scripted.latest(alice, number)[1].net_micros == 42_800_000


def test_what_was_quoted_at_the_confirmation_is_agreed_to_and_what_is_cheaper_later_is_the_customers(
    alice: User,
) -> None:
    number, olga = scripted.requested(alice, "50.00"), scripted.staff("olga")
    operations.confirm(alice.id, number, 9_000_000)
    operations.approve(alice.id, number, actor_id=olga.id, actor=olga.email)
    payouts.hand(alice.id, number, FakePayer(units_cost=3 * 10**15), by="clock")  # $6
    assert read.one(alice.id, number).network_micros == 1_000_000


def test_no_answer_in_seven_days_closes_it_and_gives_the_amount_back(alice: User) -> None:
    number = scripted.approved(alice, "50.00")
    refuses(Code.CONSENT_AWAITED, payouts.hand, alice.id, number, FakePayer(units_cost=10**16), by="clock")
    shift("6 days 23 hours 59 minutes")
    assert operations.lapse(100) == 0
    shift("7 days 1 second")
    assert operations.lapse(100) == 1
    assert (read.one(alice.id, number).state, wallet(alice)) == (State.CANCELLED, ("300.00", "0.00"))


def test_a_request_that_is_not_confirmed_in_seven_days_is_closed(alice: User) -> None:
    number = scripted.requested(alice)
    shift("7 days 1 second")
    refuses(Code.WRONG_STATE, operations.confirm, alice.id, number, None)
    assert operations.lapse(100) == 1
    assert read.one(alice.id, number).state == State.CANCELLED


def test_a_cost_that_leaves_nothing_is_refused(alice: User) -> None:
    number = scripted.requested(alice)
    refuses(Code.NETWORK_COST, operations.confirm, alice.id, number, 20_000_000)
    assert wallet(alice) == ("300.00", "0.00")


# --- who is held ---


def test_a_suspension_freezes_every_step_and_lets_go_again(alice: User) -> None:
    payer = FakePayer()
    _, _, transaction = scripted.signed(alice, payer)
    suspension.suspend(alice.id, actor="olga", reason="test")
    assert not payouts.send(transaction, payer)
    assert payer.broadcasts == []
    suspension.lift(alice.id, actor="olga", reason="test")
    assert payouts.send(transaction, payer)


def test_a_suspended_customer_neither_asks_nor_confirms_nor_is_approved(alice: User) -> None:
    number, olga = scripted.requested(alice), scripted.staff("olga")
    suspension.suspend(alice.id, actor="olga", reason="test")
    refuses(Code.ACCOUNT_SUSPENDED, operations.confirm, alice.id, number, None)
    refuses(Code.ACCOUNT_SUSPENDED, operations.cancel, alice.id, number)
    suspension.lift(alice.id, actor="olga", reason="test")
    operations.confirm(alice.id, number, None)
    suspension.suspend(alice.id, actor="olga", reason="test")
    refuses(Code.ACCOUNT_SUSPENDED, operations.approve, alice.id, number, actor_id=olga.id, actor=olga.email)
    shift("9 days")
    assert operations.lapse(100) == 0


def test_a_changed_e_mail_address_holds_it_until_day_seven_and_the_old_address_is_told(alice: User) -> None:
    email_change.note(alice.id, "old@people.example")
    number, olga = scripted.confirmed(alice), scripted.staff("olga")
    told = sql.rows("select payload ->> 'to' from core_outbox where payload ->> 'what' = 'warned'")
    assert told == [
        ("old@people.example",),
        ("old@people.example",),
    ]  # at the request, and at the confirmation
    named = {"actor_id": olga.id, "actor": olga.email}
    refuses(Code.EMAIL_CHANGED, operations.approve, alice.id, number, **named)
    shift("7 days 1 second")
    assert operations.approve(alice.id, number, **named) == State.APPROVED


def test_an_address_changed_after_the_approval_holds_the_hand_over(alice: User) -> None:
    number = scripted.approved(alice)
    email_change.note(alice.id, "old@people.example")
    refuses(Code.EMAIL_CHANGED, payouts.hand, alice.id, number, FakePayer(), by="clock")
