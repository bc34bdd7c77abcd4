"""What kind of mail it is: from a person, or from a program that must not be answered (POLICY 2.4.7, RFC 3834)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from activkode.mailbox.reading import sender, words
from activkode.mailbox.reading.authentication import Envelope
from activkode.mailbox.reading.headers import Headed

MOST_HOPS = 50  # Received fields; RFC 5321, 6.3, wants at least 100 to be a loop, no mail to us has half


class Nature(StrEnum):
    """What wrote the mail."""

    PERSON = "person"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Own:
    """Ourselves: the addresses that we write from and take mail at, and the domain of our Message-IDs."""

    addresses: frozenset[str]
    domain: str


def of(mail: Headed, envelope: Envelope, own: Own) -> tuple[Nature, str]:
    """The kind, and by what sign it was told."""
    for nature, sign in (
        (Nature.LOOP, _loop(mail, own)),
        (Nature.BOUNCE, _bounce(mail, envelope)),
        (Nature.AUTOMATIC, _automatic(mail)),
    ):
        if sign:
            return nature, sign
    return Nature.PERSON, ""


def without_tag(address: str) -> str:
    """The address without what follows a "+" before the "@"."""
    local, at, domain = address.lower().rpartition("@")
    return local.partition("+")[0] + at + domain


def _loop(mail: Headed, own: Own) -> str:
    claimed = {
        without_tag(found.strip("."))
        for field in mail.all("from")
        for found in ANY.findall(field.plain.lower())
    }
    if claimed & own.addresses:
        return "our own address"
    if re.search(rf"@{re.escape(own.domain)}>?\s*$", mail.first("message-id"), re.IGNORECASE):
        return "our own message-id"
    return "too many hops" if sum(1 for _ in mail.all("received")) > MOST_HOPS else ""


def _bounce(mail: Headed, envelope: Envelope) -> str:
    if envelope.sender == "" or (envelope.sender is None and mail.first("return-path").strip() == "<>"):
        return "no envelope sender"
    if mail.first("content-type").lower().lstrip().startswith("multipart/report"):
        return "multipart/report"
    if mail.has("x-failed-recipients"):
        return "x-failed-recipients"
    local = (sender.of(mail) or "").partition("@")[0]
    return local if local in words.BOUNCERS else ""


def _automatic(mail: Headed) -> str:
    submitted = mail.first("auto-submitted").lower().partition(";")[0].strip()
    if submitted not in ("", "no"):
        return "auto-submitted"
    if mail.first("precedence").lower().strip() in words.PRECEDENCES:
        return "precedence"
    if name := next((field.name for field in mail.fields if field.name in words.AUTOMATIC_FIELDS), ""):
        return name
    local = (sender.of(mail) or "").partition("@")[0]
    if local.replace("-", "").replace("_", "").replace(".", "") in words.UNANSWERED:
        return "a sender that takes no answers"
    subject = " ".join(mail.first("subject").lower().split())
    return "subject" if subject.startswith(words.AUTOMATIC_SUBJECTS) else ""


ANY = re.compile(r"[^\s<>\"'(),;:@]+@[^\s<>\"'(),;:@]+")
