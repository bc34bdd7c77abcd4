"""Reads the HTML of a mail as a person would see it: its lines, what is hidden, and its links with their wording.

Nothing is fetched, run or shown; size, tags and nesting are bounded before the parser sees them.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_CHARACTERS = 400_000
MOST_TAGS = 20_000
DEEPEST = 200  # nested elements; the parser's time grows with their square
MOST_LINKS = 300


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link: where to, its wording, and up to 200 characters of the text before it."""

    address: str
    wording: str
    before: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a mail shows, what it hides (preheaders), and its links in order."""

    text: str = ""
    hidden: str = ""
    anchors: tuple[Anchor, ...] = ()


def read(html: str) -> Page:
    """The page of any HTML, however broken. Raises nothing."""
    if not html.strip():
        return Page()
    bounded = _bounded(html[:MOST_CHARACTERS].replace("\x00", " "))
    root = LexborHTMLParser(bounded.encode("utf-8", "replace").decode()).root
    reading = _Reading()
    if root is not None:
        reading.walk(root)
    return Page(_tidy(reading.shown), _tidy(reading.hidden), tuple(reading.anchors))


def _bounded(html: str) -> str:
    """The HTML up to the tag that is one too many or nested too deep."""
    open_tags: Counter[str] = Counter()
    depth = 0
    for count, tag in enumerate(TAG.finditer(html)):
        name = tag[2].lower()
        if count >= MOST_TAGS or depth >= DEEPEST:
            return html[: tag.start()]
        if name in VOID:
            continue
        if not tag[1]:
            open_tags[name] += 1
            depth += 1
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
    return html


@dataclass
class _Reading:
    """A walk over the tree without recursion."""

    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    _open: list[tuple[LexborNode, int]] = field(default_factory=list)

    def walk(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        under: list[tuple[LexborNode, bool]] = []  # the elements around, and whether each hides what is in it
        while node is not None:
            hides = bool(under and under[-1][1]) or _hides(node)
            child = self._enter(node, hides)
            if child is not None:
                under.append((node, hides))
                node = child
                continue
            self._leave(node)
            while node is not None and node.next is None:
                node = under.pop()[0] if under else None
                if node is not None:
                    self._leave(node)
            node = node.next if node is not None else None

    def _enter(self, node: LexborNode, hides: bool) -> LexborNode | None:
        tag = node.tag or ""
        into = self.hidden if hides else self.shown
        if tag == "-text":
            into.append(WHITE.sub(" ", node.text_content or ""))
        elif tag in UNREAD or tag.startswith("-"):
            return None
        elif tag in BREAKS:
            into.append(BREAKS[tag])
        elif tag in CELLS:
            into.append(" ")
        elif tag == "a" and not hides:
            self._open.append((node, len(self.shown)))
        elif tag == "img":
            into.append(f"{IMAGE}{WHITE.sub(' ', node.attributes.get('alt') or '')}{IMAGE}")
        return node.child

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag in BREAKS and tag != "br":
            self.shown.append(BREAKS[tag])
            self.hidden.append(BREAKS[tag])
        elif tag == "a" and self._open and self._open[-1][0] is node:
            start = self._open.pop()[1]
            if len(self.anchors) < MOST_LINKS:
                before = _tidy(self.shown[max(0, start - 40) : start])[-200:]
                wording = " ".join("".join(self.shown[start:]).replace(IMAGE, " ").split())[:300]
                self.anchors.append(Anchor((node.attributes.get("href") or "").strip(), wording, before))


def _hides(node: LexborNode) -> bool:
    if (node.tag or "-").startswith("-"):
        return False
    attributes = node.attributes
    return "hidden" in attributes or bool(HIDING.search(attributes.get("style") or ""))


def _tidy(parts: list[str]) -> str:
    """The text with single spaces, at most one empty line together, and without the wording of images."""
    lines: list[str] = []
    hard = 0
    for part in LINES.split(ALT.sub(" ", "".join(parts))):
        hard += part == "\n"
        words = part.split()
        if words and part != SOFT:
            lines += ["\n\n" if hard > 1 else "\n", " ".join(words)]
            hard = 0
    return "".join(lines[1:])


IMAGE = "\x01"
SOFT = "\x02"
ALT = re.compile(f"{IMAGE}[^{IMAGE}]*{IMAGE}")
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
WHITE = re.compile(r"[ \t\r\n\f]+")
LINES = re.compile(f"([\n{SOFT}])")
HIDING = re.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:[;!]|$)|mso-hide\s*:\s*all"
    r"|max-height\s*:\s*0(?:px)?\s*(?:[;!]|$)|(?<![a-z-])opacity\s*:\s*0\s*(?:[;!]|$)"
)
VOID_TAGS = "area base br col embed hr img input link meta param source track wbr"
UNREAD_TAGS = "head title style script noscript template svg math object iframe select textarea option"
PARAGRAPH_TAGS = "p h1 h2 h3 h4 h5 h6 hr table blockquote ul ol dl pre section article header footer"
LINE_TAGS = "div tr tbody thead li dt dd center address figure form fieldset main nav aside body"
VOID, UNREAD, CELLS = frozenset(VOID_TAGS.split()), frozenset(UNREAD_TAGS.split()), frozenset(("td", "th"))
# A new line; a new paragraph; and a line end that several boxes ending together make only once.
BREAKS = {"br": "\n"} | dict.fromkeys(PARAGRAPH_TAGS.split(), "\n\n") | dict.fromkeys(LINE_TAGS.split(), SOFT)
