"""The embedded PostgreSQL: made once, safe by default, found again after every kind of death."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from activkode.doors.up import lock, orphans
from activkode.doors.up.cluster import Cluster
from activkode.doors.up.faults import AlreadyRunning, ClusterError
from seen import alive, keep_a_row, kept_row, needs_root, soon

HOLDER = """
import sys, time
from pathlib import Path
from activkode.doors.up.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.process.pid, flush=True)
time.sleep(600)
"""


def test_a_second_start_finds_data_passwords_and_port_again(place: Path) -> None:
    with Cluster(place / "pg") as first:
        keep_a_row(first)
        url = first.url()

    with Cluster(place / "pg") as second:
        assert second.url() == url
        assert kept_row(second) == 42


def test_what_makes_a_commit_durable_is_on(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(role="app")) as connection:
        query = "SELECT name FROM pg_settings WHERE setting = 'on' AND name = ANY(%s)"
        names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"]
        found = connection.execute(query, [names]).fetchall()

    assert {name for (name,) in found} == set(names)


def test_the_application_has_no_right_of_its_own(cluster: Cluster) -> None:
    keep_a_row(cluster)

    with psycopg.connect(cluster.url(role="app"), autocommit=True) as connection:
        for statement in ("SELECT * FROM kept", "CREATE TABLE t (a int)", "CREATE TEMP TABLE t (a int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_nobody_enters_without_the_password(cluster: Cluster) -> None:
    port = psycopg.conninfo.conninfo_to_dict(cluster.url())["port"]
    for host in ("127.0.0.1", str(cluster.socket_directory())):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host=host, port=port, user="activkode", password="guess", dbname="activkode")


def test_its_files_are_closed_to_others(cluster: Cluster) -> None:
    assert (cluster.directory / "access.json").stat().st_mode & 0o777 == 0o600
    assert cluster.data.stat().st_mode & 0o777 == 0o700
    assert cluster.directory.parent.stat().st_mode & 0o777 == 0o700
    assert "password" not in (cluster.directory / "postgres.log").read_text().lower()


def test_the_socket_serves_too(cluster: Cluster) -> None:
    url = psycopg.conninfo.conninfo_to_dict(cluster.url())

    with psycopg.connect(**url | {"host": str(cluster.socket_directory())}) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_path_too_long_for_a_socket_leaves_the_port(place: Path) -> None:
    with Cluster(place / ("long" * 30) / "pg") as cluster:
        assert cluster.socket_directory() is None
        keep_a_row(cluster)


def test_a_second_server_on_the_directory_is_refused_with_the_first_ones_process(cluster: Cluster) -> None:
    with pytest.raises(AlreadyRunning, match=str(os.getpid())):
        Cluster(cluster.directory).start()
    assert cluster.answers()


def test_a_killed_postmaster_is_replaced_and_no_commit_is_lost(cluster: Cluster) -> None:
    keep_a_row(cluster)
    assert cluster.process is not None
    cluster.process.kill()

    cluster.start()

    assert kept_row(cluster) == 42


def test_a_killed_holder_takes_its_server_along_cleanly(place: Path) -> None:
    holder, postmaster = _holder(place)
    holder.kill()
    holder.wait()

    assert soon(lambda: not alive(postmaster) and not orphans.residents(place / "pg/data"))
    assert "shut down" in _state(place / "pg/data")


def test_holder_and_postmaster_killed_together_leave_a_directory_that_starts(place: Path) -> None:
    holder, postmaster = _holder(place)
    holder.kill()
    os.kill(postmaster, signal.SIGKILL)
    holder.wait()

    with Cluster(place / "pg") as cluster:
        keep_a_row(cluster)


def test_a_server_left_running_by_others_is_stopped_and_replaced(place: Path) -> None:
    cluster = Cluster(place / "pg")
    cluster.prepare()
    orphan = _untied(cluster)
    assert soon(cluster.answers)
    keep_a_row(cluster)
    os.close(cluster._lock)  # type: ignore[arg-type]  # its holder has died

    with Cluster(place / "pg") as next_one:
        assert kept_row(next_one) == 42
        assert orphan.wait(5) == 0


def test_a_stale_pid_file_that_names_a_strangers_process_harms_neither(cluster: Cluster) -> None:
    cluster.stop()
    with subprocess.Popen(["/bin/sleep", "600"]) as stranger:
        (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n/elsewhere\n")
        cluster.start()

        assert cluster.answers()
        assert alive(stranger.pid)
        stranger.kill()


def test_a_first_start_that_was_killed_half_way_is_done_again(place: Path) -> None:
    (place / "pg/data.new/base").mkdir(parents=True)
    (place / "pg/data.new/PG_VERSION").write_text("18\n")

    with Cluster(place / "pg") as cluster:
        keep_a_row(cluster)


def test_lost_passwords_are_made_anew_and_the_data_stays(cluster: Cluster) -> None:
    keep_a_row(cluster)
    cluster.stop()
    (cluster.directory / "access.json").unlink()

    with Cluster(cluster.directory) as again:
        assert kept_row(again) == 42
        assert again.url() != cluster.url()


def test_a_port_that_another_took_is_replaced(cluster: Cluster) -> None:
    cluster.stop()
    with socket.create_server(("127.0.0.1", int(cluster.url().rsplit(":", 1)[1].split("/")[0]))):
        cluster.start()
        assert cluster.answers()


def test_data_of_another_version_is_refused(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("15\n")

    with pytest.raises(ClusterError, match="written by PostgreSQL 15"):
        Cluster(cluster.directory).start()


def test_the_lock_is_free_again_when_its_holder_is_killed(place: Path) -> None:
    holder, _ = _holder(place)
    with pytest.raises(AlreadyRunning):
        lock.hold(place / "pg/lock", "it")
    holder.kill()
    holder.wait()

    os.close(lock.hold(place / "pg/lock", "it"))


@needs_root
def test_root_runs_it_as_another_user_below_a_closed_directory(cluster: Cluster) -> None:
    assert cluster.process is not None
    status = Path(f"/proc/{cluster.process.pid}/status").read_text()
    uid = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1]

    assert uid != "0"
    assert uid == str(cluster.data.stat().st_uid)


def _holder(place: Path) -> tuple[subprocess.Popen[str], int]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(place / "pg")], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder.stdout:
        return holder, int(holder.stdout.readline())


def _untied(cluster: Cluster) -> subprocess.Popen[bytes]:
    """The prepared server without its tie, as a supervisor of another kind would start it."""
    program = cluster.argv()[cluster.argv().index("-S") + 6 :]
    owner = cluster.data.stat()
    return subprocess.Popen(
        program,
        cwd=cluster.data,
        env=cluster.environment(),
        user=owner.st_uid,
        group=owner.st_gid,
        extra_groups=[] if os.geteuid() == 0 else None,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _state(data: Path) -> str:
    from activkode.doors.up import binaries

    program = binaries.installed() / "bin/pg_controldata"
    lines = subprocess.run([program, data], capture_output=True, text=True, check=True).stdout.splitlines()
    return next(line for line in lines if line.startswith("Database cluster state"))
