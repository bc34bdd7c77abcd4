"""Cases about withdrawals: a suspended customer's goes on only by one, an error is credited within what it was worth."""

import pytest

import cast
from activkode.core.errors import Code, Refusal
from activkode.identity import suspension
from activkode.identity.models import User
from activkode.ledger import read as books
from activkode.support import evidence, operations
from activkode.support.operations import Opening, Staff, Verdict
from activkode.support.policy import Channel, Kind, Outcome
from activkode.withdrawals import operations as withdrawals
from activkode.withdrawals import read
from withdrawals import scripted

pytestmark = pytest.mark.django_db


@pytest.fixture
def walter(db: None) -> User:
    """Has $300 in cash; there are rates to trust."""
    user = cast.person("walter")
    cast.fund(user, "300.00")
    scripted.rates()
    return user


@pytest.fixture
def ona(db: None) -> Staff:
    """Decides; Olga is taken by whoever approves."""
    return Staff(cast.person("ona").id, "ona")


def about(walter: User, withdrawal_id: int) -> int:
    opening = Opening(Kind.WITHDRAWAL, Channel.EMAIL, "Pay me.", walter.id, withdrawal_id=withdrawal_id)
    return operations.open(opening).case_id


def test_a_suspended_customers_withdrawal_goes_on_by_a_granted_case_alone(walter: User, ona: Staff) -> None:
    one = scripted.confirmed(walter)
    suspension.suspend(walter.id, actor="olga", reason="terms")
    case = about(walter, one)
    assert read.one(walter.id, one).frozen
    assert evidence.of_case(case).proposal.outcome is None
    operations.decide(case, Verdict(Outcome.GRANTED, "pay.suspended", "It is theirs."), staff=ona)
    assert not read.one(walter.id, one).frozen
    assert read.one(walter.id, one).released_by == case


def test_what_is_over_cannot_be_released_and_the_case_stays_open(walter: User, ona: Staff) -> None:
    one = scripted.confirmed(walter)
    withdrawals.cancel(walter.id, one)
    case = about(walter, one)
    with pytest.raises(Refusal) as refused:
        operations.decide(case, Verdict(Outcome.GRANTED, "pay.suspended", "It is theirs."), staff=ona)
    assert refused.value.code is Code.WRONG_STATE
    assert evidence.of_case(case).proposal.clause == "answer.given"
    operations.decide(case, Verdict(Outcome.SETTLED, "answer.given", "You cancelled it."), staff=ona)


def test_an_error_is_credited_within_what_it_was_worth(walter: User, ona: Staff) -> None:
    one = scripted.confirmed(walter)
    before, case = books.balance(walter.id).cash, about(walter, one)
    for amount in (None, 0, read.one(walter.id, one).gross_micros + 1):
        with pytest.raises(Refusal) as refused:
            wrong = Verdict(Outcome.GRANTED, "refund.withdrawal_error", "Ours.", amount)
            operations.decide(case, wrong, staff=ona)
        assert refused.value.code is Code.INVALID_REQUEST
    right = Verdict(Outcome.GRANTED, "refund.withdrawal_error", "The fee was ours.", 5_000_000)
    operations.decide(case, right, staff=ona)
    assert books.balance(walter.id).cash == before + 5_000_000


def test_somebody_elses_withdrawal_is_unknown(walter: User) -> None:
    one, mallory = scripted.confirmed(walter), cast.person("mallory")
    with pytest.raises(Refusal) as refused:
        about(mallory, one)
    assert refused.value.code is Code.UNKNOWN_TRANSACTION
