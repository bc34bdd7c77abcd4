"""Gives each stored mail its one fate (incoming.py stores them). `settle` may be repeated at any time. Must never answer a
program, nor tell anybody anything about an account that is not proven to be theirs (POLICY 2.3.4, 2.3.11, 2.4.7).
"""

from email.utils import parseaddr

import structlog
from django.conf import settings

from activkode.core import sql
from activkode.core.errors import TryLater
from activkode.mailbox import resolver, routes
from activkode.mailbox.policy import FIGURES, Fate, Figure
from activkode.mailbox.reading import read as reading
from activkode.mailbox.reading.authentication import Envelope
from activkode.mailbox.reading.nature import Own
from activkode.mailbox.reading.read import Reading
from activkode.mailbox.reading.results import Trusted
from activkode.mailbox.routes import Outcome, Stored
from activkode.withdrawals import destinations

log = structlog.get_logger("activkode.mailbox")


def settle(mail_id: int, attempts: int = 1) -> Fate:
    """The mail's fate; `pending` while the DNS does not answer. Raises TryLater."""
    mail = _stored(mail_id)
    if mail is None:
        return Fate(sql.value("select fate from mailbox_fate where mail_id = %s", (mail_id,)))
    found = _read(mail)
    if found.verdict.again and attempts < FIGURES[Figure.MAIL_DNS_ATTEMPTS_MOST]:
        return Fate.PENDING
    prepared = routes.prepared(mail, found)
    with sql.transaction():
        if not sql.value("select fn.mail_take(%s)", (mail_id,)):
            return Fate(sql.value("select fate from mailbox_fate where mail_id = %s", (mail_id,)))
        outcome = routes.route(mail, found, prepared)
        _keep(mail_id, found, outcome)
    return outcome.fate


def settle_pending(limit: int) -> int:
    """Settles what is due; how many were tried. One that fails does not stop the others: it comes again later, and after
    the last attempt it is parked for a person. Raises TryLater."""
    pending = sql.rows("select mail_id, attempts from fn.mails_pending(%s)", (limit,))
    for mail_id, attempts in sorted(pending):
        try:
            settle(mail_id, attempts)
        except TryLater:
            raise
        except Exception as error:  # noqa: BLE001 - a poisoned mail must not stop the ones behind it
            # The class alone: a fault's words may quote the mail.
            log.warning("mailbox.not_settled", mail=mail_id, attempts=attempts, error=type(error).__name__)
            if attempts >= FIGURES[Figure.MAIL_ATTEMPTS_MOST]:
                _park(mail_id, f"fault: {type(error).__name__}")
    return len(pending)


def own() -> Own:
    """Ourselves as mails name us."""
    sender = parseaddr(settings.MAIL_FROM)[1].lower()
    return Own(frozenset((settings.CONTACT_EMAIL.lower(), sender)), sender.rpartition("@")[2])


def _read(mail: Stored) -> Reading:
    trusted = Trusted(settings.AUTHSERV_ID, settings.AUTHSERV_HOPS) if settings.AUTHSERV_ID else None
    return reading.read(
        mail.raw,
        Envelope(mail.peer, mail.helo, mail.sender, mail.recipient),
        own=own(),
        dns=resolver.ask,
        destinations=destinations,
        now=int(mail.received_at.timestamp()),
        trusted=trusted,
    )


def _stored(mail_id: int) -> Stored | None:
    """The mail if it has no fate yet."""
    row = sql.one(
        "select m.id, m.peer, m.helo, m.sender, m.recipient, m.raw, m.received_at from mailbox_mail m"
        " join mailbox_fate f on f.mail_id = m.id where m.id = %s and f.fate = 'pending'",
        (mail_id,),
    )
    return None if row is None else Stored(*(*row[:5], bytes(row[5]), row[6]))


def _keep(mail_id: int, found: Reading, outcome: Outcome) -> None:
    sql.execute(
        "select fn.mail_settle(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            mail_id,
            outcome.fate,
            outcome.reason,
            found.verdict.sender or "",
            found.verdict.by,
            found.message_id.replace("\x00", ""),
            found.subject.replace("\x00", ""),
            outcome.customer_id,
            outcome.case_id,
            outcome.withdrawal_id,
            outcome.told,
        ),
    )


def _park(mail_id: int, reason: str) -> None:
    sql.execute(
        "select fn.mail_settle(%s, 'parked', %s, '', '', '', '', null, null, null, '')", (mail_id, reason)
    )
