"""An intake that keeps what it is given in memory, for the doors' tests."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from activkode.core.errors import TryLater
from activkode.intake.messages import Inbound

SYSTEM_ID, PASSWORD = "activkode", "pass1234"


@dataclass
class Recorder:
    """Takes the place of intake and its database: stores, or is away, or is slow until `open_gate`."""

    kept: list[Inbound] = field(default_factory=list)
    calls: int = 0
    settled: list[int] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    is_away: bool = False
    refused: set[str] = field(default_factory=set)
    fault: Exception | None = None
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def receive(self, inbound: Inbound) -> int:
        self.calls += 1
        self.gate.wait(10)
        if self.is_away or inbound.recipient in self.refused:
            raise TryLater
        if self.fault:
            raise self.fault
        self.kept.append(inbound)
        return len(self.kept)

    def settle(self, original_id: int) -> str:
        self.settled.append(original_id)
        return "delivered"

    def known_address(self, address: str) -> bool:
        self.asked.append(address)
        if self.is_away:
            raise TryLater
        return address in self.addresses

    @property
    def texts(self) -> list[str]:
        return [inbound.text for inbound in self.kept]


async def until(condition: Callable[[], object], within_seconds: float = 5.0) -> None:
    """Waits for something that another task or thread will do."""
    async with asyncio.timeout(within_seconds):
        while not condition():
            await asyncio.sleep(0.005)
