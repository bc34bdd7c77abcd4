"""Finds the words that tell what the numbers of a message are, in one pass over its plain form.

It knows where words stand, never what follows from it.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from activkode.intake import code_words, label_words, number_words
from activkode.intake.fold import lowered, plain

MOST_CUES = 4_000  # a message holds dozens; the bound keeps a hostile one cheap


class Mark(StrEnum):
    """What a word says of the numbers near it."""

    CODE = "code"
    FALSE_CODE = "false_code"
    VERIFY = "verify"
    WARN = "warn"
    USE = "use"
    TOPIC = "topic"
    LABEL = "label"
    ACCOUNT = "account"
    ENDING = "ending"
    MARKET = "market"
    NEUTRAL_LINK = "neutral_link"
    OTHER_LINK = "other_link"


TABLES = {
    Mark.FALSE_CODE: number_words.FALSE_CODE,
    Mark.CODE: code_words.CODE,
    Mark.VERIFY: code_words.VERIFY,
    Mark.WARN: code_words.WARN,
    Mark.USE: code_words.USE,
    Mark.TOPIC: number_words.TOPIC,
    Mark.ENDING: label_words.ENDING,
    Mark.ACCOUNT: label_words.ACCOUNT,
    Mark.LABEL: label_words.LABEL,
    Mark.MARKET: label_words.MARKET,
}


class Cue(NamedTuple):
    """A word of the tables; the span covers the word whole, endings included."""

    start: int
    end: int
    mark: Mark


def cues(low: str) -> list[Cue]:
    """Every cue of a lower-cased plain text, in order, none over another; the first and longest wins."""
    return WORDS.cues(low)


class Vocabulary:
    """Tables of phrases made ready to be found."""

    def __init__(self, tables: Mapping[Mark, Iterable[str]]) -> None:
        self.scripts = _scripts(_phrases(tables))

    def cues(self, low: str) -> list[Cue]:
        """As `cues`, for these tables."""
        found: list[Cue] = []
        for script in self.scripts:
            if script.present is None or (not low.isascii() and script.present.search(low)):
                found += script.cues(low)
        return found if low.isascii() else list(_apart(sorted(found)))


def _apart(found: Iterable[Cue]) -> Iterable[Cue]:
    end = -1
    for cue in found:
        if cue.start >= end:
            end = cue.end
            yield cue


class Script:
    """The words of one family of scripts as one expression shaped like a letter tree, so that a text is read once."""

    def __init__(self, words: dict[str, Mark], letter: str, present: str | None) -> None:
        self.present = re.compile(present) if present else None
        self.marks = {word.strip("*"): mark for word, mark in words.items()}
        end = f"(?!{letter})" if letter else ""
        whole = _tree(words, end)
        if letter:
            inside = _tree([word for word in words if word.startswith("*")], end)
            self.find = re.compile(f"((?<!{letter}){whole}|{inside})({letter}*)").finditer
            self.inside = re.compile(f"({inside})({letter}*)").search
        else:
            self.inside = re.compile(NEVER).search
            self.find = re.compile(f"({whole})()").finditer

    def cues(self, low: str) -> list[Cue]:
        """Every cue of this script, at most MOST_CUES. A compound such as "Anmeldecode" gives both its words."""
        found = []
        for match in islice(self.find(low), MOST_CUES):
            mark = self._mark(match[1])
            if (
                match[2]
                and mark is not Mark.FALSE_CODE
                and (part := self.inside(low, match.end(1), match.end()))
            ):
                found.append(Cue(match.start(), part.start(), mark))
                found.append(Cue(part.start(), match.end(), self._mark(part[1])))
            else:
                found.append(Cue(match.start(), match.end(), mark))
        return found

    def _mark(self, word: str) -> Mark:
        return self.marks.get(word) or self.marks[_spaced(word)]


def _tree(words: Iterable[str], end: str) -> str:
    """An expression that matches the longest of the words; one without `*` behind it must end there."""
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for letter in word.strip("*"):
            branch = branch.setdefault(letter, {})
        branch[""] = "" if word.endswith("*") else end
    return _expression(tree)


def _expression(tree: dict[str, Any]) -> str:
    branches = [
        (SPACE if letter == " " else re.escape(letter)) + _expression(branch)
        for letter, branch in sorted(tree.items())
        if letter
    ]
    if "" in tree:
        branches.append(tree[""])
    return f"(?:{'|'.join(branches or [NEVER])})"


def _phrases(tables: Mapping[Mark, Iterable[str]]) -> dict[str, Mark]:
    """Every phrase in its plain form with its mark. An earlier table wins, which a test forbids to happen."""
    words: dict[str, Mark] = {}
    for mark, lines in tables.items():
        for word in ",".join(lines).split(","):
            words.setdefault(_spaced(lowered(plain(word))), mark)
    return words


def _spaced(phrase: str) -> str:
    return " ".join(phrase.replace("-", " ").split())


def _scripts(phrases: dict[str, Mark]) -> tuple[Script, ...]:
    """Latin; other alphabets with spaces between words; writing in which a word may begin anywhere."""
    latin: dict[str, Mark] = {}
    spaced: dict[str, Mark] = {}
    joined: dict[str, Mark] = {}
    for word, mark in phrases.items():
        first = word.strip("*")[0]
        family = latin if first < "\u0250" else spaced if first < JOINED_FROM else joined
        family[word] = mark
    return (
        Script(latin, "[a-z\u00df-\u024f]", None),
        Script(spaced, "[^\\W\\d_]", f"[\u0250-{chr(ord(JOINED_FROM) - 1)}]"),
        Script(joined, "", f"[{JOINED_FROM}-\U0001ffff]"),
    )


NEVER = "(?!)"
SPACE = "[ \\n-]{1,2}"
JOINED_FROM = "\u0900"  # from Devanagari on, vowel signs are no letters to `re`, or no spaces are written
WORDS = Vocabulary({mark: table.values() for mark, table in TABLES.items()})
