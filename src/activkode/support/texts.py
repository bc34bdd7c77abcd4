"""What people write, made fit to be kept and shown as plain text: no control characters, no half letters. Pure."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c]")
_KEPT = ("\n", "\t")


def paragraphs(text: str) -> str:
    """Text of several lines without what a database or a page cannot hold, and without blank ends."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    ended = _LINE_ENDS.sub("\n", whole)
    return "".join(char for char in ended if char in _KEPT or not _is_control(char)).strip()


def line(text: str) -> str:
    """The same in one line, as a subject or a name."""
    return " ".join(paragraphs(text).split())


def _is_control(char: str) -> bool:
    # Also what turns the direction of writing round: it makes one name look like another.
    return (
        unicodedata.category(char) == "Cc" or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
