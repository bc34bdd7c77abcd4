"""Splits a mail into its parts as places in the mail, without recursion and without opening an attachment.

The parts are split here by hand, the headers by the standard library: its own body parser takes time and recursion
that grow with hostile nesting. Nothing is copied before somebody asks for a part's content.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser

from activkode.intake.charsets import decoded

MOST_HEADER_BYTES = 64 * 1024
LONGEST_HEADER = 2_000
MOST_PARTS = 100
MOST_LOOKED_AT = 10_000  # lines that may be a boundary
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its headers (only those of KEPT, each cut to a sane length), where its body stands, and how deep."""

    head: Message
    whole: bytes
    start: int
    end: int
    depth: int = 0

    @property
    def kind(self) -> str:
        """The declared type, text/plain where there is none."""
        return self.head.get_content_type()

    @property
    def is_multipart(self) -> bool:
        """Whether it holds parts, and a boundary tells them apart."""
        return self.kind.startswith("multipart/") and bool(self.head.get_boundary())

    @property
    def is_text(self) -> bool:
        """Whether it is to be read; a multipart without boundary is read as it stands."""
        if self.kind.startswith("multipart/"):
            return not self.is_attached and not self.is_multipart
        return self.kind in ("text/plain", "text/html") and not self.is_attached

    @property
    def is_attached(self) -> bool:
        """Whether it is to be kept as a file rather than read."""
        return self.head.get_content_disposition() == "attachment" or self.head.get_filename() is not None

    def content(self, most: int | None = None) -> bytes:
        """The body without its transfer encoding, from at most so many octets of it; a broken one is read as far as it
        goes."""
        end = self.end if most is None else min(self.end, self.start + most)
        body = self.whole[self.start : end]
        encoding = (self.head.get("Content-Transfer-Encoding") or "").strip().lower()
        if encoding == "quoted-printable":
            return quopri.decodestring(body)
        return _from_base64(body) if encoding == "base64" else body

    def text(self, most: int | None = None) -> str:
        """The content as text, by its charset or by what it turns out to be."""
        return decoded(self.content(most), self.head.get_content_charset() or "")


def parts(raw: bytes, *, into_messages: bool) -> Iterator[Part]:
    """Every part that holds no others, in order, attachments too; messages in messages where wanted (RFC 2045, 2046). At
    most 5 levels and 100 parts. Raises nothing."""
    waiting = [_part(raw, 0, len(raw), 0)]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        inner = _inner(part, into_messages=into_messages) if part.depth < DEEPEST else None
        if inner is None:
            yield part
        else:
            waiting[:0] = inner


def headers(raw: bytes) -> Message:
    """The mail's own headers, those of KEPT."""
    return _part(raw, 0, len(raw), 0).head


def unfolded(value: str) -> str:
    """A header as one line of text, its encoded words decoded (RFC 2047)."""
    value = " ".join(value.split())
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError):
        return value
    words = (piece if isinstance(piece, str) else decoded(piece, charset or "") for piece, charset in pieces)
    return " ".join("".join(words).split())


def header_text(octets: bytes) -> str:
    """Octets of a header as text: UTF-8 (RFC 6532), else every octet a letter."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _inner(part: Part, *, into_messages: bool) -> list[Part] | None:
    """The parts of a multipart or of a message that is to be read; None for what holds none."""
    if part.is_multipart and not part.is_attached:
        return _split(part, (part.head.get_boundary() or "").encode("utf-8", "replace"))
    if part.kind == "message/rfc822" and into_messages and not part.is_attached:
        content = part.content()
        return [_part(content, 0, len(content), part.depth + 1)]
    return None


def _split(part: Part, boundary: bytes) -> list[Part]:
    """The parts between the boundary lines; what is after the last one counts too, for mail that was cut short."""
    inner: list[Part] = []
    start = None
    for mark in _boundary_lines(part, b"--" + boundary):
        if start is not None:
            inner.append(_part(part.whole, start, mark.start(), part.depth + 1))
            start = None
        if mark[1] or len(inner) >= MOST_PARTS:
            break
        start = _after_line_end(part.whole, mark.end(), part.end)
    if start is not None:
        inner.append(_part(part.whole, start, part.end, part.depth + 1))
    return inner


def _boundary_lines(part: Part, delimiter: bytes) -> Iterator[re.Match[bytes]]:
    """Each line that is the delimiter alone, with the line end before it. A body may be full of what only begins so."""
    line = re.compile(rb"(?:\r?\n)?" + re.escape(delimiter) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    # From the line end before the body: the first boundary may be its first line.
    place = max(0, part.start - 1)
    if not place and (match := line.match(part.whole, 0, part.end)):
        yield match
    for _ in range(MOST_LOOKED_AT):
        place = part.whole.find(b"\n" + delimiter, place, part.end)
        if place < 0:
            return
        before = place - (place > part.start and part.whole[place - 1 : place] == b"\r")
        if match := line.match(part.whole, before, part.end):
            yield match
        place += 1


def _part(whole: bytes, start: int, end: int, depth: int) -> Part:
    """The part between two places: its headers, and where its body begins."""
    if (body := _after_line_end(whole, start, end)) > start:
        return Part(Message(), whole, body, end, depth)
    empty = EMPTY_LINE.search(whole, start, min(end, start + 4 * MOST_HEADER_BYTES))
    stop, body = (empty.start(), empty.end()) if empty else (end, end)
    block = whole[start : min(stop, start + MOST_HEADER_BYTES)]
    if stop - start > MOST_HEADER_BYTES:
        block = block.rpartition(b"\n")[0]
    parsed = HeaderParser().parsestr(header_text(block.replace(b"\r\n", b"\n")).lstrip("\n") + "\n\n")
    kept = Message()
    for name in KEPT:
        if (value := parsed.get(name)) is not None:
            kept[name] = str(value)[:LONGEST_HEADER]
    return Part(kept, whole, body, end, depth)


def _after_line_end(whole: bytes, place: int, end: int) -> int:
    if whole.startswith(b"\r\n", place, end):
        return place + 2
    return place + 1 if whole.startswith(b"\n", place, end) else place


def _from_base64(body: bytes) -> bytes:
    clean = body.translate(None, NOT_BASE64)
    clean = clean[: len(clean) // 4 * 4] if len(clean) % 4 == 1 else clean + b"=" * (-len(clean) % 4)
    try:
        return base64.b64decode(clean)
    except (binascii.Error, ValueError):
        return body


KEPT = ("Subject", "From", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition")
EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NOT_BASE64 = bytes(octet for octet in range(256) if octet not in BASE64)
