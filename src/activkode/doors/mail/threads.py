"""The headers that hold a conversation together: an id that names the case or withdrawal, and what is answered. Must never
be made of chance: a repeat of the same mail has the same id.
"""

import hmac
import re
from hashlib import sha256

from django.conf import settings

from activkode.mailbox import operations, read
from activkode.mailbox.reading import thread

_CHARACTERS = 24
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,900}>")


def of_case(row_id: int, case_id: int) -> dict[str, str]:
    """For a mail about a case, of this row of the outbox. Raises TryLater."""
    return _headers(row_id, thread.CASE, case_id, read.asked_in(case_id=case_id))


def of_withdrawal(row_id: int, withdrawal_id: int) -> dict[str, str]:
    """For a mail about a withdrawal, of this row of the outbox. Raises TryLater."""
    return _headers(row_id, thread.WITHDRAWAL, withdrawal_id, read.asked_in(withdrawal_id=withdrawal_id))


def answering(message_id: str) -> dict[str, str]:
    """For a mail that answers this one by itself (RFC 3834, 3.1.4 to 3.1.7)."""
    found = {"Reply-To": settings.CONTACT_EMAIL, "Auto-Submitted": "auto-replied"}
    if _MESSAGE_ID.fullmatch(message_id):
        found |= {"In-Reply-To": message_id, "References": message_id}
    return found


def _headers(row_id: int, kind: str, number: int, asked_in: str) -> dict[str, str]:
    random = hmac.new(settings.SECRET_KEY.encode(), f"mail {row_id}".encode(), sha256).hexdigest()[
        :_CHARACTERS
    ]
    own = {"Message-ID": thread.message_id(kind, number, random, operations.own().domain)}
    return (answering(asked_in) if asked_in else {"Reply-To": settings.CONTACT_EMAIL}) | own
