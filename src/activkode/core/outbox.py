"""What is to be delivered to the outside, as rows: written in the transaction that causes it, delivered by the clock at
least once. Must never deliver from here.
"""

from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from activkode.core import sql

MAIL = "mail"
MOST_ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Due:
    """A row to deliver now."""

    id: int
    topic: str
    payload: dict[str, Any]
    attempts: int


def put_mail(to: str, subject: str, text: str, html: str = "") -> int:
    """A mail to be sent; the row's id. Raises TryLater."""
    return put(MAIL, {"to": to, "subject": subject, "text": text, "html": html})


def put(topic: str, payload: dict[str, Any]) -> int:
    """A row for a topic. Raises TryLater."""
    made: int = sql.value(
        "insert into core_outbox (topic, payload, created_at, due_at, attempts, last_error)"
        " values (%s, %s, fn.now(), fn.now(), 0, '') returning id",
        (topic, Jsonb(payload)),
    )
    return made


def claim(limit: int) -> list[Due]:
    """Rows that are due; each is put off before it is tried, so that a crash repeats it later and another clock does not
    take it meanwhile. Raises TryLater."""
    found = sql.rows(
        "update core_outbox set attempts = attempts + 1,"
        " due_at = fn.now() + least(interval '1 hour', interval '10 seconds' * power(2, attempts))"
        " where id in (select id from core_outbox where delivered_at is null and failed_at is null and due_at <= fn.now()"
        " order by due_at limit %s for update skip locked) returning id, topic, payload::json, attempts",
        (limit,),
    )
    return [Due(*row) for row in found]


def delivered(row_id: int) -> None:
    """The row is done; what it said is forgotten, since mails hold links that sign in. Raises TryLater."""
    sql.execute(
        "update core_outbox set delivered_at = fn.now(), payload = payload - 'text' - 'html' where id = %s",
        (row_id,),
    )


def failed(due: Due, error: str) -> None:
    """The attempt failed; after the last one the row is given up, visibly. Raises TryLater."""
    sql.execute(
        "update core_outbox set last_error = %s, failed_at = case when attempts >= %s then fn.now() end where id = %s",
        (error[:500], MOST_ATTEMPTS, due.id),
    )
