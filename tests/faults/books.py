"""Holds what was promised against the books: each check gives a line for everything that is wrong."""

import email
import email.policy
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg

from faults.promises import Promises

Database = psycopg.Connection[Any]
SETTLED = {"delivered", "no_code", "late", "part"}

_CALM = """
select (select count(*) from intake_fate where fate = 'pending')
     + (select count(*) from activations_activation
        where closed_at is null and expires_at < fn.now() + interval '1 minute')
"""
_RENTED = """
select a.id, a.customer_id, a.address, a.state, a.price_micros, a.refunded_at is not null,
       coalesce(sum(t.amount_micros) filter (where t.movement = 'hold'), 0),
       coalesce(sum(t.amount_micros) filter (where t.movement = 'release'), 0),
       coalesce(sum(t.amount_micros) filter (where t.movement = 'capture'), 0)
from activations_activation a
left join ledger_transfer t on t.customer_id = a.customer_id and t.reference_kind = 'activation' and t.reference_id = a.id
where a.customer_id = any (%s) group by a.customer_id, a.id
"""
_ORIGINALS = """
select o.recipient, o.kind, o.text, o.raw, o.part_reference, o.part_total, o.part_number, f.fate
from intake_original o left join intake_fate f on f.original_id = o.id order by o.id
"""


def is_calm(database: Database) -> bool:
    """Whether every message has its fate, and no activation is due or about to be."""
    return bool(_value(database, _CALM) == 0)


def wrong(database: Database, promises: Promises) -> list[str]:
    """Everything that does not hold."""
    checks = (rentals, keys, codes, messages, events)
    return promises.never + [line for check in checks for line in check(database, promises)]


def rentals(database: Database, promises: Promises) -> Iterator[str]:
    """Each rental that was acknowledged exists once, as it was told, and its price went one way, once."""
    customers = sorted({one.customer for one in promises.opened})
    rows = {row[0]: row[1:] for row in database.execute(_RENTED, (customers,)).fetchall()}
    told = {one.id: one for one in promises.opened}
    yield from (f"rental {one} is in the books, and nobody was told" for one in rows.keys() - told.keys())
    for one in promises.opened:
        if one.id not in rows or rows[one.id][:2] != (one.customer, one.address):
            yield f"{one} was acknowledged; the books have {rows.get(one.id)}"
    for number, (*_, state, price, refunded, held, released, captured) in rows.items():
        ways = {"waiting": (0, 0), "received": (0, price), "completed": (0, price)}
        if (released, captured) != ways.get(state, (price, 0)) or held != price or refunded != bool(released):
            yield f"rental {number}, {state}, {price=}: {held=} {released=} {captured=} {refunded=}"
    for number, state in promises.ended:
        if rows[number][2] != state:
            yield f"rental {number} was told to be {state} for good and is {rows[number][2]}"
    for number in {*promises.too_late_to_cancel, *(number for number, _ in promises.codes_shown)}:
        if rows[number][2] not in ("received", "completed"):
            yield f"rental {number} showed a code and is {rows[number][2]}"


def keys(database: Database, promises: Promises) -> Iterator[str]:
    """Each key has one outcome: the rental that its caller was told."""
    found = database.execute("select key, (outcome -> 'activation' ->> 'id')::bigint from core_idempotency")
    kept = dict(found.fetchall())
    for one in promises.opened:
        if kept.get(one.key) != one.id:
            yield f"{one} was told for its key; kept is {kept.get(one.key)}"


def codes(database: Database, promises: Promises) -> Iterator[str]:
    """A code that was shown stays, and no original was delivered twice."""
    found = database.execute("select activation_id, code from activations_message where code is not null")
    kept = set(found.fetchall())
    yield from (
        f"code of rental {number} was shown and is gone"
        for number, code in promises.codes_shown
        if (number, code) not in kept
    )
    twice = database.execute("select original_id from activations_message group by 1 having count(*) > 1")
    yield from (f"original {row[0]} was delivered twice" for row in twice.fetchall())


def messages(database: Database, promises: Promises) -> Iterator[str]:
    """Each text that was acknowledged is kept once, whole, with a fate."""
    stored = _texts(database)
    for sent in promises.kept:
        found = stored.get((sent.to, sent.text), [])
        if len(found) != sent.parts:
            yield f"{sent} was acknowledged and is stored {len(found)} times"
        elif not set(found) <= SETTLED:
            yield f"{sent} has the fate {found}"


def events(database: Database, promises: Promises) -> Iterator[str]:
    """Every event since a stream began was told once, in order."""
    for customer, seen in promises.events.items():
        newest = _value(database, "select event_seq from ledger_wallet where customer_id = %s", customer)
        if seen != list(range(newest - len(seen) + 1, newest + 1)):
            yield f"customer {customer}: {len(seen)} events told up to {newest}, not in order or not all"


def largest_refund_delay(database: Database) -> float:
    """Seconds between the end of a window and its refund, the largest."""
    query = (
        "select coalesce(extract(epoch from max(refunded_at - expires_at)), 0) from activations_activation"
    )
    return float(_value(database, f"{query} where state = 'expired'"))


def _texts(database: Database) -> dict[tuple[str, str], list[str]]:
    """Recipient and text to the fates of the originals that it is in: one, or its parts."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    pieces: dict[tuple[Any, ...], list[tuple[int, str, str]]] = defaultdict(list)
    for recipient, kind, text, raw, reference, total, number, fate in database.execute(_ORIGINALS):
        if reference is not None:
            pieces[recipient, reference, total].append((number, text, fate))
        else:
            found[recipient, _mail(raw) if kind == "email" else text].append(fate)
    for (recipient, *_), parts in pieces.items():
        whole = "".join(text for _, text, _ in sorted(parts))
        found[recipient, whole] += [fate for *_, fate in parts]
    return found


def _mail(raw: bytes) -> str:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return str(message.get_content()).strip()


def _value(database: Database, query: str, *params: Any) -> Any:
    row = database.execute(query, params).fetchone()
    assert row is not None
    return row[0]
