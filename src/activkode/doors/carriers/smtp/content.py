"""The content of a mail as it comes after DATA. It ends at CR LF . CR LF and nowhere else (RFC 5321,
4.1.1.4): a bare LF or CR is content, never the end of a line, so that no second mail can be smuggled in."""

import asyncio


async def read(reader: asyncio.StreamReader, longest_octets: int) -> bytes | None:
    """The octets before the end mark, dots unstuffed, otherwise as they came; None where there were more than
    `longest_octets` (they are read to the end, and not kept). Lines may be of any length: RFC 5321, 4.5.3.1,
    asks for no limit where none is needed."""
    content = bytearray()
    total = 0
    starts_line = True
    while True:
        piece, ends_line = await _piece(reader)
        if starts_line and piece == b".\r\n":
            return bytes(content) if total <= longest_octets else None
        if starts_line and piece.startswith(b"."):
            piece = piece[1:]
        starts_line = ends_line
        total += len(piece)
        if total <= longest_octets:
            content += piece
        else:
            content.clear()


async def _piece(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """A line, or as much of a long one as the reader holds; and whether its end is included."""
    try:
        return await reader.readuntil(b"\r\n"), True
    except asyncio.LimitOverrunError as overrun:
        # `consumed` stops short of a CR that might begin the line's end.
        return await reader.read(overrun.consumed), False
