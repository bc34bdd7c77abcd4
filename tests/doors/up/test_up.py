"""`activkode up` as a newcomer meets it: everything runs, comes back when killed, and is gone after Ctrl-C."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

import throwaway
from seen import alive, children, command_line, processes_of, soon

DOORS = ("people", "machines", "carriers", "clock", "demo-carrier")


class Machine:
    """A directory in which `activkode up` runs."""

    def __init__(self, directory: Path) -> None:
        self.var = directory / "var"
        self.log = directory / "log"
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "ACTIVKODE"))
        } | {"ACTIVKODE_VAR": str(self.var)}
        self.up = self._up()

    def start(self) -> None:
        """Starts it once more."""
        self.up = self._up()
        self.wait()

    def wait(self) -> None:
        """Returns when all is ready."""
        ready = self.var / "demo.json"
        soon(lambda: ready.exists() or self.up.poll() is not None, seconds=90)
        if not ready.exists():
            pytest.fail(self.log.read_text()[-1500:], pytrace=False)

    def run(self, *words: str) -> subprocess.Popen[bytes]:
        """Runs another command in the same place to its end."""
        with self._activkode(*words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            process.wait(60)
        return process

    def demo(self) -> dict[str, Any]:
        """What var/demo.json says."""
        found: dict[str, Any] = json.loads((self.var / "demo.json").read_text())
        return found

    def pid(self, name: str) -> int:
        """The supervisor's child of that name."""
        for child in children(self.up.pid):
            if name.encode() in command_line(child):
                return child
        return 0

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stops it, and waits until all is gone."""
        self.up.send_signal(how)
        self.up.wait(40)
        assert soon(lambda: not processes_of(self.var), seconds=40)

    def _up(self) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as log:
            return self._activkode("up", stdout=log, stderr=log)

    def _activkode(self, *words: str, **files: Any) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "activkode.cli", *words]
        return subprocess.Popen(program, env=self.environment, stdin=subprocess.DEVNULL, **files)


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """One for all tests here: each leaves it running."""
    place = Path(tempfile.mkdtemp(prefix="activkode-up-", dir=throwaway.place()))
    running = Machine(place)
    try:
        running.wait()
        yield running
    finally:
        running.stop(signal.SIGKILL)
        shutil.rmtree(place)


def test_addresses_and_accounts_stand_in_a_file_for_its_owner_alone(machine: Machine) -> None:
    found = machine.demo()

    assert (machine.var / "demo.json").stat().st_mode & 0o777 == 0o600
    assert {"people_url", "machines_url", "smtp", "database_url", "customer", "empty_customer"} <= set(found)
    assert {"email", "password", "api_key"} <= set(found["customer"])
    assert {"email", "password"} <= set(found["operators"][0])


def test_every_door_serves(machine: Machine) -> None:
    found = machine.demo()

    for url in (found["people_url"], found["machines_url"] + "/v1/status"):
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.status == 200
    with socket.create_connection((found["smtp"]["host"], found["smtp"]["port"]), timeout=10) as mail:
        assert mail.recv(200).startswith(b"220")
    with psycopg.connect(found["database_url"]) as database:
        assert database.execute("SELECT count(*) FROM catalogue_service").fetchone() != (0,)


def test_no_password_is_in_the_log(machine: Machine) -> None:
    found, log = machine.demo(), machine.log.read_text()
    access = json.loads((machine.var / "pg/access.json").read_text())

    secrets = [found["customer"]["password"], found["customer"]["api_key"], found["operators"][0]["password"]]
    for secret in [*secrets, access["owner"], access["app"], access["superuser"]]:
        assert secret not in log


@pytest.mark.parametrize("name", DOORS)
def test_a_killed_process_is_started_again(machine: Machine, name: str) -> None:
    killed = machine.pid(name)
    os.kill(killed, signal.SIGKILL)

    assert soon(lambda: machine.pid(name) not in {0, killed})


def test_a_command_beside_it_finds_the_database(machine: Machine) -> None:
    assert machine.run("audit").returncode == 0


def test_a_second_one_in_the_same_place_ends_and_harms_nothing(machine: Machine) -> None:
    assert machine.run("up").returncode == 1
    assert alive(machine.up.pid)
    assert (machine.var / "demo.json").exists()


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_needs_no_help(machine: Machine) -> None:
    before = machine.demo()
    machine.stop(signal.SIGKILL)

    (machine.var / "demo.json").unlink()
    machine.start()  # 10 s on a machine that does nothing else

    assert machine.demo()["customer"]["email"] == before["customer"]["email"]
    assert machine.run("audit").returncode == 0


def test_ctrl_c_ends_all_of_it_in_order(machine: Machine) -> None:
    machine.stop()

    assert machine.up.returncode == 0
    assert "Traceback" not in machine.log.read_text()
    machine.start()


def test_under_make_it_ends_when_make_is_killed_even_while_starting(place: Path) -> None:
    program = [sys.executable, "-m", "activkode.cli", "up", "--end-with-parent"]
    make = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.run({program})"],
        env={key: value for key, value in os.environ.items() if not key.startswith("DATABASE")}
        | {"ACTIVKODE_VAR": str(place / "var")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert soon((place / "var/pg/data/postmaster.pid").exists)
    make.kill()
    make.wait()

    assert soon(lambda: not processes_of(place / "var"))
