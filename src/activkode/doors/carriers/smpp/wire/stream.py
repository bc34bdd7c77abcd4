"""PDUs over a TCP stream. A length that cannot be believed ends the stream: there is no way back into its
frame."""

import asyncio

from activkode.doors.carriers.smpp.wire import pdu
from activkode.doors.carriers.smpp.wire.pdu import HEADER_OCTETS, Header, Pdu


class LostFrameError(Exception):
    """The length field is outside its limits; `header` is what was read of the PDU."""

    def __init__(self, header: Header) -> None:
        super().__init__(f"command_length {header.length}")
        self.header = header


async def read(reader: asyncio.StreamReader) -> Pdu:
    """The next PDU. Raises LostFrameError, and asyncio.IncompleteReadError at the end of the stream."""
    header = pdu.decode_header(await reader.readexactly(HEADER_OCTETS))
    if not header.is_framed:
        raise LostFrameError(header)
    body = await reader.readexactly(header.length - HEADER_OCTETS)
    return Pdu(header.command, header.sequence, header.status, body)
