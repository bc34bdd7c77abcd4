"""The system opens cases by itself: for each missed promise, each finding of the audit, each payment that waits for a person,
each late withdrawal; one per cause, however often it looks.
"""

from collections.abc import Callable

import pytest

import cast
from activkode.activations import operations as activations
from activkode.activations.operations import Rent
from activkode.activations.policy import Event as Step
from activkode.activations.read import Activation
from activkode.core import findings, sql, status
from activkode.funding import operations as funding
from activkode.funding.policy import Event
from activkode.identity.models import User
from activkode.ledger import audit
from activkode.support import deadlines, operations, read
from activkode.support.operations import Opening, Staff, Verdict
from activkode.support.policy import Channel, Kind, Outcome, State
from funding.lives import live
from support import moving

pytestmark = pytest.mark.django_db


def late(alice: User) -> Activation:
    """Cancelled, and refunded three minutes later: as only a broken machine would."""
    one = activations.open(alice.id, Rent("shop", "GB")).activation
    activations.apply(alice.id, one.id, Step.CANCEL)
    sql.execute("set role none")
    sql.execute(
        "update activations_activation set refunded_at = closed_at + interval '3 minutes' where id = %s",
        (one.id,),
    )
    return one


@pytest.mark.plants_violation
def test_a_late_refund_is_a_case_that_its_customer_sees(alice: User) -> None:
    one = late(alice)
    made = deadlines.open_missing(10)
    found = read.case(alice.id, made[0])
    assert (len(made), found.kind, found.channel) == (1, Kind.TECHNICAL_ERROR, Channel.SYSTEM)
    assert found.activation_id == one.id
    assert deadlines.open_missing(10) == []


@pytest.mark.plants_violation
def test_what_its_customer_asked_about_is_no_second_case(alice: User) -> None:
    one = late(alice)
    opening = Opening(Kind.ACTIVATION_DISPUTE, Channel.API, "It came late.", alice.id, activation_id=one.id)
    operations.open(opening)
    assert deadlines.open_missing(10) == []


@pytest.mark.plants_violation
def test_a_dispute_joins_the_case_that_is_open_already(alice: User) -> None:
    one = late(alice)
    made = deadlines.open_missing(10)[0]
    opening = Opening(Kind.ACTIVATION_DISPUTE, Channel.API, "It came late.", alice.id, activation_id=one.id)
    assert operations.open(opening) == operations.Opened(made, True, operations.open(opening).due_at)


@pytest.mark.plants_violation
def test_a_finding_of_the_audit_is_an_internal_case(alice: User, olga: Staff) -> None:
    sql.execute("set role none")
    sql.execute("update ledger_wallet set cash = cash + 1 where customer_id = %s", (alice.id,))
    findings.keep(audit.run(), complete=True)
    made = deadlines.open_missing(10)
    found = [read.any_case(case) for case in made]
    assert {one.customer_id for one in found} == {None}
    assert any("01_wallet_equals_transfers" in one.description for one in found)
    assert deadlines.open_missing(10) == []
    operations.close(made[0], "Seen.", staff=olga)
    assert deadlines.open_missing(10) == []


def test_deciding_the_payment_ends_the_case_that_the_system_opened(alice: User, olga: Staff) -> None:
    live(alice, "under_case")
    case = deadlines.open_missing(10)[0]
    deposit = read.case(alice.id, case).deposit_id
    assert deposit is not None
    funding.decide(deposit, Event.DECIDE_CLOSE, actor="olga", actor_id=olga.id, why="No coin of ours.")
    assert read.case(alice.id, case).state is State.CLOSED
    assert "No coin of ours." in read.messages(case, internal=True)[0].text
    assert read.messages(case) == []
    assert deadlines.open_missing(10) == []


def test_a_case_that_its_customer_opened_is_still_owed_a_decision(alice: User, olga: Staff) -> None:
    live(alice, "under_case")
    deposit = sql.value("select id from funding_deposit")
    opening = Opening(Kind.TOPUP_ERROR, Channel.API, "Where is it?", alice.id, deposit_id=deposit)
    case = operations.open(opening).case_id
    funding.decide(deposit, Event.DECIDE_CLOSE, actor="olga", actor_id=olga.id, why="No coin of ours.")
    assert read.case(alice.id, case).state is State.OPEN
    operations.decide(case, Verdict(Outcome.REFUSED, "keep.no_error", "No coin of ours."), staff=olga)


def test_a_shortfall_is_borne_by_the_house_with_its_case(olga: Staff) -> None:
    bob = cast.person("bob")
    live(bob, "under_case: shortfall")
    case = deadlines.open_missing(10)[0]
    refuse = Verdict(Outcome.REFUSED, "keep.no_error", "No.")
    with pytest.raises(operations.Refusal) as refused:
        operations.decide(case, refuse, staff=olga)
    assert refused.value.code == "wrong_state"
    assert read.case(bob.id, case).state is State.OPEN
    operations.decide(case, Verdict(Outcome.SETTLED, "answer.given", "The chain took it back."), staff=olga)
    assert sql.value("select state from funding_deposit") == "reversed"


# --- kept promises ---


def test_kept_promises_are_counted_and_published(
    alice: User, olga: Staff, fulfilled: Callable[[], Activation]
) -> None:
    moving.to("2026-12-07 10:00")
    settle = Verdict(Outcome.SETTLED, "answer.given", "Told.")
    asked = [
        operations.open(Opening(Kind.OTHER, Channel.DASHBOARD, text, alice.id)).case_id for text in "abc"
    ]
    operations.decide(asked[0], settle, staff=olga)
    moving.to("2026-12-11 10:00")
    operations.decide(asked[1], settle, staff=olga)
    operations.open(Opening(Kind.OTHER, Channel.SYSTEM, "An audit found something."))
    deadlines.refresh_figures()
    told = status.read()["deadlines"]["case_decisions"]
    assert told == {"due": 3, "kept": 1, "due_90_days": 3, "kept_90_days": 1, "open": 1, "overdue": 1}
    assert status.read()["deadlines"]["withdrawals_paid"]["due"] == 0
