"""What top-ups are told in, for every door: states, reasons, amounts of coins, rates, confirmations. Must decide nothing."""

from decimal import Decimal

from activkode.core import money
from activkode.funding.policy import BY_ASSET, Asset, ChainRule, Priced, Reason, State

STATES: dict[str, str] = {
    State.SEEN: "Seen",
    State.CONFIRMING: "Confirming",
    State.PRICING: "Waiting for a rate",
    State.ACCUMULATING: "Adds up",
    State.CREDITED: "Credited",
    State.REPLACED: "Replaced",
    State.ORPHANED: "Waiting for a block",
    State.IGNORED: "Not credited",
    State.UNDER_CASE: "Under review",
    State.REVERSED: "Taken back",
}
REASONS: dict[str, str] = {
    Reason.ZERO_AMOUNT: "Its amount is nothing.",
    Reason.UNKNOWN_TOKEN: "It is a token that is not taken here, whatever it calls itself.",
    Reason.MALFORMED: "The transaction does not say clearly what it moves.",
    Reason.WRONG_ASSET: "It is another coin than the one this address is for. A person looks at it.",
    Reason.FAILED: "The transaction failed on the chain, so nothing was moved.",
    Reason.INTERNAL_TRANSFER: "It came from inside a contract. A person looks at it.",
    Reason.RECEIVED_LESS: "Less arrived than the transaction says. A person looks at it.",
    Reason.BEYOND_LIMIT: "The amount is beyond what is credited without a look. A person looks at it.",
    Reason.COINBASE: "These coins were newly mined, and may still be taken back. A person looks at it.",
    Reason.SHORTFALL: "The chain took this payment back after it was credited, and part of it was spent."
    " Your balance is never below nothing; a person looks at the rest.",
    Reason.VANISHED: "It was seen once, but never came into a block.",
    Reason.DOUBLE_SPENT: "Another transaction spent the same coins. If that one pays us too, it is a top-up of its own.",
    Reason.CLOSED: "A person looked at it and closed it without a credit.",
}


def coins(amount: int, asset: Asset) -> str:
    """An amount of the smallest unit in whole coins: 1500000 -> "0.015 BTC"; exact."""
    rule = BY_ASSET[asset]
    return f"{plain(Decimal(amount).scaleb(-rule.decimals))} {symbol(asset)}"


def coin(asset: Asset) -> str:
    """A coin and its network: "Tether USD on TRON (TRC-20)", and only "Bitcoin" where the two are called alike."""
    rule = BY_ASSET[asset]
    return rule.name if rule.name == rule.network else f"{rule.name} on {rule.network}"


def symbol(asset: Priced) -> str:
    """How the coin itself is called: USDT-TRC20 is USDT on its network."""
    return asset.partition("-")[0]


def plain(number: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rate(price: Decimal, asset: Priced) -> str:
    """What one coin was worth: "$64,120.50 per BTC"."""
    whole, _, part = f"{price:,f}".partition(".")
    return f"${whole}.{part.rstrip('0').ljust(2, '0')} per {symbol(asset)}"


def about(micros: int) -> str:
    """An estimate in dollars, down to the cent: what is not in the books may be rounded on display (POLICY 2.5)."""
    return f"${money.dollars(micros - micros % 10_000)}"


def confirmations(rule: ChainRule) -> tuple[str, str]:
    """What is waited for, and what above `deep_above_micros`: "2 blocks, about 20 minutes". The second is empty where it
    is the same."""
    usual = _depth(rule, rule.confirmations, rule.final_only)
    deep = _depth(rule, rule.deep_confirmations, rule.deep_final)
    return usual, "" if deep == usual else deep


def _depth(rule: ChainRule, blocks: int, is_final: bool) -> str:
    if is_final:
        return "the network’s own finality"
    minutes = max(1, round(blocks * rule.block_seconds / 60))
    unit = "minute" if minutes == 1 else "minutes"
    return f"{blocks} {'block' if blocks == 1 else 'blocks'}, about {minutes} {unit}"
