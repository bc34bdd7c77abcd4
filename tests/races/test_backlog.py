"""What an outage has left is settled in two shares at once: each activation ends once, whoever cancels meanwhile."""

from typing import Any

import pytest

import cast
from activkode.activations import operations
from activkode.activations.operations import Rent
from activkode.activations.policy import Event, State
from activkode.core import sql
from activkode.doors.clock import work
from races.together import Crew

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
_BATCH = 30


def test_two_shares_and_a_canceller_end_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.shelf([])
    people = [cast.person(f"p{number}") for number in range(15)]
    for one in people:
        cast.fund(one, "100.00")
        operations.open(one.id, Rent("shop", kind="email", quantity=40))
    numbers = sql.rows("select customer_id, id from activations_activation order by random()")
    shares: list[Any] = []
    expire_due = operations.expire_due

    def later(*limits: Any, **share: Any) -> Any:
        sql.execute("select set_config('activkode_test.shift', '1201 seconds', false)")
        shares.append(share.get("part"))
        return expire_due(*limits, **share)

    def sweep() -> int:
        work.expire()
        return int(sql.value("select count(*) from activations_activation where state = 'expired'"))

    def cancel() -> int:
        return sum(
            operations.apply(*number, Event.CANCEL).activation.state is State.CANCELLED for number in numbers
        )

    monkeypatch.setattr(work, "EXPIRE_BATCH", _BATCH)
    monkeypatch.setattr(operations, "expire_due", later)
    crew = Crew(2)
    ended = crew.go([sweep, cancel])
    crew.close()

    assert {None, 0, 1} == set(shares)
    assert sum(count for count in ended if isinstance(count, int)) == len(numbers)
    assert sql.value("select count(*) from ledger_transfer where movement = 'release'") == len(numbers)
    assert sql.value("select sum(held) from ledger_wallet") == 0
