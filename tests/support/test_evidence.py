"""What the records show, and the decision that follows from it: rows of data, the first that holds."""

from collections.abc import Callable

import pytest

import cast
from activkode.activations import operations as activations
from activkode.activations.operations import Rent
from activkode.activations.policy import Event
from activkode.activations.read import Activation
from activkode.core import sql
from activkode.identity import suspension
from activkode.identity.models import User
from activkode.intake import deliver
from activkode.intake.messages import Inbound
from activkode.intake.messages import Kind as Carried
from activkode.support import evidence, operations
from activkode.support.operations import Opening, Staff
from activkode.support.policy import Channel, Kind
from activkode.support.proposals import Fact
from funding.lives import live

pytestmark = pytest.mark.django_db


def proposed(alice: User, one: Activation, said: str = "It failed.") -> evidence.Evidence:
    opening = Opening(Kind.TECHNICAL_ERROR, Channel.API, said, alice.id, activation_id=one.id)
    return evidence.of_case(operations.open(opening).case_id)


def under(statement: str) -> None:
    """Plants what only a broken machine would leave behind."""
    sql.execute("set role none")
    sql.execute(statement)


def test_the_timeline_shows_states_messages_money_and_number_and_no_text(
    alice: User, fulfilled: Callable[[], Activation]
) -> None:
    found = proposed(alice, fulfilled())
    assert {step.source for step in found.steps} == {"state", "message", "money", "number"}
    assert [step.at for step in found.steps] == sorted(step.at for step in found.steps)
    assert "481920" not in repr(found)


@pytest.mark.plants_violation
@pytest.mark.parametrize(
    ("planted", "fact"),
    [
        ("update intake_fate set settled_at = settled_at + interval '61 seconds'", Fact.SHOWN_LATE),
        ("update intake_original set part_total = 3, part_number = 1, part_reference = 7", Fact.TRUNCATED),
        ("update supply_lease set customer_id = customer_id + 1", Fact.WRONG_RENTER),
        ("update intake_original set recipient = '447700900999'", Fact.WRONG_RENTER),
    ],
)
def test_an_error_of_ours_is_proposed_to_be_paid(
    alice: User, fulfilled: Callable[[], Activation], planted: str, fact: Fact
) -> None:
    """POLICY 2.4.5: shown late, cut off, somebody else's."""
    one = fulfilled()
    under("alter table intake_original disable trigger user")
    under(planted)
    found = proposed(alice, one, "the code was rejected")
    assert fact in found.facts
    assert (found.proposal.outcome, found.proposal.clause) == ("granted", "refund.our_fault")


def test_a_minute_to_the_second_is_in_time(alice: User, fulfilled: Callable[[], Activation]) -> None:
    one = fulfilled()
    under(
        "update intake_fate f set settled_at = o.received_at + interval '60 seconds' from intake_original o where o.id = f.original_id"
    )
    assert Fact.SHOWN_LATE not in proposed(alice, one).facts


def test_an_outage_in_the_window_is_our_fault(alice: User, fulfilled: Callable[[], Activation]) -> None:
    one = fulfilled()
    under(
        "insert into core_outage (started_at, ended_at) select opened_at, opened_at + interval '20 s' from activations_activation"
    )
    assert proposed(alice, one).proposal.clause == "refund.our_fault"


def test_a_delisted_offer_may_refund(alice: User, fulfilled: Callable[[], Activation]) -> None:
    one = fulfilled()
    sql.execute("update catalogue_offer set delisted_at = fn.now()")
    assert proposed(alice, one).proposal.clause == "refund.delisted"


def test_suspended_is_kept_but_for_an_error_of_ours(
    alice: User, olga: Staff, fulfilled: Callable[[], Activation]
) -> None:
    one = fulfilled()
    suspension.suspend(alice.id, actor="olga", reason="terms")
    assert proposed(alice, one).proposal.clause == "keep.terms"


def test_a_number_that_broke_is_settled(alice: User) -> None:
    one = activations.open(alice.id, Rent("shop", "GB")).activation
    activations.apply(alice.id, one.id, Event.FAIL)
    found = proposed(alice, one)
    assert (found.proposal.outcome, found.proposal.clause) == ("settled", "refund.our_fault")


def test_a_message_after_the_close_is_shown_and_the_refund_stands(alice: User) -> None:
    one = activations.open(alice.id, Rent("shop", "GB")).activation
    activations.apply(alice.id, one.id, Event.CANCEL)
    text = "Your Shop code is 481920"
    deliver.settle(deliver.receive(Inbound("carl", "late", Carried.SMS, one.address, "Shop", b"", text)))
    found = proposed(alice, one)
    assert Fact.CAME_LATE in found.facts
    assert found.proposal.clause == "refund.cancelled"


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("seen", "answer.given"),
        ("confirming", "answer.given"),
        ("credited", "pay.topup_error"),
        ("ignored", "keep.no_error"),
        ("replaced", "keep.no_error"),
        ("reversed", "keep.no_error"),
        ("under_case", None),
        ("under_case: shortfall", "answer.given"),
    ],
)
def test_a_topup_is_judged_by_where_it_stands(name: str, clause: str | None) -> None:
    bob = cast.person("bob")
    live(bob, name)
    deposit = sql.value("select id from funding_deposit")
    opening = Opening(Kind.TOPUP_ERROR, Channel.API, "Where is it?", bob.id, deposit_id=deposit)
    found = evidence.of_case(operations.open(opening).case_id)
    assert found.proposal.clause == clause
    assert found.steps


def test_a_case_about_nothing_in_particular_proposes_nothing(alice: User) -> None:
    opening = Opening(Kind.OTHER, Channel.API, "I changed my mind.", alice.id)
    assert evidence.of_case(operations.open(opening).case_id).proposal.outcome is None
