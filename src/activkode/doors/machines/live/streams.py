"""Streams of a customer's events (SSE), in order and without a gap: what comes next in sequence is passed on at once, and
anything else is read from core_event. A reader that is too slow is cut off, and may resume where it was.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable

import structlog

from activkode.core.errors import Code, Refusal, TryLater
from activkode.doors.machines import settings
from activkode.doors.machines.database import Reader
from activkode.doors.machines.keys import Keys
from activkode.doors.machines.live.events import COLUMNS, Event, block, of_row

QUEUE_MOST = 256
_RETRY_MS = 2000
_CHUNK = 200
_AGAIN_SECONDS = 0.5
_KEYS_EVERY_SECONDS = 0.5
_READ = f"select {COLUMNS} from core_event where customer_id = %s and seq > %s order by seq limit {_CHUNK}"  # noqa: S608
_log = structlog.get_logger("machines")
Write = Callable[[bytes], Awaitable[None]]


class Stream:
    """One open stream; `seq` is the last event that was sent or queued."""

    def __init__(self, customer: int, key_digest: bytes, seq: int) -> None:
        self.customer = customer
        self.key_digest = key_digest
        self.seq = seq
        self.is_open = True
        self.behind = True
        self._told_again = False
        self._queue: deque[bytes] = deque()
        self._wake: asyncio.Future[None] | None = None
        self._task = asyncio.current_task()

    def push(self, event: Event, encoded: bytes | None) -> None:
        """Passes an event on if it is the next one; a later one means that some are to be read."""
        if event.seq <= self.seq:
            return
        if self.behind or encoded is None or event.seq != self.seq + 1:
            self.look()
        elif len(self._queue) >= QUEUE_MOST:
            self.cut("too slow")
        else:
            self.seq = event.seq
            self._queue.append(encoded)
            self._rouse()

    def look(self) -> None:
        """There may be events to read."""
        self.behind = self._told_again = True
        self._rouse()

    def end(self) -> None:
        """Ends after what is queued."""
        self.is_open = False
        self._rouse()

    def cut(self, why: str) -> None:
        """Ends at once, whatever is queued."""
        _log.info("stream cut off", customer=self.customer, why=why)
        self.is_open = False
        if self._task is not None:
            self._task.cancel()

    async def serve(self, reader: Reader, write: Write) -> None:
        """Sends until the stream ends."""
        await write(b"id: %d\nretry: %d\n\n" % (self.seq, _RETRY_MS))
        while self.is_open:
            if self._queue:
                waiting = b"".join(self._queue)
                self._queue.clear()
                await write(waiting)
            elif self.behind:
                await self._catch_up(reader, write)
            elif not await self._roused():
                await write(b": alive\n\n")

    async def _catch_up(self, reader: Reader, write: Write) -> None:
        self._told_again = False  # nothing is queued while reading: it would overtake what is read
        try:
            rows = await reader.rows(_READ, (self.customer, self.seq))
        except TryLater:
            await asyncio.sleep(_AGAIN_SECONDS)
            return
        self.behind = self._told_again or len(rows) == _CHUNK
        if rows:
            events = [of_row(row) for row in rows]
            self.seq = events[-1].seq
            await write(b"".join(block(event) for event in events))

    async def _roused(self) -> bool:
        loop = asyncio.get_running_loop()
        self._wake = wake = loop.create_future()
        timer = loop.call_later(settings.HEARTBEAT_SECONDS, self._rouse)
        await wake
        timer.cancel()
        return bool(self._queue) or self.behind or not self.is_open

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)


class Streams:
    """All open streams, by customer."""

    def __init__(self, reader: Reader, most_per_customer: int) -> None:
        self._reader = reader
        self._most = most_per_customer
        self._of: dict[int, list[Stream]] = defaultdict(list)

    async def begin(self, customer: int, key_digest: bytes, last_seen: int | None) -> Stream:
        """A stream from after event `last_seen`, else from now on. Raises Refusal(too_many_requests), TryLater."""
        ((newest,),) = await self._reader.rows(
            "select event_seq from ledger_wallet where customer_id = %s", (customer,)
        )
        if len(self._of.get(customer, ())) >= self._most:
            detail = f"There are {self._most} streams open already; close one."
            raise Refusal(Code.TOO_MANY_REQUESTS, detail, {"retry_after": 5})
        seq = newest if last_seen is None else min(last_seen, newest)
        stream = Stream(customer, key_digest, seq)
        self._of[customer].append(stream)
        return stream

    async def serve(self, stream: Stream, write: Write) -> None:
        """Sends until the stream ends; takes it off the list."""
        try:
            await stream.serve(self._reader, write)
        finally:
            self._of[stream.customer].remove(stream)
            if not self._of[stream.customer]:
                del self._of[stream.customer]

    def push(self, event: Event) -> None:
        """An event that is committed, whoever told of it."""
        if self.want(event.customer, event.seq):
            encoded = block(event) if event.at else None
            for stream in self._of[event.customer]:
                stream.push(event, encoded)

    def look(self, customers: Iterable[int] | None = None) -> None:
        """There may be events to read for these customers, or for all."""
        for customer in list(self._of) if customers is None else customers:
            for stream in self._of.get(customer, ()):
                stream.look()

    def end(self) -> None:
        """Ends all: the process stops."""
        for stream in self._all():
            stream.end()

    async def watch_keys(self, keys: Keys) -> None:
        """Ends the streams of keys that were revoked. Until cancelled."""
        while True:
            await asyncio.sleep(_KEYS_EVERY_SECONDS)
            digests = {stream.key_digest for stream in self._all()}
            if not digests:
                continue
            try:
                good = await keys.in_force(digests)
            except TryLater:
                continue
            for stream in self._all():
                if stream.key_digest in digests - good:
                    stream.end()

    def want(self, customer: int, seq: int) -> bool:
        """Whether a stream of this customer has yet to send this event."""
        return any(stream.seq < seq for stream in self._of.get(customer, ()))

    @property
    def is_idle(self) -> bool:
        """Whether no stream is open."""
        return not self._of

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> list[Stream]:
        return [stream for streams in self._of.values() for stream in streams]
