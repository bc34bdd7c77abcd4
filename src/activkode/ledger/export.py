"""The books in forms that others can check: CSV, JSON, and beancount with its own balance assertions."""

import csv as csvlib
import io
import json as jsonlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from activkode.core import sql
from activkode.core.money import dollars
from activkode.ledger.movements import COINS, CUSTOMER_ACCOUNTS, HOUSE_ACCOUNTS
from activkode.ledger.read import ACCOUNTS, Balance, Line, Statement, line_of

COLUMNS = (
    "seq",
    "time",
    "movement",
    "from",
    "to",
    "reference",
    "amount",
    *(f"{name}_after" for name in ACCOUNTS),
)
_CHUNK = 10_000
_BEAN = {
    "revenue": "Income:Revenue",
    "promo_expense": "Expenses:Promo",
    "goodwill": "Expenses:Goodwill",
    "write_off": "Expenses:WriteOff",
    **{f"clearing_{coin}": f"Assets:Clearing:{coin.replace('_', '-').upper()}" for coin in COINS},
}


@dataclass(frozen=True, slots=True)
class _Entry:
    customer_id: int
    line: Line


def csv(statement: Statement) -> str:
    """A customer's statement as CSV (RFC 4180), amounts in dollars."""
    return "".join(_csv(_Entry(0, line) for line in statement.lines))


def json(statement: Statement) -> dict[str, Any]:
    """A customer's statement as plain values: opening + movements = closing."""
    return {
        "opening": balances(statement.opening),
        "movements": [_plain(line) for line in statement.lines],
        "closing": balances(statement.closing),
    }


def beancount(statement: Statement, customer_id: int) -> str:
    """A customer's statement as beancount; `bean-check` proves that it adds up."""
    return "".join(
        _beancount([_Entry(customer_id, line) for line in statement.lines], {customer_id: statement.opening})
    )


def export(form: str) -> Iterator[str]:
    """All books, piece by piece, in the form `csv`, `json` (a line per transfer) or `beancount`. Raises TryLater."""
    return _FORMS[form](_entries())


def balances(balance: Balance) -> dict[str, str]:
    """A balance in dollars."""
    return {name: dollars(getattr(balance, name)) for name in ACCOUNTS} | {"total": dollars(balance.total)}


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(line: Line) -> dict[str, Any]:
    return dict(zip(COLUMNS, _cells(line), strict=True))


def _cells(line: Line) -> tuple[Any, ...]:
    after = (dollars(getattr(line.after, name)) for name in ACCOUNTS)
    return (
        line.seq,
        stamp(line.at),
        line.movement,
        line.from_account,
        line.to_account,
        line.reference,
        dollars(line.amount_micros),
        *after,
    )


def _csv(entries: Iterable[_Entry], *, with_customer: bool = False) -> Iterator[str]:
    yield _csv_line((("customer",) if with_customer else ()) + COLUMNS)
    for entry in entries:
        yield _csv_line(((entry.customer_id,) if with_customer else ()) + _cells(entry.line))


def _csv_books(entries: Iterable[_Entry]) -> Iterator[str]:
    return _csv(entries, with_customer=True)


def _csv_line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csvlib.writer(out).writerow(cells)
    return out.getvalue()


def _json_lines(entries: Iterable[_Entry]) -> Iterator[str]:
    for entry in entries:
        yield jsonlib.dumps({"customer": entry.customer_id, **_plain(entry.line)}) + "\n"


def _beancount(entries: Iterable[_Entry], openings: dict[int, Balance]) -> Iterator[str]:
    yield 'option "title" "ACTIV KODE"\noption "operating_currency" "USD"\nplugin "beancount.plugins.auto_accounts"\n\n'
    closing: dict[str, int] = defaultdict(int)
    last = date(1970, 1, 1)
    for customer_id, opening in openings.items():
        yield from _opening(customer_id, opening, closing)
    for entry in entries:
        line = entry.line
        last = max(last, line.at.date())
        source, target = (
            _account(line.from_account, entry.customer_id),
            _account(line.to_account, entry.customer_id),
        )
        closing[source] += line.amount_micros
        closing[target] -= line.amount_micros
        yield (
            f'{line.at.date()} * "{line.movement}" "customer {entry.customer_id}"\n'
            f'  time: "{stamp(line.at)}"\n  reference: "{line.reference}"\n'
            f"  {source}  {dollars(line.amount_micros)} USD\n  {target}  {dollars(-line.amount_micros)} USD\n\n"
        )
    for account, amount in sorted(closing.items()):
        yield f"{last + timedelta(days=1)} balance {account}  {dollars(amount)} USD\n"


def _opening(customer_id: int, opening: Balance, closing: dict[str, int]) -> Iterator[str]:
    for name in CUSTOMER_ACCOUNTS:
        if amount := getattr(opening, name):
            account = _account(name, customer_id)
            closing[account] -= amount
            closing["Equity:Opening"] += amount
            yield (
                f'1970-01-01 * "opening"\n  {account}  {dollars(-amount)} USD\n'
                f"  Equity:Opening  {dollars(amount)} USD\n\n"
            )


def _account(name: str, customer_id: int) -> str:
    # A customer's balance is our debt: credits are negative in beancount.
    if name in HOUSE_ACCOUNTS:
        return _BEAN[name]
    return f"Liabilities:Customers:C{customer_id}:{name.capitalize()}"


def _entries() -> Iterator[_Entry]:
    after: tuple[int, int] = (0, 0)
    while True:
        found = sql.rows(
            "select t.customer_id, t.seq, t.at, t.movement, t.purse, m.from_account, m.to_account, t.reference_kind,"
            " t.reference_id, t.amount_micros, t.cash_after, t.promo_after, t.held_after, t.withdrawing_after"
            " from ledger_transfer t join ledger_movement m on m.name = t.movement"
            " where (t.customer_id, t.seq) > (%s, %s) order by t.customer_id, t.seq limit %s",
            (*after, _CHUNK),
        )
        for row in found:
            yield _Entry(row[0], line_of(row[1:]))
        if len(found) < _CHUNK:
            return
        after = (found[-1][0], found[-1][1])


def _beancount_books(entries: Iterable[_Entry]) -> Iterator[str]:
    return _beancount(entries, {})


_FORMS: dict[str, Callable[[Iterable[_Entry]], Iterator[str]]] = {
    "csv": _csv_books,
    "json": _json_lines,
    "beancount": _beancount_books,
}
