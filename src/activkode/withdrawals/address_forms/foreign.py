"""What else is pasted where an address is asked for: other coins' addresses, keys, transaction ids. Pure.

Only for the words of a refusal: what is named here is never paid.
"""

import re

from activkode.withdrawals.address_forms import base58check

_HEX_64 = re.compile(r"(0x)?[0-9a-fA-F]{64}")
_INVOICE = re.compile(r"(lnbc|lntb|lnbcrt|lnurl)[0-9a-z]+", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(eth|trx|crypto|x|btc)", re.IGNORECASE)
_SEGWIT = {
    "ltc1": "Litecoin",
    "tltc1": "Litecoin",
    "addr1": "Cardano",
    "cosmos1": "Cosmos",
    "bnb1": "BNB Beacon Chain",
}
_CASHADDR = re.compile(r"(bitcoincash:)?[qp][02-9ac-hj-np-z]{41}", re.IGNORECASE)
_MONERO = re.compile(r"[48][1-9A-HJ-NP-Za-km-z]{94}")
_RIPPLE = re.compile(r"r[1-9A-HJ-NP-Za-km-z]{24,34}")
# The first byte of 21 that are given in Base58 with a checksum.
_VERSIONS = {
    0x30: "Litecoin",
    0x32: "Litecoin",
    0x1E: "Dogecoin",
    0x16: "Dogecoin",
    0x4C: "Dash",
    0x10: "Dash",
}
_KEY_VERSIONS, _KEY_LENGTHS = (0x80, 0xEF), (33, 34)
_EXTENDED_BYTES, _ADDRESS_BYTES = 78, 21


def coin(word: str) -> str | None:
    """The other coin whose address it is, or looks to be."""
    for prefix, name in _SEGWIT.items():
        if word.lower().startswith(prefix):
            return name
    if _CASHADDR.fullmatch(word):
        return "Bitcoin Cash"
    if _MONERO.fullmatch(word):
        return "Monero"
    found = base58check.payload(word)
    if found and len(found) == _ADDRESS_BYTES:
        return _VERSIONS.get(found[0])
    return "XRP" if _RIPPLE.fullmatch(word) else None


def thing(word: str) -> str | None:
    """A sentence on what it is, where it is no address at all."""
    found = base58check.payload(word)
    if found and found[0] in _KEY_VERSIONS and len(found) in _KEY_LENGTHS:
        return "This is a private key, not an address. Whoever has seen it can take your coins: move them."
    if (found and len(found) == _EXTENDED_BYTES) or re.fullmatch(r"[xyztuv](pub|prv)\w{20,}", word):
        return "This is an extended key of a whole wallet; give a single address of it."
    if _HEX_64.fullmatch(word):
        return "64 digits are a transaction's id or a private key, not an address."
    if _INVOICE.fullmatch(word):
        return "This is a Lightning invoice; we pay to addresses on the chain only."
    if _NAME.fullmatch(word):
        return "Names can change their owner; give the address itself."
    return None
