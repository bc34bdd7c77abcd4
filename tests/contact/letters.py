"""Reads the labelled mails of tests/contact/corpus, makes them whole (headers, encodings, signatures) and reads them.

A mail begins with a line `#### name`, then lines `% word ...` that say what is to become of it and what is expected, then the
mail as it is written. What is not written is put in: From (Alice), To, Date, Message-ID. Directives:

    % expect key=value ...      verified (yes, no), by, nature, kind, asset, amount (dollars, all), address, unclear (a word of
                                it), named (case_12), files (a number), sender
    % sign domain [selector] [h=from:to] [c=simple/relaxed] [i=@d] [l=1] [t=-60] [key=mallory]    instead of From's own; "-" none
    % peer ip / % helo name / % mailfrom address / % to address / % trusted name [hops]
    % encode base64|quoted-printable charset        the body, and the fields that say so
    % without From ...          leaves fields out
    % then-top Field: value     put on top after signing, by whoever sends it
    % server Field: value       put on top by our own server
    % then old => new           changed after signing; \\r \\n \\0 \\t \\xNN and {usdt} are written so everywhere
    % make name size            a body (or a mail) that is too long to write down
"""

import base64
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from pathlib import Path

from activkode.mailbox.reading import read as reading
from activkode.mailbox.reading.authentication import Envelope
from activkode.mailbox.reading.nature import Own
from activkode.mailbox.reading.results import Trusted
from activkode.withdrawals import destinations
from contact import hostile, zone

_OCTETS: dict[str, bytes] = {}  # signing takes longer than reading
CORPUS = Path(__file__).parent / "corpus"
CONTACT = "contact@activkode.example"
OWN = Own(frozenset((CONTACT, "no-reply@activkode.example")), "activkode.example")
# Made for these tests: checked against two libraries in tests/withdrawals.
PLACES = {
    "usdt": "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
    "usdt2": "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
    "btc": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "btc1": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "btc3": "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "tap": "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    "eth": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "eth2": "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
}


@dataclass
class Letter:
    """One mail of the corpus as it is written down."""

    name: str
    source: str
    expected: dict[str, str] = field(default_factory=dict)
    directives: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""

    def said(self, word: str, default: str = "") -> str:
        """What follows a directive."""
        return next((rest for name, rest in self.directives if name == word), default)

    @property
    def envelope(self) -> Envelope:
        """What was said before the mail."""
        sender = self.said("mailfrom", "?")
        return Envelope(
            self.said("peer"),
            self.said("helo"),
            None if sender == "?" else sender.strip("<>"),
            self.said("to", CONTACT),
        )

    @property
    def trusted(self) -> Trusted | None:
        """Our own mail server, where it has a say."""
        name, _, hops = self.said("trusted").partition(" ")
        return Trusted(name, int(hops or 0)) if name else None

    def raw(self) -> bytes:
        """The octets as they come in."""
        return self.as_received(self.as_sent())

    def as_received(self, raw: bytes) -> bytes:
        """What somebody sent, with what our own server puts on top."""
        for word, said in self.directives:
            if word == "server":
                raw = said.encode() + b"\r\n" + raw
        return raw

    def as_sent(self) -> bytes:
        """What somebody else wrote and can change."""
        place = f"{self.name}\n{self.directives}\n{self.text}"
        if place not in _OCTETS:
            _OCTETS[place] = _made(self)
        return _OCTETS[place]

    def read(self, raw: bytes | None = None) -> reading.Reading:
        """The reading of the mail, or of other octets that came the same way."""
        return reading.read(
            self.raw() if raw is None else raw, self.envelope, own=OWN, dns=zone.dns, destinations=destinations,
            now=zone.NOW, trusted=self.trusted,
        )  # fmt: skip


@cache
def all_letters() -> tuple[Letter, ...]:
    """The whole corpus."""
    return tuple(letter for path in sorted(CORPUS.glob("*.txt")) for letter in _letters(path))


def letter_of(text: str) -> Letter:
    """A mail written in a test, in the corpus's form without its name."""
    return _letter("written", "written", text)


def of(source: str) -> list[Letter]:
    """The mails of one file."""
    return [letter for letter in all_letters() if letter.source == source]


def _letters(path: Path) -> Iterator[Letter]:
    for block in re.split(r"^#### ", path.read_text(), flags=re.MULTILINE)[1:]:
        name, _, rest = block.partition("\n")
        yield _letter(f"{path.stem}: {name.strip()}", path.stem, rest)


def _letter(name: str, source: str, rest: str) -> Letter:
    letter = Letter(name, source)
    lines = rest.split("\n")
    while lines and lines[0].startswith("% "):
        word, _, said = lines.pop(0)[2:].partition(" ")
        if word == "expect":
            letter.expected |= dict(pair.split("=", 1) for pair in said.split())
        else:
            letter.directives.append((word, _filled(said)))
    letter.text = _filled("\n".join(lines).rstrip("\n") + "\n")
    return letter


def _filled(text: str) -> str:
    text = re.sub(r"\{(\w+)\}", lambda found: PLACES.get(found[1], found[0]), text)
    return re.sub(r"\\(r|n|t|0|x[0-9a-f]{2})", lambda found: _sign(found[1]), text)


def _sign(name: str) -> str:
    return {"r": "\r", "n": "\n", "t": "\t", "0": "\0"}.get(name) or (
        chr(int(name[1:], 16)) if name != "0" else "\0"
    )


def _made(letter: Letter) -> bytes:
    # A mail without any field of its own begins with the empty line.
    head, _, body = (
        ("", "", letter.text[1:]) if letter.text.startswith("\n") else letter.text.partition("\n\n")
    )
    if made := letter.said("make"):
        kind, _, size = made.partition(" ")
        more, content = hostile.MAKERS[kind](int(size or 1))
    else:
        more, content = _encoded(letter.said("encode"), body)
    fields = [
        line.encode("utf-8", "surrogateescape")
        for line in _fields(head, letter.said("without").lower().split())
    ]
    raw = b"\r\n".join(
        [
            *fields,
            *more,
            b"",
            content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if not made else content,
        ]
    )
    raw = _signed(letter, raw)
    for word, said in letter.directives:
        if word == "then-top":
            raw = said.encode() + b"\r\n" + raw
        elif word == "then":
            old, _, new = said.partition(" => ")
            assert old.encode() in raw, f"{letter.name}: {old!r} is not in the mail"
            raw = raw.replace(
                old.encode(), new.encode("latin-1", "ignore") if "\\x" in new else new.encode(), 1
            )
    return raw


def _signed(letter: Letter, raw: bytes) -> bytes:
    wanted = [rest for name, rest in letter.directives if name == "sign"]
    if not wanted:
        found = re.search(rb"^From:[^\n]*@([A-Za-z0-9.-]+)", raw, re.MULTILINE | re.IGNORECASE)
        own = found[1].decode() if found else ""
        wanted = [own] if own in zone.HONEST and letter.source not in ("hostile",) else []
    for each in wanted:
        words = each.split()
        if words and words[0] != "-":
            options = dict(word.split("=", 1) for word in words[1:] if "=" in word)
            selector = next((word for word in words[1:] if "=" not in word), "k1")
            raw = zone.signed(raw, words[0], selector, **options)
    return raw


def _fields(head: str, without: list[str]) -> list[str]:
    written = [line for line in head.split("\n") if line]
    names = {line.partition(":")[0].lower() for line in written} | set(without)
    usual = {
        "From": "Alice <alice@people.example>",
        "To": f"ACTIV KODE <{CONTACT}>",
        "Date": formatdate(zone.NOW - 30),
        "Message-ID": "<20260101.1@people.example>",
        "Subject": "Balance withdrawal",
        "MIME-Version": "1.0",
    }
    return [f"{name}: {value}" for name, value in usual.items() if name.lower() not in names] + written


def _encoded(how: str, body: str) -> tuple[list[bytes], bytes]:
    if not how:
        return [], body.encode("utf-8", "surrogateescape")
    encoding, charset, *kind = how.split()
    octets = body.encode(charset)
    sent = base64.encodebytes(octets) if encoding == "base64" else quopri.encodestring(octets)
    kind_of_text = kind[0] if kind else "text/plain"
    return [
        f"Content-Type: {kind_of_text}; charset={charset}".encode(), f"Content-Transfer-Encoding: {encoding}".encode()
    ], sent  # fmt: skip
