"""How withdrawals and payouts are called on pages; must decide nothing."""

from activkode.core.errors import Code, Refusal
from activkode.doors.people import words
from activkode.withdrawals.policy import Event, PayoutState, State

STATES: dict[str, str] = {
    State.REQUESTED: "To be confirmed",
    State.CONFIRMED: "Being checked",
    State.APPROVED: "Approved",
    State.SIGNED: "Signed",
    State.BROADCAST: "On its way",
    State.PAID: "Paid",
    State.REJECTED: "Declined",
    State.CANCELLED: "Cancelled",
    State.RETURNED: "Returned",
}
TONES: dict[str, str] = {
    State.REQUESTED: "wait",
    State.CONFIRMED: "wait",
    State.APPROVED: "wait",
    State.SIGNED: "wait",
    State.BROADCAST: "wait",
    State.PAID: "good",
    State.REJECTED: "bad",
    State.CANCELLED: "back",
    State.RETURNED: "back",
}
EVENTS: dict[str, str] = {
    Event.CONFIRM: "You confirm it",
    Event.APPROVE: "Staff has approved it",
    Event.SIGN: "Its transaction is signed",
    Event.BROADCAST: "It is given to the network",
    Event.PAY: "The network has confirmed it",
    Event.REJECT: "Staff declines it",
    Event.CANCEL: "You cancel it",
    Event.LAPSE: "Its time is over",
    Event.RETURN: "It is proven that it can never be paid",
}
CHANNELS = {"email": "by e-mail", "dashboard": "on this site", "api": "by a program"}
PAYOUTS: dict[str, str] = {
    PayoutState.HANDED: "Unsigned, handed out",
    PayoutState.SIGNED: "Signed and kept",
    PayoutState.SENT: "Given to the network",
    PayoutState.CONFIRMED: "Confirmed",
    PayoutState.DEAD: "Dead: it can never pay",
}
PAYOUT_TONES: dict[str, str] = {
    PayoutState.HANDED: "wait",
    PayoutState.SIGNED: "wait",
    PayoutState.SENT: "wait",
    PayoutState.CONFIRMED: "good",
    PayoutState.DEAD: "bad",
}
# Which field of the form a refusal is about; the others are about the whole of it.
FIELDS: dict[Code, str] = {
    Code.INVALID_ADDRESS: "address",
    Code.WRONG_NETWORK: "address",
    Code.BELOW_MINIMUM: "amount",
    Code.INSUFFICIENT_BALANCE: "amount",
}
# Where the general sentence speaks of a rental, or to a program.
_REFUSED: dict[Code, str] = {
    Code.ACCOUNT_SUSPENDED: "The account is suspended, so nothing can be withdrawn until an operator has decided.",
    Code.INSUFFICIENT_BALANCE: "There is less cash in the balance now than this needs. Cancel it, and ask for less.",
    Code.BEING_SIGNED: "It is being signed, so it cannot be cancelled any more.",
    Code.NETWORK_COST: "The network’s cost beyond the flat fee would leave nothing to pay.",
    Code.PRICE_ROSE: "The network’s cost has changed meanwhile. Look at it again.",
}


def told(refusal: Refusal) -> str:
    """The sentence of a refusal for a customer who withdraws."""
    return refusal.detail or _REFUSED.get(refusal.code) or words.told(refusal)
