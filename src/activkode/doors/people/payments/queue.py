"""A withdrawal as staff sees it in a queue: what holds it, and how its time stands. Must decide nothing."""

from dataclasses import dataclass

from activkode.doors.people.payments.shown import Shown
from activkode.doors.people.payments.words import STATES
from activkode.withdrawals.policy import PayoutState, State


@dataclass(frozen=True, slots=True)
class Line:
    """The withdrawal, its state in a word, what holds it up (empty: nothing), what is to be done next, and how its time
    stands: "late", "half" or empty."""

    item: Shown
    word: str
    holds: tuple[str, ...]
    next: str
    time: str


def line(item: Shown) -> Line:
    """One line."""
    word = STATES[item.one.state] if item.one.asks_consent else item.word
    return Line(item, word, tuple(_holds(item)), _next(item), _time(item))


def _holds(item: Shown) -> list[str]:
    one = item.one
    if not one.is_open:
        return []
    held = {
        "Suspended": one.frozen,
        "E-mail changed": one.waits_until is not None and one.confirmed_at is not None,
        "Waits for consent": one.asks_consent,
        "Payout dead": item.is_stuck,
    }
    return [word for word, holds in held.items() if holds]


def _next(item: Shown) -> str:
    one = item.one
    if one.state == State.REQUESTED:
        return "The customer confirms"
    if one.asks_consent:
        return "The customer agrees, or cancels"
    if one.state == State.CONFIRMED:
        return f"Approve, {item.approvals} of {one.approvals_wanted}"
    if one.state == State.APPROVED and item.attempt is None:
        return "Hand out"
    if item.is_stuck:
        return "Pay again, or give back"
    if item.attempt and one.is_open:
        return "Sign" if item.attempt.payout.state == PayoutState.HANDED else "Wait for the network"
    return ""


def _time(item: Shown) -> str:
    one = item.one
    if not one.is_open or one.paused_at or one.due_at is None or one.confirmed_at is None:
        return ""
    if item.is_late:
        return "late"
    return "half" if item.now > one.confirmed_at + (one.due_at - one.confirmed_at) / 2 else ""
