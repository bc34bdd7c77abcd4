"""Keeps what the audit found: one open row per invariant, closed when a full audit no longer sees it."""

from collections.abc import Iterable
from typing import Any, Protocol

from psycopg.types.json import Jsonb

from activkode.core import sql


class Found(Protocol):
    """A violated invariant (ledger/audit.py's Finding)."""

    @property
    def invariant(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def rows(self) -> tuple[dict[str, Any], ...]: ...


def keep(found: Iterable[Found], *, complete: bool) -> None:
    """Opens or refreshes findings; after a complete audit closes those that are gone. Raises TryLater."""
    seen = []
    for finding in found:
        seen.append(finding.invariant)
        sql.execute(
            "insert into core_finding (invariant, rows, count, first_seen, last_seen)"
            " values (%s, %s, %s, fn.now(), fn.now())"
            " on conflict (invariant) where resolved_at is null"
            " do update set rows = excluded.rows, count = excluded.count, last_seen = excluded.last_seen",
            (finding.invariant, Jsonb(list(finding.rows)), finding.count),
        )
    if complete:
        sql.execute(
            "update core_finding set resolved_at = fn.now() where resolved_at is null and not invariant = any (%s)",
            (seen,),
        )
