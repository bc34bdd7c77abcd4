"""Tells by mail what happens in a case: to who asked, in plain words with number and date; to operators, that time runs out.
Must never decide anything, and tells nothing of any account to an address that nobody has proven.
"""

from collections.abc import Callable
from datetime import datetime
from textwrap import fill
from typing import Any

from django.conf import settings

from activkode.core import ids
from activkode.core.money import dollars
from activkode.doors.mail import send as mail
from activkode.doors.mail import threads
from activkode.support import read
from activkode.support.policy import BY_KIND, Outcome
from activkode.support.read import Case

TOPIC = "case_mail"
ESCALATION = "escalation_mail"
_COLUMNS = 76
# Written by a person, not by a program that must not be answered (RFC 3834).
_BY_PERSON = ("case.answered", "case.asked", "case.interim", "case.decided")


def send(row_id: int, payload: dict[str, Any]) -> None:
    """Sends the mail of an outbox row {"case": id, "told": event, "message": id or null}. Raises Refusal(not_found), and
    what mail.send raises."""
    case = read.any_case(int(payload["case"]))
    number = payload.get("message")
    said = "" if number is None else read.message(int(number)).text
    subject, text = written(case, payload["told"], said)
    mail.send(
        row_id,
        {
            "to": case.email,
            "subject": subject,
            "text": text,
            "headers": headers(row_id, case, payload["told"]),
        },
    )


def headers(row_id: int, case: Case, told: str) -> dict[str, str]:
    """What holds the conversation together, and whether a program or a person says it."""
    found = threads.of_case(row_id, case.id)
    return found | {"Auto-Submitted": "no"} if told in _BY_PERSON else found


def written(case: Case, told: str, said: str) -> tuple[str, str]:
    """Subject and text for what happened."""
    paragraphs = _SAID[told](case, said)
    number = ids.show(ids.CASE, case.id)
    about = case.subject if case.verified and case.subject else BY_KIND[case.kind].title
    ends = [f"Every step:\n{settings.PUBLIC_URL}/cases/{number}/"] if case.verified else []
    text = "\n\n".join(_wrapped(part) for part in (*paragraphs, *ends, f"{number}\nACTIV KODE"))
    return f"[{number}] {about}", f"{text}\n"


def _opened(case: Case, _: str) -> tuple[str, ...]:
    if not case.verified:
        return (
            "Your mail has come, and a person reads it. Since it cannot be told whether it comes from the address that it"
            " names, nothing is done about any account because of it. Signed in, you can ask from the account itself.",
        )
    return (
        f"Your request has come. It is decided by {_date(case.due_at)}; then you have a decision with its reason.",
        "If you have a screenshot or more to say, answer this mail or write on the page of the case.",
    )


def _answered(_: Case, said: str) -> tuple[str, ...]:
    return (said,)


def _asked(_: Case, said: str) -> tuple[str, ...]:
    return (
        said,
        "Until your answer comes, the time for the decision stands still. A missing answer is no reason to refuse.",
    )


def _interim(case: Case, said: str) -> tuple[str, ...]:
    return said, f"It takes longer than we said. It is now decided by {_date(case.due_at)}."


def _decided(case: Case, said: str) -> tuple[str, ...]:
    again = "If there are facts that we did not know, the case can be reopened once, on its page."
    if case.outcome == Outcome.GRANTED:
        amount = f" ${dollars(case.amount_micros)} is in your balance." if case.amount_micros else ""
        return f"Your request is granted ({case.clause}).{amount}", said
    if case.outcome == Outcome.REFUSED:
        return f"Your request is not granted ({case.clause}).", said, again
    return f"Your request is settled ({case.clause}).", said, again


def _reopened(case: Case, _: str) -> tuple[str, ...]:
    return (f"Your case is open again. It is decided by {_date(case.due_at)}.",)


_SAID: dict[str, Callable[[Case, str], tuple[str, ...]]] = {
    "case.opened": _opened,
    "case.answered": _answered,
    "case.asked": _asked,
    "case.interim": _interim,
    "case.decided": _decided,
    "case.reopened": _reopened,
}


# --- to operators ---


def send_escalation(row_id: int, payload: dict[str, Any]) -> None:
    """Sends the mail of an outbox row {"subject", "id", "stage", "due_at"} to the operators; nothing where they have no
    address: the console says so too. Raises what mail.send raises."""
    if not settings.OPERATORS_EMAIL:
        return
    prefix = ids.CASE if payload["subject"] == "case" else ids.WITHDRAWAL
    number = ids.show(prefix, int(payload["id"]))
    how = "is due" if payload["stage"] == "due" else "has used up half of its time"
    due_at = _date(datetime.fromisoformat(payload["due_at"]))
    text = f"{number} {how}. Its date is {due_at}.\n\n{settings.PUBLIC_URL}/console/{payload['subject']}s/{number}/\n"
    mail.send(row_id, {"to": settings.OPERATORS_EMAIL, "subject": f"{number} {how}", "text": text})


def _date(at: datetime) -> str:
    return f"{at:%A, %d %B %Y, %H:%M} UTC"


def _wrapped(part: str) -> str:
    return "\n".join(
        fill(line, _COLUMNS, break_long_words=False, break_on_hyphens=False) for line in part.split("\n")
    )
