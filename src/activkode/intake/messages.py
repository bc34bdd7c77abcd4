"""What a carrier hands over: one incoming message as it came in, before anybody has read it.

Nothing here interprets a message; the raw bytes are kept whole.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """By which kind of address the message came."""

    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Part:
    """Place of one short message in a long one; `number` counts from 1."""

    reference: int
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from a carrier.

    `carrier` names the link ("demo-smpp", "smtp"). `source_id` is the peer's unique id of this original, or ""
    when the peer has none. `recipient` is E.164 digits without "+", or a lower-cased e-mail address. `sender` is
    alphanumeric, digits, or the envelope sender. `raw` is the PDU body or the whole mail. `text` is the decoded
    text of an SMS and "" for a mail.
    """

    carrier: str
    source_id: str
    kind: Kind
    recipient: str
    sender: str
    raw: bytes
    text: str
    part: Part | None = None
