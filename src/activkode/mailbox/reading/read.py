"""Reads a mail to the contact address: who wrote it and whether that is proven, what kind of mail it is, what it answers and
what it wants. Octets in, a reading out: no database, no network but the DNS that is handed in. Raises nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from activkode.intake import mime, page
from activkode.mailbox.reading import authentication, headers, nature, said, thread, wish
from activkode.mailbox.reading.authentication import By, Envelope, Verdict
from activkode.mailbox.reading.headers import Headed
from activkode.mailbox.reading.lookups import Dns
from activkode.mailbox.reading.nature import Nature, Own
from activkode.mailbox.reading.results import Trusted
from activkode.mailbox.reading.thread import Thread
from activkode.mailbox.reading.wish import Destinations, Wish

MOST_CHARACTERS = 100_000
MOST_TEXT_OCTETS = 600_000  # of one part, encoded
LONGEST_SUBJECT = 500
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along, never opened here: the name and type it claims, its octets as sent."""

    name: str
    kind: str
    octets: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that the contact mailbox needs to know of a mail. `sign` is by what the nature was told; `text` is what the
    person wrote, without history and signature."""

    verdict: Verdict
    nature: Nature
    sign: str
    message_id: str
    subject: str
    text: str
    thread: Thread
    wish: Wish
    attachments: tuple[Attachment, ...]


def read(
    raw: bytes,
    envelope: Envelope,
    *,
    own: Own,
    dns: Dns,
    destinations: Destinations,
    now: int,
    trusted: Trusted | None = None,
) -> Reading:
    """The reading of any octets; `now` in seconds since 1970 is when they came. Raises nothing."""
    mail = headers.take_apart(raw)
    kind, sign = nature.of(mail, envelope, own)
    verdict = authentication.judge(mail, envelope, dns, now, trusted)
    if verdict.verified and not _addressed(mail, own):
        # Written to somebody else and sent on to us: what it asks was not asked of us.
        verdict = replace(verdict, by=By.NOTHING, why=("not addressed to us",))
    subject = mail.first("subject")[:LONGEST_SUBJECT]
    whole, attachments = _content(raw)
    text = said.by_hand(whole)
    return Reading(
        verdict=verdict,
        nature=kind,
        sign=sign,
        message_id=mail.first("message-id")[:LONGEST_SUBJECT],
        subject=subject,
        text=text,
        thread=thread.of(mail, envelope.recipient, own.domain),
        wish=wish.read(subject, text, destinations),
        attachments=attachments,
    )


def files(raw: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of the first attachments, as they were sent: nothing is opened. Raises nothing."""
    attached = (part for part in mime.parts(raw, into_messages=False) if not part.is_text)
    for part in islice(attached, most):
        yield _name(part), part.content()


def _addressed(mail: Headed, own: Own) -> bool:
    found = (nature.without_tag(address) for name in ("to", "cc") for field in mail.all(name)
             for address in nature.ANY.findall(field.plain))  # fmt: skip
    return any(address in own.addresses for address in found)


def _name(part: mime.Part) -> str:
    return mime.unfolded(str(part.head.get_filename() or ""))[:LONGEST_NAME].replace("\x00", "")


def _content(raw: bytes) -> tuple[str, tuple[Attachment, ...]]:
    """The text to read, made from the HTML where there is no other, and the attachments."""
    texts: list[str] = []
    pages: list[str] = []
    attachments: list[Attachment] = []
    for part in mime.parts(raw, into_messages=False):
        if not part.is_text:
            attachments.append(Attachment(_name(part), part.kind[:LONGEST_NAME], part.end - part.start))
        elif sum(map(len, texts)) + sum(map(len, pages)) < MOST_CHARACTERS:
            (pages if part.kind == "text/html" else texts).append(part.text(MOST_TEXT_OCTETS))
    words = "\n".join(texts)[:MOST_CHARACTERS].replace("\r\n", "\n")
    if not words.strip() and pages:
        words = page.read("\n".join(pages)[:MOST_CHARACTERS]).text
    return words.replace("\x00", "\ufffd"), tuple(attachments)
