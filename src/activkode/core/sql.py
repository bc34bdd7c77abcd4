"""Statements on this thread's database connection. Domain code writes only by calling the SQL functions of schema fn;
this module must never build SQL from values.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import django.db
import psycopg
from django.db import connection
from django.db import transaction as django_transaction

from activkode.core.errors import TryLater

Params = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]
# Django wraps what fails while it connects; what fails later comes from psycopg itself.
_LOST = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    django.db.OperationalError,
    django.db.InterfaceError,
)


def rows(query: str, params: Params = ()) -> list[Row]:
    """All rows of a statement. Raises TryLater when the database cannot be reached."""
    return _execute(query, params).fetchall()


def one(query: str, params: Params = ()) -> Row | None:
    """The first row, or None. Raises TryLater."""
    return _execute(query, params).fetchone()


def value(query: str, params: Params = ()) -> Any:
    """The first column of the first row, or None. Raises TryLater."""
    row = one(query, params)
    return row[0] if row else None


def execute(query: str, params: Params = ()) -> int:
    """Runs a statement; the number of rows it touched. Raises TryLater."""
    return _execute(query, params).rowcount


@contextmanager
def transaction() -> Iterator[None]:
    """Statements inside commit together or not at all. Raises TryLater."""
    try:
        with django_transaction.atomic():
            yield
    except _LOST as error:
        raise _lost(error) from error


def _execute(query: str, params: Params) -> psycopg.Cursor[Row]:
    # Below Django's cursor, whose wrappers cost as much as the statement. psycopg prepares what is used often. Django
    # leaves jsonb as text on its connections: statements here cast it to json, which comes out as plain values.
    try:
        connection.ensure_connection()
        cursor: psycopg.Cursor[Row] = connection.connection.execute(query, params or None)
        return cursor
    except _LOST as error:
        raise _lost(error) from error


def _lost(error: Exception) -> TryLater:
    if not connection.in_atomic_block:
        connection.close()
    return TryLater(type(error).__name__)
