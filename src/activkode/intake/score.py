"""Weighs each candidate of a message: what is this number called, and what is the message about?

Every word claims the nearest number after it, or else the nearest before it. The weights are data below; they are
judged by the labelled corpus in tests/intake/corpus, never by a single message.
"""

import re
from bisect import bisect_left
from typing import NamedTuple

from activkode.intake.code_words import INSTRUMENTS, LINKING
from activkode.intake.cues import Cue, Mark, cues
from activkode.intake.fold import lowered, plain
from activkode.intake.shapes import LENGTHS, LETTERS_ONLY, SLOGAN, Candidate, candidates

# Points. A candidate is taken from 5 on (codes.THRESHOLD).
CERTAIN = 20.0  # a line made for machines: "@site #code"
NAMED = 8.0  # "code: X", "code is X"
NAMED_NEAR = 6.5  # "code for this and that X", less with each letter between
NAMED_AFTER = 6.0  # "X is your code", less with each letter between
CLOSED = 1.5  # "code for this and that: X"
CLAIMED = -8.0  # "order no. X"
OTHER_SENTENCE = -2.0
ALREADY_NAMED = -2.0  # the word has a nearer number of its own
ASKED_FOR = 3.0  # "enter X"
PURPOSE_NEAR = 2.5  # "to sign in" within sight
PURPOSE_TITLE = 2.0  # "two-step sign-in: X"
WITH_IT = 1.5  # "unlock with X"
SOLE = 0.5  # six digits, no other number, and no word that could claim it, in a short message
PURPOSE = 1.0  # "to sign in" anywhere
WARNED = 1.5  # "do not share", "expires in"
ALONE = 3.0  # on a line of its own
BARE = 3.5  # and nothing else in the message than a name
LEADING = 1.0  # first in the message, or bracketed
TWICE = 1.0
RETRIEVER = 2.0  # "<#>": made for an app that reads codes
BUSINESS = -2.5  # an order, a parcel, an appointment
ON_SALE = -2.0
ON_SALE_MIXED = -7.0

FAR = 110  # characters over which a word still points to a number
SIGHT = 60
SHORT = 300


class Scored(NamedTuple):
    """A code in normal form and what it weighs."""

    value: str
    score: float


def scored(text: str, *, bare: bool) -> list[Scored]:
    """Every different candidate of a plain text, best first. `bare`: a text that is nothing but a number may count."""
    found = candidates(text)
    best: dict[str, float] = {}
    if found:
        message = Message(text, found, cues(lowered(text)), bare)
        for place, one in enumerate(found):
            score = message.score(place)
            best[one.value] = max(score, best[one.value]) + TWICE if one.value in best else score
    for match in MACHINE_LINE.finditer(text):
        best[match[1]] = CERTAIN
    return sorted(
        (Scored(value, score) for value, score in best.items()), key=lambda one: (-one.score, one.value)
    )


class Message:
    """One text with its candidates and cues, ready to weigh each candidate."""

    def __init__(self, text: str, found: list[Candidate], marked: list[Cue], bare: bool) -> None:
        self.text = text
        self.found = found
        self.numbers = sum(one.form > LETTERS_ONLY for one in found)
        self.marks = {cue.mark for cue in marked}
        self.owners = [cue for cue in marked if cue.mark in OWNERS]
        self.owner_starts = [cue.start for cue in self.owners]
        self.purposes = [cue for cue in marked if cue.mark is Mark.VERIFY]
        self.purpose_starts = [cue.start for cue in self.purposes]
        self.uses = [cue for cue in marked if cue.mark is Mark.USE]
        self.use_starts = [cue.start for cue in self.uses]
        self.bare = bare and len(found) == 1 and _is_bare(text, found[0])
        self.sole = self.numbers == 1 and len(text) <= SHORT and not self.marks & CLAIMANTS
        self.about = self._about()

    def score(self, place: int) -> float:
        """Points of the candidate at this place in the order of the text."""
        one = self.found[place]
        left, right = self._left(place), self._right(place)
        named = min(left, right) if min(left, right) < 0 else max(left, right)
        if one.form <= LETTERS_ONLY and (named < NAMED or not self._ends_after(one)):
            return CLAIMED
        points = one.form + named + self.about + self._setting(one)
        points += SOLE if self.sole and one.form == SIX_DIGITS else 0.0
        if Mark.MARKET in self.marks:
            if not one.value.isdigit() and (one.form <= SLOGAN or Mark.VERIFY not in self.marks):
                points += ON_SALE_MIXED
            elif Mark.WARN not in self.marks:
                points += ON_SALE
        return points

    def _about(self) -> float:
        """What the message as a whole is worth to each of its candidates."""
        points = WARNED if Mark.WARN in self.marks else 0.0
        if Mark.TOPIC in self.marks and Mark.WARN not in self.marks:
            points += BUSINESS
        return points + (RETRIEVER if self.text.startswith("<#>") else 0.0)

    def _setting(self, one: Candidate) -> float:
        """What the neighbourhood of a candidate is worth, names apart."""
        points = self._purpose(one) + self._use(one)
        line = self.text.rfind("\n", max(0, one.start - 40), one.start) + 1 or max(0, one.start - 40)
        until = self.text.find("\n", one.end, one.end + 40)
        before = self.text[line : one.start]
        after = self.text[one.end : until if until >= 0 else one.end + 40]
        if not any(map(str.isalnum, before + after)):
            points += BARE if self.bare else ALONE
        elif self.bare:
            points += BARE
        elif SIGNATURE.fullmatch(before) or (before[-1:] in OPENING and after[:1] in CLOSING):
            points += LEADING
        return points

    def _left(self, place: int) -> float:
        """What the nearest owner before the candidate makes of it."""
        one = self.found[place]
        last = self.found[place - 1] if place else None
        nearest = bisect_left(self.owner_starts, one.start) - 1
        for index in range(nearest, max(-1, nearest - STEPS), -1):
            cue = self.owners[index]
            gap = self.text[cue.end : one.start]
            if len(gap) > FAR:
                break
            taken = last is not None and last.start >= cue.end
            if cue.mark is Mark.CODE:
                if taken and last is not None and _side_by_side(self.text[last.end : one.start]):
                    return self._left(place - 1)
                return max(_named(gap) + (ALREADY_NAMED if taken else 0.0), 0.5)
            if not taken and _claims(cue.mark, gap) and not self._introduces(index, gap):
                return CLAIMED
        return 0.0

    def _introduces(self, index: int, gap: str) -> bool:
        """Whether an owner names no number of its own: "code for your order: X", "account activation code X"."""
        meek = self.owners[index].mark is Mark.ACCOUNT and self.numbers == 1
        return (meek or ":" in gap or "\n" in gap or " - " in gap) and self._code_before(index)

    def _code_before(self, index: int) -> bool:
        here = self.owners[index]
        for cue in reversed(self.owners[max(0, index - STEPS) : index]):
            between = self.text[cue.end : here.start]
            if len(between) > SIGHT or BREAK.search(between):
                return False
            if cue.mark is Mark.CODE:
                return not any(map(str.isdigit, between))
        return False

    def _right(self, place: int) -> float:
        """What the owners after the candidate make of it: "X is your code"."""
        one = self.found[place]
        following = self.found[place + 1] if place + 1 < len(self.found) else None
        first = bisect_left(self.owner_starts, one.end)
        for cue in self.owners[first : first + STEPS]:
            gap = self.text[one.end : cue.start]
            if len(gap) > FAR or (following and following.start < cue.start):
                break
            apart = BREAK.search(gap) or "\n" in gap
            letters = sum(map(str.isalpha, gap))
            if letters <= CLAIMS_BEFORE.get(cue.mark, -1) and not apart:
                return CLAIMED
            if cue.mark is Mark.CODE:
                if following and _named(self.text[cue.end : following.start]) >= NAMED:
                    return 0.0
                return 1.0 if apart else max(2.0, NAMED_AFTER - letters / 10)
        return 0.0

    def _purpose(self, one: Candidate) -> float:
        last = bisect_left(self.purpose_starts, one.start) - 1
        title = self.text[self.purposes[last].end : one.start] if last >= 0 else ""
        if TITLE.fullmatch(title):
            return PURPOSE_NEAR + PURPOSE_TITLE
        at = bisect_left(self.purpose_starts, one.start - SIGHT)
        if at < len(self.purposes) and self.purpose_starts[at] <= one.end + SIGHT:
            before = WORD.findall(lowered(self.text[max(0, one.start - 12) : one.start]))
            with_it = before and (
                before[-1] in TOOLS or (before[-1][-1] in TOOLS and before[-1][-1] >= DENSE)
            )
            return PURPOSE_NEAR + (WITH_IT if with_it else 0.0)
        return PURPOSE if self.purposes else 0.0

    def _use(self, one: Candidate) -> float:
        at = bisect_left(self.use_starts, one.start)
        gaps = [self.text[cue.end : one.start] for cue in self.uses[max(0, at - 1) : at]]
        gaps += [self.text[one.end : cue.start] for cue in self.uses[at : at + 1]]
        near = (len(gap) <= 40 and sum(map(str.isalpha, gap)) <= 20 and not BREAK.search(gap) for gap in gaps)
        return ASKED_FOR if any(near) else 0.0

    def _ends_after(self, one: Candidate) -> bool:
        return bool(ENDING.match(self.text, one.end))


def _named(gap: str) -> float:
    """What "code" is worth to a number that this gap parts from it."""
    words = WORD.findall(lowered(gap))
    if all(word in LINKS for word in words):
        return NAMED
    letters = sum(map(len, words))
    points = NAMED_NEAR - letters / 8 + (OTHER_SENTENCE if BREAK.search(gap) else 0.0)
    closed = words[-1] in LINKS or gap.rstrip(" \n*\"'").endswith(":")
    return max(1.0, points + (CLOSED if closed else 0.0))


def _claims(mark: Mark, gap: str) -> bool:
    """Whether a label takes the number behind this gap: "order no. X", "account ending in X"."""
    letters = sum(map(str.isalpha, gap))
    if mark is Mark.FALSE_CODE:
        return letters <= 20
    if mark is Mark.ACCOUNT and letters:
        return all(word in LINKS for word in WORD.findall(lowered(gap)))
    return not LINE_END.search(gap) and (letters == 0 or (letters <= 6 and not CLAUSE.search(gap)))


def _is_bare(text: str, one: Candidate) -> bool:
    """Whether the text is the candidate and a word or two: "Shop 123456"."""
    rest = text[: one.start] + " " + text[one.end :]
    dense = sum(3 if letter >= DENSE else 1 for letter in rest if letter.isalpha())
    return dense <= 20 and len(rest.split()) <= 3 and not any(map(str.isdigit, rest))


def _side_by_side(between: str) -> bool:
    return "\n" not in between and sum(map(str.isalpha, between)) <= 3


OWNERS = {Mark.CODE, Mark.FALSE_CODE, Mark.TOPIC, Mark.LABEL, Mark.ACCOUNT, Mark.ENDING}
CLAIMANTS = {Mark.ENDING, Mark.TOPIC, Mark.LABEL, Mark.ACCOUNT, Mark.MARKET, Mark.FALSE_CODE}
CLAIMS_BEFORE = {Mark.FALSE_CODE: 25, Mark.ENDING: 6}  # "X is your promo code"; letters there may be between
SIX_DIGITS = LENGTHS[6]
STEPS = 6
DENSE = "\u0900"  # from here on a letter says more, or words are not parted
SIGNATURE = re.compile(
    r"\W*|[\[(<\u3010\u300c][^\])>\u3011\u300d\n]{1,30}[\])>\u3011\u300d]\W*|[^\W\d][^\d\n:]{0,19}: "
)
OPENING, CLOSING = set("[({*\"'<\u3010\u300c\u00ab\u201c"), set("])}*\"'>\u3011\u300d\u00bb\u201d")
BREAK = re.compile(r"[.!?](?:\s|$)|[\u3002\u0964\u06d4\u061f]|\n\n")
CLAUSE = re.compile(rf"{BREAK.pattern}|[,;\u3001\u060c]")
TITLE = re.compile(r"[^.!?,;:\n\d]{0,30}:[ \n*\"']{0,4}| - ")
LINE_END = re.compile(r"[.!?\u3002\u0964\u06d4\u061f]\s*\n")
ENDING = re.compile(r"[ *\"')\]]*(?:[.,;!\n\u3002]|$)")
WORD = re.compile(r"[^\W\d_]+")
MACHINE_LINE = re.compile(
    r"^@[A-Za-z0-9.-]{1,250} #([A-Za-z0-9]{4,12})(?: @[A-Za-z0-9.-]{1,250})?[ ]*$", re.M
)
TOOLS = frozenset(WORD.findall(lowered(plain(INSTRUMENTS))))
LINKS = frozenset(WORD.findall(lowered(plain(LINKING))))
