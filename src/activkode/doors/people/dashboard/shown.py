"""An activation as its customer's page shows it; must decide nothing: the policy's tables have decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from activkode.activations import read
from activkode.activations.policy import OPEN, State
from activkode.activations.read import Activation, Can, Message, RefundAnswer
from activkode.catalogue import read as catalogue
from activkode.core import read as core


@dataclass(frozen=True, slots=True)
class Shown:
    """The activation, its service's name, what can be done, and the refund's answer; `left_ms` of its window."""

    one: Activation
    name: str
    can: Can
    refund: RefundAnswer
    left_ms: int
    locked_ms: int

    @property
    def is_open(self) -> bool:
        """Whether anything can still come."""
        return self.one.state in OPEN

    @property
    def waits(self) -> bool:
        """Whether the first code is still to come."""
        return self.one.state in (State.REQUESTING, State.WAITING)

    @property
    def codes(self) -> list[Message]:
        """Messages that brought a code or a link, the latest first."""
        return [message for message in reversed(self.one.messages) if message.code or message.link]

    @property
    def hidden(self) -> list[Message]:
        """Messages that are announced but not shown (POLICY 2.1.5)."""
        return [message for message in self.one.messages if not message.shown]


def shown(one: Activation) -> Shown:
    """One of them. Raises TryLater."""
    return all_shown([one])[0]


def all_shown(found: Iterable[Activation]) -> list[Shown]:
    """Several, with their services' names asked for once. Raises TryLater."""
    several = list(found)
    names = catalogue.names({one.service for one in several})
    now = core.now()
    return [_shown(one, names.get(one.service, one.service), now) for one in several]


def _shown(one: Activation, name: str, now: datetime) -> Shown:
    return Shown(
        one,
        name,
        read.can(one),
        read.refund(one),
        _left_ms(one.expires_at, now),
        _left_ms(one.cancel_from, now),
    )


def _left_ms(until: str, now: datetime) -> int:
    return max(0, round((datetime.fromisoformat(until) - now).total_seconds() * 1000))
