"""TRON's addresses: Base58Check with the prefix 0x41, which makes them begin with T. Pure."""

import re

from activkode.withdrawals.address_forms import base58check
from activkode.withdrawals.address_forms.base import Bad, Decoded

_PREFIX = 0x41
_BYTES = 21
_HEXADECIMAL = re.compile(r"(0x)?41[0-9a-fA-F]{40}")
_LOST = "Nobody has the key of this address; what is sent there would be lost."
_REFUSED = {
    "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb": _LOST,
    "TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy": _LOST,
    "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t": "This is the contract of the token Tether USD, not a wallet.",
}


def decode(word: str, network: str = "") -> Decoded:
    """The address; the same on every network. Raises Bad."""
    if _HEXADECIMAL.fullmatch(word):
        raise Bad("This is the hexadecimal form of a TRON address; give the form that begins with T.")
    found = base58check.payload(word)
    if found is None:
        raise Bad(
            "The checksum of this TRON address is wrong: a character is mistyped, missing or too many;"
            " capital and small letters differ."
        )
    if len(found) != _BYTES or found[0] != _PREFIX:
        raise Bad("This is no TRON address; one begins with T.")
    if word in _REFUSED:
        raise Bad(_REFUSED[word])
    return Decoded(word, f"0x{found[1:].hex()}")
