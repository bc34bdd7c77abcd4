"""Questions to the DNS that one mail may cause: few, within a time, each asked once. The DNS itself is handed in."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_LOOKUPS = 40
MOST_SECONDS = 10
# Name and type (TXT, A, AAAA, MX, PTR) to answers: octets of a TXT, texts of addresses and names, (preference, name) of
# an MX; none where there is no such name or no such record. Raises Unanswered where that cannot be told now.
Dns = Callable[[str, str], list[Any]]


class Unanswered(Exception):
    """The DNS does not answer now: nothing is known, ask again later."""


class TooMany(Exception):
    """A mail wants more questions or more time than it may have: what it claims is not proven."""


@dataclass
class Lookups:
    """The questions of one mail."""

    dns: Dns
    clock: Callable[[], float] = time.monotonic
    _known: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    _begun: float | None = None

    def ask(self, name: str, kind: str) -> list[Any]:
        """The answers. Raises Unanswered and TooMany."""
        question = (name.lower().rstrip("."), kind)
        if question not in self._known:
            self._begun = self.clock() if self._begun is None else self._begun
            if len(self._known) >= MOST_LOOKUPS or self.clock() - self._begun > MOST_SECONDS:
                raise TooMany
            self._known[question] = self.dns(*question)
        return self._known[question]

    def texts(self, name: str) -> list[bytes]:
        """The TXT records of a name."""
        return self.ask(name, "TXT")
