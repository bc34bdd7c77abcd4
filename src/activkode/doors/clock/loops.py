"""The clock: plain loops, each with its own pace and database connection, so that none waits for another. What is due
stands in columns; stopping the clock only delays it, running two does it once.
"""

import signal
import threading

import structlog

from activkode.core.errors import TryLater
from activkode.doors.clock import cases, chains, mailbox, payouts, work
from activkode.doors.clock.loop import Loop
from activkode.doors.webhooks import send as webhooks

log = structlog.get_logger("activkode.clock")

_AFTER_FAULT_SECONDS = 1.0


LOOPS = (
    Loop("expire", 0.5, work.expire),
    Loop("outbox", 1.0, work.deliver_outbox),
    Loop("webhooks", webhooks.EVERY_SECONDS, webhooks.round_of_this_process),
    Loop("quarantine", 5.0, work.end_quarantines),
    Loop("figures", 5.0, work.refresh_figures),
    Loop("audit", 60.0, work.audit_recent),
    Loop("audit everything", 3600.0, work.audit_all),
    Loop("deadlines", 15.0, cases.keep_deadlines),
    Loop("cases", 60.0, cases.open_missing),
    Loop("mailbox", mailbox.SETTLE_SECONDS, mailbox.settle),
    Loop("quality", 60.0, work.refresh_quality),
    Loop("tidy", 600.0, work.tidy),
)


def main() -> None:
    """Runs until SIGTERM or SIGINT; rounds under way are finished."""
    stop = threading.Event()
    # Waited for, not handled: a handler that sets an Event hangs for ever when another signal comes while it does, and the
    # kernel sends one for each thread of a supervisor that is killed.
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    threads = [
        threading.Thread(target=_go_round, args=(loop, stop), name=loop.name)
        for loop in (*LOOPS, *chains.loops(), *payouts.loops())
    ]
    for thread in threads:
        thread.start()
    log.info("clock.ready", loops=len(threads))
    signal.sigwait(signals)
    stop.set()
    for thread in threads:
        thread.join()
    log.info("clock.stopped")


def _go_round(loop: Loop, stop: threading.Event) -> None:
    while not stop.is_set():
        stop.wait(_once(loop))


def _once(loop: Loop) -> float:
    try:
        return 0.0 if loop.work() else loop.every_seconds
    except TryLater:
        log.warning("clock.database_away", loop=loop.name)
    except Exception:
        # A fault in one round must not end the loop: the promise hangs on the next one.
        log.exception("clock.fault", loop=loop.name)
    return _AFTER_FAULT_SECONDS
