"""Reads a private key of the key file. Must never put it, or a part of it, into a text."""

import re
from collections.abc import Mapping
from typing import Any

from coincurve import PrivateKey

from activkode.doors.signer.coins.base import UnusableKey

_FORM = re.compile(r"(?:0x)?([0-9a-fA-F]{64})")


def private_key(entry: Mapping[str, Any]) -> PrivateKey:
    """The key of an entry's `private_key`: thirty-two bytes in hex. Raises UnusableKey."""
    value = entry.get("private_key")
    found = _FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise UnusableKey("private_key must be 64 hex digits")
    try:
        return PrivateKey(bytes.fromhex(found[1]))
    except ValueError:
        raise UnusableKey("private_key is no number of the curve") from None
