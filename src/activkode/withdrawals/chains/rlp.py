"""RLP, the way Ethereum writes lists of bytes (Yellow Paper, appendix B). Pure; reads only what it would have written, so
that bytes and their reading are one to one.
"""

from collections.abc import Sequence
from typing import TypeAlias

Item: TypeAlias = "bytes | Sequence[Item]"

_SHORT = 55  # the longest content whose length stands in the first byte
_TEXT, _LIST = 0x80, 0xC0
_DEEPEST = 8
_MOST_LENGTH_BYTES = 4


def encode(item: Item) -> bytes:
    """An item, a list of items inside it included."""
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < _TEXT:
            return item
        return _head(len(item), _TEXT) + item
    content = b"".join(encode(one) for one in item)
    return _head(len(content), _LIST) + content


def decode(raw: bytes) -> Item:
    """The one item that the bytes are. Raises ValueError for anything that `encode` does not write."""
    item, end = _read(raw, 0, _DEEPEST)
    if end != len(raw):
        raise ValueError("bytes behind the end")
    return item


def number(value: int) -> bytes:
    """A number that is not negative, without leading noughts: nothing for 0."""
    return value.to_bytes((value.bit_length() + 7) // 8)


def number_of(item: Item) -> int:
    """The number that an item is. Raises ValueError."""
    if not isinstance(item, bytes) or item[:1] == b"\0":
        raise ValueError("no number, or one with leading noughts")
    return int.from_bytes(item)


def _head(length: int, kind: int) -> bytes:
    if length <= _SHORT:
        return bytes([kind + length])
    size = number(length)
    return bytes([kind + _SHORT + len(size)]) + size


def _read(raw: bytes, at: int, deep: int) -> tuple[Item, int]:
    if not deep:
        raise ValueError("too deep")
    first = _slice(raw, at, 1)[0]
    if first < _TEXT:
        return raw[at : at + 1], at + 1
    kind = _LIST if first >= _LIST else _TEXT
    length, begin = _length(raw, at, first - kind)
    content = _slice(raw, begin, length)
    if kind == _TEXT:
        if length == 1 and content[0] < _TEXT:
            raise ValueError("a byte that needs no head has one")
        return content, begin + length
    items: list[Item] = []
    place = 0
    while place < length:
        one, place = _read(content, place, deep - 1)
        items.append(one)
    return items, begin + length


def _length(raw: bytes, at: int, code: int) -> tuple[int, int]:
    """The length of what begins at `at`, and where its content begins."""
    if code <= _SHORT:
        return code, at + 1
    size = code - _SHORT
    if size > _MOST_LENGTH_BYTES:
        raise ValueError("too long")
    length = number_of(_slice(raw, at + 1, size))
    if length <= _SHORT:
        raise ValueError("a short length written long")
    return length, at + 1 + size


def _slice(raw: bytes, at: int, length: int) -> bytes:
    found = raw[at : at + length]
    if len(found) != length:
        raise ValueError("cut off")
    return found
