"""A case as its customer's page shows it: how it stands, what is asked, what was said both ways. Must decide nothing, and
must never name a member of staff.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from activkode.core import ids
from activkode.core import read as core
from activkode.doors.people.cases import words
from activkode.support import read
from activkode.support.policy import BY_KIND, FIGURES, UNDECIDED, Author, Figure, Outcome, State
from activkode.support.read import Attachment, Case, DecisionLine, Message


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said or decided. `what` is said beside the author, `tone` colours it; a decision has its line."""

    at: datetime
    who: str
    text: str
    own: bool
    what: str = ""
    tone: str = ""
    decision: DecisionLine | None = None
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The case and the time at which this is true; of a list its entries are empty."""

    one: Case
    now: datetime
    entries: tuple[Entry, ...] = ()

    @property
    def title(self) -> str:
        """What it is about, as the customer reads it."""
        return self.one.subject or BY_KIND[self.one.kind].title

    @property
    def about(self) -> tuple[str, str]:
        """The public id of what it is about, and the name of its page; both empty where it is about nothing."""
        for prefix, number, page in (
            (ids.ACTIVATION, self.one.activation_id, "activation"),
            (ids.DEPOSIT, self.one.deposit_id, "topup"),
            (ids.WITHDRAWAL, self.one.withdrawal_id, "withdrawal"),
        ):
            if number is not None:
                return ids.show(prefix, number), page
        return "", ""

    @property
    def about_number(self) -> int | None:
        """The number of what it is about."""
        return self.one.activation_id or self.one.deposit_id or self.one.withdrawal_id

    @property
    def word(self) -> str:
        """Its state, or once decided how."""
        if self.one.state == State.DECIDED and self.one.outcome:
            return words.OUTCOMES[self.one.outcome]
        return words.STATES[self.one.state]

    @property
    def tone(self) -> str:
        """The colour's name."""
        decided = self.one.state == State.DECIDED and self.one.outcome
        return words.OUTCOME_TONES[decided] if decided else words.TONES[self.one.state]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.one.state in UNDECIDED

    @property
    def can_reopen(self) -> bool:
        """Whether new facts can reopen it (POLICY 2.4.4)."""
        again = self.one.number is not None and self.one.number < FIGURES[Figure.DECISIONS_MOST]
        return self.one.state == State.DECIDED and again and self.one.outcome != Outcome.GRANTED

    @property
    def mark(self) -> str:
        """Changes whenever anything that is shown changes."""
        return hashlib.sha256(repr((self.one, self.entries)).encode()).hexdigest()[:16]


def shown(one: Case) -> Shown:
    """With everything that was said to and by its customer. Raises TryLater."""
    files, decisions = read.attachments(one.id), list(read.decisions(one.id))
    said = [_entry(message, files, decisions) for message in read.messages(one.id)]
    first = tuple(file for file in files if file.message_id is None)
    own = one.channel != "system"
    who = words.AUTHORS[Author.CUSTOMER if own else Author.SYSTEM]
    opening = Entry(one.received_at, who, one.description, own, "Opened", files=first)
    return Shown(one, core.now(), (opening, *said))


def all_shown(found: Iterable[Case]) -> list[Shown]:
    """Lines of a list. Raises TryLater."""
    now = core.now()
    return [Shown(one, now) for one in found]


def _entry(message: Message, files: list[Attachment], decisions: list[DecisionLine]) -> Entry:
    decision = decisions.pop(0) if message.event == "decide" and decisions else None
    return Entry(
        message.at,
        words.AUTHORS.get(Author(message.author), message.author),
        message.text,
        message.author == Author.CUSTOMER,
        words.OUTCOMES[decision.outcome] if decision else words.EVENTS.get(message.event, ""),
        words.OUTCOME_TONES[decision.outcome] if decision else "wait" if message.event == "ask" else "",
        decision,
        tuple(file for file in files if file.message_id == message.id),
    )
