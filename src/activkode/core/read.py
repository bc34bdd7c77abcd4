"""What the system keeps about itself, for operators: findings of the audit, the audit log, mails that did not go out.
Must never write, and never gives what a mail said.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activkode.core import sql

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A violated invariant as it was seen; open until `resolved_at`."""

    id: int
    invariant: str
    count: int
    rows: list[dict[str, Any]]
    first_seen: datetime
    last_seen: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class LogLine:
    """Who did what."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """Something that could not be delivered yet, or was given up."""

    id: int
    topic: str
    to: str
    subject: str
    created_at: datetime
    due_at: datetime
    attempts: int
    failed_at: datetime | None
    last_error: str


def now() -> datetime:
    """The one clock: the database's. Raises TryLater."""
    at: datetime = sql.value("select fn.now()")
    return at


def findings(limit: int = 50) -> list[FindingLine]:
    """The open findings first, then those that are gone, the latest first. Raises TryLater."""
    found = sql.rows(
        "select id, invariant, count, rows::json, first_seen, last_seen, resolved_at from core_finding"
        " order by resolved_at is not null, last_seen desc limit %s",
        (limit,),
    )
    return [FindingLine(*row) for row in found]


def open_findings() -> int:
    """How many invariants are violated as far as is known. Raises TryLater."""
    return int(sql.value("select count(*) from core_finding where resolved_at is null"))


def audit_log(
    *, subject: str = "", actor: str = "", before: int | None = None, limit: int = 50
) -> list[LogLine]:
    """Lines of the audit log of this subject or actor, the latest first, older than id `before`. Raises TryLater."""
    found = sql.rows(
        "select id, at, actor, action, subject, detail::json from core_audit_log where id < %(before)s"
        " and (%(subject)s = '' or subject = %(subject)s) and (%(actor)s = '' or position(%(actor)s in actor) > 0)"
        " order by id desc limit %(limit)s",
        {
            "before": _LARGEST if before is None else before,
            "subject": subject.strip(),
            "actor": actor.strip(),
            "limit": limit,
        },
    )
    return [LogLine(*row) for row in found]


def undelivered(limit: int = 100) -> list[OutboxLine]:
    """Rows of the outbox that failed at least once or were given up, the oldest first. Raises TryLater."""
    found = sql.rows(
        "select id, topic, coalesce(payload->>'to', ''), coalesce(payload->>'subject', ''), created_at, due_at, attempts,"
        " failed_at, last_error from core_outbox where delivered_at is null and (failed_at is not null or last_error <> '')"
        " order by id limit %s",
        (limit,),
    )
    return [OutboxLine(*row) for row in found]
