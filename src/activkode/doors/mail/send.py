"""Sends one mail of the outbox: by the relay of ACTIVKODE_MAIL_RELAY, else into var/mail as a file to look at.

Must never log what a mail says: it may hold a link that signs in.
"""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from django.conf import settings

_TIMEOUT_SECONDS = 20


def send(row_id: int, payload: dict[str, Any]) -> None:
    """Hands the mail over. Raises OSError or smtplib.SMTPException when that fails: try again later."""
    message = _message(row_id, payload)
    if not settings.MAIL_RELAY:
        _keep(row_id, message)
        return
    host, _, port = settings.MAIL_RELAY.partition(":")
    with smtplib.SMTP(host, int(port or 25), timeout=_TIMEOUT_SECONDS) as relay:
        relay.send_message(message)


def _message(row_id: int, payload: dict[str, Any]) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.MAIL_FROM
    message["To"] = payload["to"]
    message["Subject"] = payload["subject"]
    message["Date"] = formatdate()
    # The same id on a repeat, so that the receiver can tell it is one.
    message["Message-ID"] = f"<outbox-{row_id}@{settings.MAIL_FROM.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in payload.get(
        "headers", {}
    ).items():  # a case's thread: an own id, what it answers, where answers go
        del message[name]
        message[name] = value
    message.set_content(payload["text"])
    if payload.get("html"):
        message.add_alternative(payload["html"], subtype="html")
    return message


def _keep(row_id: int, message: EmailMessage) -> None:
    folder = settings.VAR / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{row_id}.eml").write_bytes(message.as_bytes())
