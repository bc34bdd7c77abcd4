"""What a loop of the clock is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loop:
    """One kind of work and the pause after a round in which nothing more was to do."""

    name: str
    every_seconds: float
    work: Callable[[], bool]
