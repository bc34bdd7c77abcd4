"""What the person wants (POLICY 1.4, 1.6, 2.3.11, 2.4.1), as far as words tell. It only proposes: a request holds nothing
until it is confirmed in the dashboard, and a case is decided by a person.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from activkode.core.errors import Refusal
from activkode.funding.policy import BY_ASSET, Asset
from activkode.mailbox.reading import amounts, words
from activkode.mailbox.reading.amounts import Amount

MOST_IDS = 20
MOST_ADDRESSES = 20


class Kind(StrEnum):
    """What is asked for: a withdrawal, else one of the kinds of case."""

    WITHDRAWAL_REQUEST = "withdrawal_request"
    TECHNICAL_ERROR = "technical_error"
    DUPLICATE_TOPUP = "duplicate_topup"
    WRONG_ACCOUNT_TOPUP = "wrong_account_topup"
    TOPUP_ERROR = "topup_error"
    ACTIVATION_DISPUTE = "activation_dispute"
    WITHDRAWAL = "withdrawal"
    OTHER = "other"


class Destinations(Protocol):
    """Who knows addresses (withdrawals/destinations.py)."""

    def candidates(self, text: str) -> list[tuple[Asset, str]]: ...

    def check(self, asset: Asset, text: str, network: str | None = None) -> object: ...


@dataclass(frozen=True, slots=True)
class Address:
    """A word that looks like an address, the asset whose form it has, and what is wrong with it ("" if nothing)."""

    asset: Asset
    text: str
    fault: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `asset` and `address` are set where exactly one address is meant and right; `unclear` says what
    keeps a withdrawal from being asked for as it stands."""

    kind: Kind
    asset: Asset | None = None
    address: str = ""
    amount_micros: int | None = None
    unclear: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    activations: tuple[int, ...] = ()
    deposits: tuple[int, ...] = ()
    transactions: tuple[str, ...] = ()


def read(subject: str, text: str, destinations: Destinations) -> Wish:
    """The wish in a mail's subject and in what its writer wrote. Raises nothing."""
    whole = f"{subject}\n{text}"
    addresses = _addresses(whole, destinations)
    activations, deposits = (_numbers(prefix, whole) for prefix in ("act", "dep"))
    transactions = tuple(dict.fromkeys(found.lower() for found in TRANSACTION.findall(whole)))[:MOST_IDS]
    bare = _without(whole, (each.text for each in addresses))
    kind = _kind(subject, bare, bool(addresses), bool(activations), bool(deposits or transactions))
    if kind is not Kind.WITHDRAWAL_REQUEST:
        return Wish(
            kind, addresses=addresses, activations=activations, deposits=deposits, transactions=transactions
        )
    amount = amounts.read(bare)
    place, unclear = _place(addresses, bare, amount)
    asset, address = (place.asset, place.text) if place else (None, "")
    return Wish(kind, asset, address, amount.micros, unclear, addresses, activations, deposits, transactions)


def is_withdrawal_subject(subject: str) -> bool:
    """Whether the subject alone asks for a withdrawal: any case, "Re:", blanks, punctuation."""
    words_of_it = " ".join(WORD.findall(subject.casefold()))
    while (shorter := PREFIX.sub("", words_of_it)) != words_of_it:
        words_of_it = shorter
    return words_of_it.removeprefix("please ") in words.SUBJECTS


# --- addresses ---


def _addresses(text: str, destinations: Destinations) -> tuple[Address, ...]:
    found = destinations.candidates(text)[:MOST_ADDRESSES]
    return tuple(Address(asset, word, _fault(asset, word, destinations)) for asset, word in found)


def _fault(asset: Asset, word: str, destinations: Destinations) -> str:
    try:
        destinations.check(asset, word)
    except Refusal as refusal:
        return refusal.told
    return ""


def _place(
    addresses: tuple[Address, ...], text: str, amount: Amount
) -> tuple[Address | None, tuple[str, ...]]:
    """The one address that is meant, and everything that is not clear."""
    unclear = [amount.unclear] if amount.unclear else []
    if len(addresses) != 1:
        return None, (*unclear, "several addresses" if addresses else "no address")
    one = addresses[0]
    if one.fault:
        return None, (*unclear, one.fault)
    unclear += _contradictions(one.asset, text)
    return (None if unclear else one), tuple(unclear)


def _contradictions(asset: Asset, text: str) -> list[str]:
    """Coins and networks that are named, and are not those of the address."""
    lowered = text.lower()
    coins = {name for name, called in words.ASSET_WORDS.items() if _names(called, lowered)}
    networks = {name for name, called in words.NETWORK_WORDS.items() if _names(called, lowered)}
    found = []
    if coins and asset not in coins:
        found.append("the coin named is not that of the address")
    if networks and BY_ASSET[asset].chain not in networks:
        found.append("the network named is not that of the address")
    if OTHER_COIN.search(text) or OTHER_LONG.search(lowered):
        found.append("a coin or network that is not offered")
    return found


def _names(called: Iterable[str], text: str) -> bool:
    return any(re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", text) for word in called)


# --- kinds ---


def _kind(subject: str, text: str, has_address: bool, has_activation: bool, has_topup: bool) -> Kind:
    lowered = " ".join(text.casefold().split())
    if is_withdrawal_subject(subject):
        return Kind.WITHDRAWAL_REQUEST
    withdraws = bool(WITHDRAWING.search(lowered)) or any(
        word in lowered for word in words.WITHDRAWING_ANYWHERE
    )
    if withdraws and has_address and not has_activation:
        return Kind.WITHDRAWAL_REQUEST
    if has_activation:
        return Kind.TECHNICAL_ERROR if BROKEN.search(lowered) else Kind.ACTIVATION_DISPUTE
    if TOPPING_UP.search(lowered) or has_topup:
        return _topup(lowered)
    if withdraws:
        return Kind.WITHDRAWAL
    if RENTING.search(lowered) and REFUNDING.search(lowered):
        return Kind.ACTIVATION_DISPUTE
    return Kind.TECHNICAL_ERROR if RENTING.search(lowered) and BROKEN.search(lowered) else Kind.OTHER


def _topup(text: str) -> Kind:
    for kind, said in (
        (Kind.WRONG_ACCOUNT_TOPUP, WRONG_ACCOUNT),
        (Kind.DUPLICATE_TOPUP, TWICE),
        (Kind.TOPUP_ERROR, MISTAKEN),
    ):
        if said.search(text):
            return kind
    return Kind.OTHER


def _numbers(prefix: str, text: str) -> tuple[int, ...]:
    found = re.findall(
        rf"(?<![A-Za-z0-9_]){prefix}_([1-9][0-9]{{0,17}})(?![A-Za-z0-9_])", text, re.IGNORECASE | re.ASCII
    )
    return tuple(dict.fromkeys(int(number) for number in found))[:MOST_IDS]


def _without(text: str, addresses: Iterable[str]) -> str:
    """The text without addresses and ids, in which figures and words would be found that nobody wrote."""
    for address in addresses:
        text = text.replace(address, " ")
    return OPAQUE.sub(" ", text)


def _stems(found: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{found})")


WORD = re.compile(r"[^\W_]+")
PREFIX = re.compile(rf"^(?:(?:{words.PREFIXES})(?: \d+)?|external) ")
TRANSACTION = re.compile(r"(?<!\w)(?:0[xX])?[0-9a-fA-F]{64}(?!\w)")
OPAQUE = re.compile(r"\b(?:act|dep|wdr|case)_\d+\b|(?<!\S)\S*[@/]\S*|\b[0-9a-zA-Z]{24,}\b", re.IGNORECASE)
SHORT = [word.upper() for word in words.OTHER_WORDS.split("|") if len(word) <= 4]
LONG = [word for word in words.OTHER_WORDS.split("|") if len(word) > 4]
OTHER_COIN = re.compile(rf"(?<!\w)(?:{'|'.join(SHORT)})(?!\w)")
OTHER_LONG = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, LONG))})(?!\w)")
WITHDRAWING = _stems(words.WITHDRAWING)
TOPPING_UP, TWICE, WRONG_ACCOUNT = _stems(words.TOPPING_UP), _stems(words.TWICE), _stems(words.WRONG_ACCOUNT)
MISTAKEN, BROKEN = _stems(words.MISTAKEN), _stems(words.BROKEN)
RENTING, REFUNDING = _stems(words.RENTING), _stems(words.REFUNDING)
