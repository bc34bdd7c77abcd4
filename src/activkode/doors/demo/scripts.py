"""What each demo service sends, and when. Data only: the demo carrier plays it."""

from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """From when a step's seconds count."""

    OPENED = "opened"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Step:
    """One text; `{code}` becomes six digits."""

    seconds: float
    text: str
    after: Moment = Moment.OPENED


LONG = (
    "Thank you for signing up with the long demo. This message is longer than one short message can be, so "
    "it travels in parts, and the parts may overtake each other on their way to you. Your verification code "
    "is {code}. It is valid for ten minutes; nobody from the demo will ever ask you for it by telephone or "
    "by e-mail."
)

SCRIPTS: dict[str, tuple[Step, ...]] = {
    "demo-instant": (Step(1, "Your DemoInstant code is {code}. Do not share it with anyone."),),
    "demo-slow": (Step(20, "{code} is your DemoSlow verification code."),),
    "demo-silent": (),
    "demo-nocode": (Step(1, "Welcome to DemoNocode! We are glad that you are here."),),
    "demo-late": (Step(5, "DemoLate: your code is {code}", after=Moment.EXPIRED),),
    "demo-two": (
        Step(1, "DemoTwo code: {code}"),
        Step(6, "You asked for a new DemoTwo code: {code}"),
    ),
    "demo-long": (Step(1, LONG),),
    "demo-short": (),
}


def sender_of(service: str) -> str:
    """The name that an SMS of this service comes from: "demo-instant" gives "DemoInstant"."""
    return "".join(word.capitalize() for word in service.split("-"))
