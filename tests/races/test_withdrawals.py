"""Everybody presses at once: one state wins, money moves once, and who comes second is told (FAILURES W01, W09, W11)."""

from collections.abc import Callable, Sequence

import pytest

import cast
from activkode.activations import operations as rentals
from activkode.core import sql
from activkode.core.errors import Code
from activkode.core.money import dollars
from activkode.identity.models import User
from activkode.ledger import read as books
from activkode.withdrawals import operations, payouts, read
from activkode.withdrawals.policy import PayoutState, State
from races.together import together
from withdrawals import scripted
from withdrawals.scripted import FakePayer, sign

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice(db: None) -> User:
    user = cast.person("alice")
    cast.fund(user, "300.00")
    scripted.rates()
    return user


def refused(outcomes: Sequence[object]) -> list[Code]:
    """The refusals among them."""
    return [each for each in outcomes if isinstance(each, Code)]


def balance(user: User) -> tuple[str, str]:
    """Cash and what is set aside."""
    found = books.balance(user.id)
    return dollars(found.cash), dollars(found.withdrawing)


def test_sixteen_requests_at_once_are_one(alice: User) -> None:
    found = refused(together([lambda: scripted.requested(alice)] * 16))
    assert found == [Code.WITHDRAWAL_OPEN] * 15


def test_a_confirmation_and_rents_never_spend_the_same_dollar(alice: User) -> None:
    cast.shelf()
    for _ in range(10):
        number = scripted.requested(alice, None)
        rent: Callable[[], object] = lambda: rentals.open(alice.id, rentals.Rent("shop", "GB"))  # noqa: E731
        together([rent, lambda number=number: operations.confirm(alice.id, number, None), rent])
        cash, aside = balance(alice)
        assert "-" not in cash + aside
        operations.cancel(alice.id, number)
        cast.fund(alice, "4.00")


def test_sixteen_confirmations_set_aside_once(alice: User) -> None:
    number = scripted.requested(alice)
    refused(together([lambda: operations.confirm(alice.id, number, None)] * 16))
    assert balance(alice) == ("280.00", "20.00")


def test_two_approvals_of_one_person_at_once_count_as_one(alice: User) -> None:
    number, olga = scripted.confirmed(alice, "200.00"), scripted.staff("olga")
    approve: Callable[[], object] = lambda: operations.approve(  # noqa: E731
        alice.id, number, actor_id=olga.id, actor=olga.email
    )
    assert refused(together([approve] * 8)) == [Code.WRONG_STATE] * 7
    assert read.one(alice.id, number).state == State.CONFIRMED


def test_approve_reject_and_cancel_at_once_have_one_winner(alice: User) -> None:
    olga, oscar = scripted.staff("olga"), scripted.staff("oscar")
    for _ in range(10):
        number = scripted.confirmed(alice)
        together(
            [
                lambda n=number: operations.approve(alice.id, n, actor_id=olga.id, actor=olga.email),
                lambda n=number: operations.reject(
                    alice.id, n, actor_id=oscar.id, actor=oscar.email, reason="x"
                ),
                lambda n=number: operations.cancel(alice.id, n),
            ]
        )
        one = read.one(alice.id, number)
        assert one.state in (State.REJECTED, State.CANCELLED)
        assert balance(alice) == ("300.00", "0.00")


def test_cancel_and_hand_over_at_once_either_pays_or_returns(alice: User) -> None:
    payer = FakePayer()
    for _ in range(10):
        number = scripted.approved(alice)
        together(
            [
                lambda n=number: operations.cancel(alice.id, n),
                lambda n=number: payouts.hand(alice.id, n, payer, by="clock"),
            ]
        )
        one, attempts = read.one(alice.id, number), read.payouts(alice.id, number)
        assert (one.state, len(attempts)) in ((State.CANCELLED, 0), (State.APPROVED, 1))
        if attempts:
            _finish(alice, number, payer)
            cast.fund(alice, "20.00")


def test_clocks_and_operators_hand_out_one_payout(alice: User) -> None:
    payer, number = FakePayer(), scripted.approved(alice)
    found = refused(together([lambda: payouts.hand(alice.id, number, payer, by="clock")] * 8))
    assert len(found) == 7
    assert len(read.payouts(alice.id, number)) == 1


def test_twenty_payouts_at_once_have_nonces_without_a_gap(alice: User) -> None:
    payer, people = FakePayer(), [cast.person(f"person{number}") for number in range(20)]
    numbers = []
    for person in people:
        cast.fund(person, "20.00")
        numbers.append(scripted.approved(person))
    waiting = list(zip(people, numbers, strict=True))
    while waiting:
        together([lambda p=p, n=n: payouts.hand(p.id, n, payer, by="clock") for p, n in waiting])
        waiting = [(p, n) for p, n in waiting if not read.payouts(p.id, n)]
    assert [row[0] for row in sql.rows("select nonce from withdrawals_payout order by nonce")] == list(
        range(20)
    )


def test_many_looks_at_a_confirmed_payout_pay_once(alice: User) -> None:
    payer = FakePayer()
    one, payout, transaction = scripted.sent(alice, payer)
    payer.mined[transaction.tx or ""] = 12
    found = together([lambda: payouts.look(payout, payer)] * 8)
    assert set(found) == {PayoutState.CONFIRMED}
    assert balance(alice) == ("280.00", "0.00")
    assert read.one(alice.id, one.id).state == State.PAID


def _finish(user: User, number: int, payer: FakePayer) -> None:
    _, payout, transaction = scripted.latest(user, number)
    payouts.take_signed(transaction, payer, sign(payouts.unsigned_of(transaction)), by="signer")
    payouts.send(scripted.latest(user, number)[2], payer)
    payer.mined[scripted.latest(user, number)[2].tx or ""] = 12
    payouts.look(payout, payer)


def test_closing_what_lapsed_and_its_customers_never_wait_for_each_other(alice: User) -> None:
    """The clock held the audit log from the first withdrawal it closed on, and then waited for the next customer's wallet,
    whose own request waited for the audit log: PostgreSQL ended one of them."""
    people = [alice, *(cast.person(f"person{number}") for number in range(7))]
    for person in people[1:]:
        cast.fund(person, "20.00")
    for _ in range(3):
        numbers = [(person, scripted.requested(person)) for person in people]
        sql.execute("set role none")
        sql.execute(
            "update withdrawals_withdrawal set consent_by = fn.now() - interval '1 second' where state = 'requested'"
        )
        sql.execute("set role activkode_app")
        calls: list[Callable[[], object]] = [lambda: operations.lapse(100)]
        calls += [lambda p=p, n=n: operations.cancel(p.id, n) for p, n in reversed(numbers)]
        together(calls)  # raises TryLater where one was ended
        assert {read.one(person.id, number).state for person, number in numbers} == {State.CANCELLED}
