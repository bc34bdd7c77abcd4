"""Every pair of event and state has a result, every clause that decides is one of the promise, and the database does what
the table says.
"""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from activkode.activations import policy as activations
from activkode.activations.read import Activation
from activkode.core.errors import KINDS, Code, Refusal
from activkode.identity.models import User
from activkode.ledger import movements
from activkode.support import operations, policy, proposals, read
from activkode.support.operations import Opening, Staff, Verdict
from activkode.support.policy import Channel, Event, Kind, Money, Outcome, State

PAIRS = list(itertools.product(Event, State))


def test_every_pair_has_a_result() -> None:
    assert set(policy.BY_PAIR) == set(PAIRS)
    assert len(policy.RULES) == len(PAIRS)


def test_a_rule_moves_or_refuses_but_never_both() -> None:
    for rule in policy.RULES:
        assert not (rule.to and rule.refusal), rule
        assert not (rule.told and rule.refusal), rule
        assert rule.refusal is None or Code(rule.refusal) in KINDS, rule


def test_a_missing_fact_never_refuses() -> None:
    assert policy.BY_PAIR[Event.REFUSE, State.WAITING_CUSTOMER].refusal == "wrong_state"
    assert policy.BY_PAIR[Event.GRANT, State.WAITING_CUSTOMER].to is State.DECIDED


def test_what_is_closed_stays_closed() -> None:
    assert {new for old, new in policy.EDGES if old is State.CLOSED} == set()
    assert {new for old, new in policy.EDGES if old is State.DECIDED} == {State.OPEN}


def test_every_clause_is_one_of_the_promise() -> None:
    promised = {clause.name for clause in activations.CLAUSES}
    assert {rule.clause for rule in policy.CLAUSES} <= promised
    assert {one.clause for one in proposals.PROPOSALS if one.clause} <= promised


def test_every_proposal_could_be_decided() -> None:
    for one in proposals.PROPOSALS:
        assert (one.outcome is None) == (one.clause is None), one
        assert one.outcome is None or (one.outcome, one.clause) in policy.BY_CLAUSE, one
    assert proposals.PROPOSALS[-1].facts == frozenset()


def test_only_what_is_granted_moves_money() -> None:
    for rule in policy.CLAUSES:
        assert rule.money is Money.NONE or rule.outcome is Outcome.GRANTED, rule


def test_every_clause_that_people_review_can_be_decided() -> None:
    review = {clause.name for clause in activations.CLAUSES if clause.route is activations.Route.REVIEW}
    kept = {clause.name for clause in activations.CLAUSES if clause.route is activations.Route.KEPT}
    assert review | kept <= {rule.clause for rule in policy.CLAUSES}


def test_every_movement_is_in_the_chart_of_accounts() -> None:
    assert {str(one) for one in policy.Movement} <= {movement.name for movement in movements.MOVEMENTS}


def test_every_kind_that_can_be_late_says_so_in_a_refusal() -> None:
    late = {rule.kind: rule.too_late for rule in policy.KINDS if rule.too_late}
    assert late == {
        Kind.TOPUP_ERROR: Code.TOPUP_ERROR_TOO_LATE,
        Kind.ACTIVATION_DISPUTE: Code.DISPUTE_TOO_LATE,
    }
    assert all(KINDS[Code(code)].clause for code in late.values())


@pytest.mark.django_db
@pytest.mark.parametrize(("event", "state"), PAIRS, ids=str)
def test_database_does_what_the_table_says(
    alice: User, olga: Staff, fulfilled: Callable[[], Activation], event: Event, state: State
) -> None:
    case = _in_state(alice, olga, fulfilled().id, state)
    rule = policy.BY_PAIR[event, state]

    told = _played(event, alice, olga, case)

    # That a customer is owed a decision is no matter of state.
    wanted = "wrong_state" if event is Event.CLOSE else rule.refusal
    assert told == wanted
    assert read.any_case(case).state == (state if wanted else rule.to or state)


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State))
def test_what_nobody_outside_asked_for_may_end_without_a_decision(olga: Staff, state: State) -> None:
    case = operations.open(Opening(Kind.OTHER, Channel.SYSTEM, "An audit found something.")).case_id
    if state is State.WAITING_CUSTOMER:
        operations.ask(case, "What?", staff=olga)
    if state is State.DECIDED:
        operations.decide(case, Verdict(Outcome.SETTLED, "answer.given", "Seen."), staff=olga)
    if state is State.CLOSED:
        operations.close(case, "Seen.", staff=olga)
    rule = policy.BY_PAIR[Event.CLOSE, state]

    told = _refusal(lambda: operations.close(case, "Seen.", staff=olga))

    assert told == rule.refusal
    assert read.any_case(case).state == (rule.to or state)


def _in_state(alice: User, olga: Staff, activation: int, state: State) -> int:
    opening = Opening(
        Kind.ACTIVATION_DISPUTE, Channel.DASHBOARD, "It failed.", alice.id, activation_id=activation
    )
    case = operations.open(opening).case_id
    if state is State.WAITING_CUSTOMER:
        operations.ask(case, "What did it say?", staff=olga)
    if state is State.DECIDED:
        operations.decide(case, Verdict(Outcome.REFUSED, "keep.rejected", "In time."), staff=olga)
    if state is State.CLOSED:
        operations.withdraw(alice.id, case)
    return case


def _played(event: Event, alice: User, olga: Staff, case: int) -> str | None:
    verdicts = {
        Event.GRANT: Verdict(Outcome.GRANTED, "refund.our_fault", "Ours."),
        Event.REFUSE: Verdict(Outcome.REFUSED, "keep.rejected", "In time."),
        Event.SETTLE: Verdict(Outcome.SETTLED, "answer.given", "Told."),
    }
    plays: dict[Event, Callable[[], Any]] = {
        Event.WRITE: lambda: operations.write(alice.id, case, "More."),
        Event.ANSWER: lambda: operations.answer(case, "Hello.", staff=olga),
        Event.NOTE: lambda: operations.note(case, "Odd.", staff=olga),
        Event.ASK: lambda: operations.ask(case, "Which?", staff=olga),
        Event.RESUME: lambda: operations.resume(case, "Enough.", staff=olga),
        Event.INTERIM: lambda: operations.interim(case, "Later.", staff=olga),
        Event.REOPEN: lambda: operations.reopen(alice.id, case, "New."),
        Event.WITHDRAW: lambda: operations.withdraw(alice.id, case),
        Event.CLOSE: lambda: operations.close(case, "Done.", staff=olga),
        **{
            one: lambda verdict=verdict: operations.decide(case, verdict, staff=olga)
            for one, verdict in verdicts.items()
        },
    }
    return _refusal(plays[event])


def _refusal(call: Callable[[], Any]) -> str | None:
    try:
        call()
    except Refusal as refusal:
        return refusal.code
    return None
