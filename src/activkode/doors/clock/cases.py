"""What the clock does about cases and their dates; several clocks do it once."""

import structlog

from activkode.core import heartbeat
from activkode.support import deadlines

log = structlog.get_logger("activkode.clock")

_BATCH = 200


def keep_deadlines() -> bool:
    """Escalates what is due, and goes on where no answer came. Whether there is more to do at once. Raises TryLater."""
    heartbeat.beat("deadlines")
    escalated = deadlines.escalate(_BATCH)
    if escalated:
        log.warning("deadlines.escalated", count=escalated)
    return _BATCH in (escalated, deadlines.resume_unanswered(_BATCH))


def open_missing() -> bool:
    """Opens the cases that the system owes, and counts kept promises. Raises TryLater."""
    opened = deadlines.open_missing(_BATCH)
    if opened:
        log.warning("cases.opened", count=len(opened))
    deadlines.refresh_figures()
    return len(opened) == _BATCH
