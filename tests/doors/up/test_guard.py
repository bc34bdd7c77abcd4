"""No process starts on a database that could lose a commit."""

from pathlib import Path

import psycopg
import pytest

from activkode.doors.up import guard
from activkode.doors.up.cluster import Cluster
from activkode.doors.up.guard import UnsafeDatabase


def test_the_embedded_database_is_accepted(cluster: Cluster) -> None:
    guard.refuse_unsafe(cluster.url(role="app"))


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_a_server_that_does_not_secure_its_writes_is_refused(place: Path, name: str) -> None:
    with Cluster(place / "pg", {name: "off"}) as cluster, pytest.raises(UnsafeDatabase, match=name):
        guard.refuse_unsafe(cluster.url())


def test_a_role_whose_commits_do_not_wait_is_refused(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        connection.execute("ALTER ROLE activkode_app SET synchronous_commit = off")

    with pytest.raises(UnsafeDatabase, match="synchronous_commit"):
        guard.refuse_unsafe(cluster.url(role="app"))
