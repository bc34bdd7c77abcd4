"""How cases are called on pages; must decide nothing."""

from activkode.core.errors import Code, Refusal
from activkode.doors.people import words
from activkode.support.policy import Author, Channel, Kind, Outcome, State

STATES: dict[str, str] = {
    State.OPEN: "Being looked at",
    State.WAITING_CUSTOMER: "Waits for your answer",
    State.DECIDED: "Decided",
    State.CLOSED: "Closed",
}
TONES: dict[str, str] = {
    State.OPEN: "wait",
    State.WAITING_CUSTOMER: "wait",
    State.DECIDED: "good",
    State.CLOSED: "back",
}
OUTCOMES: dict[str, str] = {
    Outcome.GRANTED: "Granted",
    Outcome.REFUSED: "Not granted",
    Outcome.SETTLED: "Settled",
}
OUTCOME_TONES: dict[str, str] = {Outcome.GRANTED: "good", Outcome.REFUSED: "bad", Outcome.SETTLED: "back"}
# What a customer reads when choosing: the kind in plain words, and when it is the right one.
KINDS: dict[str, tuple[str, str]] = {
    Kind.TECHNICAL_ERROR: (
        "Something went wrong on your side",
        "A code came and was not shown, shown late or cut off, or was somebody else’s. No time limit.",
    ),
    Kind.ACTIVATION_DISPUTE: (
        "I was charged and disagree",
        "For an activation of the last {dispute_days} days.",
    ),
    Kind.TOPUP_ERROR: (
        "I paid something in by mistake",
        "Within {topup_error_days} days. What was credited can be spent, or withdrawn.",
    ),
    Kind.DUPLICATE_TOPUP: (
        "A payment was credited twice, or not as it should be",
        "An error of ours has no time limit.",
    ),
    Kind.WRONG_ACCOUNT_TOPUP: ("My payment went to another account", "An error of ours has no time limit."),
    Kind.WITHDRAWAL: (
        "Something about a withdrawal",
        "It is late, it is not what I asked for, or it did not arrive.",
    ),
    Kind.OTHER: ("Something else", "Whatever a person should read."),
}
CHANNELS = {
    Channel.EMAIL: "by e-mail",
    Channel.DASHBOARD: "on the site",
    Channel.API: "by a program",
    Channel.SYSTEM: "by the system",
}
AUTHORS = {Author.CUSTOMER: "You", Author.STAFF: "ACTIV KODE", Author.SYSTEM: "Automatic"}
EVENTS = {
    "ask": "Asks you",
    "interim": "Says why it takes longer",
    "reopen": "New facts",
    "resume": "Goes on",
    "close": "Closed",
    "withdraw": "Taken back",
    "note": "Internal note",
}
_REFUSED: dict[Code, str] = {
    Code.LIMIT_REACHED: "There are as many open cases, messages or files as there may be.",
    Code.UNKNOWN_ACTIVATION: "There is no such activation in this account.",
}


def told(refusal: Refusal) -> str:
    """The sentence of a refusal for a customer with a case."""
    return refusal.detail or _REFUSED.get(refusal.code) or words.told(refusal)
