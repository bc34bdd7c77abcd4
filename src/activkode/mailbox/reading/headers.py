"""Takes the header fields of a mail apart, once, for those who authenticate and for those who read: what two readers see
differently is how forged mail gets in. Must never drop or repair a field silently; what is wrong is named in `flaws`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from activkode.intake import mime

MOST_FIELDS = 500
MOST_OCTETS = 256 * 1024
LONGEST_READ = 4_000  # characters of a field that are looked at


class Flaw(StrEnum):
    """Why the fields of a mail cannot be trusted to mean the same to everybody."""

    LINE_ENDS = "line_ends"  # a bare CR or LF (RFC 5321, 2.3.8): sequences that smuggle
    NUL = "nul"
    MALFORMED_FIELD = "malformed_field"
    TOO_MANY_FIELDS = "too_many_fields"
    REPEATED_FIELD = "repeated_field"  # one that may stand once (RFC 5322, 3.6): signed, then added


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in lower case, and its octets as they stand, without the last line end."""

    name: str
    octets: bytes

    @property
    def value(self) -> bytes:
        """What follows the colon, still folded."""
        return self.octets[len(self.name) + 1 :]

    @property
    def text(self) -> str:
        """The value on one line, encoded words decoded."""
        return mime.unfolded(self.plain).replace("\x00", "\ufffd")

    @property
    def plain(self) -> str:
        """The value on one line, encoded words as they stand."""
        return " ".join(mime.header_text(self.value[:LONGEST_READ]).split())


@dataclass(frozen=True, slots=True)
class Headed:
    """A mail whose fields are told apart; the body starts at `body`."""

    raw: bytes
    fields: tuple[Field, ...]
    body: int
    flaws: frozenset[Flaw]

    def all(self, name: str) -> Iterator[Field]:
        """The fields of this name, the topmost first."""
        return (field for field in self.fields if field.name == name)

    def first(self, name: str) -> str:
        """The text of the topmost field of this name, "" where there is none."""
        return next((field.text for field in self.all(name)), "")

    def has(self, *names: str) -> bool:
        """Whether there is a field of one of these names."""
        return any(field.name in names for field in self.fields)


def take_apart(raw: bytes) -> Headed:
    """The fields of any octets. Raises nothing."""
    empty = EMPTY_LINE.search(raw, 0, MOST_OCTETS)
    stop, body = (empty.start(), empty.end()) if empty else (min(len(raw), MOST_OCTETS), len(raw))
    flaws: set[Flaw] = set()
    if empty is None and len(raw) > MOST_OCTETS:
        flaws.add(Flaw.TOO_MANY_FIELDS)
    if not raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n"):
        flaws.add(Flaw.LINE_ENDS)
    if b"\0" in raw:
        flaws.add(Flaw.NUL)
    lines = FIELD_END.split(raw[:stop], MOST_FIELDS)
    if len(lines) > MOST_FIELDS:
        flaws.add(Flaw.TOO_MANY_FIELDS)
    fields = tuple(_fields(lines[:MOST_FIELDS], flaws))
    names = [field.name for field in fields if field.name in ONCE]
    if len(names) > len(set(names)):
        flaws.add(Flaw.REPEATED_FIELD)
    return Headed(raw, fields, body, frozenset(flaws))


def _fields(lines: list[bytes], flaws: set[Flaw]) -> Iterator[Field]:
    for line in lines:
        if match := NAME.match(line):
            yield Field(match[1].decode("ascii").lower(), line)
        elif line:
            flaws.add(Flaw.MALFORMED_FIELD)


EMPTY_LINE = re.compile(rb"(?:\A|\r?\n)\r?\n")
FIELD_END = re.compile(rb"\r?\n(?![ \t])")
NAME = re.compile(rb"([!-9;-~]{1,100}):")
ONCE_NAMES = (
    "from sender reply-to to cc date subject message-id in-reply-to references mime-version content-type"
    " content-transfer-encoding content-disposition"
)
ONCE = frozenset(ONCE_NAMES.split())
