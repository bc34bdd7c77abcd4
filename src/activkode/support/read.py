"""Cases as their customers and staff see them: plain values; must never write. Times are UTC, amounts micro-dollars.

Every function raises TryLater when the database cannot be reached.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.support.policy import UNDECIDED, Channel, Kind, Outcome, State

_LARGEST = 2**63 - 1
_CASE = (Path(__file__).parent / "case.sql").read_text()


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `email` is the customer's registered address, else the unverified sender's. `number` to `amount_micros` are
    its last decision's; `overdue`: past its date with the clock running; `unanswered`: its customer wrote last."""

    id: int
    customer_id: int | None
    kind: Kind
    channel: Channel
    state: State
    verified: bool
    email: str
    subject: str
    description: str
    activation_id: int | None
    deposit_id: int | None
    withdrawal_id: int | None
    origin: str | None
    mail_id: int | None
    received_at: datetime
    opened_at: datetime
    begun_at: datetime
    due_at: datetime
    first_due_at: datetime
    paused_at: datetime | None
    interim_at: datetime | None
    reopened_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    policy_version: int
    number: int | None
    outcome: Outcome | None
    clause: str | None
    reason: str | None
    amount_micros: int | None
    overdue: bool
    unanswered: bool


@dataclass(frozen=True, slots=True)
class Message:
    """Something said. `event` is what was done with it (policy.Event, or `decide`); `internal` is for staff alone."""

    id: int
    at: datetime
    author: str
    actor: str
    event: str
    text: str
    internal: bool
    mail_id: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """A pause: what was asked, until when, whether it was answered, and by how many business days the date went off."""

    round: int
    asked_at: datetime
    text: str
    ended_at: datetime | None
    answered: bool | None
    days: int | None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision as it was made; `due_at` was its date."""

    number: int
    at: datetime
    due_at: datetime
    outcome: Outcome
    clause: str
    reason: str
    actor: str
    amount_micros: int
    taken_micros: int
    loss_micros: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a case without its content. An image may be shown; anything else is only ever downloaded."""

    id: int
    case_id: int
    message_id: int | None
    at: datetime
    token: str
    name: str
    image: bool
    media_type: str
    width: int | None
    height: int | None
    size_bytes: int
    internal: bool


# --- one ---


def case(customer_id: int, case_id: int) -> Case:
    """One of the customer's cases. Raises Refusal(not_found)."""
    return _one("c.id = %s and c.customer_id = %s", (case_id, customer_id))


def any_case(case_id: int) -> Case:
    """A case of whomever, for staff and mails. Raises Refusal(not_found)."""
    return _one("c.id = %s", (case_id,))


def messages(case_id: int, *, internal: bool = False) -> list[Message]:
    """What was said after the opening, in order; notes only with `internal`."""
    found = sql.rows(
        "select id, at, author, actor, event, text, internal, mail_id from support_message"
        " where case_id = %s and (%s or not internal) order by id",
        (case_id, internal),
    )
    return [Message(*row) for row in found]


def message(message_id: int) -> Message:
    """One message. Raises Refusal(not_found)."""
    row = sql.one(
        "select id, at, author, actor, event, text, internal, mail_id from support_message where id = %s",
        (message_id,),
    )
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return Message(*row)


def questions(case_id: int) -> list[Question]:
    """The pauses of a case, in order."""
    found = sql.rows(
        "select round, asked_at, text, ended_at, answered, days from support_question where case_id = %s order by round",
        (case_id,),
    )
    return [Question(*row) for row in found]


def decisions(case_id: int) -> list[DecisionLine]:
    """The first decision, and the second where there is one."""
    found = sql.rows(
        "select number, at, due_at, outcome, clause, reason, actor, amount_micros, taken_micros, loss_micros"
        " from support_decision where case_id = %s order by number",
        (case_id,),
    )
    return [DecisionLine(*row) for row in found]


# --- many ---


def cases(
    customer_id: int,
    *,
    states: Collection[State] | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Case]:
    """The customer's cases, newest first, older than number `before`."""
    return _many(
        "c.customer_id = %(customer)s and c.id < %(before)s"
        " and (%(states)s::text[] is null or c.state = any(%(states)s::text[])) order by c.id desc limit %(limit)s",
        {
            "customer": customer_id,
            "states": _texts(states),
            "before": _LARGEST if before is None else before,
            "limit": limit,
        },
    )


def queue(
    *,
    states: Collection[State] = UNDECIDED,
    kind: Kind | None = None,
    overdue: bool = False,
    unverified: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[Case]:
    """What staff has to decide, what is due first on top."""
    return _many(
        "c.state = any(%(states)s::text[]) and (%(kind)s::text is null or c.kind = %(kind)s::text)"
        " and (not %(overdue)s or c.due_at < fn.now() and c.paused_at is null) and (not %(unverified)s or not c.verified)"
        " order by c.due_at, c.id offset %(offset)s limit %(limit)s",
        {
            "states": _texts(states),
            "kind": kind,
            "overdue": overdue,
            "unverified": unverified,
            "offset": offset,
            "limit": limit,
        },
    )


def search(text: str, *, limit: int = 50) -> list[Case]:
    """Cases by number, part of an e-mail address, or words of subject or description, newest first, for staff."""
    text = text.strip()
    number = text.lower().removeprefix("case_").removeprefix("#")
    found = number.isascii() and number.isdigit() and len(number) < 19
    return _many(
        "c.id = %(id)s or position(lower(%(text)s) in lower(coalesce(u.email, c.email))) > 0"
        " or position(lower(%(text)s) in lower(c.subject || ' ' || c.description)) > 0 order by c.id desc limit %(limit)s",
        {"id": int(number) if found else None, "text": text, "limit": limit},
    )


def about(
    customer_id: int,
    *,
    activation_id: int | None = None,
    deposit_id: int | None = None,
    withdrawal_id: int | None = None,
) -> Case | None:
    """The customer's latest case about this, if there is one."""
    found = _many(
        "c.customer_id = %s and (c.activation_id = %s or c.deposit_id = %s or c.withdrawal_id = %s)"
        " order by c.id desc limit 1",
        (customer_id, activation_id, deposit_id, withdrawal_id),
    )
    return found[0] if found else None


def overdue() -> int:
    """How many cases are past their date."""
    return int(sql.value("select count(*) from fn.deadlines() where subject = 'case' and due_at < fn.now()"))


# --- files ---


def attachments(case_id: int, *, internal: bool = False) -> list[Attachment]:
    """The files of a case, in order; those of notes only with `internal`."""
    found = sql.rows(
        f"{_ATTACHMENT} where case_id = %s and (%s or not internal) order by id", (case_id, internal)
    )
    return [Attachment(*row) for row in found]


def attachment(token: str) -> tuple[Attachment, bytes]:
    """A file and its content, by the token alone: who has it may see it. Raises Refusal(not_found)."""
    row = sql.one(f"{_ATTACHMENT} where token = %s", (token,))
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    content = sql.value("select content from support_attachment where token = %s", (token,))
    return Attachment(*row), bytes(content)


_ATTACHMENT = (
    "select id, case_id, message_id, at, token, name, image, media_type, width, height, size_bytes, internal"
    " from support_attachment"
)


def _one(which: str, values: tuple[int, ...]) -> Case:
    found = _many(which, values)
    if not found:
        raise Refusal(Code.NOT_FOUND)
    return found[0]


def _many(which: str, values: sql.Params) -> list[Case]:
    return [_case(row) for row in sql.rows(f"{_CASE} where {which}", values)]


def _case(row: sql.Row) -> Case:
    number, customer, kind, channel, state, *rest = row
    return Case(number, customer, Kind(kind), Channel(channel), State(state), *rest)


def _texts(states: Collection[State] | None) -> list[str] | None:
    return None if states is None else [str(state) for state in states]
