"""Clears a cluster's directory of a server that an earlier supervisor left behind.

Must never signal a process that is not a postgres whose working directory is this very data directory: a pid
file outlives its process, and its number is given to others.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from activkode.doors.up.faults import ClusterError

_PROC = Path("/proc")
# What to ask, and for how many seconds to wait for it: fast shutdown, then immediate, then by force.
_REQUESTS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


def settle(data: Path) -> bool:
    """Stops every postgres that lives in `data` and removes its pid and lock files; whether one was found.

    Raises ClusterError where one does not go. Where there is no /proc, PostgreSQL's own checks must do.
    """
    if not (_PROC / "self/cwd").exists():
        return False
    found = bool(residents(data))
    for request, patience_seconds in _REQUESTS:
        if not _stopped(data, request, patience_seconds):
            continue
        # Only now: while a process of the old server lives, these files keep a second server out. They also
        # would as long as a dead server's parent does not ask for its exit code.
        for left in [data / "postmaster.pid", *data.parent.glob("run/.s.PGSQL.*")]:
            left.unlink(missing_ok=True)
        return found
    raise ClusterError(f"processes {residents(data)} of an earlier PostgreSQL in {data} do not stop")


def residents(data: Path) -> list[int]:
    """Ids of the living postgres processes whose working directory is `data`."""
    if not data.exists():
        return []
    place = data.stat()
    return [pid for pid in _postgres_processes() if _works_in(pid, place)]


def _stopped(data: Path, request: signal.Signals, patience_seconds: float) -> bool:
    end = time.monotonic() + patience_seconds
    _ask(data, request)
    while residents(data):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _ask(data: Path, request: signal.Signals) -> None:
    living = residents(data)
    postmaster = recorded(data)
    for pid in [postmaster] if postmaster in living else living:
        try:
            os.kill(pid, request)
        except ProcessLookupError:
            continue


def recorded(data: Path) -> int:
    """The postmaster's id by the pid file, 0 where there is none."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return 0


def _postgres_processes() -> Iterator[int]:
    for entry in _PROC.iterdir():
        try:
            if entry.name.isdigit() and (entry / "exe").readlink().name.split(" ")[0] == "postgres":
                yield int(entry.name)
        except OSError:  # gone meanwhile, a zombie, or another user's
            continue


def _works_in(pid: int, place: os.stat_result) -> bool:
    try:
        there = (_PROC / str(pid) / "cwd").stat()
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (place.st_dev, place.st_ino)
