"""The policy of activations as data: clauses, figures, and what each event does in each state.

Pages, documents, buttons, API refusals, SQL and tests read this file; nothing else may state a figure or a rule again.
"""

from dataclasses import dataclass
from enum import StrEnum

VERSION = 3  # 2: top-ups; 3: withdrawals and cases


class State(StrEnum):
    """Where an activation stands. The last four are closed."""

    REQUESTING = "requesting"
    WAITING = "waiting"
    RECEIVED = "received"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"


OPEN = (State.REQUESTING, State.WAITING, State.RECEIVED)
CLOSED = (State.COMPLETED, State.CANCELLED, State.EXPIRED, State.FAILED)


class Event(StrEnum):
    """What can happen to an activation."""

    NUMBER = "number"
    FAIL = "fail"
    CODE = "code"
    MESSAGE = "message"
    REVEAL = "reveal"
    CANCEL = "cancel"
    EXPIRE = "expire"
    COMPLETE = "complete"


class Movement(StrEnum):
    """The ledger movements an activation can cause (meaning and accounts: ledger/movements.py)."""

    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"


class Figure(StrEnum):
    """Names of the figures below."""

    WINDOW_SECONDS = "window_seconds"
    CANCEL_LOCK_SECONDS = "cancel_lock_seconds"
    EXPIRY_PROMISE_SECONDS = "expiry_promise_seconds"
    REQUESTING_SECONDS = "requesting_seconds"
    QUARANTINE_SECONDS = "quarantine_seconds"
    DELIST_RATE_PERCENT = "delist_rate_percent"
    DELIST_SAMPLE = "delist_sample"
    DUPLICATE_SECONDS = "duplicate_seconds"
    PARTS_WAIT_SECONDS = "parts_wait_seconds"
    PARTS_WINDOW_SECONDS = "parts_window_seconds"
    KEY_DAYS = "key_days"
    QUANTITY_MOST = "quantity_most"


FIGURES: dict[Figure, int] = {
    Figure.WINDOW_SECONDS: 20 * 60,  # 2.1.3: default window, per service configurable
    Figure.CANCEL_LOCK_SECONDS: 0,  # 2.1.9: cancel from the first second
    Figure.EXPIRY_PROMISE_SECONDS: 120,  # 1.2, 2.1.4: credited within this time after expiry or after an outage
    Figure.REQUESTING_SECONDS: 120,  # a request without a number is settled by then
    Figure.QUARANTINE_SECONDS: 24 * 60 * 60,  # 2.1.11: same number, same service
    Figure.DELIST_RATE_PERCENT: 5,  # 2.1.12: fewer codes than this and the offer is delisted
    Figure.DELIST_SAMPLE: 200,  # 2.1.12: of the last so many activations
    Figure.DUPLICATE_SECONDS: 10 * 60,  # a carrier's repeat of the same message, where it gives no message id
    Figure.PARTS_WAIT_SECONDS: 60,  # a long message is shown with gaps when a part is missing for so long
    Figure.PARTS_WINDOW_SECONDS: 5
    * 60,  # parts further apart belong to different messages (8-bit references wrap)
    Figure.KEY_DAYS: 30,  # how long an Idempotency-Key is remembered
    Figure.QUANTITY_MOST: 50,  # activations in one call
}


class Route(StrEnum):
    """How a clause is carried out."""

    AUTOMATIC = "automatic"
    REVIEW = "manual review"
    KEPT = "not refunded"
    REQUEST = "on request"


@dataclass(frozen=True)
class Clause:
    """One line of the promise: `within` is the time promised, in words for people."""

    name: str
    situation: str
    route: Route
    within: str


CLAUSES: tuple[Clause, ...] = (
    Clause(
        "refund.expired",
        "The window ended and no code had come.",
        Route.AUTOMATIC,
        "1-2 minutes after expiry",
    ),
    Clause("refund.cancelled", "You cancelled before a code had come.", Route.AUTOMATIC, "instantly"),
    Clause(
        "refund.our_fault",
        "A technical error on our side kept the code from you.",
        Route.REVIEW,
        "1-3 business days",
    ),
    Clause(
        "refund.duplicate_topup",
        "A top-up was doubled by an error of our system.",
        Route.REVIEW,
        "1-3 business days",
    ),
    Clause(
        "refund.wrong_account",
        "A top-up was credited to the wrong account by our error.",
        Route.REVIEW,
        "1-3 business days",
    ),
    Clause(
        "refund.delisted",
        "Too few codes came for the service: it was taken off the list, and a review gives the price back.",
        Route.REVIEW,
        "1-3 business days",
    ),
    Clause(
        "credit.topup",
        "A payment that is not credited by itself was looked at and accepted.",
        Route.REVIEW,
        "1-3 business days",
    ),
    Clause(
        "pay.topup_error",
        "A top-up was made in error and told in time: it may be withdrawn without the flat fee.",
        Route.REVIEW,
        "1-3 business days",
    ),
    Clause(
        "refund.withdrawal_error",
        "A withdrawal was charged or paid wrongly by our error.",
        Route.REVIEW,
        "1-3 business days",
    ),
    Clause(
        "pay.suspended",
        "The account is suspended, and a person decided that this withdrawal is paid.",
        Route.REVIEW,
        "1-3 business days",
    ),
    Clause("answer.given", "The question is answered; no money is due.", Route.REVIEW, "1-3 business days"),
    Clause("keep.rejected", "A valid code came and the third-party service refused it.", Route.KEPT, ""),
    Clause("keep.unused", "A code came and was not used in time.", Route.KEPT, ""),
    Clause(
        "keep.banned_service",
        "The rented service bans virtual numbers; the support check says so before you pay.",
        Route.KEPT,
        "",
    ),
    Clause("keep.changed_mind", "A change of mind after a code had come.", Route.KEPT, ""),
    Clause(
        "keep.credited_topup",
        "A credited top-up that sits in the balance: spend it, or withdraw it.",
        Route.KEPT,
        "",
    ),
    Clause("keep.no_error", "What was recorded shows no error on our side.", Route.KEPT, ""),
    Clause(
        "keep.dispute_late", "The dispute came after the time for disputes about activations.", Route.KEPT, ""
    ),
    Clause(
        "keep.topup_error_late", "A top-up made in error was told after the time for that.", Route.KEPT, ""
    ),
    Clause("keep.terms", "The account is suspended or closed for breaking the terms.", Route.KEPT, ""),
    Clause(
        "pay.withdrawal",
        "What is left of the cash balance is paid to your wallet, less a flat fee.",
        Route.REQUEST,
        "7 business days",
    ),
)


@dataclass(frozen=True)
class Rule:
    """What `event` does in `state`: go `to` (None: nothing changes, the same answer again) with a `movement` under a
    `clause`, or the `refusal` from the closed list of core/errors.py. `why` is for the reader and the documents."""

    event: Event
    state: State
    to: State | None
    movement: Movement | None
    clause: str | None
    refusal: str | None
    why: str


def _go(
    event: Event,
    state: State,
    to: State,
    why: str,
    movement: Movement | None = None,
    clause: str | None = None,
) -> Rule:
    return Rule(event, state, to, movement, clause, None, why)


def _same(event: Event, state: State, why: str) -> Rule:
    return Rule(event, state, None, None, None, None, why)


def _no(event: Event, state: State, refusal: str, why: str) -> Rule:
    return Rule(event, state, None, None, None, refusal, why)


_S, _E, _M = State, Event, Movement
_REFUNDED = (State.CANCELLED, State.EXPIRED, State.FAILED)

RULES: tuple[Rule, ...] = (
    _go(_E.NUMBER, _S.REQUESTING, _S.WAITING, "A supplier gave a number; the window starts."),
    *(_no(_E.NUMBER, s, "wrong_state", "It has its number, or is closed.") for s in _S if s != _S.REQUESTING),
    _go(
        _E.FAIL,
        _S.REQUESTING,
        _S.FAILED,
        "No number came in time; the price is back.",
        _M.RELEASE,
        "refund.our_fault",
    ),
    _go(
        _E.FAIL,
        _S.WAITING,
        _S.FAILED,
        "The number broke before a code came; the price is back.",
        _M.RELEASE,
        "refund.our_fault",
    ),
    _no(_E.FAIL, _S.RECEIVED, "code_arrived", "A code came: the activation is fulfilled."),
    *(_no(_E.FAIL, s, "already_closed", "It is closed.") for s in CLOSED),
    _no(_E.CODE, _S.REQUESTING, "wrong_state", "It has no number yet."),
    _go(_E.CODE, _S.WAITING, _S.RECEIVED, "The first code fulfils.", _M.CAPTURE),
    _go(_E.CODE, _S.RECEIVED, _S.RECEIVED, "A further code is shown, at no price."),
    *(_no(_E.CODE, s, "already_closed", "It came after the close: kept as late.") for s in CLOSED),
    _no(_E.MESSAGE, _S.REQUESTING, "wrong_state", "It has no number yet."),
    _go(_E.MESSAGE, _S.WAITING, _S.WAITING, "Announced with sender and time; its text is hidden."),
    _go(_E.MESSAGE, _S.RECEIVED, _S.RECEIVED, "Shown: the activation is paid for."),
    *(_no(_E.MESSAGE, s, "already_closed", "It came after the close: kept as late.") for s in CLOSED),
    _no(_E.REVEAL, _S.REQUESTING, "nothing_to_reveal", "It has no number yet."),
    _go(_E.REVEAL, _S.WAITING, _S.RECEIVED, "Seeing the text fulfils.", _M.CAPTURE),
    _same(_E.REVEAL, _S.RECEIVED, "Every text is shown already."),
    _same(_E.REVEAL, _S.COMPLETED, "Every text is shown already."),
    *(_no(_E.REVEAL, s, "already_closed", "The price is back; the text stays hidden.") for s in _REFUNDED),
    _go(
        _E.CANCEL,
        _S.REQUESTING,
        _S.CANCELLED,
        "No code came; the price is back.",
        _M.RELEASE,
        "refund.cancelled",
    ),
    _go(
        _E.CANCEL,
        _S.WAITING,
        _S.CANCELLED,
        "No code came; the price is back.",
        _M.RELEASE,
        "refund.cancelled",
    ),
    _no(_E.CANCEL, _S.RECEIVED, "code_arrived", "A code came first: the activation is fulfilled."),
    _no(_E.CANCEL, _S.COMPLETED, "code_arrived", "A code came first: the activation is fulfilled."),
    *(_same(_E.CANCEL, s, "The price is back already; no second refund.") for s in _REFUNDED),
    _go(
        _E.EXPIRE,
        _S.REQUESTING,
        _S.FAILED,
        "No number came in time; the price is back.",
        _M.RELEASE,
        "refund.our_fault",
    ),
    _go(
        _E.EXPIRE,
        _S.WAITING,
        _S.EXPIRED,
        "The window ended; the price is back.",
        _M.RELEASE,
        "refund.expired",
    ),
    _go(_E.EXPIRE, _S.RECEIVED, _S.COMPLETED, "The window for further messages ended."),
    *(_same(_E.EXPIRE, s, "It is closed.") for s in CLOSED),
    _no(_E.COMPLETE, _S.REQUESTING, "no_code_yet", "Nothing came; cancel gives the price back."),
    _no(_E.COMPLETE, _S.WAITING, "no_code_yet", "Nothing came; cancel gives the price back."),
    _go(_E.COMPLETE, _S.RECEIVED, _S.COMPLETED, "You are done before the window's end."),
    _same(_E.COMPLETE, _S.COMPLETED, "It is completed already."),
    *(_no(_E.COMPLETE, s, "already_closed", "It is closed and the price is back.") for s in _REFUNDED),
)

BY_PAIR: dict[tuple[Event, State], Rule] = {(rule.event, rule.state): rule for rule in RULES}
EDGES: frozenset[tuple[State, State]] = frozenset(
    (rule.state, rule.to) for rule in RULES if rule.to is not None and rule.to != rule.state
)
