"""What the signer reads from its environment: its own settings alone, for it runs on a machine that has neither the database
nor the web's settings. Refuses, by name, what it cannot use.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from activkode.config import environment as env
from activkode.config.environment import SettingError

_SECRET_LEAST = 32


@dataclass(frozen=True, slots=True)
class Files:
    """Where keys, limits and the journal are."""

    keys: Path
    limits: Path
    journal: Path


@dataclass(frozen=True, slots=True)
class Ear:
    """Where it listens: a path of a socket, or a host and a port."""

    path: str
    host: str
    port: int


def files() -> Files:
    """ACTIVKODE_SIGNER_KEYS, _LIMITS and _JOURNAL. Raises SettingError."""
    return Files(*(_path(f"ACTIVKODE_SIGNER_{name}") for name in ("KEYS", "LIMITS", "JOURNAL")))


def ear() -> Ear:
    """ACTIVKODE_SIGNER_LISTEN: unix:/run/signer.sock, or 127.0.0.1:8790. Raises SettingError."""
    name = "ACTIVKODE_SIGNER_LISTEN"
    scheme, _, path = (value := env.text(name, "127.0.0.1:8790")).partition(":")
    if scheme == "unix":
        return Ear(path, "", 0)
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal():
        raise SettingError(f"{name} must be unix:/a/path or host:port")
    return Ear("", host.strip("[]"), int(port))


def secret() -> bytes:
    """The content of ACTIVKODE_SIGNER_SECRET_FILE, which the caller has too. Raises SettingError."""
    name = "ACTIVKODE_SIGNER_SECRET_FILE"
    found = private_text(_path(name), name).strip().encode()
    if len(found) < _SECRET_LEAST:
        raise SettingError(f"{name} must hold at least {_SECRET_LEAST} characters")
    return found


def private_text(path: Path, name: str) -> str:
    """A file that nobody but its owner, who is us, can read or write. Raises SettingError where others can."""
    try:
        with path.open() as stream:
            found = os.fstat(stream.fileno())
            if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.geteuid():
                raise SettingError(f"{name}: {path} must be its owner's alone: chmod 600")
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}: {path} cannot be read ({type(error).__name__})") from None


def _path(name: str) -> Path:
    if value := env.text(name):
        return Path(value)
    raise SettingError(f"{name} is not set")
