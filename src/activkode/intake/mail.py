"""Reads a raw mail into subject, sender, text and HTML. It must never raise, hang, or open an attachment."""

import re
from dataclasses import dataclass

from activkode.intake import mime, page

MOST_BYTES = 4 * 1024 * 1024
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
    plain = raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    head = mime.headers(plain)
    text: list[str] = []
    html: list[str] = []
    for part in mime.parts(plain, into_messages=True):
        if part.is_text:
            (html if part.kind == "text/html" else text).append(part.text())
    markup = "\n".join(html)[:MOST_CHARACTERS]
    words = "\n".join(text)[:MOST_CHARACTERS]
    if not words.strip() and markup:
        words = page.read(markup).text
    subject, sender = (mime.unfolded(head.get(name) or "") for name in ("Subject", "From"))
    return MailText(subject, _address(sender), words, markup)


def _address(value: str) -> str:
    """The address of a From header: the one in angle brackets, else the first. (The library's reader recurses.)"""
    match = BRACKETED.search(value) or BARE.search(value)
    return match[match.lastindex or 0].lower() if match else ""


BARE = re.compile(r"[^\s<>\"'(),;:@]+@[^\s<>\"'(),;:@]+")
BRACKETED = re.compile(rf"<({BARE.pattern})>")
