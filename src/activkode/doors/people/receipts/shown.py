"""A top-up as pages show it: its amount, how far it is, and why it is not simply credited; must decide nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from activkode.core.money import dollars
from activkode.funding import read, words
from activkode.funding.policy import RIPENING, State
from activkode.funding.read import Topup

# What its page asks for news of. What waits for a person changes only when that person acts, and the page is reloaded.
UNDER_WAY = (State.SEEN, *RIPENING, State.ORPHANED)


@dataclass(frozen=True, slots=True)
class Shown:
    """The top-up, and what all small ones of its coin are worth together, in micro-dollars where there is a rate."""

    one: Topup
    together_micros: int | None = None

    @property
    def coins(self) -> str:
        """The amount; a stranger's token says nothing by its own."""
        return words.coins(self.one.amount, self.one.asset) if self.one.asset else "Unknown token"

    @property
    def is_open(self) -> bool:
        """Whether it may still become a credit by itself."""
        return self.one.state in UNDER_WAY

    @property
    def worth(self) -> str:
        """What is credited, or about what it would be; empty where nothing can be said."""
        if self.one.credited_micros is not None:
            return f"${dollars(self.one.kept_micros)}"
        expected = self.one.expected_micros
        return f"about {words.about(expected)}" if self.is_open and expected is not None else ""

    @property
    def progress(self) -> str:
        """How far it is; empty where nothing is waited for."""
        match self.one.state:
            case State.SEEN:
                return "Not in a block yet"
            case State.CONFIRMING:
                return _depth(self.one)
            case State.PRICING:
                return "Waiting for a rate that can be trusted"
            case State.ACCUMULATING:
                return _together(self.together_micros)
            case State.ORPHANED:
                return "Its block left the chain; it waits for another one"
        return ""

    @property
    def reason(self) -> str:
        """Why it is not simply credited; empty where nothing is to be said."""
        return words.REASONS.get(self.one.reason or "", self.one.reason or "")


def shown(one: Topup) -> Shown:
    """One of them. Raises TryLater."""
    return all_shown([one])[0]


def all_shown(found: Iterable[Topup]) -> list[Shown]:
    """Several of one customer; what adds up is asked for once, and only where something does. Raises TryLater."""
    several = list(found)
    adds_up = any(one.state == State.ACCUMULATING for one in several)
    together = read.accumulated(several[0].customer) if adds_up else {}
    return [Shown(one, together.get(one.asset) if one.asset else None) for one in several]


def mark(found: Iterable[Shown]) -> str:
    """Changes whenever anything that is shown of them changes."""
    seen = [
        f"{item.one.id}.{item.one.state}.{item.one.reason}.{item.progress}.{item.worth}" for item in found
    ]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


def _depth(one: Topup) -> str:
    if one.wanted == 0:
        return "Waiting for the chain's finality"
    return f"{min(one.confirmations, one.wanted)} of {one.wanted} blocks"


def _together(micros: int | None) -> str:
    least = f"${dollars(read.least_micros())}"
    return f"Adds up to {least}" if micros is None else f"Adds up: {words.about(micros)} of {least}"
