"""Finds everything in a message that could be a code by its form alone, and leaves out what its form says it is not.

Dates, times, amounts, telephone numbers, addresses and masked digits never come out of here as candidates.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from activkode.intake import amount_words
from activkode.intake.addresses import blanked
from activkode.intake.code_words import NO_CODE
from activkode.intake.fold import plain

MOST_CANDIDATES = 200

# What a form alone is worth; the words around it add the rest (see `codes`).
LENGTHS = {4: 1.0, 5: 1.0, 6: 2.0, 7: 1.0, 8: 1.0, 9: -1.0, 10: -2.0}
YEAR = -3.0
LETTERS_ONLY = -3.0
WORD_AND_NUMBER = -3.5
SLOGAN = -1.5  # SAVE20
UNUSUAL = -2.0


class Candidate(NamedTuple):
    """A stretch of the plain text that may be a code; `value` is its normal form."""

    start: int
    end: int
    value: str
    form: float


def candidates(text: str) -> list[Candidate]:
    """Every candidate of a plain text, in order, at most MOST_CANDIDATES."""
    text = LIFETIME.sub(";", blanked(text))
    found = (candidate for group in _groups(text) for candidate in _read(text, group))
    return list(islice((one for one in found if not _measures(text, one)), MOST_CANDIDATES))


class Piece(NamedTuple):
    """A run of ASCII letters and digits, perhaps with hyphens inside."""

    start: int
    end: int
    text: str


def _pieces(text: str) -> Iterator[Piece]:
    """The runs that hold a digit or are in capitals, without the figures: 10:30, 12.5, 1/2/25, 10.0.0.1, v1.2."""
    for run in RUN.finditer(text):
        parts: Iterable[re.Match[str]] = PART.finditer(run[0])
        if FIGURE.search(run[0]):
            parts = [part for part in parts if not _in_figure(run[0], part.span())]
        for part in parts:
            if CODE_LIKE.match(part[0]):
                yield Piece(run.start() + part.start(), run.start() + part.end(), part[0])


def _in_figure(run: str, span: tuple[int, int]) -> bool:
    start, end = span
    before = start > 1 and run[start].isdigit() and run[start - 2].isdigit()
    return before or (end + 1 < len(run) and run[end - 1].isdigit() and run[end + 1].isdigit())


def _groups(text: str) -> Iterator[list[Piece]]:
    """Pieces that only spaces part and that could be one code together: "123 456", "1 2 3 4 5 6", "A 7 K 2"."""
    group: list[Piece] = []
    for piece in _pieces(text):
        if group and _continues(text, group[-1], piece):
            group.append(piece)
            continue
        if group:
            yield group
        group = [piece]
    if group:
        yield group


def _continues(text: str, last: Piece, piece: Piece) -> bool:
    between = text[last.end : piece.start]
    if len(piece.text) == 1 and len(last.text) == 1:
        return len(between) <= 6 and not between.strip(" \n|-")
    return between in (" ", " - ", "  ") and piece.text.isdigit() and last.text.isdigit()


def _read(text: str, group: list[Piece]) -> Iterator[Candidate]:
    sizes = [len(piece.text) for piece in group]
    if len(group) == 1:
        yield from _single(group[0])
    elif max(sizes) == 1:
        value = "".join(piece.text for piece in group)
        if 4 <= len(group) <= 8 and any(map(str.isdigit, value)) and value not in COUNTING:
            yield Candidate(group[0].start, group[-1].end, value, LENGTHS[len(group)])
    elif sum(sizes) <= 8 and sizes in JOINED:
        value = "".join(piece.text for piece in group)
        yield Candidate(group[0].start, group[-1].end, value, LENGTHS[len(value)])
    elif sum(sizes) < 9 and sizes not in THOUSANDS:
        for piece in group:
            yield from _single(piece)
    elif len(group) == 2 and max(sizes) >= 4:
        for piece in group:  # "482913 88213": two numbers side by side, not a telephone number
            yield from _single(piece)


def _single(piece: Piece) -> Iterator[Candidate]:
    if "-" in piece.text:
        yield from _hyphened(piece)
    elif piece.text.isdigit():
        if len(piece.text) in LENGTHS:
            year = len(piece.text) == 4 and 1900 <= int(piece.text) < 2100
            yield Candidate(*piece, YEAR if year else LENGTHS[len(piece.text)])
    elif piece.text.isalpha():
        if 4 <= len(piece.text) <= 10 and piece.text.isupper() and piece.text not in SHOUTED:
            yield Candidate(*piece, LETTERS_ONLY)
    elif 4 <= len(piece.text) <= 12 and not SUFFIXED.fullmatch(piece.text.upper()):
        yield Candidate(*piece, _mixed(piece.text))


def _mixed(text: str) -> float:
    """What letters and digits together are worth: less when they look like a word with a number behind."""
    if WORD_NUMBER.fullmatch(text):
        return WORD_AND_NUMBER
    if SLOGAN_LIKE.fullmatch(text):
        return SLOGAN
    return -1.0 if text.islower() else 0.5


def _hyphened(piece: Piece) -> Iterator[Candidate]:
    """The normal form: digits in equal groups lose the hyphen, so does a prefix of one or two letters; else it stays."""
    parts = piece.text.split("-")
    if all(part.isdigit() for part in parts):
        value = "".join(parts)
        sizes = [len(part) for part in parts]
        if (sizes in JOINED or len(value) == len(parts)) and 4 <= len(value) <= 8:
            date = sizes == [2, 2, 2] and sorted(parts)[0] <= "12" and max(parts) <= "31"
            yield Candidate(piece.start, piece.end, value, UNUSUAL if date else LENGTHS[len(value)])
        elif sizes in ([3, 4], [2, 3], [3, 2]):
            yield Candidate(piece.start, piece.end, value, UNUSUAL)
    elif PREFIXED.fullmatch(piece.text):
        yield Candidate(piece.start, piece.end, parts[-1], LENGTHS[len(parts[-1])])
    elif GROUPED.fullmatch(piece.text) and any(map(str.isdigit, piece.text)):
        if len(piece.text) <= 20:
            yield Candidate(piece.start, piece.end, piece.text, _grouped(parts))
    elif GROUPED_LETTERS.fullmatch(piece.text):
        yield Candidate(piece.start, piece.end, piece.text, LETTERS_ONLY)
    else:
        at = piece.start
        for part in parts:
            if len(part) >= 4 and part.isdigit():
                yield from _single(Piece(at, at + len(part), part))
            at += len(part) + 1


def _grouped(parts: list[str]) -> float:
    if len(parts) == 2 and parts[0].isalpha() and parts[1].isdigit():
        return WORD_AND_NUMBER if len(parts[1]) < 4 else SLOGAN  # SAVE-20, or an order number
    return 0.5 if all(map(str.isupper, filter(str.isalpha, parts))) else -1.0


def _measures(text: str, one: Candidate) -> bool:
    """Whether the signs right beside it make it an amount, a measure, or the visible end of something masked."""
    before, after = text[max(0, one.start - 8) : one.start].lower(), text[one.end : one.end + 16].lower()
    if BEFORE.search(before) or AFTER.match(after) or (before.endswith("*") and not after.startswith("*")):
        return True
    if CLOCK.fullmatch(text, one.start, one.end) and CLOCK_BEFORE.search(before):
        return True
    return bool(JOINED_AFTER.match(after)) and not NOT_AFTER.match(after)


def _any_of(words: str, last: str = "") -> str:
    ordered = sorted({plain(word).lower() for word in words.split()}, key=len, reverse=True)
    return "|".join(re.escape(word) + (last if word[-1].isalpha() else "") for word in ordered)


RUN = re.compile(r"[A-Za-z0-9]+(?:[.,:/'-][A-Za-z0-9]+)*")
# "482913,5 min" without a space is a code and its lifetime, no decimal.
LIFETIME = re.compile(r"(?<=\d{4})[,.](?=\d{1,2} ?(?:min|мин|хв|分|분|phut|dak|dk|นาที|मिनट|মিনিট|دق|דק))")
PART = re.compile(r"[^.,:/']+")
CODE_LIKE = re.compile(r"[A-Za-z-]*\d|[A-Z](?:[A-Z-]{3,})?\Z")  # holds a digit, or is all in capitals
FIGURE = re.compile(r"\d[.,:/']\d")
JOINED = ([3, 3], [2, 2], [4, 4], [2, 2, 2], [2, 2, 2, 2], [3, 2], [2, 3, 2])
THOUSANDS = ([1, 3], [2, 3], [1, 3, 3], [3, 4])
WORD_NUMBER = re.compile(r"[A-Z]?[a-z]{2,}\d{1,4}|\d{1,2}[A-Za-z]{3,}|[A-Z][a-z]+[A-Z][a-z]+\d+")
SLOGAN_LIKE = re.compile(r"[A-Z]{3,}\d{1,3}")
PREFIXED = re.compile(r"[A-Za-z]{1,2}-\d{4,8}|(?:OTP|PIN|TAN|CODE|KOD|TAC)-\d{4,8}")
GROUPED = re.compile(r"[A-Z0-9]{2,6}(?:-[A-Z0-9]{2,6}){1,3}|[a-z0-9]{2,6}(?:-[a-z0-9]*\d[a-z0-9]*){1,3}")
GROUPED_LETTERS = re.compile(r"[A-Z]{3,4}-[A-Z]{3,4}")
SUFFIXED = re.compile(rf"X{{2,}}\d+|\d+(?:{_any_of(amount_words.SUFFIXES).upper()})|[A-Z]\d{{1,3}}X\d+")
WORD_END = r"(?!\w)"
BEFORE = re.compile(
    rf"(?:(?:^|[^a-z])(?:{_any_of(amount_words.CURRENCIES)})[. ]?|[*x\u00d7#\u2022\u00b7\u25cf_]{{2}} ?|\.\.|\u2026"
    r"|\+|/|%|~|&|\d\) ?)$"
)
AFTER = re.compile(rf"[ -]?(?:{_any_of(amount_words.UNITS, WORD_END)})|[*x\u2022\u00b7]{{2}}|[_=&@]|,-|/-")
CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5][05]")
CLOCK_BEFORE = re.compile(rf"(?:^|[^a-z])(?:{_any_of(amount_words.CLOCK)}) $")
JOINED_AFTER = re.compile(rf" ?(?:{_any_of(amount_words.JOINED_UNITS)})")
NOT_AFTER = re.compile(rf" ?(?:{_any_of(amount_words.NOT_UNITS)})")
COUNTING = frozenset("0123456789"[first:last] for first in (0, 1) for last in range(4, 11))
SHOUTED = frozenset(NO_CODE.split())
