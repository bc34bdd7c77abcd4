"""One PDU: the 16-octet header and an opaque body. Refuses what cannot be framed; must never guess where a
PDU ends."""

import struct
from dataclasses import dataclass

from activkode.doors.carriers.smpp.wire.words import RESPONSE_BIT, Status

HEADER = struct.Struct(">IIII")
HEADER_OCTETS = HEADER.size
# The longest honest PDU is a message_payload of 65,535 octets with its fields around it.
LONGEST_OCTETS = 70_000


class MalformedError(Exception):
    """A PDU that breaks the format; `status` is what the peer is to be told."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Pdu:
    """A framed PDU. `command` and `status` stay plain numbers: peers send ones that no list names."""

    command: int
    sequence: int
    status: int = Status.ROK
    body: bytes = b""

    @property
    def is_response(self) -> bool:
        return bool(self.command & RESPONSE_BIT)


@dataclass(frozen=True, slots=True)
class Header:
    """The header alone, as read from the stream before its body."""

    length: int
    command: int
    status: int
    sequence: int

    @property
    def is_framed(self) -> bool:
        """Whether the length can be believed; if not, the stream has lost its frame and must be closed."""
        return HEADER_OCTETS <= self.length <= LONGEST_OCTETS


def encode(pdu: Pdu) -> bytes:
    """The octets of a PDU."""
    length = HEADER_OCTETS + len(pdu.body)
    return HEADER.pack(length, pdu.command, pdu.status, pdu.sequence) + pdu.body


def decode_header(octets: bytes) -> Header:
    """The first 16 octets of a PDU. Raises MalformedError where there are fewer."""
    if len(octets) < HEADER_OCTETS:
        raise MalformedError(Status.RINVCMDLEN, "header cut short")
    return Header(*HEADER.unpack(octets[:HEADER_OCTETS]))


def decode(octets: bytes) -> Pdu:
    """Exactly one whole PDU. Raises MalformedError where the length field says otherwise."""
    header = decode_header(octets)
    if not header.is_framed or header.length != len(octets):
        raise MalformedError(Status.RINVCMDLEN, "length field does not fit")
    return Pdu(header.command, header.sequence, header.status, octets[HEADER_OCTETS:])
