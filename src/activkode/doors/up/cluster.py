"""An embedded PostgreSQL in one directory: made on first use, started, found again after any crash, stopped.

Must never run without the lock of its directory, and never lower what makes a commit durable by itself.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

import psycopg

from activkode.doors.up import access, account, binaries, birth, lock, orphans, tether, tuning
from activkode.doors.up.faults import ClusterError

Role = Literal["owner", "app"]
_USERS: Mapping[Role, str] = {"owner": "activkode", "app": "activkode_app"}
# A server killed a moment ago may still hold its shared memory: its successor is started again for so long.
_RETRY_SECONDS = 10.0
_SOCKET_PATH_BYTES = 107


class Cluster:
    """One PostgreSQL server and its directory. Start it from a thread that lives as long as the process."""

    def __init__(self, directory: Path, settings: Mapping[str, str] | None = None) -> None:
        self.directory = directory.absolute()
        self.data = self.directory / "data"
        self.process: subprocess.Popen[bytes] | None = None
        self._settings = dict(settings or {})
        self._lock: int | None = None
        self._access: access.Access | None = None
        self._argv: list[str] = []

    # --- life ---

    def start(self) -> None:
        """Prepares the directory, starts the server where it does not run, and returns when it answers.

        Raises StartError.
        """
        if self.process is not None and self.answers():
            return
        self.prepare()
        if self.process is not None:
            self.process.wait()
        with (self.directory / "postgres.log").open("wb") as log:
            retry_until = time.monotonic() + _RETRY_SECONDS
            while not self._answers_after_start(log):
                if time.monotonic() > retry_until:
                    raise ClusterError(f"PostgreSQL does not start, see {log.name}: {_last_line(log.name)}")
                time.sleep(0.3)

    def prepare(self) -> None:
        """Does all that must be done before the server can be started; safe to repeat. Raises StartError."""
        self._make_directories()
        if self._lock is None:
            self._lock = lock.hold(self.directory / "lock", "an embedded PostgreSQL")
        orphans.settle(self.data)
        user = account.for_data(self.data)
        programs = binaries.home(self.directory, user)
        kept = self.directory / "access.json"
        known = access.load(kept)
        self._access = access.with_free_port(kept, known or access.make(kept))
        if known is None or not self.data.exists():
            birth.give(self.directory, programs, user, self._access)
        birth.check_version(self.data)
        self._write_settings(user)
        self._argv = tether.command(
            [str(programs / "bin/postgres"), "-D", birth.HERE],
            on_parent_death=signal.SIGINT,
            user=user.pair if user else None,
        )

    def stop(self) -> None:
        """Asks for a fast shutdown, insists after 30 s, and lets go of the directory."""
        if self.process is not None:
            for request, patience_seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
                self.process.send_signal(request)
                try:
                    self.process.wait(patience_seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
            self.process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- reaching it ---

    def url(self, dbname: str = "activkode", role: Role = "owner") -> str:
        """The URL for the owner of the tables, or for the application. Holds a password."""
        known = self._known()
        return known.url(_USERS[role], known.owner if role == "owner" else known.app, dbname)

    def superuser_url(self, dbname: str = "postgres") -> str:
        """The URL for the superuser. Holds a password."""
        known = self._known()
        return known.url("postgres", known.superuser, dbname)

    def socket_directory(self) -> Path | None:
        """Where the server's Unix socket lies; None where that path would be longer than the kernel takes."""
        path = self.directory / "run" / f".s.PGSQL.{self._known().port}"
        return path.parent if len(os.fsencode(path)) <= _SOCKET_PATH_BYTES else None

    def answers(self) -> bool:
        """Whether the server accepts connections now."""
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    # --- for the one that starts it ---

    def settings(self) -> dict[str, str]:
        """The doors' environment: the database for the application, and for the tables' owner."""
        return {"DATABASE_URL": self.url(role="app"), "DATABASE_OWNER_URL": self.url()}

    def argv(self) -> list[str]:
        """The arguments that start the prepared server, with `data` as working directory."""
        return self._argv

    @staticmethod
    def environment() -> dict[str, str]:
        """The server's environment: nothing of ours, since it may hold secrets."""
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def _answers_after_start(self, log: IO[bytes]) -> bool:
        self.process = subprocess.Popen(
            self._argv,
            cwd=self.data,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the supervisor, which stops the server last
        )
        while self.process.poll() is None:
            if self.answers():
                return True
            time.sleep(0.05)
        return False

    def _known(self) -> access.Access:
        self._access = self._access or access.load(self.directory / "access.json")
        if self._access is None:
            raise ClusterError(f"there is no PostgreSQL in {self.directory} yet")
        return self._access

    def _make_directories(self) -> None:
        try:
            # Others may pass through but not look: PostgreSQL's user comes to data/ and run/ this way.
            self.directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        except PermissionError as error:
            raise ClusterError(f"{self.directory} cannot be made: {error.strerror}") from None

    def _write_settings(self, user: account.Account | None) -> None:
        values = tuning.settings(self._known().port, "../run") | self._settings
        birth.own(self.directory / "run", user)
        birth.write(self.data / "postgresql.conf", tuning.render(values), user)
        birth.write(self.data / "pg_hba.conf", tuning.HOST_RULES, user)


def cluster_of(var: Path) -> Cluster:
    """The embedded PostgreSQL of a checkout's var/ directory, started or not."""
    return Cluster(var / "pg")


def _last_line(log: str) -> str:
    lines = Path(log).read_text(errors="replace").splitlines()
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return (telling or lines or ["nothing in its log"])[-1]
