"""Signer, clock and database are killed at each point around handing out, signing, storing, broadcasting and recording:
never two payouts, never a wrong amount, and every unknown comes to an end (FAILURES W05-W09).

ACTIVKODE_LONG=1 kills 50 times at each point for each coin, else once. The victims take turns.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from django.db import connection

from activkode.core import sql
from activkode.doors.clock.work import deliver_outbox
from activkode.doors.up import orphans
from activkode.doors.up.cluster import Cluster
from activkode.funding.policy import Asset
from activkode.withdrawals import read
from activkode.withdrawals.policy import State
from faults.payout_world import World
from seen import soon

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = int(os.environ.get("ACTIVKODE_KILLS") or (50 if os.environ.get("ACTIVKODE_LONG") else 1))
FUNCTIONS = ("payout_hand", "payout_sign", "payout_send", "payout_answered", "payout_seen")
POINTS = (
    *(f"{when} {name}" for name in FUNCTIONS for when in ("before", "after")),
    *(f"{when} {name}" for name in ("ask", "broadcast") for when in ("before", "during", "after")),
)
CLOCK, SIGNER, DATABASE = "clock", "signer", "database"


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[World]:
    made = World(tmp_path, os.environ["DATABASE_URL"])
    settings.CHAINS = made.chains
    yield made
    made.close()
    sql.execute("select set_config('activkode_test.shift', '', false)")


@pytest.mark.parametrize("asset", list(Asset))
def test_a_payout_is_made_once_whoever_is_killed_wherever(
    world: World, server: Cluster, asset: Asset, tell: Callable[[str], None]
) -> None:
    victims = itertools.cycle((CLOCK, SIGNER, CLOCK, DATABASE))
    wanted: list[tuple[int, int, str]] = []
    killed = dict.fromkeys((CLOCK, SIGNER, DATABASE), 0)
    for point in POINTS * TIMES:
        victim = next(victims)
        wanted.append(world.approved(asset, f"person{len(wanted)}"))
        deliver_outbox()  # nobody else does here, and the audit minds a mail that lies for five minutes
        pid = {CLOCK: 0, SIGNER: world.signer_pid, DATABASE: _postmaster(server)}[victim]
        for _ in range(3):  # a point that needs a mined payout comes up in a later life
            world.go(asset, point=point, pid=pid)
            if _mend(world, server, victim, pid):
                killed[victim] += 1
                break
            world.mine()
        world.faucet.fill()
        world.mine()
    for _ in range(40):
        if all(read.one(customer, number).state == State.PAID for customer, number, _ in wanted):
            break
        assert world.go(asset, rounds=3) == 0
        world.mine()

    for customer, number, address in wanted:
        one = read.one(customer, number)
        paid = [each for each in read.payouts(customer, number) if each.state == "confirmed"]
        assert (one.state, len(paid)) == (State.PAID, 1), (one, read.payouts(customer, number))
        assert world.received(asset, address) == paid[0].amount
    tell(f"{asset}: {len(wanted)} payouts, each made once; killed: {killed}")


def _postmaster(server: Cluster) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def _mend(world: World, server: Cluster, victim: str, pid: int) -> bool:
    """Starts again what was killed; whether it was."""
    if victim == DATABASE:
        if server.answers():
            return False
        assert soon(lambda: not orphans.residents(server.data))
        server.start()
        connection.close()  # a new one is made where the next statement is
        return True
    if victim == SIGNER:
        return world.mend_signer()
    return world.last_exit == -SIGKILL
