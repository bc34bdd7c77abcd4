"""Where a withdrawal may be paid to: whether a text is an address that can be paid in an asset (POLICY 2.3.8), and which
words of a text look like one. Pure. Must never guess: what is not certainly right is refused, with what is wrong with it.

Whether it is one of our own deposit addresses, only the database knows: funding.read.is_ours(chain, Destination.key).
"""

import re
import unicodedata
from dataclasses import dataclass

from activkode.core.errors import Code, Refusal
from activkode.funding.policy import Asset
from activkode.withdrawals.address_forms import base58check, bitcoin, ethereum, foreign, tron
from activkode.withdrawals.address_forms.base import Bad, Decoded, OtherNetwork

_FORMS = {Asset.BTC: bitcoin.decode, Asset.ETH: ethereum.decode, Asset.USDT_TRC20: tron.decode}
_ADDRESS_OF = {
    Asset.BTC: "a Bitcoin address",
    Asset.ETH: "an Ethereum address",
    Asset.USDT_TRC20: "a TRON address",
}
_ASKED = {Asset.BTC: "Bitcoin", Asset.ETH: "ether on Ethereum", Asset.USDT_TRC20: "USDT on TRON"}
_LONGEST = 200
_OUTER = " \t\r\n\N{NO-BREAK SPACE}"
_URI = re.compile(r"(bitcoin|ethereum|tron|litecoin|https?):", re.IGNORECASE)
_INVISIBLE = ("Cf", "Cc", "Zs", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Destination:
    """An address that can be paid: in its one normal form, with `warning` for the customer's eyes ("" where there is none).
    `key` is what funding_address.key would call it."""

    address: str
    warning: str
    key: str


def check(asset: Asset, text: str, network: str | None = None) -> Destination:
    """The address in `text`, outer blanks aside, if the asset can be paid to it on Bitcoin's `network` (mainnet, testnet,
    signet or regtest; None: the configured one). Raises Refusal(invalid_address), and Refusal(wrong_network) where it is
    right for another coin or network (POLICY 2.3.8)."""
    word = _word(text)
    chosen = network or configured_network()
    try:
        found = _FORMS[asset](word, chosen)
    except Bad as bad:
        raise _refusal(asset, word, chosen, bad) from None
    return Destination(found.address, found.warning, found.key)


def candidates(text: str) -> list[tuple[Asset, str]]:
    """The words of a text that have the shape of an address, each once, in their order, with the asset whose shape it is.
    Mistyped ones too, and ones with a foreign letter: what is wrong with a word, `check` says."""
    found = [(asset, word) for word in _WORDS.findall(text) if (asset := _shape(word)) is not None]
    return list(dict.fromkeys(found))


def configured_network() -> str:
    """Bitcoin's network as the watched chain has it."""
    from django.conf import settings

    return str(settings.CHAINS.get("bitcoin", {}).get("network", "mainnet"))


# --- one text ---


def _word(text: str) -> str:
    """One word of plain letters and digits. Raises Refusal."""
    word = text.strip(_OUTER)
    if not word:
        raise Refusal(Code.INVALID_ADDRESS, "Give the address to pay to.")
    strange = next((sign for sign in word if not "!" <= sign <= "~"), None)
    if strange in (" ", "\t", "\r", "\n"):
        raise Refusal(Code.INVALID_ADDRESS, "Give one address, without blanks in it.")
    if strange is not None:
        raise Refusal(Code.INVALID_ADDRESS, _strange(strange, word.index(strange) + 1))
    if len(word) > _LONGEST:
        raise Refusal(Code.INVALID_ADDRESS, "This is too long for an address.")
    if found := _URI.match(word):
        raise Refusal(
            Code.INVALID_ADDRESS, f"Give the address alone, without {found[0].lower()!r} before it."
        )
    if "?" in word:
        raise Refusal(Code.INVALID_ADDRESS, "Give the address alone, without anything after it.")
    return word


def _strange(sign: str, place: int) -> str:
    kind = (
        "an invisible character"
        if unicodedata.category(sign) in _INVISIBLE
        else "a letter that no address has"
    )
    name = unicodedata.name(sign, "unnamed").lower()
    return f"Place {place} holds {kind} (U+{ord(sign):04X}, {name}). Copy the address from your wallet."


def _refusal(asset: Asset, word: str, network: str, bad: Bad) -> Refusal:
    """The most telling one: of another network, of another of our coins, of a foreign coin, no address at all, or wrong."""
    if isinstance(bad, OtherNetwork):
        return Refusal(Code.WRONG_NETWORK, str(bad))
    for other in _FORMS:
        if other is not asset and _fits(other, word, network):
            return Refusal(
                Code.WRONG_NETWORK, f"This is {_ADDRESS_OF[other]}; you asked for {_ASKED[asset]}."
            )
    if said := foreign.thing(word):
        return Refusal(Code.INVALID_ADDRESS, said)
    if coin := foreign.coin(word):
        return Refusal(Code.WRONG_NETWORK, f"This is an address of {coin}; you asked for {_ASKED[asset]}.")
    return Refusal(Code.INVALID_ADDRESS, str(bad))


def _fits(asset: Asset, word: str, network: str) -> Decoded | OtherNetwork | None:
    try:
        return _FORMS[asset](word, network)
    except OtherNetwork as other:
        return other
    except Bad:
        return None


# --- words of a text ---

# Word signs and the invisible ones between them: a homograph or a zero-width space must not cut an address in two.
_WORDS = re.compile(r"[\w\u00ad\u200b-\u200f\u2060\ufeff]{24,100}")
_SHAPES = {
    Asset.ETH: re.compile(r"0[xX].{30,50}"),
    Asset.USDT_TRC20: re.compile(r"T.{28,38}|(0x)?41[0-9a-fA-F]{40}"),
    Asset.BTC: re.compile(r"(bc|tb|bcrt)1.{20,90}|[13mn2].{24,35}", re.IGNORECASE),
}
_HEX_ONLY = re.compile(r"(0x)?[0-9a-f]+|[0-9A-F]+")
_SEGWIT_START = re.compile(r"(bc|tb|bcrt)1", re.IGNORECASE)


def _shape(word: str) -> Asset | None:
    """What it looks like. Base58 is told from long words and numbers by having capitals, small letters and digits."""
    asset = next((each for each, shape in _SHAPES.items() if shape.fullmatch(word)), None)
    if (
        asset is Asset.ETH
        or _SEGWIT_START.match(word)
        or (asset is Asset.USDT_TRC20 and _HEX_ONLY.fullmatch(word))
    ):
        return asset
    is_mixed = word not in (word.lower(), word.upper()) and any(sign.isdigit() for sign in word)
    return asset if is_mixed or base58check.payload(word) else None
