"""What a mail answers to: the numbers of cases and withdrawals in its subject and its recipient's tag, and the Message-IDs
that we sent, of the form `<case_12.random@domain>`. A number proves nothing: whose it is, is
asked where the mail is settled.
"""

import re
from dataclasses import dataclass

from activkode.mailbox.reading.headers import Headed

CASE, WITHDRAWAL = "case", "wdr"
MOST_REFERENCES = 50


@dataclass(frozen=True, slots=True)
class Thread:
    """Number and kind ("case", "wdr") of each thing named, the surest first, and the Message-IDs of ours it answers."""

    named: tuple[tuple[str, int], ...] = ()
    answers: tuple[str, ...] = ()


def message_id(kind: str, number: int, random: str, domain: str) -> str:
    """The Message-ID of a mail of ours about this case or withdrawal; `random` is of letters and digits."""
    return f"<{kind}_{number}.{random}@{domain}>"


def of(mail: Headed, recipient: str, domain: str) -> Thread:
    """What the mail answers to."""
    ours = re.compile(
        rf"<((case|wdr)_([1-9][0-9]{{0,17}})\.[a-z0-9]{{8,64}}@{re.escape(domain.lower())})>", re.ASCII
    )
    answered = []
    for name in ("in-reply-to", "references"):
        for field in mail.all(name):
            answered += ours.findall(field.plain.lower())[-MOST_REFERENCES:]
    tag = recipient.lower().partition("@")[0].partition("+")[2]
    named = [(kind, int(number)) for _, kind, number in answered]
    named += [
        (kind.lower(), int(number)) for kind, number in NUMBER.findall(tag + " " + mail.first("subject"))
    ]
    return Thread(tuple(dict.fromkeys(named)), tuple(dict.fromkeys(f"<{found[0]}>" for found in answered)))


NUMBER = re.compile(
    r"(?<![A-Za-z0-9_])(case|wdr)_([1-9][0-9]{0,17})(?![A-Za-z0-9_])", re.IGNORECASE | re.ASCII
)
