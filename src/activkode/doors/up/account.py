"""Chooses the user that PostgreSQL runs as; must never let it be root, which PostgreSQL itself refuses."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from activkode.doors.up.faults import ClusterError


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def pair(self) -> tuple[int, int]:
        """(uid, gid)."""
        return self.uid, self.gid


def for_data(data: Path) -> Account | None:
    """None where PostgreSQL may run as the present user. As root: the owner of `data`, else the user named
    by ACTIVKODE_POSTGRES_USER, by default nobody. Raises ClusterError."""
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise ClusterError(f"{data} belongs to another user: start it as that user, or set DATABASE_URL")
        return None
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return _account(pwd.getpwuid(owner))
    name = os.environ.get("ACTIVKODE_POSTGRES_USER", "nobody")
    try:
        return _account(pwd.getpwnam(name))
    except KeyError:
        raise ClusterError(f"no user {name}: set ACTIVKODE_POSTGRES_USER to an unprivileged user") from None


def _account(entry: pwd.struct_passwd) -> Account:
    if entry.pw_uid == 0:
        raise ClusterError("PostgreSQL does not run as root: set ACTIVKODE_POSTGRES_USER to another user")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
