"""The chart of accounts: every way in which money may move, as data. docs/ledger.md is generated from it.

`purse` stands for the customer's cash or promo account, whichever the transfer names.
"""

from dataclasses import dataclass

CUSTOMER_ACCOUNTS = ("cash", "promo", "held", "withdrawing")
# Each coin that can be paid in has a clearing account: what customers paid in it, not yet set against the coins we hold.
COINS = {"usdt_trc20": "USDT on TRON", "btc": "bitcoin", "eth": "ether"}
HOUSE_ACCOUNTS = {
    "revenue": "Income from fulfilled activations.",
    "promo_expense": "Promotional credit given away.",
    "goodwill": "Credit given by decision: goodwill and decided cases.",
    "write_off": "What was credited for a payment that the chain took back, and was spent before.",
    "fee_income": "The flat fee of withdrawals.",
    "network_costs": "What customers agreed to pay of a network's cost, set against what the network took.",
    **{f"clearing_{coin}": f"Top-ups in {name}." for coin, name in COINS.items()},
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
    Movement("case_credit", "goodwill", "purse", "A decided case: credited, to the purse that was charged."),
    Movement(
        "case_taken_back", "cash", "goodwill", "Credited by our error, taken back as far as it was left."
    ),
    Movement(
        "withdrawal_reserve", "cash", "withdrawing", "A withdrawal was confirmed: its amount is set aside."
    ),
    Movement("withdrawal_return", "withdrawing", "cash", "A withdrawal ended unpaid: its amount is back."),
    Movement("withdrawal_fee", "withdrawing", "fee_income", "The flat fee of a paid withdrawal."),
    Movement(
        "withdrawal_network",
        "withdrawing",
        "network_costs",
        "The network's cost beyond the flat fee, as agreed.",
    ),
    *(
        movement
        for coin, name in COINS.items()
        for movement in (
            Movement(
                f"topup_{coin}",
                f"clearing_{coin}",
                "cash",
                f"A top-up in {name}, at the rate on its receipt.",
            ),
            Movement(
                f"topup_reversal_{coin}",
                "cash",
                f"clearing_{coin}",
                "The chain took the payment back, as far as it was left.",
            ),
            Movement(
                f"topup_restored_{coin}", f"clearing_{coin}", "cash", "The payment is in the chain again."
            ),
            Movement(
                f"topup_written_off_{coin}",
                "write_off",
                f"clearing_{coin}",
                "The rest of a payment that the chain took back.",
            ),
            Movement(
                f"withdrawal_pay_{coin}",
                "withdrawing",
                f"clearing_{coin}",
                f"Paid out in {name}; the network confirmed it.",
            ),
        )
    ),
)
