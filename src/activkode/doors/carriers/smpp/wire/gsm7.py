"""The GSM 7-bit alphabet (3GPP TS 23.038): septets to text and back, packed or one to an octet. Decoding
never raises."""

from collections.abc import Mapping

from activkode.doors.carriers.smpp.wire import alphabets

ESCAPE = 0x1B
UNREADABLE = "\ufffd"
_CODES = {char: bytes((code,)) for code, char in enumerate(alphabets.BASIC) if code != ESCAPE} | {
    char: bytes((ESCAPE, code)) for code, char in alphabets.EXTENSION.items()
}


def decode(septets: bytes, *, locking: int = 0, single: int = 0) -> str:
    """Text of septets that stand one to an octet. `locking` and `single` are national language identifiers;
    one without a table falls back to the default alphabet, as the standard asks. Octets over 0x7F become
    U+FFFD."""
    main = alphabets.LOCKING.get(locking, alphabets.BASIC)
    extension = alphabets.SINGLE.get(single, alphabets.EXTENSION)
    if ESCAPE not in septets:
        return "".join(main[code] if code < 0x80 else UNREADABLE for code in septets)
    return _decode_escaped(septets, main, extension)


def encode(text: str) -> bytes:
    """Septets one to an octet, default alphabet and its extension. Raises ValueError for any other
    character."""
    try:
        return b"".join(_CODES[char] for char in text)
    except KeyError:
        raise ValueError("not in the GSM 7-bit alphabet") from None


def unpack(octets: bytes, *, fill_bits: int = 0) -> bytes:
    """Septets out of packed octets, skipping `fill_bits` first (the padding after a user data header). The
    number of septets is not told by SMPP: seven spare bits that are zero or CR are padding (TS 23.038,
    6.1.2.3.1)."""
    septets = bytearray()
    held, bits = 0, -fill_bits
    for octet in octets:
        held |= octet << bits if bits >= 0 else octet >> -bits
        bits += 8
        while bits >= 7:
            septets.append(held & 0x7F)
            held >>= 7
            bits -= 7
    if bits == 0 and septets and septets[-1] in (0x00, 0x0D):
        septets.pop()
    return bytes(septets)


def pack(septets: bytes, *, fill_bits: int = 0) -> bytes:
    """Packed octets of septets; seven spare bits are filled with CR, so that no "@" appears at the end."""
    held, bits = 0, fill_bits
    octets = bytearray()
    for septet in septets:
        held |= septet << bits
        bits += 7
        while bits >= 8:
            octets.append(held & 0xFF)
            held >>= 8
            bits -= 8
    if bits:
        octets.append(held | (0x0D << 1 if bits == 1 else 0))
    return bytes(octets)


def _decode_escaped(septets: bytes, main: str, extension: Mapping[int, str]) -> str:
    text: list[str] = []
    escaped = False
    for code in septets:
        if code == ESCAPE:
            if escaped:  # a second escape is reserved and shown as a space
                text.append(" ")
            escaped = not escaped
            continue
        plain = main[code] if code < 0x80 else UNREADABLE
        text.append(extension.get(code, plain) if escaped else plain)
        escaped = False
    return "".join(text)
