"""A fake carrier's SMSC on real sockets, for the demo and the tests. Like a real one it repeats what was
answered with a temporary error, or not at all, and ends at a permanent one."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from activkode.doors.carriers.smpp.wire.words import TEMPORARY, Status
from activkode.doors.demo.esme import Esme, Gone
from activkode.doors.demo.segments import Carriage, Segment, segments

log = structlog.get_logger(__name__)

# What the log of a delivery shows for an attempt that no answer ended.
UNANSWERED = -1


@dataclass(slots=True, eq=False)
class Delivery:
    """One PDU on its way: the status of each attempt so far, and the last one when `ended`."""

    segment: Segment
    statuses: list[int] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def outcome(self, within_seconds: float = 10.0) -> int:
        """The final command_status. Raises TimeoutError."""
        await asyncio.wait_for(self.ended.wait(), within_seconds)
        return self.statuses[-1]


class FakeSmsc:
    """A fake: `start`, then `send` texts to whoever is bound as `system_id`, then `stop`."""

    def __init__(
        self,
        accounts: Mapping[str, str],
        *,
        answer_seconds: float = 10.0,
        retry_seconds: float = 1.0,
        retry_longest_seconds: float = 30.0,
    ) -> None:
        self._accounts = accounts
        self._answer_seconds = answer_seconds
        self._retry_seconds, self._retry_longest_seconds = retry_seconds, retry_longest_seconds
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._references = 0
        self._bound = asyncio.Event()
        self.esmes: list[Esme] = []
        self.binds: list[Status] = []
        self.port = 0

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens. Raises OSError where the port cannot be had."""
        self._server = await asyncio.start_server(self._welcome, host, port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Cuts every connection and gives up what is on its way."""
        if self._server:
            self._server.close()
        for esme in list(self.esmes):
            esme.break_off()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server:
            await self._server.wait_closed()

    async def bound(
        self, system_id: str, within_seconds: float = 10.0, *, other_than: Esme | None = None
    ) -> Esme:
        """A customer that has signed in to receive. Raises TimeoutError."""
        async with asyncio.timeout(within_seconds):
            while not (found := [e for e in self.esmes if e.system_id == system_id and e is not other_than]):
                self._bound.clear()
                await self._bound.wait()
        return found[0]

    def send(
        self,
        system_id: str,
        text: str,
        *,
        to: str,
        sender: str,
        carriage: Carriage = Carriage.PARTS,
        ucs2: bool = False,
    ) -> list[Delivery]:
        """Sends a text, in as many PDUs as it takes, all on their way at once."""
        self._references = self._references % 255 + 1
        cut = segments(text, to=to, sender=sender, carriage=carriage, ucs2=ucs2, reference=self._references)
        return [self.send_segment(system_id, segment) for segment in cut]

    def send_segment(self, system_id: str, segment: Segment) -> Delivery:
        """Sends one PDU, again and again until it is accepted or refused for good."""
        delivery = Delivery(segment)
        self._spawn(self._carry(system_id, delivery))
        return delivery

    async def _carry(self, system_id: str, delivery: Delivery) -> None:
        pause_seconds = self._retry_seconds
        while True:
            esme = await self.bound(system_id, within_seconds=86_400)
            status = await self._attempt(esme, delivery)
            delivery.statuses.append(status)
            if status != UNANSWERED and status not in TEMPORARY:
                break
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, self._retry_longest_seconds)
        if status != Status.ROK:
            log.warning("demo.refused_for_good", status=status)
        delivery.ended.set()

    async def _attempt(self, esme: Esme, delivery: Delivery) -> int:
        try:
            return await esme.deliver(delivery.segment, self._answer_seconds)
        except (Gone, TimeoutError):
            return UNANSWERED

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        esme = Esme(self._accounts, self._note_bind, reader, writer)
        self.esmes.append(esme)
        try:
            await esme.serve()
        except asyncio.CancelledError:
            return  # the program ends; Python 3.11's streams would report the cancelled task as a fault
        finally:
            self.esmes.remove(esme)

    def _note_bind(self, status: Status) -> None:
        self.binds.append(status)
        if status == Status.ROK:
            self._bound.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
