"""Reading and writing the fields inside a body: integers, C-octet strings, optional parameters."""

from collections.abc import Mapping

from activkode.doors.carriers.smpp.wire.pdu import MalformedError
from activkode.doors.carriers.smpp.wire.words import Status

TLV_HEADER_OCTETS = 4


class Cursor:
    """Walks through a body once, from left to right. Every step raises MalformedError at the end of the
    octets."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    def octet(self) -> int:
        """An integer of one octet."""
        return self.take(1, Status.RINVCMDLEN)[0]

    def take(self, count: int, fault: Status) -> bytes:
        """The next `count` octets; `fault` is the status told when they are not there."""
        end = self._at + count
        if end > len(self._octets):
            raise MalformedError(fault, f"field of {count} octets runs past the end of the body")
        piece, self._at = self._octets[self._at : end], end
        return piece

    def c_string(self, longest: int, fault: Status) -> bytes:
        """A string that ends with NUL, without it; `longest` counts the NUL (SMPP 3.4, 3.1)."""
        end = self._octets.find(b"\0", self._at, self._at + longest)
        if end < 0:
            cut_short = len(self._octets) - self._at < longest
            raise MalformedError(Status.RINVCMDLEN if cut_short else fault, "string without its end")
        piece, self._at = self._octets[self._at : end], end + 1
        return piece

    def tlvs(self) -> dict[int, bytes]:
        """All that is left, as optional parameters; of a doubled one the first counts (SMPP 3.4, 3.2.4)."""
        found: dict[int, bytes] = {}
        while self._at < len(self._octets):
            head = self.take(TLV_HEADER_OCTETS, Status.RINVOPTPARSTREAM)
            value = self.take(int.from_bytes(head[2:]), Status.RINVOPTPARSTREAM)
            found.setdefault(int.from_bytes(head[:2]), value)
        return found


def c_string(value: bytes) -> bytes:
    """The value with its NUL. Raises ValueError where a NUL is inside."""
    if b"\0" in value:
        raise ValueError("a C-octet string cannot hold NUL")
    return value + b"\0"


def tlvs(values: Mapping[int, bytes]) -> bytes:
    """Optional parameters one after another, in the mapping's order."""
    return b"".join(tag.to_bytes(2) + len(value).to_bytes(2) + value for tag, value in values.items())
