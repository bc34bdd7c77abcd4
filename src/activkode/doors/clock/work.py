"""What the clock does, one function per loop; each may be run by several clocks at once and repeated at any time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connections

from activkode.activations import operations
from activkode.core import findings, heartbeat, holidays, outbox, sql
from activkode.core.errors import TryLater
from activkode.doors.mail import cases as case_mails
from activkode.doors.mail import mailbox as mailbox_mails
from activkode.doors.mail import send as mails
from activkode.doors.mail import topups as topup_mails
from activkode.doors.mail import withdrawals as withdrawal_mails
from activkode.identity import deliveries, sessions
from activkode.intake import deliver
from activkode.ledger import audit

log = structlog.get_logger("activkode.clock")

CLOCK = "clock"
EXPIRE_BATCH = 20_000
CATCH_UP = 2  # who share a backlog
SMALL_BATCH = 500
# Who delivers a row of the outbox, by its topic: takes the row's id and its payload, raises where that failed.
SENDERS: dict[str, Callable[[int, dict[str, Any]], None]] = {
    outbox.MAIL: mails.send,
    topup_mails.TOPIC: topup_mails.send,
    withdrawal_mails.TOPIC: withdrawal_mails.send,
    case_mails.TOPIC: case_mails.send,
    case_mails.ESCALATION: case_mails.send_escalation,
    mailbox_mails.TOPIC: mailbox_mails.send,
}


def expire() -> bool:
    """Messages first, then expiry: who was sent a code in time is not refunded because of an outage of ours.
    Whether there is more to do at once. Raises TryLater."""
    gap = heartbeat.beat(CLOCK)
    if gap is not None:
        log.warning("clock.outage", seconds=gap.total_seconds())
    while deliver.settle_pending(SMALL_BATCH):
        pass
    ended, last = operations.expire_due(EXPIRE_BATCH)
    if ended == EXPIRE_BATCH:
        ended += _catch_up(last)
    if ended:
        log.info("clock.expired", count=ended)
    return False


def _catch_up(start: datetime | None) -> int:
    # An outage has left more than one batch: one processor of the database would settle it, so two do.
    with ThreadPoolExecutor(CATCH_UP, thread_name_prefix="expire") as pool:
        shares = [pool.submit(_expire_share, start, part) for part in range(CATCH_UP)]
        return sum(share.result() for share in shares)


def _expire_share(start: datetime | None, part: int) -> int:
    total, ended = 0, EXPIRE_BATCH
    try:
        while ended == EXPIRE_BATCH:
            heartbeat.beat(CLOCK)
            ended, start = operations.expire_due(EXPIRE_BATCH, start, of=CATCH_UP, part=part)
            total += ended
    finally:
        connections.close_all()  # this thread's; it ends
    return total


def deliver_outbox() -> bool:
    """Sends what is due; a failed attempt is recorded and comes again later. Raises TryLater."""
    due = outbox.claim(SMALL_BATCH)
    for row in due:
        try:
            SENDERS[row.topic](row.id, row.payload)
        except TryLater:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a row's sender trips over must not hold up the rows behind it
            outbox.failed(row, type(error).__name__)
            log.warning("outbox.not_delivered", row=row.id, attempts=row.attempts, error=type(error).__name__)
        else:
            outbox.delivered(row.id)
    return len(due) == SMALL_BATCH


def end_quarantines() -> bool:
    """Gives numbers back whose rest is over. Raises TryLater."""
    return bool(sql.value("select fn.quarantine_end(%s)", (EXPIRE_BATCH,)) == EXPIRE_BATCH)


def audit_recent() -> bool:
    """The invariants over what changed in the last minutes. Raises TryLater."""
    since = sql.value("select fn.now() - %s", (timedelta(minutes=3),))
    findings.keep(audit.run(since), complete=False)
    return False


def audit_all() -> bool:
    """The invariants over everything. Raises TryLater."""
    found = audit.run()
    findings.keep(found, complete=True)
    for finding in found:
        log.error("audit.violated", invariant=finding.invariant, rows=finding.count)
    return False


def refresh_figures() -> bool:
    """The published figures. Raises TryLater."""
    sql.execute("select fn.figures_refresh()")
    return False


def refresh_quality() -> bool:
    """Code rates, and delisting where too few codes came. Raises TryLater."""
    sql.execute("select fn.quality_refresh()")
    return False


def tidy() -> bool:
    """Forgets old keys, sessions and deliveries, gives up old pending payments, closes days, and publishes the holidays of
    the years to come. Raises TryLater."""
    holidays.publish(sql.value("select (fn.now() at time zone 'UTC')::date"))
    sql.execute("select fn.close_days()")
    sql.execute("select fn.deposits_vanish(%s)", (EXPIRE_BATCH,))
    sql.execute("select fn.blocks_forget(%s)", (EXPIRE_BATCH,))
    sessions.forget_expired(EXPIRE_BATCH)
    deliveries.forget(EXPIRE_BATCH)
    return bool(sql.value("select fn.keys_forget(%s)", (EXPIRE_BATCH,)) == EXPIRE_BATCH)
