"""`activkode doctor`: settings, versions and connections, each with what to do. Changes nothing and prints no secret."""

import os
import socket
import sys
from collections.abc import Callable
from importlib.metadata import version

import click
import psycopg
from django.conf import settings

from activkode.core import sql
from activkode.core.errors import TryLater
from activkode.schema import doctor_topups
from activkode.schema.looks import Result
from activkode.schema.migrate import stamp

_OLDEST = 150_000
_SOON_SECONDS = 3


def main() -> int:
    """Prints every look; 0 when all are fine, else 1."""
    results = [(name, _look(check)) for name, check in (*CHECKS, *doctor_topups.checks())]
    for name, result in results:
        click.echo(f"{'ok ' if result.fine else 'BAD'}  {name}: {result.seen}")
        if not result.fine:
            click.echo(f"     do: {result.remedy}")
    return 0 if all(result.fine for _, result in results) else 1


def _look(check: Callable[[], Result]) -> Result:
    try:
        return check()
    except TryLater:
        return Result(False, "the database does not answer", "see `database`")
    except psycopg.Error as error:
        return Result(False, type(error).__name__, "run `activkode migrate`, then look again")


def _versions() -> Result:
    seen = f"activkode {version('activkode')}, Python {sys.version.split()[0]}, Django {version('django')}"
    return Result(sys.version_info >= (3, 11), seen, "install Python 3.11 or newer")


def _database() -> Result:
    number = int(sql.value("select current_setting('server_version_num')"))
    seen = f"PostgreSQL {sql.value('show server_version')} as {sql.value('select current_user')}"
    return Result(number >= _OLDEST, seen, "use PostgreSQL 15 or newer")


def _durable() -> Result:
    off = [
        name
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if sql.value(f"show {name}") == "off"
    ]
    return Result(
        not off,
        f"off: {', '.join(off)}" if off else "commits are durable",
        "turn these on: money is at stake",
    )


def _rights() -> Result:
    may = sql.value("select has_table_privilege('ledger_transfer', 'update, delete')")
    seen = "the application may change the books" if may else "the application cannot change the books"
    return Result(not may, seen, "run as a role that is not the tables' owner: DATABASE_ROLE=activkode_app")


def _functions() -> Result:
    same = sql.value("select hash from core_sqlstamp where name = 'fn'") == stamp()
    return Result(same, "of this version" if same else "of another version", "run `activkode migrate`")


def _clock() -> Result:
    age = sql.value("select extract(epoch from fn.now() - at)::int from core_heartbeat where name = 'clock'")
    fine = age is not None and age < 20
    seen = "never ran" if age is None else f"last went round {age} s ago"
    return Result(fine, seen, "start `activkode clock` (or `activkode up`)")


def _links() -> Result:
    away = [link["name"] for link in settings.SMPP_LINKS if not _answers(link["host"], int(link["port"]))]
    seen = f"{len(settings.SMPP_LINKS)} configured" + (f", no answer from {', '.join(away)}" if away else "")
    return Result(not away, seen, "check host and port in ACTIVKODE_SMPP_LINKS, and the carrier")


def _relay() -> Result:
    if not settings.MAIL_RELAY:
        return Result(True, f"none set; mails are written into {settings.VAR}/mail")
    host, _, port = settings.MAIL_RELAY.partition(":")
    return Result(_answers(host, int(port or 25)), settings.MAIL_RELAY, "check ACTIVKODE_MAIL_RELAY")


def _cookies() -> Result:
    public = settings.PUBLIC_URL
    fine = public.startswith("https://") or "127.0.0.1" in public or "localhost" in public
    return Result(fine, public, "serve people over https and set ACTIVKODE_PUBLIC_URL to it")


def _secret() -> Result:
    path = settings.VAR / "secret_key"
    if os.environ.get("SECRET_KEY") or not path.exists():
        return Result(True, "from the environment")
    return Result(path.stat().st_mode & 0o077 == 0, str(path), f"chmod 600 {path}")


def _outbound() -> Result:
    opened = ", ".join(settings.OUTBOUND_OPEN)
    seen = f"webhooks may reach {opened}" if opened else "webhooks reach public addresses alone"
    return Result(not opened, seen, "unset ACTIVKODE_OUTBOUND_OPEN where others than you have accounts")


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), _SOON_SECONDS).close()
    except OSError:
        return False
    return True


CHECKS: tuple[tuple[str, Callable[[], Result]], ...] = (
    ("versions", _versions),
    ("database", _database),
    ("durability", _durable),
    ("rights", _rights),
    ("functions", _functions),
    ("clock", _clock),
    ("SMPP links", _links),
    ("mail relay", _relay),
    ("public address", _cookies),
    ("secret key", _secret),
    ("outbound", _outbound),
)
