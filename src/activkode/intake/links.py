"""Finds the link of a mail that proves its reader, among all its others. It must never take a link that ends something.

Nothing is fetched: a link is judged by its wording, its address and what the mail is about.
"""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import SplitResult, urlsplit

from activkode.intake import link_words
from activkode.intake.cues import Mark, Vocabulary, cues
from activkode.intake.fold import lowered, plain
from activkode.intake.page import Anchor, Page

LONGEST = 4_096
MOST_CHARACTERS = 40_000
MOST_LINKS = 300
MOST_READ = 3_000  # of the body, to tell what the mail is about
THRESHOLD = 6.0

WORDED = 4.0  # "Confirm your address"
WORDED_NEUTRALLY = 1.5  # "Click here", or the address itself
WORDED_OTHERWISE = -8.0  # "Unsubscribe"
ADDRESSED = 2.5  # .../login/...
ADDRESSED_PLAINLY = 4.0  # .../verify/...
ADDRESSED_OTHERWISE = -5.0
KEYED = 2.0  # carries something long and unguessable
NOT_KEYED = -6.0
PASSING = 1.0  # the mail says that something in it expires, or is for nobody else
LED_TO = 1.5  # "to confirm your address, click:" before it
ABOUT = 1.0  # the subject says so
OTHER_BUSINESS = -4.0
IN_PASSING = -1.5


def verification(subject: str, text: str, page: Page) -> str | None:
    """The verification link of a mail, or None. Of equals the first in the mail wins. Raises nothing."""
    anchors = [*page.anchors, *_written(text[:MOST_CHARACTERS])][:MOST_LINKS]
    about = _about(subject, page.text[:MOST_READ] or text[:MOST_READ])
    best, address = 0.0, None
    for anchor in anchors:
        score = _score(anchor) + about
        if score >= THRESHOLD and score > best:
            best, address = score, anchor.address
    return address


def _written(text: str) -> Iterator[Anchor]:
    """Addresses that stand in a text; the clause before each is its wording."""
    for match in islice(ADDRESS.finditer(text), MOST_LINKS):
        before = text[max(0, match.start() - 200) : match.start()]
        yield Anchor(match[0].rstrip(".,;:!?)]}>'\"*"), _clause(before), before)


def _clause(text: str) -> str:
    return next((part for part in reversed(CLAUSE.split(text)) if any(map(str.isalpha, part))), "")


def _about(subject: str, body: str) -> float:
    """What the mail as a whole is worth to each of its links."""
    said = {cue.mark for cue in cues(lowered(plain(subject[:1000])))}
    points = ABOUT if Mark.VERIFY in said or Mark.CODE in said else 0.0
    if said & ELSEWHERE:
        return points + OTHER_BUSINESS
    inside = {cue.mark for cue in cues(lowered(plain(body)))}
    points += PASSING if Mark.WARN in inside else 0.0
    return points + (IN_PASSING if Mark.VERIFY not in said and inside & ELSEWHERE else 0.0)


def _score(anchor: Anchor) -> float:
    address = _split(anchor.address)
    if address is None:
        return WORDED_OTHERWISE
    wording = anchor.wording
    if ADDRESS.search(wording) or not any(map(str.isalpha, wording)):
        wording = _clause(anchor.before)
    return _wording(lowered(plain(wording)), lowered(plain(_sentences(anchor.before)))) + _addressed(address)


def _wording(wording: str, before: str) -> float:
    said = {cue.mark for cue in cues(wording)}
    aside = {cue.mark for cue in LINK_WORDS.cues(wording)}
    points = WORDED if Mark.VERIFY in said else WORDED_NEUTRALLY if Mark.NEUTRAL_LINK in aside else 0.0
    if said & ELSEWHERE:
        points += OTHER_BUSINESS
    if Mark.OTHER_LINK in aside:
        points += WORDED_OTHERWISE
    return points + (LED_TO if any(cue.mark is Mark.VERIFY for cue in cues(before)) else 0.0)


def _sentences(before: str) -> str:
    """The last two clauses."""
    return " ".join(CLAUSE.split(before.rstrip())[-2:])


def _split(address: str) -> SplitResult | None:
    """The parts of an http(s) address with a host; None for any other."""
    if len(address) > LONGEST or not ADDRESS.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts if parts.hostname else None


def _addressed(address: SplitResult) -> float:
    """What path and query are worth: their words, and whether anything in them is unguessable."""
    values = PART.findall(IN_PASSING_VALUE.sub("", f"{address.path} {address.query} {address.fragment}"))
    if values and values[-1].rpartition(".")[2].lower() in FILES:
        return ADDRESSED_OTHERWISE
    words = {word.lower() for value in values for word in (value, *CASED.findall(value))}
    points = ADDRESSED if words & FOR_IT else 0.0
    if any(word.startswith(STEMS) for word in words):
        points = ADDRESSED_PLAINLY
    if words & AGAINST_IT or ELSEWHERE & {cue.mark for cue in cues(" ".join(sorted(words)))}:
        points += ADDRESSED_OTHERWISE
    return points + (KEYED if any(map(_is_key, values)) else NOT_KEYED)


def _is_key(value: str) -> bool:
    digits = sum(map(str.isdigit, value))
    if len(value) >= 6 and digits and (digits >= 6 or not value.isdigit()):
        return True
    return len(value) >= 16 and "-" not in value


ELSEWHERE = {Mark.TOPIC, Mark.MARKET, Mark.FALSE_CODE}
ADDRESS = re.compile(r"(?i:https?)://[^\s<>\"'\x00-\x20\ud800-\udfff]+")
CLAUSE = re.compile(r"[.!?]\s|[\u3002\u0964]|\n\n|(?i:https?)://[!-~]+")
IN_PASSING_VALUE = re.compile(
    r"(?i)(?<=[ &;?])(?:next|ref|return|redirect|utm_?[a-z]*|source|campaign|lang)=[^&;\s]*"
)
PART = re.compile(r"[^/?&=#;\s]+")
CASED = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
LINK_WORDS = Vocabulary({Mark.OTHER_LINK: [link_words.OTHER], Mark.NEUTRAL_LINK: [link_words.NEUTRAL]})
FOR_IT = frozenset(link_words.FOR_IT.split())
STEMS = tuple(link_words.STEMS_FOR_IT.split())
AGAINST_IT = frozenset(link_words.AGAINST_IT.split())
FILES = frozenset(link_words.FILES.split())
