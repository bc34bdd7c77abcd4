"""The live part of this process: the board and the streams, and the tail and the listener that keep them true."""

import asyncio
from collections.abc import Callable

from activkode.doors.machines import queries, settings, shapes, wire
from activkode.doors.machines.database import Reader, Row
from activkode.doors.machines.keys import Keys
from activkode.doors.machines.live import listen
from activkode.doors.machines.live.board import SWEEP_SECONDS, Board
from activkode.doors.machines.live.events import Event, of_row
from activkode.doors.machines.live.streams import Streams, Write
from activkode.doors.machines.live.tail import Tail


class Live:
    """The board and the streams of this process, and what keeps them true."""

    def __init__(self, on_lost: Callable[[], None]) -> None:
        self._on_lost = on_lost
        self._reader = {name: Reader(f"machines-{name}") for name in ("keys", "board", "tail", "streams")}
        self.keys = Keys(self._reader["keys"])
        self.board = Board(self._reader["board"], settings.BOARD_MOST)
        self.streams = Streams(self._reader["streams"], settings.STREAMS_PER_CUSTOMER)
        self._tail = Tail(
            self._reader["tail"],
            see=self._see_rows,
            prove=self.board.prove,
            lost=self._lost,
            is_idle=lambda: self.board.is_idle and self.streams.is_idle,
        )
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins to follow the database, whether or not it is there yet."""
        followed = (self._tail.run(), listen.run(self._see, self._see_many))
        kept = (self._sweep(), self.keys.renew(), self.streams.watch_keys(self.keys))
        self._tasks = [asyncio.create_task(each) for each in (*followed, *kept)]

    async def stop(self) -> None:
        """Ends the streams and everything begun by `start`."""
        self.streams.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for reader in self._reader.values():
            await reader.close()

    async def poll(self, customer: int, activation: int) -> bytes:
        """An activation. Raises Refusal(unknown_activation), TryLater."""
        return (await self.board.get((customer, activation))).body

    async def wait(self, customer: int, activation: int, query: bytes) -> bytes:
        """An activation when it has changed, or when the time is over. Raises Refusal, TryLater."""
        asked = queries.read(query, shapes.WaitQuery)
        seconds = max(0.0, min(asked.timeout, settings.WAIT_MOST_SECONDS))
        return (await self.board.wait((customer, activation), asked.after_revision, seconds)).body

    async def stream(
        self, customer: int, key_digest: bytes, last_seen: int | None, receive: wire.Receive, write: Write
    ) -> None:
        """Sends the customer's events until either side ends. Raises Refusal(too_many_requests), TryLater, before the
        first write only."""
        stream = await self.streams.begin(customer, key_digest, last_seen)
        gone = asyncio.create_task(_gone(receive))
        gone.add_done_callback(lambda _: stream.end())
        try:
            await self.streams.serve(stream, write)
        finally:
            gone.cancel()

    def _see_rows(self, rows: list[Row]) -> None:
        for customer, seq, at, kind, activation, revision, payload in rows:
            if activation is not None:
                self.board.changed((customer, activation), revision)
            if self.streams.want(customer, seq):
                self.streams.push(of_row((customer, seq, at, kind, activation, revision, payload)))

    def _see(self, event: Event) -> None:
        if event.activation is not None:
            self.board.changed((event.customer, event.activation), event.revision)
        self.streams.push(event)

    def _see_many(self, places: list[tuple[int, int]]) -> None:
        for place in places:
            self.board.changed(place, None)
        self.streams.look({customer for customer, _ in places})

    def _lost(self) -> None:
        self.board.clear()
        self.streams.look()
        self._on_lost()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.board.sweep()


async def _gone(receive: wire.Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
