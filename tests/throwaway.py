"""The tests' own PostgreSQL: one per run, a template that is migrated once, a copy for each worker.

Never touches the database of DATABASE_URL. ACTIVKODE_TEST_DATABASE_URL, a superuser's URL, runs them
elsewhere; databases there whose names begin with activkode_test are replaced.
"""

import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from activkode.doors.up import lock, orphans
from activkode.doors.up.cluster import Cluster
from activkode.doors.up.faults import AlreadyRunning

_PREFIX = "activkode_test"
_TEMPLATE = f"{_PREFIX}_template"
_MEMORY = Path("/dev/shm")
_WANTED_BYTES = 2**30
# Small, so that a run in memory stays small. What makes a commit durable is on, as in production.
# What a killed server shared goes with its directory.
_SETTINGS = {
    "shared_buffers": "128MB",
    "max_wal_size": "192MB",
    "min_wal_size": "64MB",
    "dynamic_shared_memory_type": "mmap",
}


def start() -> Cluster:
    """Starts a server in memory where there is room, else among temporary files. Stop it with remove()."""
    prefix = f"{_PREFIX}-{os.geteuid()}-"
    for left in place().glob(f"{prefix}*"):
        _clear(left)
    cluster = Cluster(Path(tempfile.mkdtemp(prefix=prefix, dir=place())) / "pg", _SETTINGS)
    cluster.start()
    return cluster


def remove(cluster: Cluster) -> None:
    """Stops the server and removes its directory."""
    cluster.stop()
    shutil.rmtree(cluster.directory.parent)


def place() -> Path:
    """Where servers of tests live: in memory where there is room, for there fsync costs nothing."""
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _WANTED_BYTES:
        return _MEMORY
    return Path(tempfile.gettempdir())


def _clear(left: Path) -> None:
    """Removes what a killed run left; a directory whose lock is held belongs to a run that lives."""
    try:
        held = lock.hold(left / "pg/lock", "a test run")
    except (AlreadyRunning, FileNotFoundError):
        return
    orphans.settle(left / "pg/data")
    shutil.rmtree(left, ignore_errors=True)
    os.close(held)


def migrate_template() -> None:
    """Makes the migrated template once per run, whichever worker comes first."""
    from activkode.schema.migrate import migrate

    with closing(_server()) as server:
        server.execute("SELECT pg_advisory_lock(1)")
        if _exists(server, _TEMPLATE):
            return
        draft = f"{_TEMPLATE}_draft"
        server.execute(f"DROP DATABASE IF EXISTS {draft} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {draft} OWNER activkode")
        migrate(_at(os.environ["ACTIVKODE_TEST_OWNER"], draft))
        _shiftable_clock(draft)
        server.execute(f"ALTER DATABASE {draft} RENAME TO {_TEMPLATE}")


def _shiftable_clock(dbname: str) -> None:
    """Puts a clock into the template that a test can set forward: `activkode_test.shift` is an interval."""
    with psycopg.connect(_at(os.environ["ACTIVKODE_TEST_OWNER"], dbname), autocommit=True) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION fn.now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT"
            " clock_timestamp() + coalesce(nullif(current_setting('activkode_test.shift', true), ''), '0')::interval $$"
        )


def copy(worker: str) -> None:
    """Gives the worker a fresh copy of the template, and Django a connection to it."""
    name = f"{_PREFIX}_{worker}"
    point_django_at("postgres")
    with closing(_server()) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name} OWNER activkode TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
    point_django_at(name)


def drop(worker: str) -> None:
    """Removes the worker's copy."""
    point_django_at("postgres")
    with closing(_server()) as server:
        server.execute(f"DROP DATABASE IF EXISTS {_PREFIX}_{worker} WITH (FORCE)")


def prepare_server(superuser_url: str, owner_url: str) -> None:
    """Tells this process and its children which server is theirs, and makes missing roles."""
    os.environ["ACTIVKODE_TEST_SERVER"] = superuser_url
    os.environ["ACTIVKODE_TEST_OWNER"] = owner_url
    with closing(_server()) as server:
        for role in ("activkode", "activkode_app"):
            if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                server.execute(f"CREATE ROLE {role}")
        server.execute(f"DROP DATABASE IF EXISTS {_TEMPLATE} WITH (FORCE)")


def point_django_at(dbname: str) -> None:
    """Closes this thread's connection; the next goes to `dbname`, as the owner in the application's role."""
    from django.conf import settings
    from django.db import connections

    from activkode.config import environment

    connections.close_all()
    url = _at(os.environ["ACTIVKODE_TEST_OWNER"], dbname)
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = url
    # In place: connections that exist hold the same dictionary.
    settings.DATABASES["default"].update(environment.database("DATABASE_URL", role="activkode_app"))
    settings.DATABASE_OWNER_URL = url


def superuser_url() -> str:
    """The superuser's URL of the database that Django is pointed at: for tests that go round the guards."""
    return _at(os.environ["ACTIVKODE_TEST_SERVER"], urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/"))


def _server() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(_at(os.environ["ACTIVKODE_TEST_SERVER"], "postgres"), autocommit=True)


def _exists(server: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _at(url: str, dbname: str) -> str:
    return urlsplit(url)._replace(path=f"/{dbname}").geturl()
