"""Reads a raw mail into subject, sender, text and HTML. It must never raise, hang, or open an attachment.

The parts are split here by hand, the headers by the standard library: its own body parser takes time and recursion
that grow with hostile nesting.
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

from activkode.intake import page
from activkode.intake.charsets import decoded

MOST_BYTES = 4 * 1024 * 1024
MOST_HEADER_BYTES = 64 * 1024
LONGEST_HEADER = 2_000
MOST_PARTS = 100
DEEPEST = 5
MOST_CHARACTERS = 400_000  # of the text and of the HTML each


@dataclass(frozen=True, slots=True)
class MailText:
    """What there is to read in a mail. `sender` is the address of From, lower-cased; `text` is made from the HTML
    when there is no text part."""

    subject: str
    sender: str
    text: str
    html: str


def read(raw: bytes) -> MailText:
    """The readable parts of a mail (RFC 5322, 2045-2047, 6532), at most 5 levels and 100 parts of it. Raises nothing."""
    head, body = _parted(raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    text: list[str] = []
    html: list[str] = []
    for kind, content in _leaves(head, body):
        (html if kind == "text/html" else text).append(content)
    markup = "\n".join(html)[:MOST_CHARACTERS]
    words = "\n".join(text)[:MOST_CHARACTERS]
    if not words.strip() and markup:
        words = page.read(markup).text
    return MailText(_unfolded(head, "Subject"), _address(_unfolded(head, "From")), words, markup)


def _leaves(head: Message, body: bytes) -> Iterator[tuple[str, str]]:
    """Type and content of every text part that is no attachment, in order, without recursion."""
    waiting = [(head, body, 0)]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        head, body, depth = waiting.pop(0)
        if _is_attached(head):
            continue
        kind = head.get_content_type()
        boundary = head.get_boundary() if kind.startswith("multipart/") else None
        if boundary and depth < DEEPEST:
            parts = _split(body, boundary.encode("utf-8", "replace"))
            waiting[:0] = [(*_parted(part), depth + 1) for part in parts]
        elif kind == "message/rfc822" and depth < DEEPEST:
            waiting.insert(0, (*_parted(_transferred(head, body)), depth + 1))
        elif kind in ("text/plain", "text/html") or (kind.startswith("multipart/") and not boundary):
            yield kind, decoded(_transferred(head, body), head.get_content_charset() or "")


def _parted(raw: bytes) -> tuple[Message, bytes]:
    """Headers and body. Only the headers that tell what a part is are kept, each cut to a sane length."""
    if raw.startswith(b"\n"):
        return Message(), raw[1:]
    block, _, body = raw.partition(b"\n\n")
    if len(block) > MOST_HEADER_BYTES:
        block = block[:MOST_HEADER_BYTES].rpartition(b"\n")[0]
    try:
        words = block.decode()
    except UnicodeDecodeError:
        words = block.decode("latin-1")
    parsed = HeaderParser().parsestr(words.lstrip("\n") + "\n\n")
    kept = Message()
    for name in KEPT:
        if (value := parsed.get(name)) is not None:
            kept[name] = str(value)[:LONGEST_HEADER]
    return kept, body


def _split(body: bytes, boundary: bytes) -> list[bytes]:
    """The parts between the boundary lines; what is after the last one counts too, for mail that was cut short."""
    parts = re.split(
        rb"(?:^|\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\n|\Z)", body, maxsplit=2 * MOST_PARTS
    )
    inner: list[bytes] = []
    for closes, content in zip(parts[1::2], parts[2::2], strict=True):
        if closes or len(inner) >= MOST_PARTS:
            break
        inner.append(content[1:])
    return inner


def _is_attached(head: Message) -> bool:
    return head.get_content_disposition() == "attachment" or head.get_filename() is not None


def _transferred(head: Message, body: bytes) -> bytes:
    """The body without its transfer encoding; one that is broken is read as far as it goes."""
    encoding = (head.get("Content-Transfer-Encoding") or "").strip().lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding != "base64":
        return body
    clean = NOT_BASE64.sub(b"", body)
    try:
        return base64.b64decode(
            clean[: len(clean) // 4 * 4] if len(clean) % 4 == 1 else clean + b"=" * (-len(clean) % 4)
        )
    except (binascii.Error, ValueError):
        return body


def _unfolded(head: Message, name: str) -> str:
    """A header as one line of text, its encoded words decoded (RFC 2047)."""
    value = " ".join((head.get(name) or "").split())
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError):
        return value
    words = (piece if isinstance(piece, str) else decoded(piece, charset or "") for piece, charset in pieces)
    return " ".join("".join(words).split())


def _address(value: str) -> str:
    """The address of a From header: the one in angle brackets, else the first. (The library's reader recurses.)"""
    match = BRACKETED.search(value) or BARE.search(value)
    return match[match.lastindex or 0].lower() if match else ""


KEPT = ("Subject", "From", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition")
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
BARE = re.compile(r"[^\s<>\"'(),;:@]+@[^\s<>\"'(),;:@]+")
BRACKETED = re.compile(rf"<({BARE.pattern})>")
