"""What the person wrote, without what stands under it: the history of the conversation and the signature."""

import re

from activkode.mailbox.reading import words

MOST_CHARACTERS = 100_000
MOST_LINES = 4_000
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


def by_hand(text: str) -> str:
    """The text above the first sign of older mail or of a signature, quoted lines left out. A mail in which nothing is left
    is an answer below the quotation: then all lines that are not quoted."""
    lines = text[:MOST_CHARACTERS].translate(INVISIBLE).replace("\r", "").split("\n", MOST_LINES)[:MOST_LINES]
    above: list[str] = []
    for place, line in enumerate(lines):
        if _ends(lines, place):
            break
        if not line.lstrip().startswith(">"):
            above.append(line.rstrip())
    written = "\n".join(above).strip()
    if written:
        return written
    return "\n".join(
        line.rstrip()
        for place, line in enumerate(lines)
        if not line.lstrip().startswith(">") and not _ends(lines, place)
    ).strip()


def _ends(lines: list[str], place: int) -> bool:
    line = lines[place].strip()
    if lines[place].rstrip("\r\n") == "-- " or line == "--":
        return True
    if DASHED.match(line) or (UNDERLINED.match(line) and place + 1 < len(lines)):
        return True
    if FIELDED.match(line) and any(FIELDED.match(each.strip()) for each in lines[place + 1 : place + 4]):
        return True
    return OPENS.match(line) is not None and any(WROTE.search(each) for each in lines[place : place + 3])


FIELDED = re.compile(rf"\*?(?:{words.HISTORY_FIELDS})\s?:\*?\s", re.IGNORECASE)
DASHED = re.compile(rf"-{{2,20}}\s*(?:{words.HISTORY_TITLES})\s*-{{2,}}", re.IGNORECASE)
UNDERLINED = re.compile(r"_{20,}$")
# "On Mon, 5 January 2026 at 10:00, Somebody <a@b.example> wrote:", over up to three lines.
OPENS = re.compile(rf"(?:{words.HISTORY_OPENS})\b[^\d\n]{{0,80}}\d", re.IGNORECASE)
WROTE = re.compile(rf"(?:{words.HISTORY_WROTE})\s?[:：]?\s*$", re.IGNORECASE)
