"""A throw-away PostgreSQL with production's settings on a real disk, and databases in it for each figure.

Must never run with fsync off: the figures would be of another system.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from activkode.doors.up.cluster import Cluster
from activkode.doors.up.tuning import DURABILITY

_TEMPLATE = "bench_template"


@dataclass(frozen=True, slots=True)
class Database:
    """One database: the URL of the application, and of the owner of its tables."""

    name: str
    app: str
    owner: str

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """The owner's connection, autocommit."""
        return psycopg.connect(self.owner, autocommit=True)


class Server:
    """The running cluster. Copies of a migrated template are made by name."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._superuser = psycopg.connect(cluster.superuser_url(), autocommit=True)
        for name, wanted in DURABILITY.items():
            found = self._superuser.execute(f"show {name}").fetchone()
            assert found == (wanted,), f"{name} is {found}"

    def empty(self, name: str) -> Database:
        """A database without tables."""
        self._superuser.execute(f"create database {name} owner activkode")
        return self._at(name)

    def migrated(self, name: str) -> Database:
        """A database as `activkode migrate` leaves it."""
        if not self._superuser.execute("select from pg_database where datname = %s", (_TEMPLATE,)).rowcount:
            migrate(self.empty(_TEMPLATE))
        self._superuser.execute(f"create database {name} owner activkode template {_TEMPLATE}")
        return self._at(name)

    def copy(self, origin: str, name: str) -> Database:
        """A copy of a database that nobody is connected to."""
        self._superuser.execute(f"create database {name} owner activkode template {origin}")
        return self._at(name)

    def drop(self, name: str) -> None:
        """Removes a database."""
        self._superuser.execute(f"drop database {name} with (force)")

    def settle(self) -> None:
        """A checkpoint, so that no figure pays for what was written before it."""
        self._superuser.execute("checkpoint")

    def superuser(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        """The superuser's connection to one of the databases, autocommit: it sees the server's statistics."""
        return psycopg.connect(self._cluster.superuser_url(name), autocommit=True)

    def close(self) -> None:
        """Closes the own connection."""
        self._superuser.close()

    def _at(self, name: str) -> Database:
        return Database(name, self._cluster.url(name, role="app"), self._cluster.url(name))


@contextmanager
def running() -> Iterator[Server]:
    """The server while the block runs; nothing of it is left."""
    place = Path(tempfile.mkdtemp(prefix="activkode-bench-"))
    place.chmod(0o755)
    try:
        with Cluster(place / "pg") as cluster:
            server = Server(cluster)
            try:
                yield server
            finally:
                server.close()
    finally:
        shutil.rmtree(place)


def migrate(database: Database) -> None:
    """Tables and functions, in a process of its own order: settings are read from the environment once."""
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = database.owner
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
    import django

    django.setup()
    from activkode.schema.migrate import migrate as bring_up

    bring_up(database.owner)
    from django.db import connections

    connections.close_all()


def prepare(server: Server) -> None:
    """Makes the template, and with it Django's settings, before anything that needs them is imported."""
    server.migrated("first")
    server.drop("first")
