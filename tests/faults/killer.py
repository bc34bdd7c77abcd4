"""Kills processes of one machine with SIGKILL, at random moments, each kind equally often. Seeded: the order of a run can
be repeated, its moments not.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from signal import SIGKILL

from faults.machine import Machine


class Killer:
    """`kill` once, or `rage`."""

    def __init__(self, machine: Machine, seed: int) -> None:
        self._chance = random.Random(seed)
        self._deck: list[str] = []
        self.killed: Counter[str] = Counter()
        chance = self._chance
        self._targets: dict[str, Callable[[], int]] = {
            "postmaster": machine.postmaster,
            "a process of the database": lambda: machine.child(machine.postmaster(), chance),
            "clock": lambda: machine.door("clock"),
            "carriers": lambda: machine.door("carriers"),
            "machines": lambda: machine.door("machines"),
            "people": lambda: machine.door("people"),
            "the worker of machines": lambda: machine.child(machine.door("machines"), chance),
        }

    def rage(self, kills: int, pause_seconds: tuple[float, float]) -> None:
        """So many kills, with pauses between these two lengths."""
        for _ in range(kills):
            time.sleep(self._chance.uniform(*pause_seconds))
            self.kill(self._next())

    def kill(self, name: str) -> None:
        """Waits until there is such a process, and kills it."""
        end = time.monotonic() + 60
        while not self._is_killed(self._targets[name]()):
            assert time.monotonic() < end, f"{name} was not started again within 60 s"
            time.sleep(0.02)
        self.killed[name] += 1

    def _next(self) -> str:
        if not self._deck:
            self._deck = list(self._targets)
            self._chance.shuffle(self._deck)
        return self._deck.pop()

    def _is_killed(self, pid: int) -> bool:
        try:
            if pid:
                os.kill(pid, SIGKILL)
        except ProcessLookupError:  # another kill took it along
            return False
        return pid != 0
