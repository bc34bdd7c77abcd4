"""What a case about a withdrawal gives, and what it does not: lessons of a review."""

import psycopg
import pytest

import cast
from activkode.core.errors import Code, Refusal
from activkode.identity.models import User
from activkode.support import operations
from activkode.support.operations import Opening, Staff, Verdict
from activkode.support.policy import Channel, Kind, Outcome
from activkode.withdrawals import payouts
from withdrawals import scripted
from withdrawals.scripted import FakePayer, wallet

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich(alice: User) -> User:
    cast.fund(alice, "280.00")
    scripted.rates()
    return alice


def _granted(user: User, number: int, clause: str, olga: Staff, micros: int | None = None) -> None:
    opened = operations.open(
        Opening(Kind.WITHDRAWAL, Channel.DASHBOARD, "x", customer_id=user.id, withdrawal_id=number)
    )
    operations.decide(opened.case_id, Verdict(Outcome.GRANTED, clause, "x", micros), staff=olga)


def test_cases_about_one_withdrawal_credit_no_more_than_it_was_worth(rich: User, olga: Staff) -> None:
    """A withdrawal of $20.00 was credited whole in one case, and whole again in the next one about it."""
    one, payout, sent = scripted.sent(rich, payer := FakePayer())
    payer.mined[sent.tx or ""] = 12
    payouts.look(payout, payer)
    _granted(rich, one.id, "refund.withdrawal_error", olga, 15_000_000)
    with pytest.raises(Refusal) as found:
        _granted(rich, one.id, "refund.withdrawal_error", olga, 15_000_000)
    assert found.value.code == Code.INVALID_REQUEST
    assert wallet(rich) == ("295.00", "0.00")
