"""What a door hands over, and how it is stored: one mail to the contact address as it came in, before anybody has read it.
A door tells its peer only after `receive` has returned. Loads nothing that reads mails: the door starts without it.
"""

from dataclasses import dataclass

from activkode.core import sql


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail as a door has it. `carrier` names the door ("smtp", "lmtp", "imap"); `peer` and `helo` are the host that
    delivered it, "" where another server of ours did; `sender` is the envelope's, "" for a bounce, None where nobody
    knows. `raw` is the whole mail."""

    carrier: str
    recipient: str
    raw: bytes
    peer: str = ""
    helo: str = ""
    sender: str | None = None


def receive(mail: Incoming) -> int:
    """Commits the mail and gives its id, the same id for a repeat. Raises TryLater: then nothing is stored."""
    plain = [
        None if text is None else text.replace("\x00", "")[:1000]
        for text in (mail.peer, mail.helo, mail.sender)
    ]
    stored: int = sql.value(
        "select fn.mail_store(%s, %s, %s, %s, %s, %s)",
        (mail.carrier, *plain, mail.recipient.lower(), mail.raw),
    )
    return stored
