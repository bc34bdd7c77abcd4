"""Reads the labelled messages of tests/intake/corpus and weighs the extractor by them.

Each line is an object: lang, kind, text (with subject and html for mail) or raw (a whole mail, one character per
byte), code and link as they should be found or null, and a note where the label needs a reason.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from activkode.intake import codes, mail
from activkode.intake.messages import Kind

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Line:
    """One labelled message; `place` is "file:line"."""

    place: str
    lang: str
    kind: Kind
    fields: dict[str, Any]

    @property
    def wanted(self) -> tuple[str | None, str | None]:
        return self.fields["code"], self.fields.get("link")

    @property
    def held_out(self) -> bool:
        return self.place.startswith("heldout_")

    def found(self) -> tuple[str | None, str | None]:
        """Code and link as the extractor sees them."""
        fields = self.fields
        if "raw" in fields:
            read = mail.read(fields["raw"].encode("latin-1"))
            found = codes.find(read.text, html=read.html, subject=read.subject, kind=self.kind)
        else:
            html, subject = fields.get("html", ""), fields.get("subject", "")
            found = codes.find(fields["text"], html=html, subject=subject, kind=self.kind)
        return found.code, found.link


@dataclass
class Tally:
    """What became of some messages. A wrong code counts against precision and against recall."""

    right: int = 0
    quiet: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, wanted: tuple[str | None, str | None], found: tuple[str | None, str | None]) -> None:
        nothing = (None, None)
        self.right += wanted == found != nothing
        self.quiet += wanted == found == nothing
        self.wrong += wanted != found != nothing
        self.missed += found != wanted != nothing

    @property
    def precision(self) -> float:
        return self.right / ((self.right + self.wrong) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + self.missed) or 1)

    def __str__(self) -> str:
        total = (
            f"{self.right + self.missed:4} with a code or link, {self.quiet + self.wrong:4} others or wrong"
        )
        return f"precision {self.precision:.4f}  recall {self.recall:.4f}  ({total})"


def lines() -> list[Line]:
    """The whole corpus, in the order of its files."""
    return [
        Line(f"{path.name}:{number}", fields["lang"], Kind(fields["kind"]), fields)
        for path in sorted(CORPUS.glob("*.jsonl"))
        for number, fields in enumerate(map(json.loads, path.read_text().splitlines()), 1)
    ]


def tally(some: Iterable[Line]) -> Tally:
    """The extractor's result on these messages."""
    sums = Tally()
    for line in some:
        sums.add(line.wanted, line.found())
    return sums
