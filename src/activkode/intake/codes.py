"""Finds the verification code, or in a mail the verification link, of a message (POLICY 2.1.5).

A number is judged by its form and by the word that owns it. This must never guess between two equals: a wrong code
takes the customer's money, while a message without a code can still be revealed.
"""

from dataclasses import dataclass

from activkode.intake import links, page
from activkode.intake.fold import plain
from activkode.intake.messages import Kind
from activkode.intake.score import Scored, scored

MOST_CHARACTERS = 40_000  # of a text that are read; the longest SMS has 39,015
THRESHOLD = 5.0
MARGIN = 2.0
MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What a message holds. All None and empty: no code was recognised, and the message fulfils nothing.

    `code` consists of A-Z, a-z, 0-9 and inner hyphens: digits are ASCII, spaces are gone, and so are hyphens between
    digits and a prefix such as "G-"; a hyphen between groups with letters stays ("AB12-CD34"). `link` is an http(s)
    address and is found in mail only. `candidates` are the codes that were good enough, best first: more than one
    with `code` None means that none stood out.
    """

    code: str | None = None
    link: str | None = None
    candidates: tuple[str, ...] = ()


def find(text: str, *, html: str = "", subject: str = "", kind: Kind) -> Found:
    """The code, and for a mail the link, of one message. Raises nothing, reads a bounded part, takes linear time."""
    if kind is Kind.SMS:
        return _chosen(scored(plain(text[:MOST_CHARACTERS]), bare=True))
    seen = page.read(html)
    best = Found()
    for body in (text, seen.text, seen.hidden):
        if not body.strip() and body is not text:
            continue
        best = _chosen(scored(plain(f"{subject[:1000]}\n\n{body[:MOST_CHARACTERS]}"), bare=False))
        if best.code or best.candidates:
            break
    return Found(best.code, links.verification(subject, text, seen), best.candidates)


def _chosen(found: list[Scored]) -> Found:
    """The best, when it is good enough and no other comes near."""
    good = [one for one in found if one.score >= THRESHOLD]
    names = tuple(one.value for one in good[:MOST_CANDIDATES])
    if not good or (len(good) > 1 and good[0].score - good[1].score < MARGIN):
        return Found(candidates=names)
    return Found(good[0].value, candidates=names)
