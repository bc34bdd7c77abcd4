"""Several decide, ask, reopen and open at once: one wins, the others are told, and money moves once (FAILURES S11)."""

import itertools

import pytest

import cast
from activkode.activations import operations as activations
from activkode.activations.operations import Rent
from activkode.core import sql
from activkode.core.errors import Code
from activkode.funding import operations as funding
from activkode.funding.policy import Event
from activkode.identity.models import User
from activkode.intake import deliver
from activkode.intake.messages import Inbound
from activkode.intake.messages import Kind as Carried
from activkode.ledger import read as books
from activkode.support import deadlines, operations, read
from activkode.support.operations import Decided, Opened, Opening, Staff, Verdict
from activkode.support.policy import Channel, Kind, Outcome, State
from funding.lives import live
from races.together import Crew, together

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

GRANT = Verdict(Outcome.GRANTED, "refund.our_fault", "Ours.")
REFUSE = Verdict(Outcome.REFUSED, "keep.rejected", "In time.")
_serial = itertools.count()


@pytest.fixture
def alice(db: None) -> User:
    cast.shelf([f"4479{number:08}" for number in range(100)])
    user = cast.person("alice")
    cast.fund(user, "100.00")
    return user


@pytest.fixture
def staff(db: None) -> list[Staff]:
    return [Staff(cast.person(f"staff{number}").id, f"staff{number}") for number in range(16)]


def fulfilled(alice: User) -> int:
    one = activations.open(alice.id, Rent("shop", "GB")).activation
    text = "Your Shop code is 481920"
    inbound = Inbound("carl", f"race-{next(_serial)}", Carried.SMS, one.address, "Shop", b"", text)
    assert deliver.settle(deliver.receive(inbound)) == "delivered"
    return one.id


def about(alice: User, activation: int) -> Opening:
    return Opening(Kind.ACTIVATION_DISPUTE, Channel.API, "It failed.", alice.id, activation_id=activation)


def test_sixteen_who_grant_credit_once(alice: User, staff: list[Staff]) -> None:
    crew = Crew(16)
    for _ in range(8):
        case = operations.open(about(alice, fulfilled(alice))).case_id
        told = crew.go(
            [lambda one=one, case=case: operations.decide(case, GRANT, staff=one) for one in staff]
        )
        assert sum(isinstance(each, Decided) for each in told) == 1
        assert told.count(Code.ALREADY_DECIDED) == 15
    crew.close()
    assert books.balance(alice.id).cash == 100_000_000


def test_of_a_grant_and_a_refusal_one_holds(alice: User, staff: list[Staff]) -> None:
    crew, granted = Crew(2), 0
    for _ in range(20):
        case = operations.open(about(alice, fulfilled(alice))).case_id
        calls = [
            lambda case=case: operations.decide(case, GRANT, staff=staff[0]),
            lambda case=case: operations.decide(case, REFUSE, staff=staff[1]),
        ]
        told = crew.go(calls)
        assert told.count(Code.ALREADY_DECIDED) == 1
        is_granted = read.any_case(case).outcome == Outcome.GRANTED
        assert is_granted == isinstance(told[0], Decided)
        granted += is_granted
    crew.close()
    assert books.balance(alice.id).cash == 100_000_000 - 20 * 2_000_000 + granted * 2_000_000


def test_a_second_decision_and_a_reopening_never_cross(alice: User, staff: list[Staff]) -> None:
    crew = Crew(3)
    for _ in range(20):
        case = operations.open(about(alice, fulfilled(alice))).case_id
        operations.decide(case, REFUSE, staff=staff[0])
        crew.go(
            [
                lambda case=case: operations.reopen(alice.id, case, "New."),
                lambda case=case: operations.decide(case, GRANT, staff=staff[1]),
                lambda case=case: operations.reopen(alice.id, case, "Newer."),
            ]
        )
        found = read.any_case(case)
        assert (found.number, found.state) in {(1, State.OPEN), (2, State.DECIDED)}
        assert found.reopened_at is not None
    crew.close()


def test_taken_back_or_decided_but_not_both(alice: User, staff: list[Staff]) -> None:
    crew = Crew(2)
    for _ in range(20):
        case = operations.open(about(alice, fulfilled(alice))).case_id
        crew.go(
            [
                lambda case=case: operations.withdraw(alice.id, case),
                lambda case=case: operations.decide(case, GRANT, staff=staff[0]),
            ]
        )
        found = read.any_case(case)
        assert (found.state is State.DECIDED) == (found.number == 1)
        assert found.state in (State.DECIDED, State.CLOSED)
    crew.close()


def test_one_activation_has_one_case_whoever_asks(alice: User) -> None:
    activation = fulfilled(alice)
    told = together([lambda: operations.open(about(alice, activation))] * 16)
    opened = [each for each in told if isinstance(each, Opened)]
    assert len(opened) == 16 and len({each.case_id for each in opened}) == 1
    assert sum(not each.joined for each in opened) == 1
    assert len(read.messages(opened[0].case_id)) == 15


def test_two_clocks_open_what_is_missing_once(alice: User) -> None:
    live(alice, "under_case")
    told = together([lambda: deadlines.open_missing(10)] * 4)
    assert sorted(len(each) for each in told if isinstance(each, list)) == [0, 0, 0, 1]


def test_a_topup_decided_twice_at_once_has_one_end(alice: User, staff: list[Staff]) -> None:
    """Beside its case and in it: no deadlock, and both say the same."""
    live(alice, "under_case")
    case = deadlines.open_missing(10)[0]
    deposit = sql.value("select id from funding_deposit")
    closed = {"actor": "staff1", "actor_id": staff[1].id, "why": "No coin of ours."}
    told = together(
        [
            lambda: operations.decide(
                case, Verdict(Outcome.REFUSED, "keep.no_error", "No coin."), staff=staff[0]
            ),
            lambda: funding.decide(deposit, Event.DECIDE_CLOSE, **closed),  # type: ignore[arg-type]
        ]
    )
    assert sum(isinstance(each, Code) for each in told) == 1
    assert sql.value("select state from funding_deposit") == "ignored"
    assert read.any_case(case).state in (State.DECIDED, State.CLOSED)


def test_two_clocks_escalate_once(alice: User) -> None:
    operations.open(Opening(Kind.OTHER, Channel.API, "Hello?", alice.id))
    late = "select set_config('activkode_test.shift', '10 days', false)"

    def escalate() -> int:
        sql.execute(late)
        return deadlines.escalate(10)

    assert sum(each for each in together([escalate] * 4) if isinstance(each, int)) == 2
