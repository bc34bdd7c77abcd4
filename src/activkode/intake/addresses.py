"""Takes what can never be a code out of a text, place for place: web and mail addresses, domains, app hashes.

Lengths stay, so that places found later are places in the text.
"""

import re

from activkode.intake.amount_words import GENERIC_TOP_LEVEL, TOP_LEVEL

BLANK = "\x00"


def blanked(text: str) -> str:
    """The text with every address in it overwritten."""
    text = APP_HASH.sub(_blank, text)
    if not HINT.search(text):
        return text
    parts, done = [], 0
    for match in RUN.finditer(text):
        if match.start() < done or not _is_address(match):
            continue
        end = match.end()
        if tail := TAIL.match(text, end):
            end = tail.end()
        parts += [text[done : match.start()], BLANK * (end - match.start())]
        done = end
    return "".join([*parts, text[done:]])


def _blank(match: re.Match[str]) -> str:
    return BLANK * len(match[0])


def _is_address(match: re.Match[str]) -> bool:
    run = match["run"].rstrip(".")
    if match["scheme"] or "@" in run[:-1]:
        return True
    name, dot, last = run.rpartition(".")
    if not dot:
        return False
    if any(map(str.isalpha, name)):
        return last.lower() in DOMAINS and (last.islower() or last.isupper())
    return last in GENERIC


# At the very end, eleven signs as an app registers them for reading its own short messages.
APP_HASH = re.compile(
    r"(?<![^\s:])(?=[A-Za-z0-9+/]{0,10}[a-z])(?=[A-Za-z0-9+/]{0,10}[A-Z])(?=[A-Za-z0-9+/]{0,10}[0-9+/])"
    r"[A-Za-z0-9+/]{11}\s*\Z"
)
HINT = re.compile(r"[@/]|[A-Za-z0-9]\.[A-Za-z]")
RUN = re.compile(r"(?P<run>[A-Za-z0-9._%+@-]+)(?P<scheme>://[!-~]*)?")
TAIL = re.compile(r"(?::\d{1,5})?[/?][!-~]*")
DOMAINS = frozenset(TOP_LEVEL.split())
GENERIC = frozenset(GENERIC_TOP_LEVEL.split())
