"""A receipt on one page, for printing and for a bookkeeper: the same lines as its page, nothing else."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from activkode.doors.people import words
from activkode.doors.people.receipts.facts import Fact, facts
from activkode.doors.people.receipts.shown import Shown
from activkode.doors.people.templatetags.show import moment_text

_LEFT, _VALUES, _RIGHT = 25 * mm, 70 * mm, A4[0] - 25 * mm
_TOP, _FOOT = A4[1] - 28 * mm, 22 * mm
_INK, _SOFT, _LINE, _ACCENT = map(HexColor, ("#191c19", "#575d55", "#e2e3dd", "#0f5f4f"))
_LEADING, _GAP, _CODE_SIZE = 13.5, 8.5, 8.0  # so that a transaction id is one line
# What the standard fonts of PDF have no letter for.
_PLAIN = str.maketrans({"\N{EN DASH}": "-", "\N{MINUS SIGN}": "-", "\N{RIGHT SINGLE QUOTATION MARK}": "'"})


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed: a public id, a title, the sum in large letters, a sentence on how it stands, and the lines."""

    number: str
    title: str
    worth: str
    sentence: str
    facts: Sequence[Fact]


def of_topup(item: Shown) -> Paper:
    """A top-up's paper: a receipt only where something was credited."""
    sentence = f"{words.STATES[item.one.state]}. {item.reason}".strip()
    return Paper(f"dep_{item.one.id}", title(item), item.worth, sentence, facts(item))


def title(item: Shown) -> str:
    """What the paper of a top-up is."""
    return "Receipt for a top-up" if item.one.credited_at else "Record of a payment"


def receipt(of: Paper, customer: str, made_at: datetime) -> bytes:
    """The PDF; `customer` is the account's e-mail address."""
    stream = io.BytesIO()
    # Uncompressed: it is two kilobytes, and a test can read it.
    paper = Canvas(stream, pagesize=A4, pageCompression=0, invariant=1)
    paper.setTitle(f"{of.title} {of.number}")
    paper.setAuthor("ACTIV KODE")
    _rows(paper, _head(paper, of), [Fact("Customer", customer), *of.facts])
    _foot(paper, made_at)
    paper.showPage()
    paper.save()
    return stream.getvalue()


def _head(paper: Canvas, of: Paper) -> float:
    _write(paper, _LEFT, _TOP, "ACTIV KODE", "Helvetica-Bold", 11, _ACCENT)
    _write(paper, _LEFT, _TOP - 16 * mm, of.title, "Helvetica-Bold", 20, _INK)
    _write(paper, _LEFT, _TOP - 29 * mm, of.worth, "Helvetica-Bold", 26, _ACCENT)
    y: float = _TOP - 36 * mm
    for part in simpleSplit(of.sentence, "Helvetica", 10, _RIGHT - _LEFT):
        _write(paper, _LEFT, y, part, "Helvetica", 10, _SOFT)
        y -= _LEADING
    return y - _LEADING


def _rows(paper: Canvas, y: float, lines: list[Fact]) -> None:
    for line in lines:
        font, size = ("Courier", _CODE_SIZE) if line.code else ("Helvetica", 10)
        paper.setStrokeColor(_LINE)
        paper.line(_LEFT, y + _LEADING, _RIGHT, y + _LEADING)
        _write(paper, _LEFT, y, line.label, "Helvetica", 10, _SOFT)
        for part in (
            _codes(line.value) if line.code else simpleSplit(line.value, font, size, _RIGHT - _VALUES)
        ):
            _write(paper, _VALUES, y, part, font, size, _INK)
            y -= _LEADING
        y -= _GAP


def _codes(text: str) -> list[str]:
    """Addresses and transaction ids have no spaces to break at; Courier's letters are 0.6 of its size wide."""
    most = int((_RIGHT - _VALUES) / (_CODE_SIZE * 0.6))
    return [text[start : start + most] for start in range(0, len(text), most)]


def _foot(paper: Canvas, made_at: datetime) -> None:
    made = f"Made {moment_text(made_at)} from {settings.PUBLIC_URL}. Questions: {settings.CONTACT_EMAIL}"
    _write(paper, _LEFT, _FOOT, made, "Helvetica", 8, _SOFT)


def _write(paper: Canvas, x: float, y: float, text: str, font: str, size: float, colour: HexColor) -> None:
    paper.setFont(font, size)
    paper.setFillColor(colour)
    paper.drawString(x, y, text.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1"))
