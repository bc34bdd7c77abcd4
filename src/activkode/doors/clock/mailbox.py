"""What the clock does about the contact mailbox: settles what a door left, or what waited for the DNS."""

import structlog

from activkode.core import heartbeat
from activkode.mailbox import operations

log = structlog.get_logger("activkode.clock")

SETTLE_SECONDS = 5.0
_BATCH = 100


def settle() -> bool:
    """Gives pending mails their fate. Whether there is more to do at once. Raises TryLater."""
    heartbeat.beat("mailbox")
    return operations.settle_pending(_BATCH) == _BATCH
