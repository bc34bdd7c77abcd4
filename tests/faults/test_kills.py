"""SIGKILL at random moments to every process, the database's included, while customers rent and carriers deliver:
nothing that was acknowledged is lost, nothing is done twice, and every overdue refund comes within the promise.

ACTIVKODE_LONG=1 kills 100 times, else 7 times. ACTIVKODE_KILLS and ACTIVKODE_SEED choose otherwise.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from activkode.activations.policy import FIGURES, Figure
from activkode.core.money import micros
from faults import books
from faults.killer import Killer
from faults.load import CUSTOMERS, Load
from faults.machine import Machine
from faults.promises import Promises
from faults.scene import Scene, scene
from seen import soon

KILLS = int(os.environ.get("ACTIVKODE_KILLS") or (100 if os.environ.get("ACTIVKODE_LONG") else 7))
SEED = int(os.environ.get("ACTIVKODE_SEED", 20_261_123))
PAUSE_SECONDS = (0.3, 4.0)
CALM_SECONDS = 120.0
ACCOUNTS = ("cash", "promo", "held", "withdrawing")


@pytest.fixture
def stage(machine: Machine) -> Iterator[Scene]:
    """A machine that runs."""
    with scene(machine, CUSTOMERS, SEED) as made:
        yield made


@pytest.fixture
def load(stage: Scene) -> Iterator[Load]:
    """Everybody at work."""
    working = Load(stage, SEED)
    working.start()
    yield working
    working.close()


def test_nothing_acknowledged_is_lost_or_doubled(
    stage: Scene, load: Load, tell: Callable[[str], None]
) -> None:
    killer, promises = Killer(stage.machine, SEED), stage.promises
    killer.rage(KILLS, PAUSE_SECONDS)
    load.stop()
    with stage.machine.database() as database:
        began = time.monotonic()
        assert soon(lambda: books.is_calm(database), CALM_SECONDS)
        calm_seconds = time.monotonic() - began
        load.catch_up(database)
        delay_seconds = books.largest_refund_delay(database)
        tell(_killed(killer))
        tell(_done(promises, delay_seconds, calm_seconds))
        assert books.wrong(database, promises) == []
        assert database.execute("select invariant, rows from core_finding").fetchall() == []
    assert delay_seconds <= FIGURES[Figure.EXPIRY_PROMISE_SECONDS]
    assert "code is" not in stage.machine.log.read_text()
    assert stage.machine.run("audit") == (0, "every invariant holds\n")
    for row in stage.rows:
        _assert_statement_adds_up(stage, row)


def _assert_statement_adds_up(stage: Scene, row: dict[str, Any]) -> None:
    with stage.client(row) as client:
        statement = client.get("/v1/statement").raise_for_status().json()
        balance = client.get("/v1/balance").raise_for_status().json()
    sums = {account: micros(statement["opening"][account]) for account in ACCOUNTS}
    for movement in statement["movements"]:
        for account, sign in ((movement["from"], -1), (movement["to"], 1)):
            if account in sums:
                sums[account] += sign * micros(movement["amount"])
    assert sums == {account: micros(statement["closing"][account]) for account in ACCOUNTS}
    assert sums == {account: micros(balance[account]) for account in ACCOUNTS}


def _killed(killer: Killer) -> str:
    each = ", ".join(f"{name} {count}" for name, count in sorted(killer.killed.items()))
    return f"{killer.killed.total()} kills (seed {SEED}): {each}"


def _done(promises: Promises, delay_seconds: float, calm_seconds: float) -> str:
    answers = ", ".join(f"{name} x {count}" for name, count in sorted(promises.answers.items()))
    retries = ", ".join(f"{name} {count}" for name, count in sorted(promises.retries.items()) if count)
    cancelled = len({number for number, state in promises.ended if state == "cancelled"})
    codes = len({number for number, _ in promises.codes_shown})
    return (
        f"  {len(promises.opened)} rentals, {cancelled} cancelled, {codes} with a code,"
        f" {len(promises.kept)} messages acknowledged, {sum(map(len, promises.events.values()))} events followed\n"
        f"  answers: {answers}\n  repeated: {retries}\n"
        f"  largest refund delay {delay_seconds:.1f} s, all settled {calm_seconds:.1f} s after the load"
    )
