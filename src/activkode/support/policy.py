"""The policy of cases as data: what can be asked for, until when, what each event does to a case in each state, and what may
be decided under which clause. What the records propose is in proposals.py.

Pages, documents, SQL and tests read this file; nothing else may state a figure or a rule again (POLICY 1.2, 1.3, 1.5, 2.4).
What a clause says stands in activations/policy.CLAUSES, where all clauses do.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a case is about (2.4.1)."""

    TECHNICAL_ERROR = "technical_error"
    DUPLICATE_TOPUP = "duplicate_topup"
    WRONG_ACCOUNT_TOPUP = "wrong_account_topup"
    TOPUP_ERROR = "topup_error"
    ACTIVATION_DISPUTE = "activation_dispute"
    WITHDRAWAL = "withdrawal"
    OTHER = "other"


class Channel(StrEnum):
    """How it came (2.4.1)."""

    EMAIL = "email"
    DASHBOARD = "dashboard"
    API = "api"
    SYSTEM = "system"


class State(StrEnum):
    """Where a case stands. `decided` may be reopened once; `closed` ended without a decision, for good."""

    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    DECIDED = "decided"
    CLOSED = "closed"


UNDECIDED = (State.OPEN, State.WAITING_CUSTOMER)


class Author(StrEnum):
    """Who wrote a message of a case."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


class Event(StrEnum):
    """What can happen to a case."""

    WRITE = "write"
    ANSWER = "answer"
    NOTE = "note"
    ASK = "ask"
    RESUME = "resume"
    INTERIM = "interim"
    GRANT = "grant"
    REFUSE = "refuse"
    SETTLE = "settle"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    CLOSE = "close"


class Outcome(StrEnum):
    """What a decision comes to. `settled`: nothing is left to do, since it has been done or only an answer was due."""

    GRANTED = "granted"
    REFUSED = "refused"
    SETTLED = "settled"


EVENT_OF: dict[Outcome, Event] = {
    Outcome.GRANTED: Event.GRANT,
    Outcome.REFUSED: Event.REFUSE,
    Outcome.SETTLED: Event.SETTLE,
}


class Movement(StrEnum):
    """The ledger movements a decision can cause (meaning and accounts: ledger/movements.py)."""

    CREDIT = "case_credit"
    TAKEN_BACK = "case_taken_back"


class Money(StrEnum):
    """What a granted clause does with money. `price`: at most the activation's, once, into the purse it came from.
    `take_back`: a credit that was too much is taken back as far as it is left (2.2.8). `move`: the same, and the right
    account is credited at once (2.2.9); in both the rest is our loss. `cash`: an amount into the cash of the case's
    customer, at most what the withdrawal was worth. `deposit`: what waits for a person is credited as others are.
    `release`: a suspended customer's withdrawal goes on (2.3.10). `none`: nothing moves."""

    PRICE = "price"
    TAKE_BACK = "take_back"
    MOVE = "move"
    CASH = "cash"
    DEPOSIT = "deposit"
    RELEASE = "release"
    NONE = "none"


class Figure(StrEnum):
    """Names of the figures below. Those of neighbours are not repeated: a top-up made in error is told within
    funding's `topup_error_days`."""

    DECISION_BUSINESS_DAYS = "decision_business_days"
    DISPUTE_DAYS = "dispute_days"
    LAST_ZONE_HOURS = "last_zone_hours"
    ANSWER_DAYS = "answer_days"
    ACKNOWLEDGEMENT_HOURS = "acknowledgement_hours"
    DISPLAY_LAG_SECONDS = "display_lag_seconds"
    DECISIONS_MOST = "decisions_most"
    ESCALATION_GRACE_SECONDS = "escalation_grace_seconds"
    OPEN_CASES_MOST = "open_cases_most"
    CASE_MESSAGES_MOST = "case_messages_most"
    CASE_TEXT_MOST = "case_text_most"
    CASE_SUBJECT_MOST = "case_subject_most"
    SCREENSHOT_BYTES_MOST = "screenshot_bytes_most"
    SCREENSHOT_PIXELS_MOST = "screenshot_pixels_most"
    SCREENSHOT_SIDE_MOST = "screenshot_side_most"
    ATTACHMENTS_MOST = "attachments_most"
    CASE_BYTES_MOST = "case_bytes_most"


_MEGA = 1_000_000
FIGURES: dict[Figure, int] = {
    Figure.DECISION_BUSINESS_DAYS: 3,  # 1.2, 1.6, 2.4.3: at the end of this business day
    Figure.DISPUTE_DAYS: 30,  # 1.5, 2.4.2: after the activation's creation
    Figure.LAST_ZONE_HOURS: 12,  # 2.4.2: a day ends when it has ended in UTC-12
    Figure.ANSWER_DAYS: 14,  # an unanswered question: a person goes on with what there is; silence refuses nothing (2.4.3)
    Figure.ACKNOWLEDGEMENT_HOURS: 24,  # 2.4.7: at most one automatic acknowledgement per address in so long
    Figure.DISPLAY_LAG_SECONDS: 60,  # 2.4.5: shown later than this after it came is our fault
    Figure.DECISIONS_MOST: 2,  # 2.4.4: new facts reopen once
    Figure.ESCALATION_GRACE_SECONDS: 300,  # time in which a clock escalates what is due
    Figure.OPEN_CASES_MOST: 20,  # of one customer at a time
    Figure.CASE_MESSAGES_MOST: 200,  # in one case
    Figure.CASE_TEXT_MOST: 20_000,  # characters of one message
    Figure.CASE_SUBJECT_MOST: 200,  # characters
    Figure.SCREENSHOT_BYTES_MOST: 10 * _MEGA,  # 2.4.8
    Figure.SCREENSHOT_PIXELS_MOST: 25 * _MEGA,  # 2.4.8
    Figure.SCREENSHOT_SIDE_MOST: 16_383,  # pixels; what WebP can hold
    Figure.ATTACHMENTS_MOST: 20,  # of one case
    Figure.CASE_BYTES_MOST: 50 * _MEGA,  # of all attachments of one case
}


@dataclass(frozen=True)
class KindRule:
    """A kind: how a page calls it, what it is about (`activation`, `topup`, `withdrawal` or nothing in particular), and
    the refusal of core/errors.py for what comes too late. None: no limit, as for errors of our own (2.4.2)."""

    kind: Kind
    title: str
    about: str | None
    too_late: str | None


KINDS: tuple[KindRule, ...] = (
    KindRule(Kind.TECHNICAL_ERROR, "A technical error", "activation", None),
    KindRule(Kind.DUPLICATE_TOPUP, "A top-up that was doubled", "topup", None),
    KindRule(Kind.WRONG_ACCOUNT_TOPUP, "A top-up in the wrong account", "topup", None),
    KindRule(Kind.TOPUP_ERROR, "A top-up made in error", "topup", "topup_error_too_late"),
    KindRule(Kind.ACTIVATION_DISPUTE, "A dispute about an activation", "activation", "dispute_too_late"),
    KindRule(Kind.WITHDRAWAL, "A withdrawal", "withdrawal", None),
    KindRule(Kind.OTHER, "Something else", None, None),
)
BY_KIND = {rule.kind: rule for rule in KINDS}


@dataclass(frozen=True)
class ClauseRule:
    """Under which clause a case may be decided, with which outcome, about what (None: about anything), and the money."""

    clause: str
    outcome: Outcome
    about: str | None
    money: Money = Money.NONE


CLAUSES: tuple[ClauseRule, ...] = (
    ClauseRule("refund.our_fault", Outcome.GRANTED, "activation", Money.PRICE),
    ClauseRule("refund.delisted", Outcome.GRANTED, "activation", Money.PRICE),
    ClauseRule("refund.duplicate_topup", Outcome.GRANTED, "topup", Money.TAKE_BACK),
    ClauseRule("refund.wrong_account", Outcome.GRANTED, "topup", Money.MOVE),
    ClauseRule("pay.topup_error", Outcome.GRANTED, "topup"),
    ClauseRule("credit.topup", Outcome.GRANTED, "topup", Money.DEPOSIT),
    ClauseRule("refund.withdrawal_error", Outcome.GRANTED, "withdrawal", Money.CASH),
    ClauseRule("pay.suspended", Outcome.GRANTED, "withdrawal", Money.RELEASE),
    ClauseRule("refund.expired", Outcome.SETTLED, "activation"),
    ClauseRule("refund.cancelled", Outcome.SETTLED, "activation"),
    ClauseRule("refund.our_fault", Outcome.SETTLED, None),
    ClauseRule("answer.given", Outcome.SETTLED, None),
    ClauseRule("keep.rejected", Outcome.REFUSED, "activation"),
    ClauseRule("keep.unused", Outcome.REFUSED, "activation"),
    ClauseRule("keep.banned_service", Outcome.REFUSED, "activation"),
    ClauseRule("keep.changed_mind", Outcome.REFUSED, "activation"),
    ClauseRule("keep.credited_topup", Outcome.REFUSED, "topup"),
    ClauseRule("keep.topup_error_late", Outcome.REFUSED, "topup"),
    ClauseRule("keep.dispute_late", Outcome.REFUSED, "activation"),
    ClauseRule("keep.no_error", Outcome.REFUSED, None),
    ClauseRule("keep.terms", Outcome.REFUSED, None),
)
BY_CLAUSE: dict[tuple[Outcome, str], ClauseRule] = {(rule.outcome, rule.clause): rule for rule in CLAUSES}


@dataclass(frozen=True)
class Rule:
    """What `event` does in `state`: go `to` (None: the case stays as it is, and what was said is kept) or the `refusal`
    from the closed list of core/errors.py. `told` is the event that the customer is told, None where it is none of theirs.
    `why` is for the reader and the documents."""

    event: Event
    state: State
    to: State | None
    refusal: str | None
    told: str | None
    why: str


def _go(event: Event, states: tuple[State, ...], to: State, why: str, told: str | None = None) -> list[Rule]:
    return [Rule(event, state, to, None, told, why) for state in states]


def _stay(event: Event, states: tuple[State, ...], why: str, told: str | None = None) -> list[Rule]:
    return [Rule(event, state, None, None, told, why) for state in states]


def _no(event: Event, states: tuple[State, ...], refusal: str, why: str) -> list[Rule]:
    return [Rule(event, state, None, refusal, None, why) for state in states]


_S, _E = State, Event
_ALL = tuple(State)
_OVER = (_S.DECIDED, _S.CLOSED)
RULES: tuple[Rule, ...] = (
    *_stay(_E.WRITE, (_S.OPEN,), "It is added; the time for the decision runs on."),
    *_go(
        _E.WRITE,
        (_S.WAITING_CUSTOMER,),
        _S.OPEN,
        "The answer came: the clock runs on, later by the pause.",
        "case.resumed",
    ),
    *_stay(_E.WRITE, _OVER, "It is kept and read; new facts reopen a decided case once."),
    *_stay(_E.ANSWER, _ALL, "Staff writes; the clock runs on.", "case.answered"),
    *_stay(_E.NOTE, _ALL, "An internal note, never shown to the customer."),
    *_go(
        _E.ASK,
        (_S.OPEN,),
        _S.WAITING_CUSTOMER,
        "A fact is missing: asked once, with the clock stopped.",
        "case.asked",
    ),
    *_no(_E.ASK, (_S.WAITING_CUSTOMER,), "wrong_state", "It waits for the customer's answer already."),
    *_no(_E.ASK, _OVER, "wrong_state", "It is over."),
    *_go(
        _E.RESUME,
        (_S.WAITING_CUSTOMER,),
        _S.OPEN,
        "No answer is waited for: a person goes on with what there is.",
        "case.resumed",
    ),
    *_no(_E.RESUME, (_S.OPEN, *_OVER), "wrong_state", "It does not wait for the customer."),
    *_stay(_E.INTERIM, (_S.OPEN,), "An interim answer with a new date, once.", "case.interim"),
    *_no(_E.INTERIM, (_S.WAITING_CUSTOMER,), "wrong_state", "Its clock stands still: no new date is needed."),
    *_no(_E.INTERIM, _OVER, "wrong_state", "It is over."),
    *_go(
        _E.GRANT,
        UNDECIDED,
        _S.DECIDED,
        "It is granted, and any credit is in the balance with it.",
        "case.decided",
    ),
    *_go(_E.SETTLE, UNDECIDED, _S.DECIDED, "Nothing is left to do.", "case.decided"),
    *_go(_E.REFUSE, (_S.OPEN,), _S.DECIDED, "It is refused, with the clause and the reason.", "case.decided"),
    *_no(
        _E.REFUSE,
        (_S.WAITING_CUSTOMER,),
        "wrong_state",
        "A missing fact never refuses: it was asked for, and is waited for.",
    ),
    *(
        rule
        for event in (_E.GRANT, _E.SETTLE, _E.REFUSE)
        for rule in _no(event, _OVER, "already_decided", "It was decided, or ended, before.")
    ),
    *_go(_E.REOPEN, (_S.DECIDED,), _S.OPEN, "New facts: it is looked at once more.", "case.reopened"),
    *_no(_E.REOPEN, (*UNDECIDED, _S.CLOSED), "wrong_state", "Only what was decided can be reopened."),
    *_go(_E.WITHDRAW, UNDECIDED, _S.CLOSED, "Its customer took it back.", "case.closed"),
    *_stay(_E.WITHDRAW, _OVER, "It is over already."),
    *_go(_E.CLOSE, UNDECIDED, _S.CLOSED, "It ended without a decision, with a reason."),
    *_no(_E.CLOSE, _OVER, "wrong_state", "It is over already."),
)
BY_PAIR: dict[tuple[Event, State], Rule] = {(rule.event, rule.state): rule for rule in RULES}
# Of what the customer is told, this is also worth a mail.
MAILED = ("case.opened", "case.answered", "case.asked", "case.interim", "case.decided", "case.reopened")
EDGES: frozenset[tuple[State, State]] = frozenset(
    (rule.state, rule.to) for rule in RULES if rule.to and rule.to != rule.state
)
