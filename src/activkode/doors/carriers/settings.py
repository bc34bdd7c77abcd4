"""What the carriers process reads from its settings: links and ports. Refuses what it cannot use at start, by
name and never by value."""

from typing import Any

import msgspec

from activkode.config import environment as env
from activkode.config.environment import SettingError
from activkode.doors.carriers.smpp.text import Alphabet


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One SMPP account with a carrier. We bind to its SMSC."""

    name: str
    host: str
    port: int
    system_id: str
    password: str
    alphabet: Alphabet = Alphabet.GSM7
    codings: dict[int, Alphabet] = {}
    system_type: str = ""
    address_range: str = ""
    transmits: bool = True  # bind as transceiver; else as receiver
    enquire_seconds: float = 30.0
    answer_seconds: float = 10.0
    keep_seconds: float = 30.0
    backoff_seconds: float = 1.0
    backoff_longest_seconds: float = 60.0
    window: int = 500

    def __repr__(self) -> str:
        return f"Link({self.name!r})"


class Mail(msgspec.Struct, frozen=True):
    """Where mail is taken in. No port, no listener; port 0 is any free one. Mail to `contact` alone may be larger: people
    send screenshots."""

    host: str
    smtp_port: int | None
    lmtp_port: int | None
    longest_octets: int
    most_connections: int
    idle_seconds: float
    contact: str = ""
    contact_octets: int = 0


def smpp_links() -> list[Link]:
    """ACTIVKODE_SMPP_LINKS, a JSON list. Raises SettingError."""
    links = as_links(env.json("ACTIVKODE_SMPP_LINKS", "[]"))
    if len({link.name for link in links}) < len(links):
        raise SettingError("ACTIVKODE_SMPP_LINKS must give each link a name of its own")
    return links


def as_links(plain: Any) -> list[Link]:
    """Plain values to links. Raises SettingError."""
    try:
        return msgspec.convert(plain, list[Link], str_keys=True)
    except msgspec.ValidationError as error:
        # msgspec names the place, never the value.
        raise SettingError(f"ACTIVKODE_SMPP_LINKS: {error}") from None


def mail() -> Mail:
    """The mail listeners' settings; a port of 0 there turns a listener off. Raises SettingError."""
    return Mail(
        host=env.text("ACTIVKODE_SMTP_HOST", "127.0.0.1"),
        smtp_port=env.number("ACTIVKODE_SMTP_PORT", 2525) or None,
        lmtp_port=env.number("ACTIVKODE_LMTP_PORT", 0) or None,
        longest_octets=env.number("ACTIVKODE_MAIL_OCTETS", 2 * 1024 * 1024),
        most_connections=env.number("ACTIVKODE_MAIL_CONNECTIONS", 200),
        idle_seconds=env.number("ACTIVKODE_MAIL_IDLE_SECONDS", 300),
        contact=env.contact_email().lower(),
        contact_octets=env.number("ACTIVKODE_CONTACT_OCTETS", 35 * 1024 * 1024),
    )
