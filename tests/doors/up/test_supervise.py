"""The supervisor: restarts what dies, stops in order, is alone in its checkout, leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from activkode.doors.up.cluster import cluster_of
from seen import alive, processes_of, soon

STAND_INS = Path(__file__).with_name("stand_ins.py")


class Up:
    """A running supervisor with stand-ins for its doors."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self._log = var.parent / "log"
        self.process = self.another()

    def another(self) -> subprocess.Popen[bytes]:
        """One more supervisor on the same directory."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE")}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(STAND_INS)],
                env=environment | {"ACTIVKODE_VAR": str(self.var)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def log(self) -> str:
        """What all processes wrote."""
        return self._log.read_text()

    def pid(self, name: str) -> int:
        """The process of that name that began last."""
        return int(re.findall(rf"^{name} +\| began (\d+)", self.log(), re.MULTILINE)[-1])


@pytest.fixture
def up(place: Path) -> Iterator[Up]:
    """Ready."""
    running = Up(place / "var")
    assert soon(lambda: "up           | ready" in running.log(), seconds=40), running.log()
    assert soon(lambda: running.log().count("| began") == 2)
    yield running
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(30)
    assert soon(lambda: not processes_of(running.var))


def test_ctrl_c_stops_doors_then_clock_then_database_and_exits_well(up: Up) -> None:
    up.process.send_signal(signal.SIGINT)

    assert up.process.wait(15) == 0
    steps = ("people       | ended", "clock        | ended", "system is shut down", "up           | stopped")
    places = [up.log().index(step) for step in steps]
    assert places == sorted(places)


def test_a_killed_supervisor_leaves_no_process(up: Up) -> None:
    assert len(processes_of(up.var)) > 5
    up.process.kill()

    assert soon(lambda: not processes_of(up.var), seconds=10)


def test_after_a_killed_supervisor_the_next_start_succeeds_at_once(up: Up) -> None:
    up.process.kill()
    up.process.wait()

    up.process = up.another()

    assert soon(lambda: up.log().count("up           | ready") == 2, seconds=20), up.log()
    assert soon(lambda: up.log().count("| began") == 4)


def test_a_killed_door_is_started_again(up: Up) -> None:
    killed = up.pid("people")
    os.kill(killed, signal.SIGKILL)

    assert soon(lambda: up.pid("people") != killed)
    assert alive(up.pid("people"))


def test_a_killed_database_is_started_again(up: Up) -> None:
    postmaster = int((up.var / "pg/data/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)

    assert soon(lambda: not alive(postmaster))
    assert soon(cluster_of(up.var).answers)


def test_a_second_supervisor_in_the_checkout_says_so_and_ends(up: Up) -> None:
    second = up.another()

    assert second.wait(10) != 0
    assert f"activkode up is already running here (process {up.process.pid})" in up.log()
    assert alive(up.process.pid)
