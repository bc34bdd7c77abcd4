"""Writes lines of the audit log, each chained to the one before it (INVARIANTS 24)."""

from psycopg.types.json import Jsonb

from activkode.core import sql


def note(actor: str, action: str, subject: str, **detail: object) -> None:
    """Who did what to whom, and what else is to be known of it: values that JSON can hold. Raises TryLater."""
    sql.execute("select fn.audit_log(%s, %s, %s, %s)", (actor, action, subject, Jsonb(detail)))
