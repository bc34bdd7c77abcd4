"""Fetches mail to the contact address from a mailbox that stands elsewhere, by IMAP over TLS. Must never change anything
there: how far it was read stands in our database, by UIDVALIDITY and UID (RFC 9051, 2.3.1.1).
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from activkode.core import heartbeat, sql
from activkode.mailbox import incoming, read
from activkode.mailbox.incoming import Incoming

log = structlog.get_logger("activkode.clock")

FETCH_SECONDS = 30.0
_BATCH = 20
_TIMEOUT_SECONDS = 30
_PORT = 993
# What is beyond this is left out: such a mail is stored, and proves nothing.
_MOST_OCTETS = 35 * 1024 * 1024


def fetch() -> bool:
    """Stores what has come since the last time. Whether there is more to do at once. Raises TryLater."""
    heartbeat.beat("imap")
    try:
        with _opened(settings.IMAP) as (client, mailbox, validity):
            return _store_new(client, mailbox, validity)
    except (OSError, IMAPClientError) as error:
        # The class alone: a server's words may quote a mail or a name.
        log.warning("imap.not_fetched", error=type(error).__name__)
        return False


def _store_new(client: IMAPClient, mailbox: str, validity: int) -> bool:
    last = read.fetched(mailbox, validity)
    # "n:*" gives the last mail even where it is older than n.
    waiting = sorted(uid for uid in client.search(["UID", f"{last + 1}:*"]) if uid > last)
    for uid in waiting[:_BATCH]:
        found = client.fetch([uid], [f"BODY.PEEK[]<0.{_MOST_OCTETS}>"]).get(uid, {})
        raw = next((value for name, value in found.items() if name.startswith(b"BODY[]")), None)
        if raw is not None:  # else somebody has removed it meanwhile
            incoming.receive(Incoming("imap", settings.CONTACT_EMAIL, raw))
        sql.execute("select fn.mail_fetched(%s, %s, %s)", (mailbox, validity, uid))
    return len(waiting) > _BATCH


@contextmanager
def _opened(place: dict[str, Any]) -> Iterator[tuple[IMAPClient, str, int]]:
    """The folder, for reading only; the name that it is remembered by, and its UIDVALIDITY."""
    folder = place.get("folder", "INBOX")
    context = ssl.create_default_context(cafile=place.get("ca_file"))
    port = int(place.get("port", _PORT))
    with IMAPClient(place["host"], port, ssl=True, ssl_context=context, timeout=_TIMEOUT_SECONDS) as client:
        client.login(place["user"], Path(place["password_file"]).read_text().strip())
        selected = client.select_folder(folder, readonly=True)
        yield client, f"{place['user']}@{place['host']}/{folder}", int(selected[b"UIDVALIDITY"])
