"""When each text of a rental is due. Pure."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from activkode.doors.demo.rentals import Rental
from activkode.doors.demo.scripts import SCRIPTS, Moment, Step

# The carrier remembers in memory only. After a restart it may repeat itself for rentals younger than this.
MEMORY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A text and how long it has to wait, counted from the moment when its rental was read."""

    wait_seconds: float
    text: str


def plan(rental: Rental) -> list[Due]:
    """What is still to be sent for a rental that has just been seen. A step that an old rental has behind it
    is taken as sent."""
    is_old = rental.seen_at - rental.opened_at > MEMORY
    waits = [(_wait_seconds(rental, step), step) for step in SCRIPTS.get(rental.service, ())]
    return [
        Due(max(0.0, seconds), step.text.format(code=_code()))
        for seconds, step in waits
        if seconds >= 0 or not is_old
    ]


def _wait_seconds(rental: Rental, step: Step) -> float:
    start = rental.expires_at if step.after == Moment.EXPIRED else rental.opened_at
    return (start + timedelta(seconds=step.seconds) - rental.seen_at).total_seconds()


def _code() -> str:
    return str(100_000 + secrets.randbelow(900_000))
