"""The chart of accounts: every way in which money may move, as data. docs/ledger.md is generated from it.

`purse` stands for the customer's cash or promo account, whichever the transfer names.
"""

from dataclasses import dataclass

CUSTOMER_ACCOUNTS = ("cash", "promo", "held", "withdrawing")
HOUSE_ACCOUNTS = {
    "revenue": "Income from fulfilled activations.",
    "promo_expense": "Promotional credit given away.",
    "goodwill": "Credit given by decision: goodwill and decided cases.",
}


@dataclass(frozen=True)
class Movement:
    """One amount goes from an account to another; the name is what a statement shows."""

    name: str
    from_account: str
    to_account: str
    meaning: str


MOVEMENTS: tuple[Movement, ...] = (
    Movement("hold", "purse", "held", "The price of an activation is set aside."),
    Movement("capture", "held", "revenue", "A code came: the price is earned."),
    Movement("release", "held", "purse", "No code came: the price goes back to the purse it came from."),
    Movement("promo_grant", "promo_expense", "promo", "Promotional credit: to spend, not to withdraw."),
    Movement("goodwill_grant", "goodwill", "cash", "Credit given by a person, with a reason."),
)
