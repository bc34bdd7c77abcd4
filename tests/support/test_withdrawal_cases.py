"""What a case about a withdrawal gives, and what it does not: lessons of a review."""

import psycopg
import pytest
from django.db import transaction

import cast
from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.identity import suspension
from activkode.identity.models import User
from activkode.support import operations
from activkode.support.operations import Opening, Staff, Verdict
from activkode.support.policy import Channel, Kind, Outcome
from activkode.withdrawals import payouts, read
from withdrawals import scripted
from withdrawals.scripted import FakePayer, refuses, wallet

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


def test_only_a_decision_releases_a_suspended_customers_withdrawal(rich: User) -> None:
    """The application itself could call what a granted case calls, with any case's number."""
    number = scripted.confirmed(rich)
    suspension.suspend(rich.id, actor="olga", reason="x")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
        sql.execute("select fn.withdrawal_release(%s, %s, 1, 'mallory')", (rich.id, number))


def test_a_release_ends_with_the_suspension_that_it_was_granted_in(rich: User, olga: Staff) -> None:
    """What was released in one suspension was paid in the next one, too, of which no case had said a word."""
    number = scripted.approved(rich)
    suspension.suspend(rich.id, actor="olga", reason="a complaint")
    _granted(rich, number, "pay.suspended", olga)
    assert not read.one(rich.id, number).frozen
    suspension.lift(rich.id, actor="olga", reason="cleared")
    scripted.shift("1 minute")
    scripted.rates()
    suspension.suspend(rich.id, actor="olga", reason="stolen coins")
    refuses(Code.ACCOUNT_SUSPENDED, payouts.hand, rich.id, number, FakePayer(), by="clock")
