"""A whole machine, as `activkode up` runs it, and the pids of its processes.

Must never name a process outside the tree of the supervisor that it started.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP, Signals
from types import MappingProxyType
from typing import Any

import psycopg
import pytest

from activkode.doors.up import orphans, ports
from seen import alive, children, command_line, processes_of, soon

TESTS = Path(__file__).parent.parent
_FAKES = ("SMSC", "BITCOIN", "ETHEREUM", "TRON", "RATES", "WALLET", "SIGNER")
_LISTENING = ("PEOPLE", "MACHINES", "SMTP", *(f"DEMO_{fake}" for fake in _FAKES))
_NONE: Mapping[str, str] = MappingProxyType({})


class Machine:
    """`start` and `stop`; between them everything runs, or is being killed."""

    def __init__(self, directory: Path) -> None:
        self.var = directory / "var"
        self.log = directory / "log"
        self._data = self.var / "pg/data"
        self._base = {
            key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "ACTIVKODE"))
        } | {"ACTIVKODE_VAR": str(self.var)}
        self._up: subprocess.Popen[bytes] | None = None

    # --- life ---

    def start(self, **settings: str) -> None:
        """Starts it and returns when all is ready. On ports that nobody else is likely to choose meanwhile."""
        chosen = {f"ACTIVKODE_{door}_PORT": str(ports.free()) for door in _LISTENING}
        with self.log.open("ab") as log:
            self._up = self._activkode(["up"], log, chosen | settings)
        ready = self.var / "demo.json"
        soon(lambda: ready.exists() or not alive(self.pid), seconds=120)
        if not ready.exists():
            pytest.fail(self.log.read_text()[-2000:], pytrace=False)

    def stop(self, how: Signals) -> None:
        """Ends the supervisor, and waits until all that it started is gone."""
        assert self._up is not None
        self._up.send_signal(how)
        self._up.wait(60)
        assert soon(lambda: not processes_of(self.var), seconds=60)

    def close(self) -> None:
        """Ends whatever still runs."""
        if self._up is not None and self._up.poll() is None:
            self.stop(SIGKILL)

    def run(self, *words: str) -> tuple[int, str]:
        """Another command in the same place: exit code and what it printed."""
        with self._activkode(words, subprocess.PIPE) as process:
            told, _ = process.communicate(timeout=120)
            return process.returncode, told.decode()

    def stage(self, *words: str) -> Any:
        """Runs stage.py on this machine's database; what it made."""
        program = [sys.executable, str(TESTS / "faults/stage.py"), *words]
        url = {"DATABASE_URL": self.demo()["database_url"], "PYTHONPATH": str(TESTS)}
        made = subprocess.run(program, env=self._base | url, stdout=subprocess.PIPE, check=True, timeout=120)
        return json.loads(made.stdout)

    # --- what befalls its database ---

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """The database is dead, and stays so: whoever would start it again is held."""
        os.kill(self.pid, SIGSTOP)
        try:
            os.kill(self.postmaster(), SIGKILL)
            assert soon(lambda: not orphans.residents(self._data))
            yield
        finally:
            os.kill(self.pid, SIGCONT)

    @contextmanager
    def hanging_database(self) -> Iterator[None]:
        """The database takes connections and answers nothing."""
        postmaster = self.postmaster()
        os.kill(postmaster, SIGSTOP)  # first, so that nobody new is born
        held = orphans.residents(self._data)
        try:
            for pid in held:
                os.kill(pid, SIGSTOP)
            yield
        finally:
            for pid in held:
                os.kill(pid, SIGCONT)

    # --- looking at it ---

    def demo(self) -> Any:
        """What var/demo.json says."""
        return json.loads((self.var / "demo.json").read_text())

    def database(self) -> psycopg.Connection[Any]:
        """A connection as the owner of the tables."""
        return psycopg.connect(self.demo()["database_url"], autocommit=True, connect_timeout=5)

    @property
    def pid(self) -> int:
        """The supervisor."""
        assert self._up is not None
        return self._up.pid

    def door(self, name: str) -> int:
        """The process of a door; 0 while there is none."""
        if not alive(self.pid):
            return 0
        return next((pid for pid in children(self.pid) if name.encode() in command_line(pid)), 0)

    def postmaster(self) -> int:
        """The database's first process; 0 while there is none."""
        recorded = orphans.recorded(self._data)
        return recorded if alive(self.pid) and recorded in children(self.pid) else 0

    def child(self, parent: int, chance: random.Random) -> int:
        """Any child of a process of ours; 0 while there is none."""
        try:
            return chance.choice(children(parent)) if parent else 0
        except (FileNotFoundError, IndexError):
            return 0

    def _activkode(
        self, words: Sequence[str], output: Any, settings: Mapping[str, str] = _NONE
    ) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "activkode.cli", *words]
        environment = self._base | dict(settings)
        return subprocess.Popen(
            program, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
