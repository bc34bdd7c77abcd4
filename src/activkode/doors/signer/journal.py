"""What was signed, for ever: a file of one line for each signature, written and synced before the signature is made. The
limits are counted by it, so that no restart and no crash forgets what was given out.

A line begins with the hash of itself and of the line before it: what was changed or cut out is seen at the start, and
stops it. A last line that is not whole was never synced, so nothing was signed on it, and it is taken off.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import structlog

from activkode.config.environment import SettingError
from activkode.doors.signer.limits import Sums
from activkode.funding.policy import Asset

log = structlog.get_logger("activkode.signer")

_FIRST = "0" * 64


class Broken(Exception):
    """The disk does not take what has to be kept: nothing is signed until a restart."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One signature. `adds` is what it added to its day: a replacement adds only what it costs more than its payout's
    signatures before."""

    day: date
    payout: str
    asset: Asset
    destination: str | None
    amount: int
    fee: int
    spends: tuple[str, ...]
    identity: str
    adds: Sums


class Journal:
    """The file, for one process at a time. Raises SettingError where another has it, or where it was changed."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._path, self._last, self._end, self._is_broken = path, _FIRST, 0, False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise SettingError(f"another signer uses the journal {path}") from None
        if is_new:
            _sync_directory(path.parent)
        self.entries: list[Entry] = list(self._read())
        self._cut()

    def close(self) -> None:
        """Lets another process have it."""
        os.close(self._file)

    def append(self, entry: Entry) -> None:
        """Keeps an entry; returns when it stands on the disk. Raises Broken."""
        if self._is_broken:
            raise Broken("the journal could not be written: restart the signer when the disk takes it")
        text = _text(entry)
        mark = _mark(self._last, text)
        line = f"{mark} {text}\n".encode()
        try:
            written = os.write(self._file, line)
            if written != len(line):
                raise OSError("the disk is full")
            os.fsync(self._file)
        except OSError as error:
            # After a failed sync nobody knows what the disk holds: what is there is read again at the next start.
            self._is_broken = True
            raise Broken(f"the journal cannot be written ({type(error).__name__})") from error
        self._last, self._end = mark, self._end + len(line)
        self.entries.append(entry)

    def _read(self) -> Iterator[Entry]:
        *lines, torn = self._path.read_bytes().split(b"\n")
        for number, line in enumerate(lines, 1):
            mark, _, text = line.partition(b" ")
            if mark.decode(errors="replace") != _mark(self._last, text.decode(errors="replace")):
                raise SettingError(f"line {number} of the journal {self._path} was changed")
            yield _entry(text)
            self._last, self._end = mark.decode(), self._end + len(line) + 1
        if torn:
            log.warning("signer.torn_line_removed", octets=len(torn))

    def _cut(self) -> None:
        os.ftruncate(self._file, self._end)
        os.fsync(self._file)


def _mark(before: str, text: str) -> str:
    return sha256(f"{before} {text}".encode()).hexdigest()


def _text(entry: Entry) -> str:
    plain = asdict(entry) | {"day": entry.day.isoformat(), "asset": entry.asset.value}
    return json.dumps(plain, separators=(",", ":"))


def _entry(text: bytes) -> Entry:
    plain = json.loads(text)
    plain |= {
        "day": date.fromisoformat(plain["day"]),
        "asset": Asset(plain["asset"]),
        "spends": tuple(plain["spends"]),
        "adds": Sums(**plain["adds"]),
    }
    return Entry(**plain)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
