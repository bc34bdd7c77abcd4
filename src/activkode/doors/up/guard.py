"""Refuses a database that could lose a commit of which a customer or a carrier was told (DESIGN.md 8)."""

import time

import psycopg

from activkode.doors.up.faults import StartError
from activkode.doors.up.tuning import DURABILITY

_PATIENCE_SECONDS = 30.0


class UnsafeDatabase(StartError):
    """The database has a setting switched off that makes a commit durable."""


def refuse_unsafe(url: str) -> None:
    """Looks at the settings as this URL's sessions have them. Raises UnsafeDatabase, or StartError where the
    database does not answer within 30 s."""
    off = [name for name, value in _values(url).items() if value == "off"]
    if off:
        raise UnsafeDatabase(
            f"refusing to start: {', '.join(off)} off in the database, a crash could lose money or messages; "
            "switch it on (ALTER SYSTEM, ALTER DATABASE or ALTER ROLE ... SET) and start again"
        )


def _values(url: str) -> dict[str, str]:
    with _connected(url) as connection:
        query = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
        return dict(connection.execute(query, [list(DURABILITY)]).fetchall())


def _connected(url: str) -> psycopg.Connection[tuple[str, str]]:
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return psycopg.connect(url, connect_timeout=5)
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise StartError("the database of DATABASE_URL does not answer") from None
            time.sleep(0.3)
