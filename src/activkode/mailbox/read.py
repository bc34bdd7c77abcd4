"""Stored mails as staff and the mails that answer them see them: plain values; must never write. Raises TryLater."""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.mailbox.policy import Fate

_LINE = (
    "select m.id, m.received_at, m.carrier, m.recipient, octet_length(m.raw), f.fate, f.reason, f.sender, f.verified_by,"
    " f.message_id, f.subject, f.customer_id, f.case_id, f.withdrawal_id, f.told, f.attempts, f.settled_at"
    " from mailbox_mail m join mailbox_fate f on f.mail_id = m.id"
)

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail without its octets; fields as in models.Fate."""

    id: int
    received_at: datetime
    carrier: str
    recipient: str
    octets: int
    fate: Fate
    reason: str
    sender: str
    verified_by: str
    message_id: str
    subject: str
    customer_id: int | None
    case_id: int | None
    withdrawal_id: int | None
    told: str
    attempts: int
    settled_at: datetime | None


def one(mail_id: int) -> MailLine:
    """A mail. Raises Refusal(not_found)."""
    row = sql.one(f"{_LINE} where m.id = %s", (mail_id,))
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return _line(row)


def of_case(case_id: int) -> list[MailLine]:
    """The mails that opened or joined a case, in their order."""
    return [_line(row) for row in sql.rows(f"{_LINE} where f.case_id = %s order by m.id", (case_id,))]


def recent(fate: Fate, *, before: int | None = None, limit: int = 50) -> list[MailLine]:
    """The latest mails of this fate, those before the mail `before`."""
    found = sql.rows(
        f"{_LINE} where f.fate = %s and m.id < %s order by m.id desc limit %s",
        (fate, _LARGEST if before is None else before, limit),
    )
    return [_line(row) for row in found]


def asked_in(*, case_id: int | None = None, withdrawal_id: int | None = None) -> str:
    """The Message-ID of the mail that opened this case or withdrawal, "" where none did."""
    found = sql.value(
        "select message_id from mailbox_fate where case_id = %s or withdrawal_id = %s order by mail_id limit 1",
        (case_id, withdrawal_id),
    )
    return str(found or "")


def original(mail_id: int) -> bytes:
    """The mail exactly as it came. Raises Refusal(not_found)."""
    raw = sql.value("select raw from mailbox_mail where id = %s", (mail_id,))
    if raw is None:
        raise Refusal(Code.NOT_FOUND)
    return bytes(raw)


def fetched(mailbox: str, uid_validity: int) -> int:
    """The greatest UID of a mailbox up to which all is stored; 0 where nothing was read yet."""
    found = sql.value(
        "select last_uid from mailbox_fetched where mailbox = %s and uid_validity = %s",
        (mailbox, uid_validity),
    )
    return int(found or 0)


def _line(row: sql.Row) -> MailLine:
    return MailLine(*(*row[:5], Fate(row[5]), *row[6:]))
