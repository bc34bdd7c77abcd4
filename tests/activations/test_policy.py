"""Every pair of state and event is a rule or a refusal, and the database does what the table says."""

import itertools
from collections.abc import Callable
from decimal import Decimal

import pytest

import cast
from activkode.activations import operations, policy, read
from activkode.activations.operations import Rent
from activkode.activations.policy import Event, Figure, State
from activkode.core import sql
from activkode.core.errors import KINDS, Code, Refusal
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind
from activkode.ledger import movements
from activkode.ledger import read as books

PAIRS = list(itertools.product(Event, State))
CODE, PLAIN = "Your Shop code is 481920", "Welcome to Shop, we are glad you are here!"
_serial = itertools.count()


def test_every_pair_is_a_rule_or_a_refusal() -> None:
    assert set(policy.BY_PAIR) == set(PAIRS)
    assert len(policy.RULES) == len(PAIRS)


def test_a_rule_moves_or_refuses_but_never_both() -> None:
    for rule in policy.RULES:
        assert not (rule.to and rule.refusal), rule
        assert rule.refusal is None or Code(rule.refusal) in KINDS, rule
        assert rule.movement is None or rule.to is not None, rule


def test_every_clause_and_movement_named_exists() -> None:
    clauses = {clause.name for clause in policy.CLAUSES}
    named = {movement.name for movement in movements.MOVEMENTS}
    for rule in policy.RULES:
        assert rule.clause is None or rule.clause in clauses
        assert rule.movement is None or rule.movement in named


def test_money_comes_back_on_every_edge_into_a_refunded_state_and_only_there() -> None:
    refunded = {State.CANCELLED, State.EXPIRED, State.FAILED}
    for rule in policy.RULES:
        if rule.to is not None and rule.to != rule.state:
            assert (rule.movement == "release") == (rule.to in refunded), rule
            assert (rule.clause is not None) == (rule.to in refunded), rule


@pytest.mark.django_db
@pytest.mark.parametrize(("event", "state"), PAIRS, ids=lambda value: str(value))
def test_database_does_what_the_table_says(event: Event, state: State) -> None:
    cast.shelf()
    alice = cast.person("alice")
    cast.fund(alice, "10.00")
    before = _in_state(alice.id, state)
    rule = policy.BY_PAIR[event, state]
    outcome = PLAYS[event](before)
    after = read.get(alice.id, before.id)
    assert after.state == (rule.to or state)
    if rule.refusal is not None:
        assert outcome in (rule.refusal, "late"), outcome
    held = Decimal(books.balance(alice.id).held)
    assert held == (after.price_micros if after.state in (State.REQUESTING, State.WAITING) else 0)


def _in_state(customer: int, state: State) -> read.Activation:
    if state is State.REQUESTING:
        offer = sql.value(
            "select o.id from catalogue_offer o join catalogue_service s on s.id = o.service_id"
            " where s.code = 'shop' and o.kind = 'sms'"
        )
        return operations.request(customer, offer).activation
    one = operations.open(customer, Rent("shop", "GB")).activation
    for step in PATHS[state]:
        step(one)
    return read.get(customer, one.id)


def _send(one: read.Activation, text: str) -> str:
    inbound = Inbound("carl", f"m{next(_serial)}", Kind.SMS, one.address, "Shop", text.encode(), text)
    return deliver.settle(deliver.receive(inbound))


def _apply(event: Event) -> Callable[[read.Activation], str]:
    def play(one: read.Activation) -> str:
        try:
            operations.apply(one.customer, one.id, event)
        except Refusal as refusal:
            return str(refusal.code)
        return "ok"

    return play


def _give_number(one: read.Activation) -> str:
    try:
        operations.give_number(one.customer, one.id, "447700900999")
    except Refusal as refusal:
        return str(refusal.code)
    return "ok"


def _reveal(one: read.Activation) -> str:
    if one.state is State.WAITING:
        _send(one, PLAIN)
    return _apply(Event.REVEAL)(one)


def _deliver_directly(text: str, code: str | None) -> Callable[[read.Activation], str]:
    # Round the matching, so that the rule itself is asked in every state.
    def play(one: read.Activation) -> str:
        inbound = Inbound("carl", f"m{next(_serial)}", Kind.SMS, one.address, "Shop", text.encode(), text)
        original = deliver.receive(inbound)
        query = "select fn.message_deliver(%s, %s, %s, 'Shop', %s, %s, null, false)"
        return str(sql.value(query, (original, one.customer, one.id, text, code)))

    return play


def _expire(one: read.Activation) -> str:
    asked = one.state is State.REQUESTING
    seconds = policy.FIGURES[Figure.REQUESTING_SECONDS if asked else Figure.WINDOW_SECONDS] + 1
    sql.execute("select set_config('activkode_test.shift', %s, true)", (f"{seconds} seconds",))
    operations.expire_due(10)
    return "ok"


_code = _deliver_directly(CODE, "481920")
PATHS: dict[State, tuple[Callable[[read.Activation], str], ...]] = {
    State.WAITING: (),
    State.RECEIVED: (_code,),
    State.COMPLETED: (_code, _apply(Event.COMPLETE)),
    State.CANCELLED: (_apply(Event.CANCEL),),
    State.EXPIRED: (_expire,),
    State.FAILED: (_apply(Event.FAIL),),
}
PLAYS: dict[Event, Callable[[read.Activation], str]] = {
    Event.NUMBER: _give_number,
    Event.FAIL: _apply(Event.FAIL),
    Event.CODE: _code,
    Event.MESSAGE: _deliver_directly(PLAIN, None),
    Event.REVEAL: _reveal,
    Event.CANCEL: _apply(Event.CANCEL),
    Event.EXPIRE: _expire,
    Event.COMPLETE: _apply(Event.COMPLETE),
}
