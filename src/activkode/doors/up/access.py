"""The port and passwords of the embedded PostgreSQL: made once, kept in a file for its owner only."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import quote

from activkode.doors.up import ports


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach the server. Never log it."""

    port: int
    superuser: str
    owner: str
    app: str

    def url(self, user: str, password: str, dbname: str) -> str:
        """A postgresql:// URL on loopback."""
        return f"postgresql://{user}:{quote(password)}@127.0.0.1:{self.port}/{quote(dbname)}"


def load(path: Path) -> Access | None:
    """What is kept in the file, None where there is none."""
    try:
        return Access(**json.loads(path.read_text()))
    except FileNotFoundError:
        return None


def make(path: Path) -> Access:
    """Generates passwords, chooses a port, and keeps both."""
    superuser, owner, app = (secrets.token_urlsafe(24) for _ in range(3))
    return keep(path, Access(ports.free(), superuser, owner, app))


def with_free_port(path: Path, access: Access) -> Access:
    """The same with another port where something else listens on the kept one."""
    port = ports.free(access.port)
    return access if port == access.port else keep(path, replace(access, port=port))


def keep(path: Path, access: Access) -> Access:
    """Writes the file whole, mode 0600, or not at all."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
        json.dump(asdict(access), stream)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
    return access
