"""How states, movements and refusals are called on pages; must decide nothing."""

from activkode.activations.policy import Event, State
from activkode.core.errors import Code, Refusal

STATES: dict[str, str] = {
    State.REQUESTING: "Asking for a number",
    State.WAITING: "Waiting for a code",
    State.RECEIVED: "Code received",
    State.COMPLETED: "Completed",
    State.CANCELLED: "Cancelled, refunded",
    State.EXPIRED: "Expired, refunded",
    State.FAILED: "Failed, refunded",
}
# Which colour a state has; the word beside it says the same.
TONES: dict[str, str] = {
    State.REQUESTING: "wait",
    State.WAITING: "wait",
    State.RECEIVED: "good",
    State.COMPLETED: "good",
    State.CANCELLED: "back",
    State.EXPIRED: "back",
    State.FAILED: "bad",
}
KINDS = {"sms": "Phone number", "email": "E-mail address"}
VERDICTS = {
    "allowed": "Accepts virtual numbers",
    "banned": "Bans virtual numbers",
    "unknown": "Not known",
}
VERDICT_TONES = {"allowed": "good", "banned": "bad", "unknown": "wait"}
MOVEMENT_NAMES = {
    "hold": "Set aside for an activation",
    "capture": "Paid: a code came",
    "release": "Refunded: no code came",
    "promo_grant": "Promotional credit",
    "goodwill_grant": "Credit",
}
MONEY = {"hold": "Set aside", "capture": "Paid", "release": "Refunded"}
EVENTS: dict[str, str] = {
    Event.NUMBER: "A number is given",
    Event.FAIL: "It fails on our side",
    Event.CODE: "A code comes",
    Event.MESSAGE: "A message without a code comes",
    Event.REVEAL: "You reveal a hidden message",
    Event.CANCEL: "You cancel",
    Event.EXPIRE: "The window ends",
    Event.COMPLETE: "You finish",
}
# Where the general sentence speaks to a program.
_REFUSED: dict[Code, str] = {
    Code.SERVICE_BANNED: "This service bans virtual numbers. It can be rented only where it is open and after you have"
    " ticked that you know it. Nothing was charged.",
    Code.UNKNOWN_SERVICE: "This is not offered, or no longer. Nothing was charged.",
    Code.NOT_FOUND: "There is nothing here, or nothing for this account.",
    Code.REQUEST_IN_PROGRESS: "This is being done already. Look at your activations before you try again.",
    Code.IDEMPOTENCY_KEY_REUSED: "This form was sent before with other choices. Nothing was charged; try again.",
    Code.INVALID_REQUEST: "Something in this form could not be read. Nothing was changed.",
}


def told(refusal: Refusal) -> str:
    """The sentence of a refusal for a person, with the figures it came with."""
    sentence = refusal.detail or _REFUSED.get(refusal.code, refusal.kind.detail)
    if refusal.code is Code.INSUFFICIENT_BALANCE and "available" in refusal.extra:
        price, available = refusal.extra["price"], refusal.extra["available"]
        return f"The price is ${price} and your balance has ${available} to spend. Nothing was charged."
    return sentence
