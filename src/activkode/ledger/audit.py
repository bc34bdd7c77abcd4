"""The invariants as set-wise SQL that must return no row: after every database test, every minute, and in full on
demand. Reads only; must never repair.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from activkode.core import sql
from activkode.core.places import fill

QUERIES = sorted((Path(__file__).parent / "sql" / "audit").glob("*.sql"))
_FULL_ONLY = {"03_books_are_zero", "24_audit_log_chain"}
_SCOPE = re.compile(r"/\*(scope|taken|since|lease) ([\w.]+)\*/")
_SHOWN = 20
# As arrays, so that rows are found by index: a join would be planned as a reading of the whole ledger every minute.
_CHANGED = "any (array(select distinct customer_id from core_event where at >= %(since)s))"
_RENTED = (
    "any (array(select l.address from core_event e join supply_lease l using (activation_id)"
    " where e.at >= %(since)s and e.type = 'activation.opened'))"
)
_LIMITS = {
    "scope": "and {0}.customer_id = " + _CHANGED,
    "taken": "and {0}.taken_from = " + _CHANGED,
    "since": "and {0} >= %(since)s",
    # Two partial indexes: running and resting leases, and past ones.
    "lease": f"and ({{0}}.blocking and {{0}}.address = {_RENTED} or not {{0}}.blocking and {{0}}.address = {_RENTED})",
}


@dataclass(frozen=True)
class Finding:
    """One violated invariant: its name, what it says, how many rows violate it, and the first of them."""

    invariant: str
    meaning: str
    count: int
    rows: tuple[dict[str, Any], ...]


def run(since: datetime | None = None) -> list[Finding]:
    """All invariants; with `since` only customers and messages that changed after it. Raises TryLater."""
    return [finding for path in QUERIES if (finding := _check(path, since))]


def _check(path: Path, since: datetime | None) -> Finding | None:
    if since is not None and path.stem in _FULL_ONLY:
        return None
    text = query(path, limited=since is not None)
    found = list(_dicts(text, {"since": since} if since else {}))
    if not found:
        return None
    return Finding(path.stem, text.splitlines()[0].removeprefix("-- "), len(found), tuple(found[:_SHOWN]))


def query(path: Path, *, limited: bool = False) -> str:
    """An invariant's SQL, in full or limited to what changed after `%(since)s`; its first line says what it means."""
    return _SCOPE.sub(
        lambda mark: _LIMITS[mark[1]].format(mark[2]) if limited else "", fill(path.read_text())
    )


def _dicts(query: str, params: dict[str, Any]) -> Iterator[dict[str, Any]]:
    # limited: a broken invariant over millions of rows must not fill the memory of who asks
    limited = f"select to_json(v) from ({query}) v limit 1000"  # noqa: S608 - files of this package
    for row in sql.rows(limited, params):
        yield row[0]
