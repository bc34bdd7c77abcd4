"""What a door hands over: one mail to the contact address as it came in, before anybody has read it."""

from dataclasses import dataclass


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
