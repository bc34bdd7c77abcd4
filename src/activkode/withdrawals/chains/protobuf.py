"""The part of protocol buffers' wire format that TRON's transactions are written in: numbers and texts of bytes, each field
once, in the order of its number. Pure; reads only what it would have written, so that bytes and their reading are one to
one.

A node reads more than this writes: fields in any order and number. What it would read otherwise is not read here at all.
"""

from collections.abc import Mapping

Value = int | bytes
Message = Mapping[int, Value]

_NUMBER, _BYTES = 0, 2
_SEVEN, _MORE = 7, 0x80
_WIRE_BITS = 3
_MOST = 2**63 - 1  # int64 without its sign: nothing here is negative


def write(message: Message) -> bytes:
    """The bytes. A number of nought is not written, as the format's third version has it. Raises ValueError."""
    parts = []
    for field in sorted(message):
        value = message[field]
        if isinstance(value, bytes):
            parts.append(_varint(field << _WIRE_BITS | _BYTES) + _varint(len(value)) + value)
        elif value:
            parts.append(_varint(field << _WIRE_BITS | _NUMBER) + _varint(value))
    return b"".join(parts)


def read(raw: bytes) -> dict[int, Value]:
    """The fields. Raises ValueError for what `write` would not write."""
    found: dict[int, Value] = {}
    at = 0
    while at < len(raw):
        head, at = _read_varint(raw, at)
        field, kind = head >> _WIRE_BITS, head & (1 << _WIRE_BITS) - 1
        value, at = _read_varint(raw, at)
        if kind == _NUMBER:
            found[field] = value
        elif kind == _BYTES and at + value <= len(raw):
            found[field], at = raw[at : at + value], at + value
        else:
            raise ValueError("cut off, or of a kind that is not used")
    if write(found) != raw:
        raise ValueError("fields twice, out of order, or written longer than they are")
    return found


def _varint(value: int) -> bytes:
    if not 0 <= value <= _MOST:
        raise ValueError("a number out of range")
    octets = bytearray()
    while value >= _MORE:
        octets.append(value & (_MORE - 1) | _MORE)
        value >>= _SEVEN
    return bytes([*octets, value])


def _read_varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(raw) or shift > _SEVEN * 9:
            raise ValueError("cut off, or a number out of range")
        octet = raw[at]
        value |= (octet & (_MORE - 1)) << shift
        at, shift = at + 1, shift + _SEVEN
        if octet < _MORE:
            return value, at
