"""Stores what a carrier delivers, then finds its activation and its code. `receive` commits before the door
acknowledges; `settle` may be repeated at any time and gives each original one fate.
"""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql
from activkode.intake import codes, mail, match, parts
from activkode.intake.messages import Inbound, Kind


@dataclass(frozen=True, slots=True)
class _Original:
    kind: str
    recipient: str
    sender: str
    raw: bytes
    text: str
    part_reference: int | None
    received_at: datetime
    fate: str


@dataclass(frozen=True, slots=True)
class _Content:
    sender: str
    text: str
    found: codes.Found


def receive(inbound: Inbound) -> int:
    """Commits the original and gives its id, the same id for a repeat. Raises TryLater: then nothing is stored and the
    peer is to be told to come again."""
    part = inbound.part
    stored: int = sql.value(
        "select fn.original_store(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            inbound.carrier,
            inbound.source_id,
            str(inbound.kind),
            inbound.recipient,
            inbound.sender.replace("\x00", ""),
            inbound.raw,
            inbound.text.replace("\x00", "\ufffd"),  # PostgreSQL's text has no NUL; raw keeps it
            part.reference if part else None,
            part.total if part else None,
            part.number if part else None,
        ),
    )
    return stored


def settle(original_id: int) -> str:
    """Matches, finds the code and applies it; the fate, or `pending` while parts are missing. Raises TryLater."""
    original = _read(original_id)
    if original.fate != "pending":
        return original.fate
    texts = [original.text]
    if original.part_reference is not None:
        row = sql.one("select o_head, o_texts from fn.parts_join(%s)", (original_id,))
        if row is None or row[0] is None:
            return "pending"
        original_id, texts = row
        original = _read(original_id)
    return _deliver(original_id, original, _content(original, parts.join(texts)))


def settle_pending(limit: int) -> int:
    """Settles what a crash left between acknowledgement and settling, and parts whose time is up. Gives how many were
    tried. Raises TryLater."""
    pending = [row[0] for row in sql.rows("select fn.originals_pending(%s)", (limit,))]
    for original_id in sorted(pending):
        settle(original_id)
    return len(pending)


def _read(original_id: int) -> _Original:
    row = sql.one(
        "select o.kind, o.recipient, o.sender, o.raw, o.text, o.part_reference, o.received_at, f.fate"
        " from intake_original o join intake_fate f on f.original_id = o.id where o.id = %s",
        (original_id,),
    )
    assert row is not None, "an original is never removed"
    return _Original(*row)


def _content(original: _Original, text: str) -> _Content:
    if original.kind == Kind.EMAIL:
        read = mail.read(bytes(original.raw))
        found = codes.find(read.text, html=read.html, subject=read.subject, kind=Kind.EMAIL)
        body = read.text.replace("\x00", "")
        return _Content(read.sender or original.sender, f"{read.subject}\n\n{body}".strip(), found)
    return _Content(original.sender, text, codes.find(text, kind=Kind.SMS))


def _deliver(original_id: int, original: _Original, content: _Content) -> str:
    found = match.find(original.recipient, content.sender, original.received_at)
    code = content.found.code
    link = content.found.link if code is None else None
    if found.fate is not None:
        sql.execute(
            "select fn.message_fate(%s, %s, %s, %s, %s)",
            (original_id, found.fate, found.customer_id, found.activation_id, code or link),
        )
        return found.fate
    fate: str = sql.value(
        "select fn.message_deliver(%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            original_id,
            found.customer_id,
            found.activation_id,
            content.sender,
            content.text,
            code,
            link,
            _suspicious(content.text),
        ),
    )
    return fate


def _suspicious(text: str) -> bool:
    # A GSM text that a carrier flagged as UCS-2 reads as CJK without a single space or digit (FAILURES A16).
    letters = [c for c in text if c.isalpha()]
    cjk = sum("\u4e00" <= c <= "\u9fff" for c in letters)
    return bool(letters) and cjk == len(letters) and not any(c.isdigit() or c.isspace() for c in text)
