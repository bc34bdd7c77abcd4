"""How tests look from outside at servers and processes."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from activkode.doors.up import orphans
from activkode.doors.up.cluster import Cluster


def keep_a_row(cluster: Cluster) -> None:
    """Commits one row."""
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def kept_row(cluster: Cluster) -> int:
    """The committed row, read by a new connection."""
    with psycopg.connect(cluster.url()) as connection:
        row = connection.execute("SELECT answer FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def soon(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Whether the condition becomes true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run PostgreSQL as another user")


def processes_of(var: Path) -> list[int]:
    """Ids of all living processes that were started for this var/ directory, PostgreSQL's included."""
    mark = f"ACTIVKODE_VAR={var}".encode()
    found = orphans.residents(var / "pg/data")
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:  # gone meanwhile, or another user's
            continue
    return [pid for pid in found if alive(pid)]


def children(parent: int) -> list[int]:
    """Ids of a process's children, those of all its threads."""
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended meanwhile
            found += [int(word) for word in (task / "children").read_text().split()]
    return found


def command_line(pid: int) -> list[bytes]:
    """The words of its command; none where it has gone meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
