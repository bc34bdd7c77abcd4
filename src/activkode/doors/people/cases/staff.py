"""A case as staff sees it: in a queue, and with everything that was said, notes included. Must decide nothing."""

from dataclasses import dataclass
from datetime import datetime

from activkode.doors.people.cases.shown import Shown
from activkode.doors.people.cases.words import CHANNELS, EVENTS, KINDS
from activkode.support import read
from activkode.support.policy import UNDECIDED, State
from activkode.support.read import Attachment, Case


@dataclass(frozen=True, slots=True)
class Line:
    """The case, its state in a word, its kind in words, and how its time stands: "late", "half" or empty."""

    item: Shown
    word: str
    kind: str
    channel: str
    time: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message with who wrote it; `files` are its names, their content is shown apart."""

    at: datetime
    author: str
    actor: str
    what: str
    text: str
    internal: bool
    files: tuple[Attachment, ...]


def line(one: Case, now: datetime) -> Line:
    """One line of a queue."""
    item = Shown(one, now)
    word = "Waits for the customer" if one.state == State.WAITING_CUSTOMER else item.word
    return Line(item, word, KINDS[one.kind][0], CHANNELS[one.channel], _time(one, now))


def thread(one: Case) -> list[Said]:
    """The opening and every message, in order. Raises TryLater."""
    files = read.attachments(one.id, internal=True)
    words = EVENTS | {"decide": "Decision", "ask": "Asked", "interim": "New date"}
    opening = Said(
        one.received_at,
        "customer" if one.channel != "system" else "system",
        one.email,
        f"Opened {CHANNELS[one.channel]}",
        one.description,
        False,
        tuple(file for file in files if file.message_id is None),
    )
    return [
        opening,
        *(
            Said(
                each.at,
                each.author,
                each.actor,
                words.get(each.event, ""),
                each.text,
                each.internal,
                tuple(file for file in files if file.message_id == each.id),
            )
            for each in read.messages(one.id, internal=True)
        ),
    ]


def _time(one: Case, now: datetime) -> str:
    if one.state not in UNDECIDED or one.paused_at:
        return ""
    if one.overdue:
        return "late"
    return "half" if now > one.begun_at + (one.due_at - one.begun_at) / 2 else ""
