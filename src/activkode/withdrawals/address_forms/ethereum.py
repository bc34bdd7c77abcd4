"""Ethereum's addresses with the checksum that their capital letters are (EIP-55). Pure."""

import re

from Crypto.Hash import keccak

from activkode.withdrawals.address_forms.base import Bad, Decoded

_FORM = re.compile(r"0[xX]([0-9a-fA-F]{40})")
_LETTERS = re.compile(r"[0-9a-fA-F]{40}")
_DIGITS = 40
_UNCHECKED = (
    "This address is written without capital letters as a checksum, so a mistyped digit cannot be noticed:"
    " compare it."
)
# Precompiled contracts, and room for those to come.
_LAST_PRECOMPILE = 0xFFFF
_BURNT = frozenset(
    {
        "000000000000000000000000000000000000dead",
        "dead000000000000000000000000000000000000",
        "dead000000000000000042069420694206942069",
        "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
        "ffffffffffffffffffffffffffffffffffffffff",
    }
)
# Contracts that are pasted in place of a wallet: ether sent there is refused by them, or changed into something else.
_CONTRACTS = {
    "dac17f958d2ee523a2206206994597c13d831ec7": "the token Tether USD",
    "a0b86991c6218b36c1d19d4a2e9eb0ce3606eb48": "the token USD Coin",
    "c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2": "the token Wrapped Ether",
    "00000000219ab540356cbb839cbe05303d7705fa": "staking",
}


def decode(word: str, network: str = "") -> Decoded:
    """The address with its checksum; a warning where it was given without. The same on every network. Raises Bad."""
    found = _FORM.fullmatch(word)
    if found is None:
        raise Bad(_why(word))
    digits = found[1].lower()
    if int(digits, 16) <= _LAST_PRECOMPILE or digits in _BURNT:
        raise Bad("Nobody has the key of this address; ether sent there would be lost.")
    if digits in _CONTRACTS:
        raise Bad(f"This is the contract of {_CONTRACTS[digits]}, not a wallet.")
    address = checksummed(digits)
    if word == address:
        return Decoded(address, f"0x{digits}")
    if found[1] not in (digits, digits.upper()):
        raise Bad(
            "The checksum of this Ethereum address (its capital letters) is wrong: a character is mistyped."
        )
    return Decoded(address, f"0x{digits}", _UNCHECKED)


def checksummed(digits: str) -> str:
    """EIP-55's form of forty small hexadecimal digits."""
    hashed = keccak.new(digest_bits=256, data=digits.encode()).hexdigest()
    return "0x" + "".join(
        digit.upper() if int(nibble, 16) > 7 else digit for digit, nibble in zip(digits, hashed, strict=False)
    )


def _why(word: str) -> str:
    if _LETTERS.fullmatch(word):
        return "An Ethereum address begins with 0x; this one does not."
    if re.fullmatch(r"0[xX][0-9a-fA-F]*", word):
        return f"An Ethereum address has {_DIGITS} digits after 0x; this one has {len(word) - 2}."
    return "This is no Ethereum address: 0x and 40 digits from 0-9 and a-f."
