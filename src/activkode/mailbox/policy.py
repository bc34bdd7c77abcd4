"""The policy of the contact mailbox as data: figures, and what can become of a mail (POLICY 2.3.4, 2.3.11, 2.4.7)."""

from enum import StrEnum


class Fate(StrEnum):
    """What became of a mail; every mail has exactly one, and keeps it. `withdrawal`: it asked for one; `case`: it opened
    one; `added`: it belongs to one that was there; `unverified`: a case that holds and reveals nothing; `told`: it could not
    be done, and its sender was told why; `parked`: stored and not answered."""

    PENDING = "pending"
    WITHDRAWAL = "withdrawal"
    CASE = "case"
    ADDED = "added"
    UNVERIFIED = "unverified"
    TOLD = "told"
    PARKED = "parked"


class Figure(StrEnum):
    """Names of the figures below."""

    MAIL_ATTEMPTS_MOST = "mail_attempts_most"
    MAIL_DNS_ATTEMPTS_MOST = "mail_dns_attempts_most"
    MAIL_PAUSE_SECONDS = "mail_pause_seconds"


FIGURES: dict[Figure, int] = {
    Figure.MAIL_ATTEMPTS_MOST: 10,  # a mail that fails so often is parked for a person to look at
    Figure.MAIL_DNS_ATTEMPTS_MOST: 6,  # while the DNS does not answer; then it counts as unverified
    Figure.MAIL_PAUSE_SECONDS: 30,  # before it is tried again, longer each time
}
