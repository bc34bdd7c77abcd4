"""The audit of every test: all of its queries as one statement, which the server plans once for each connection.

Planning them costs ten times as much as running them over a test's few rows.
"""

from weakref import WeakSet

import psycopg
from django.db import connection

from activkode.ledger import audit
from activkode.ledger.audit import Finding

_prepared: WeakSet[psycopg.Connection] = WeakSet()


def findings() -> list[Finding]:
    """What `audit.run()` finds, which is asked only where the one statement finds anything."""
    return audit.run() if violated() else []


def violated() -> set[str]:
    """The names of the invariants that do not hold."""
    connection.ensure_connection()
    raw = connection.connection
    if raw not in _prepared:
        raw.execute(f"prepare books as {_statement()}")
        _prepared.add(raw)
    return {name for (name,) in raw.execute("execute books")}


def _statement() -> str:
    # A line of its own for the end of each query: it may end in a comment.
    return " union all ".join(
        f"(select '{path.stem}' from (\n{audit.query(path)}\n) v limit 1)" for path in audit.QUERIES
    )
