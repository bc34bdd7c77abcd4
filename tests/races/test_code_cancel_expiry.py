"""Code, cancel and expiry released together on real commits: one winner each, and the losers are told the truth.

ACTIVKODE_LONG=1 plays 20,000 rounds, else 400.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import cast
from activkode.activations import operations, read
from activkode.activations.operations import Rent
from activkode.activations.policy import Event, State
from activkode.core import sql
from activkode.core.errors import Code
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind
from races.together import Crew

ROUNDS = 20_000 if os.environ.get("ACTIVKODE_LONG") else 400


def _later(call: Callable[[], Any], chance: random.Random, longest_seconds: float) -> Callable[[], Any]:
    pause = chance.random() * longest_seconds

    def play() -> Any:
        time.sleep(pause)
        return call()

    return play


def _expire() -> int:
    # This session's clock is a window ahead: for it alone the activation is due.
    sql.execute("select set_config('activkode_test.shift', '1201 seconds', false)")
    return operations.expire_due(10)[0]


def _round(crew: Crew, customer: int, serial: int, chance: random.Random) -> State:
    one = operations.open(customer, Rent("shop", "GB")).activation
    text = f"Your Shop code is {100_000 + serial}"
    original = deliver.receive(Inbound("carl", f"race-{serial}", Kind.SMS, one.address, "Shop", b"", text))
    fate, cancel, ended = crew.go(
        [
            # Settling looks the lease up first: the others are given a little more time, so that each wins about as often.
            _later(lambda: deliver.settle(original), chance, 0.001),
            _later(lambda: operations.apply(customer, one.id, Event.CANCEL).activation.state, chance, 0.008),
            _later(_expire, chance, 0.008),
        ]
    )
    after = read.get(customer, one.id)
    _check_truth(after, fate, cancel, ended)
    return after.state


def _check_truth(after: read.Activation, fate: object, cancel: object, ended: object) -> None:
    if fate == "delivered":
        # The expiry that came after it completed the activation; the code stands and is paid for.
        assert after.state in (State.RECEIVED, State.COMPLETED) and after.refunded_at is None
        assert cancel is Code.CODE_ARRIVED
        assert after.messages[0].code is not None
    else:
        assert fate == "late" and after.messages == [] and after.refunded_at is not None
        assert after.state in (State.CANCELLED, State.EXPIRED)
        assert cancel == after.state  # told which refund it was
        # An expiry may also complete what earlier rounds left received.
        assert isinstance(ended, int) and (ended >= 1 or after.state is State.CANCELLED)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_one_winner_each() -> None:
    cast.shelf([f"4479{number:08}" for number in range(ROUNDS)])
    alice = cast.person("alice")
    cast.fund(alice, "1000000.00")
    chance = random.Random(20_261_123)
    crew = Crew(3)
    try:
        outcomes = Counter(_round(crew, alice.id, serial, chance) for serial in range(ROUNDS))
    finally:
        crew.close()
    print(f"\n{ROUNDS} rounds: {dict(outcomes)}")
    fulfilled = outcomes[State.RECEIVED] + outcomes[State.COMPLETED]
    assert fulfilled and outcomes[State.CANCELLED] and outcomes[State.EXPIRED], "each must win sometimes"


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_clocks_and_a_canceller_refund_each_once() -> None:
    cast.shelf([])
    people = [cast.person(f"p{number}") for number in range(20)]
    for one in people:
        cast.fund(one, "100.00")
        operations.open(one.id, Rent("shop", kind="email", quantity=50))
    numbers = [
        (row[0], row[1])
        for row in sql.rows("select customer_id, id from activations_activation order by random()")
    ]

    def sweep() -> int:
        sql.execute("select set_config('activkode_test.shift', '1201 seconds', false)")
        return sum(operations.expire_due(37)[0] for _ in range(60))

    def cancel() -> int:
        return sum(
            operations.apply(*number, Event.CANCEL).activation.state is State.CANCELLED for number in numbers
        )

    crew = Crew(3)
    ended = crew.go([sweep, sweep, cancel])
    crew.close()
    assert sum(count for count in ended if isinstance(count, int)) == len(numbers)
    assert sql.value("select count(*) from ledger_transfer where movement = 'release'") == len(numbers)
