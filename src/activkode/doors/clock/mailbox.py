"""What the clock does about the contact mailbox: settles what a door left or what waited for the DNS, and fetches what came
to a mailbox elsewhere.
"""

from django.conf import settings

from activkode.core import heartbeat
from activkode.doors.clock import imap
from activkode.doors.clock.loop import Loop
from activkode.mailbox import operations

SETTLE_SECONDS = 5.0
_BATCH = 100


def settle() -> bool:
    """Gives pending mails their fate. Whether there is more to do at once. Raises TryLater."""
    heartbeat.beat("mailbox")
    return operations.settle_pending(_BATCH) == _BATCH


def loops() -> tuple[Loop, ...]:
    """What goes round here; IMAP only where it is set."""
    settling = Loop("mailbox", SETTLE_SECONDS, settle)
    return (settling, Loop("imap", imap.FETCH_SECONDS, imap.fetch)) if settings.IMAP else (settling,)
