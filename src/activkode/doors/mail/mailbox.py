"""Answers mails to the contact address that no case or withdrawal answers by itself: what is unclear about a withdrawal,
what cannot be done, and to an account's owner that somebody wrote from another address. Must never decide anything.
"""

from collections.abc import Callable
from textwrap import fill
from typing import Any

from django.conf import settings

from activkode.core import ids
from activkode.core.money import dollars
from activkode.doors.mail import send as mail
from activkode.doors.mail import threads
from activkode.mailbox import read
from activkode.mailbox.routes import TOPIC
from activkode.support import read as support
from activkode.withdrawals.policy import FIGURES, Figure

__all__ = ["TOPIC", "send", "written"]

_COLUMNS = 76


def send(row_id: int, payload: dict[str, Any]) -> None:
    """Sends the mail of an outbox row {"mail": id, "to": address, "what": word, "case": id or null, "why": sentence}. Raises
    Refusal(not_found), and what mail.send raises."""
    asked = read.one(int(payload["mail"]))
    subject, text = written(payload)
    # To somebody else than its sender it is a message of its own, and quotes nothing of the mail.
    headers = threads.answering(asked.message_id if asked.sender == payload["to"] else "")
    if payload.get("case"):
        headers |= threads.of_case(row_id, int(payload["case"]))
    mail.send(row_id, {"to": payload["to"], "subject": subject, "text": text, "headers": headers})


def written(payload: dict[str, Any]) -> tuple[str, str]:
    """Subject and text."""
    subject, paragraphs = _SAID[payload["what"]](payload)
    said = (part if part.startswith(" ") else fill(part, _COLUMNS) for part in paragraphs)
    return subject, "\n\n".join((*said, "ACTIV KODE")) + "\n"


_Said = tuple[str, tuple[str, ...]]


def _unclear(payload: dict[str, Any]) -> _Said:
    number = ids.show(ids.CASE, int(payload["case"]))
    due = support.any_case(int(payload["case"])).due_at
    return f"[{number}] Your withdrawal: something is not clear yet", (
        "Your mail asks for a withdrawal, and it cannot be asked for as it stands:",
        f"  {payload['why']}",
        "The quickest way is the page below: there you choose the coin, the address and the amount yourself. Nothing has"
        " been set aside.",
        f"{settings.PUBLIC_URL}/withdrawals/",
        f"Or answer this mail; a person reads it by {due:%A, %d %B %Y}. {number}",
    )


def _refused(payload: dict[str, Any]) -> _Said:
    least, fee = (
        dollars(FIGURES[figure]) for figure in (Figure.WITHDRAWAL_LEAST_MICROS, Figure.WITHDRAWAL_FEE_MICROS)
    )
    return "What you asked for cannot be done", (
        payload["why"],
        f"For withdrawals: at least ${least}, of which ${fee} is the flat fee.",
        f"If you think that this is wrong, sign in and open a case: {settings.PUBLIC_URL}/cases/",
    )


def _another_sender(_: dict[str, Any]) -> _Said:
    return "Somebody wrote about your account", (
        "A mail from another address than this one named this address. Nothing was done because of it, and its sender was"
        " told nothing.",
        f"If it was you, write from this address to {settings.CONTACT_EMAIL}, or sign in: {settings.PUBLIC_URL}",
        "If it was not you, you need to do nothing.",
    )


_SAID: dict[str, Callable[[dict[str, Any]], _Said]] = {
    "unclear": _unclear,
    "refused": _refused,
    "another sender": _another_sender,
}
