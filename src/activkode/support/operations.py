"""Everything that happens to a case. Each call is one SQL function and so one transaction; the rows of support/policy.py
decide, and whoever comes second is told what is true now.

Times are the database's. A customer's call names the customer: somebody else's case is as unknown as none (POLICY 2.4.6).
Every function raises TryLater when the database cannot be reached.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.support import evidence
from activkode.support.policy import (
    BY_CLAUSE,
    EVENT_OF,
    FIGURES,
    Author,
    Channel,
    Event,
    Figure,
    Kind,
    Outcome,
)
from activkode.support.texts import line, paragraphs

UNVERIFIED = "unverified mail"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who decides or answers: the user's number and the name that the audit log shows."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What is asked for. Without a customer it is about nothing of anybody's: what such a mail names stays text.
    `received_at` is when the mail came (POLICY 2.4.2), None for now; `acknowledge` False: no mail says that it is open."""

    kind: Kind
    channel: Channel
    description: str
    customer_id: int | None = None
    email: str = ""
    subject: str = ""
    activation_id: int | None = None
    deposit_id: int | None = None
    withdrawal_id: int | None = None
    received_at: datetime | None = None
    mail_id: int | None = None
    origin: str | None = None
    acknowledge: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """The case; `joined` where one about the same was open already, and what was said was added to it."""

    case_id: int
    joined: bool
    due_at: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided. `amount_micros` None is all that the clause gives; `right_customer_id` is whose a top-up is that was
    credited to the wrong account, else the case's customer."""

    outcome: Outcome
    clause: str
    reason: str
    amount_micros: int | None = None
    right_customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision moved, in micro-dollars: credited, taken back, and borne by the house."""

    case_id: int
    number: int
    amount_micros: int
    taken_micros: int
    loss_micros: int


# --- for everybody ---


def open(asked: Opening) -> Opened:  # noqa: A001 - the trade's verb
    """Opens a case, due at the end of the third business day after it was received (POLICY 2.4.3), or adds to the open one
    about the same thing. A dispute that comes too late is taken all the same where the records show an error of ours.

    Raises Refusal: unknown_activation, unknown_transaction (not this customer's), dispute_too_late, topup_error_too_late
    (extra: until), already_decided (extra: case), limit_reached, invalid_request."""
    try:
        return _open(asked)
    except Refusal as refusal:
        if refusal.code is not Code.DISPUTE_TOO_LATE or not evidence.our_fault(
            asked.customer_id, asked.activation_id
        ):
            raise
    return _open(replace(asked, kind=Kind.TECHNICAL_ERROR))


def write(customer_id: int | None, case_id: int, text: str, *, mail_id: int | None = None) -> int:
    """The customer adds something; where a fact was asked for, the clock runs on. The message's number. With customer None
    it is the unverified sender of a case that has no customer. Raises Refusal(not_found, limit_reached, invalid_request)."""
    who = UNVERIFIED if customer_id is None else "customer"
    return _message(_apply(case_id, Event.WRITE, Author.CUSTOMER, who, customer_id, _said(text), mail_id))


def reopen(customer_id: int, case_id: int, facts: str, *, mail_id: int | None = None) -> int:
    """New facts, once: decided anew by the third business day from now. The message's number. Raises Refusal(not_found,
    wrong_state, invalid_request)."""
    return _message(
        _apply(case_id, Event.REOPEN, Author.CUSTOMER, "customer", customer_id, _said(facts), mail_id)
    )


def withdraw(customer_id: int, case_id: int) -> None:
    """The customer takes the case back; repeated, the same. Raises Refusal(not_found)."""
    _apply(case_id, Event.WITHDRAW, Author.CUSTOMER, "customer", customer_id, "")


# --- for staff ---


def answer(case_id: int, text: str, *, staff: Staff) -> int:
    """Writes to who asked; the clock runs on. The message's number. Raises Refusal(not_found, forbidden,
    invalid_request)."""
    return _message(_staff(case_id, Event.ANSWER, text, staff))


def note(case_id: int, text: str, *, staff: Staff) -> int:
    """An internal note, never shown to the customer. Raises Refusal(not_found, forbidden, invalid_request)."""
    return _message(_staff(case_id, Event.NOTE, text, staff))


def ask(case_id: int, question: str, *, staff: Staff) -> int:
    """Asks for a fact, once before each decision: the clock stands until the answer comes (POLICY 2.4.3). Raises
    Refusal(not_found, forbidden, wrong_state, invalid_request)."""
    return _message(_staff(case_id, Event.ASK, question, staff))


def resume(case_id: int, why: str, *, staff: Staff) -> int:
    """Goes on without the answer. Raises Refusal(not_found, forbidden, wrong_state, invalid_request)."""
    return _message(_staff(case_id, Event.RESUME, why, staff))


def interim(case_id: int, text: str, *, staff: Staff) -> int:
    """An interim answer with a new date, the third business day from now, once (POLICY 2.4.3). Raises Refusal(not_found,
    forbidden, wrong_state, invalid_request)."""
    return _message(_staff(case_id, Event.INTERIM, text, staff))


def reopen_for(case_id: int, facts: str, *, staff: Staff) -> int:
    """The same as `reopen`, by staff who read the new facts elsewhere. Raises Refusal(not_found, forbidden, wrong_state,
    invalid_request)."""
    return _message(_staff(case_id, Event.REOPEN, facts, staff))


def close(case_id: int, why: str, *, staff: Staff) -> None:
    """Ends without a decision what no customer asked for. Raises Refusal(not_found, forbidden, wrong_state,
    invalid_request)."""
    _staff(case_id, Event.CLOSE, why, staff)


def link(
    case_id: int,
    *,
    staff: Staff,
    kind: Kind | None = None,
    customer_id: int | None = None,
    activation_id: int | None = None,
    deposit_id: int | None = None,
    withdrawal_id: int | None = None,
) -> None:
    """Says what a case is about, and whose it is where that was not known; activation and withdrawal must be the
    customer's own. Raises Refusal(not_found, forbidden, wrong_state, already_decided, unknown_activation,
    unknown_transaction)."""
    about = (customer_id, kind, activation_id, deposit_id, withdrawal_id)
    _told(
        sql.value(
            "select fn.case_link(%s, %s, %s, %s, %s, %s, %s, %s)", (case_id, *about, staff.name, staff.id)
        )
    )


def decide(case_id: int, verdict: Verdict, *, staff: Staff) -> Decided:
    """Decides, with clause and reason; a granted credit is in the balance with it, at most the price paid, once for each
    activation. A top-up that waits for a person gets its end with its case. Nobody decides about the own account.

    Raises Refusal: not_found, forbidden, already_decided (also for who decides at the same moment), wrong_state,
    invalid_request."""
    rule = BY_CLAUSE.get((verdict.outcome, verdict.clause))
    if rule is None:
        raise Refusal(Code.INVALID_REQUEST, f"A case is not {verdict.outcome} under {verdict.clause}.")
    outcome = _told(
        sql.value(
            "select fn.case_decide(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                case_id,
                verdict.outcome,
                EVENT_OF[verdict.outcome],
                verdict.clause,
                rule.money,
                _said(verdict.reason),
                verdict.amount_micros,
                verdict.right_customer_id,
                staff.name,
                staff.id,
            ),
        )
    )
    moved = (outcome[name] for name in ("number", "amount_micros", "taken_micros", "loss_micros"))
    return Decided(case_id, *moved)


# --- for the clock ---


def resume_unanswered(case_id: int) -> None:
    """Goes on with a case whose question was never answered: silence refuses nothing. Raises Refusal(wrong_state) where the
    answer came meanwhile."""
    why = f"No answer came for {FIGURES[Figure.ANSWER_DAYS]} days: it is decided on what there is."
    _apply(case_id, Event.RESUME, Author.SYSTEM, "clock", None, why)


# --- parts ---


def _open(asked: Opening) -> Opened:
    outcome = _told(
        sql.value(
            "select fn.case_open(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                asked.customer_id,
                asked.kind,
                asked.channel,
                asked.customer_id is not None,
                line(asked.email),
                line(asked.subject)[: FIGURES[Figure.CASE_SUBJECT_MOST]],
                _said(asked.description),
                asked.activation_id,
                asked.deposit_id,
                asked.withdrawal_id,
                asked.origin,
                asked.received_at,
                asked.mail_id,
                asked.acknowledge,
            ),
        )
    )
    return Opened(outcome["case"], outcome["joined"], outcome["due_at"])


def _staff(case_id: int, event: Event, text: str, staff: Staff) -> dict[str, Any]:
    return _apply(case_id, event, Author.STAFF, staff.name, staff.id, _said(text))


def _apply(
    case_id: int,
    event: Event,
    author: Author,
    actor: str,
    actor_id: int | None,
    text: str,
    mail_id: int | None = None,
) -> dict[str, Any]:
    return _told(
        sql.value(
            "select fn.case_apply(%s, %s, %s, %s, %s, %s, %s)",
            (case_id, event, author, actor, actor_id, text, mail_id),
        )
    )


def _message(outcome: dict[str, Any]) -> int:
    number: int = outcome["message"]
    return number


def _said(text: str) -> str:
    said = paragraphs(text)
    if not said:
        raise Refusal(Code.INVALID_REQUEST, "Say it in words.")
    most = FIGURES[Figure.CASE_TEXT_MOST]
    if len(said) > most:
        raise Refusal(Code.INVALID_REQUEST, f"At most {most} characters; attach what is longer.")
    return said


def _told(outcome: dict[str, Any]) -> dict[str, Any]:
    if "refused" in outcome:
        extra: dict[str, Any] = {
            name: outcome[name] for name in ("case", "state", "until") if name in outcome
        }
        raise Refusal(Code(outcome["refused"]), outcome.get("why") or "", extra)
    return outcome
