"""Writes var/demo.json, where a newcomer or a test from outside finds addresses and accounts.

Must never be readable by another user.
"""

import json
import os
from pathlib import Path

from activkode.doors.up.addresses import Addresses


def place(var: Path) -> Path:
    """The file; it exists only while all is ready."""
    return var / "demo.json"


def draft(var: Path) -> Path:
    """Where the demo's seed writes the accounts."""
    return var / "demo.accounts.json"


def forget(var: Path) -> None:
    """Removes what an earlier run left: its addresses may be another's now."""
    place(var).unlink(missing_ok=True)
    draft(var).unlink(missing_ok=True)


def publish(var: Path, at: Addresses, database_url: str) -> None:
    """Puts addresses and accounts together, mode 0600, whole or not at all."""
    found = json.loads(draft(var).read_text()) | {
        "people_url": at.people_url,
        "machines_url": at.machines_url,
        "smtp": {"host": "127.0.0.1", "port": at.smtp},
        "database_url": database_url,
    }
    write(draft(var), found)
    draft(var).replace(place(var))


def write(path: Path, content: object) -> None:
    """Writes JSON to a new file that its owner alone can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
        json.dump(content, stream, indent=2)
        stream.write("\n")
