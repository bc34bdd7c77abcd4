"""Base58 with its checksum: the form of old Bitcoin addresses, of TRON's, and of much else that is pasted. Pure."""

from bip_utils import Base58ChecksumError, Base58Decoder, Base58Encoder

# The longest that anybody means: an extended key has 111 characters. Decoding takes the square of the length.
_LONGEST = 120


def payload(word: str) -> bytes | None:
    """The bytes before the checksum; None where a character or the checksum is wrong, or where the same bytes are written
    otherwise."""
    if not 0 < len(word) <= _LONGEST:
        return None
    try:
        found: bytes = Base58Decoder.CheckDecode(word)
    except (Base58ChecksumError, ValueError):
        return None
    return found if Base58Encoder.CheckEncode(found) == word else None
