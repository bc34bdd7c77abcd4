"""Makes a data directory with its roles and its database; a directory is in place whole or not at all."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from activkode.doors.up import orphans, tether
from activkode.doors.up.access import Access
from activkode.doors.up.account import Account
from activkode.doors.up.faults import ClusterError

# PostgreSQL is started inside its data directory and told to work where it stands. So it needs no right to
# pass through the directories above, which may be closed to its user.
HERE = "/proc/self/cwd" if Path("/proc/self/cwd").exists() else "."
_MAJOR = "18"
_INITDB = (
    *("-D", HERE, "-U", "postgres", "-A", "reject", "--no-instructions"),
    *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
_SINGLE = ("--single", "-D", HERE, "-c", "log_min_error_statement=panic", "postgres")


def give(cluster: Path, programs: Path, user: Account | None, access: Access) -> None:
    """Makes `data` where there is none, and sets the passwords to those of `access`. Raises ClusterError."""
    data = cluster / "data"
    if data.exists():
        _run([str(programs / "bin/postgres"), *_SINGLE], data, user, _roles(access))
        return
    draft = cluster / "data.new"
    if draft.exists():  # a first start that was killed half-way
        orphans.settle(draft)
        shutil.rmtree(draft)
    own(draft, user)
    _run([str(programs / "bin/initdb"), *_INITDB], draft, user)
    _run([str(programs / "bin/postgres"), *_SINGLE], draft, user, _roles(access))
    draft.rename(data)


def check_version(data: Path) -> None:
    """Raises ClusterError where the data was written by another major version."""
    found = (data / "PG_VERSION").read_text().strip()
    if found != _MAJOR:
        raise ClusterError(
            f"{data} was written by PostgreSQL {found}, the installed package is {_MAJOR}: "
            "dump it with the old version, or move it away"
        )


def own(directory: Path, user: Account | None) -> None:
    """Makes a directory that PostgreSQL's user alone can use."""
    directory.mkdir(mode=0o700, exist_ok=True)
    if user:
        os.chown(directory, user.uid, user.gid)


def write(path: Path, text: str, user: Account | None) -> None:
    """Writes a file that PostgreSQL's user alone can read."""
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.chmod(0o600)
    if user:
        os.chown(draft, user.uid, user.gid)
    draft.replace(path)


def _roles(access: Access) -> str:
    """SQL for PostgreSQL's single-user mode, one statement a line; what exists already is only changed."""
    return f"""\
ALTER ROLE postgres PASSWORD '{access.superuser}';
CREATE ROLE activkode;
ALTER ROLE activkode LOGIN CREATEDB CREATEROLE PASSWORD '{access.owner}';
CREATE ROLE activkode_app;
ALTER ROLE activkode_app LOGIN PASSWORD '{access.app}';
GRANT activkode_app TO activkode WITH ADMIN TRUE;
CREATE DATABASE activkode OWNER activkode;
REVOKE ALL ON DATABASE activkode FROM PUBLIC;
GRANT CONNECT ON DATABASE activkode TO activkode_app;
"""


def _run(program: list[str], data: Path, user: Account | None, text: str = "") -> None:
    words = tether.command(program, on_parent_death=signal.SIGKILL, user=user.pair if user else None)
    done = subprocess.run(
        words,
        cwd=data,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    # Single-user mode goes on after an error and says so only in its output.
    errors = [line for line in done.stdout.splitlines() if "ERROR:" in line and "already exists" not in line]
    if done.returncode != 0 or errors:
        raise ClusterError(
            "PostgreSQL's data cannot be made: " + " / ".join(errors or done.stdout.splitlines()[-5:])
        )
