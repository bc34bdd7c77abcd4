"""Keeps one link bound for as long as the process lives: connects, serves, and comes back after a break with
growing, uneven pauses. Must never give up."""

import asyncio
import secrets

import structlog

from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.settings import Link
from activkode.doors.carriers.smpp.session import BindRefusedError, Session
from activkode.intake.messages import Inbound

log = structlog.get_logger(__name__)

_random = secrets.SystemRandom()


class Receiver:
    """`run` until `stop`."""

    def __init__(self, link: Link, handover: Handover[Inbound]) -> None:
        self._link, self._handover = link, handover
        self._session: Session | None = None
        self._connection: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._pause_seconds = link.backoff_seconds

    async def run(self) -> None:
        """Serves the link until `stop`; no fault of the peer or the network ends it."""
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            began = loop.time()
            # As a task, so that even an unforeseen fault costs one connection and not the link.
            self._connection = asyncio.create_task(self._connect_and_serve())
            await asyncio.wait({self._connection})
            self._note_end(self._connection)
            if loop.time() - began > self._link.backoff_longest_seconds:
                self._pause_seconds = self._link.backoff_seconds
            await self._pause()

    @property
    def bound(self) -> str | None:
        """The link's name while it is bound, else None."""
        return self._link.name if self._session is not None else None

    async def stop(self) -> None:
        """Ends the session in order; `run` then returns."""
        self._stopping.set()
        if self._session:
            await self._session.stop()
        elif self._connection:
            self._connection.cancel()

    async def _connect_and_serve(self) -> None:
        async with asyncio.timeout(self._link.answer_seconds):
            reader, writer = await asyncio.open_connection(self._link.host, self._link.port)
        session = Session(self._link, self._handover, reader, writer)
        try:
            await session.bind()
            self._session = session
            if not self._stopping.is_set():
                await session.serve()
        finally:
            self._session = None
            await session.close()

    async def _pause(self) -> None:
        """Doubles from one break to the next, with up to half of it left to chance: after a carrier's restart
        its customers do not all come back in the same instant."""
        seconds = self._pause_seconds * _random.uniform(0.5, 1.0)
        self._pause_seconds = min(2 * self._pause_seconds, self._link.backoff_longest_seconds)
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            log.info("smpp.reconnecting", link=self._link.name)

    def _note_end(self, connection: "asyncio.Task[None]") -> None:
        if connection.cancelled() or not (error := connection.exception()):
            return
        # The operating system's faults quote no content; of any other one, only the name is told.
        detail = str(error) if isinstance(error, OSError | BindRefusedError) else ""
        log.warning("smpp.connection_ended", link=self._link.name, error=type(error).__name__, detail=detail)
