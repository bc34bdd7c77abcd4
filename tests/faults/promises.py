"""What customers and carriers were told, so that it can be held against the books afterwards. Shared by all threads:
each fact is one append.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Opened:
    """A rental that was acknowledged with 201."""

    customer: int
    id: int
    key: str
    service: str
    address: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A text that a carrier was told is kept: in so many parts."""

    carrier: str
    to: str
    text: str
    parts: int


@dataclass(slots=True)
class Promises:
    """Facts in the order in which they were told."""

    opened: list[Opened] = field(default_factory=list)
    # Rental and the state that its end was told with: it is its last.
    ended: list[tuple[int, str]] = field(default_factory=list)
    too_late_to_cancel: list[int] = field(default_factory=list)
    codes_shown: list[tuple[int, str]] = field(default_factory=list)
    kept: list[Sent] = field(default_factory=list)
    events: dict[int, list[int]] = field(default_factory=dict)
    # Nothing of this may ever be told: what it was.
    never: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    retries: Counter[str] = field(default_factory=Counter)
