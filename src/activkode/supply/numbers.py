"""Our own telephone numbers: bulk import from CSV, all or nothing, with a report of each bad line; and retiring one."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import phonenumbers
from psycopg.types.json import Jsonb

from activkode.core import audit_log, sql
from activkode.core.errors import Code, Refusal

COLUMNS = ("phone", "country", "operator", "link")
MOST_LINES = 1_000_000
MOST_BAD_SHOWN = 1_000
_PROGRESS_LINES = 5_000


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is refused: its number in the file (the header is line 1), what is wrong, and what stood there."""

    line: int
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Progress and outcome of an import. `state` is checking, done or refused; after `refused` nothing was added."""

    id: int
    filename: str
    state: str
    lines: int
    checked: int
    added: int
    known: int
    bad: list[dict[str, str | int]]


@dataclass(frozen=True, slots=True)
class _Row:
    phone: str
    country: str
    operator: str
    link: str


def start_import(filename: str, content: bytes, *, actor: str) -> int:
    """Registers an import and gives its id, for watching while `run_import` works.
    Raises Refusal(invalid_request) for a file that is no such CSV, TryLater."""
    lines = _text(content).count("\n")
    if lines > MOST_LINES:
        raise Refusal(Code.BODY_TOO_LARGE, f"A file may have {MOST_LINES:,} lines; this one has {lines:,}.")
    made: int = sql.value(
        "insert into supply_import (at, actor, filename, state, lines, checked, added, known, bad)"
        " values (fn.now(), %s, %s, 'checking', %s, 0, 0, 0, '[]') returning id",
        (actor, filename[:200], lines),
    )
    return made


def run_import(import_id: int, content: bytes) -> ImportReport:
    """Checks every line, then adds all numbers and their stock in one transaction; with one bad line nothing is added.
    Numbers that are known already are counted and left as they are. Raises Refusal, TryLater."""
    rows: dict[str, _Row] = {}
    bad: list[BadLine] = []
    known_countries = {row[0] for row in sql.rows("select code from catalogue_country")}
    for line, cells in enumerate(_cells(content), start=2):
        if line % _PROGRESS_LINES == 0:
            sql.execute("update supply_import set checked = %s where id = %s", (line - 1, import_id))
        read = _read(cells, known_countries)
        if isinstance(read, str):
            bad.append(BadLine(line, read, ",".join(cells)[:200]))
        elif read.phone in rows:
            bad.append(BadLine(line, "the number stands twice in this file", ",".join(cells)[:200]))
        else:
            rows[read.phone] = read
    return _refuse(import_id, bad) if bad else _add(import_id, list(rows.values()))


def report(import_id: int) -> ImportReport:
    """How an import stands. Raises Refusal(not_found), TryLater."""
    row = sql.one(
        "select id, filename, state, lines, checked, added, known, bad::json from supply_import where id = %s",
        (import_id,),
    )
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return ImportReport(*row)


def refuse(import_id: int, why: str) -> ImportReport:
    """Ends an import whose file could not be read as a whole. Raises Refusal(not_found), TryLater."""
    return _refuse(import_id, [BadLine(1, why, "")])


def retire(number_id: int, *, actor: str) -> None:
    """Takes a number out of service; running leases end by themselves. Raises TryLater."""
    with sql.transaction():
        sql.execute("select fn.number_retire(%s)", (number_id,))
        audit_log.note(actor, "retire number", f"number {number_id}")


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(Code.INVALID_REQUEST, f"The file is not UTF-8 text (byte {error.start}).") from None


def _cells(content: bytes) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        header = tuple(cell.strip().lower() for cell in next(reader, []))
        if header != COLUMNS:
            raise Refusal(Code.INVALID_REQUEST, f"The first line must be: {','.join(COLUMNS)}")
        for cells in reader:
            yield [cell.strip() for cell in cells]
    except csv.Error as error:
        raise Refusal(Code.INVALID_REQUEST, f"Line {reader.line_num} is not CSV: {error}.") from None


def _read(cells: list[str], known_countries: set[str]) -> _Row | str:
    if len(cells) != len(COLUMNS):
        return f"{len(cells)} fields instead of {len(COLUMNS)}"
    phone, country, operator, link = cells
    if country not in known_countries:
        return "unknown country: use an ISO 3166 code such as GB"
    if not operator or not link:
        return "operator and link must not be empty"
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return "not a telephone number"
    if not phonenumbers.is_possible_number(number):
        return "not a possible telephone number"
    if number.country_code != phonenumbers.country_code_for_region(country):
        return f"the number is not one of {country}"
    digits = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    return _Row(digits, country, operator, link)


def _refuse(import_id: int, bad: list[BadLine]) -> ImportReport:
    sql.execute(
        "update supply_import set state = 'refused', checked = lines, bad = %s, finished_at = fn.now() where id = %s",
        (Jsonb([asdict(line) for line in bad[:MOST_BAD_SHOWN]]), import_id),
    )
    return report(import_id)


def _add(import_id: int, rows: list[_Row]) -> ImportReport:
    columns = [[getattr(row, name) for row in rows] for name in COLUMNS]
    with sql.transaction():
        added = sql.rows(
            "insert into supply_number (phone, country_id, operator, link, active, import_id, created_at)"
            " select p, c, o, l, true, %s, fn.now()"
            " from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) v(p, c, o, l)"
            " on conflict (phone) do nothing returning id",
            (import_id, *columns),
        )
        sql.execute("select fn.stock_fill(p_numbers => %s)", ([row[0] for row in added],))
        sql.execute(
            "update supply_import set state = 'done', checked = lines, added = %s, known = %s, finished_at = fn.now()"
            " where id = %s",
            (len(added), len(rows) - len(added), import_id),
        )
    return report(import_id)
