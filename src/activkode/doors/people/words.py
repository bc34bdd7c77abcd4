"""How states, movements and refusals are called on pages; must decide nothing."""

from activkode.activations.policy import Event, State
from activkode.core.errors import Code, Refusal
from activkode.funding import policy as topups
from activkode.funding import words as topup_words
from activkode.ledger.movements import COINS

STATES: dict[str, str] = {
    State.REQUESTING: "Asking for a number",
    State.WAITING: "Waiting for a code",
    State.RECEIVED: "Code received",
    State.COMPLETED: "Completed",
    State.CANCELLED: "Cancelled, refunded",
    State.EXPIRED: "Expired, refunded",
    State.FAILED: "Failed, refunded",
    **topup_words.STATES,
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
    topups.State.SEEN: "wait",
    topups.State.CONFIRMING: "wait",
    topups.State.PRICING: "wait",
    topups.State.ACCUMULATING: "wait",
    topups.State.CREDITED: "good",
    topups.State.REPLACED: "back",
    topups.State.ORPHANED: "wait",
    topups.State.IGNORED: "back",
    topups.State.UNDER_CASE: "bad",
    topups.State.REVERSED: "bad",
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
    "case_credit": "Credited by a decision",
    "case_taken_back": "Taken back: it was credited by our error",
    "withdrawal_reserve": "Set aside for a withdrawal",
    "withdrawal_return": "Back from a withdrawal that was not paid",
    "withdrawal_fee": "Flat fee of a withdrawal",
    "withdrawal_network": "Network’s cost of a withdrawal",
    **{f"withdrawal_pay_{coin}": f"Withdrawn in {name}" for coin, name in COINS.items()},
    **{f"{topups.Movement.TOPUP}_{coin}": f"Top-up in {name}" for coin, name in COINS.items()},
    **{f"{topups.Movement.REVERSAL}_{coin}": "Top-up taken back by the chain" for coin in COINS},
    **{f"{topups.Movement.RESTORED}_{coin}": "Top-up in the chain again" for coin in COINS},
    **{f"{topups.Movement.WRITTEN_OFF}_{coin}": "Written off by us: nothing to pay" for coin in COINS},
}
MONEY: dict[str, str] = {
    "hold": "Set aside",
    "capture": "Paid",
    "release": "Refunded",
    topups.Movement.TOPUP: "Credited",
    topups.Movement.REVERSAL: "Taken back",
    topups.Movement.WRITTEN_OFF: "Borne by us",
}
EVENTS: dict[str, str] = {
    Event.NUMBER: "A number is given",
    Event.FAIL: "It fails on our side",
    Event.CODE: "A code comes",
    Event.MESSAGE: "A message without a code comes",
    Event.REVEAL: "You reveal a hidden message",
    Event.CANCEL: "You cancel",
    Event.EXPIRE: "The window ends",
    Event.COMPLETE: "You finish",
    topups.Event.SIGHT: "It is seen, in no block yet",
    topups.Event.MINE: "It comes into a block",
    topups.Event.UNMINE: "Its block leaves the chain",
    topups.Event.REPLACE: "Another payment spends its coins",
    topups.Event.VANISH: "It is seen nowhere any more",
    topups.Event.LACK_RATE: "There is no rate to trust",
    topups.Event.LACK_DEPTH: "More blocks are needed",
    topups.Event.LACK_AMOUNT: "It is below the minimum",
    topups.Event.CREDIT: "It is deep enough, and priced",
    topups.Event.REVERSE: "Its block leaves the chain after the credit",
    topups.Event.FALL_SHORT: "The same, and it was spent meanwhile",
    topups.Event.DOUBT: "Something about it needs a look",
    topups.Event.DISMISS: "It stands in a block as worth nothing: failed, or of no amount",
    topups.Event.DECIDE_CREDIT: "A person accepts it",
    topups.Event.DECIDE_CLOSE: "A person closes it",
    topups.Event.WRITE_OFF: "A person writes off what was spent",
}
DECISIONS: dict[str, str] = {
    topups.Event.DECIDE_CREDIT: "Accept: credit it as others are",
    topups.Event.DECIDE_CLOSE: "Close: it is not credited",
    topups.Event.WRITE_OFF: "Write off what was spent",
}
# Where the general sentence speaks to a program.
_REFUSED: dict[Code, str] = {
    Code.SERVICE_BANNED: "This service bans virtual numbers. It can be rented only where it is open and after you have"
    " ticked that you know it. Nothing was charged.",
    Code.UNKNOWN_SERVICE: "This is not offered, or no longer. Nothing was charged.",
    Code.DEPOSITS_UNAVAILABLE: "This coin cannot be paid in right now. Choose another one, or come back later; an address"
    " that you were given before stays yours.",
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
