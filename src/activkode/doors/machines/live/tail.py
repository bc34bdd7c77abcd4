"""Follows core_event by asking four times a second, so that nothing depends on NOTIFY; and proves how fresh the board is.

Every event is seen, however late its transaction commits: each look notes which transactions are running, and the next
goes back to before the oldest of them began.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import structlog

from activkode.core.errors import TryLater
from activkode.doors.machines.database import Reader, Row

EVERY_SECONDS = 0.25
# An event's time is read a little before its transaction gets the number by which others see that it runs.
_MARGIN = timedelta(seconds=1)
# No transaction of ours runs longer; what was running when the tail began is looked for this far back.
_LONGEST = timedelta(seconds=60)
_AT_ONCE = 2000
_RUNNING = (Path(__file__).parent / "running.sql").read_text()
_EVENTS = (Path(__file__).parent / "events.sql").read_text()
_log = structlog.get_logger("machines")


class Tail:
    """`see` takes rows of events (COLUMNS of live/events.py), each perhaps more than once and not in order; `prove` the
    moment up to which all were seen; `lost` is told that events may have been missed. `is_idle` says that nobody is
    interested."""

    def __init__(
        self,
        reader: Reader,
        *,
        see: Callable[[list[Row]], None],
        prove: Callable[[float], None],
        lost: Callable[[], None],
        is_idle: Callable[[], bool],
    ) -> None:
        self._reader = reader
        self._see = see
        self._prove = prove
        self._lost = lost
        self._is_idle = is_idle
        self._looked_at: datetime | None = None
        self._began: dict[str, datetime] = {}  # what runs, and a time before its first event

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except TryLater as error:
                self._begin_anew(str(error))
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """Once. Raises TryLater."""
        began = monotonic()
        idle = self._is_idle()
        ((now, running),) = await self._reader.rows(_RUNNING)
        if self._looked_at is not None and now < self._looked_at:
            self._begin_anew("the clock went back")
            return
        since = min([self._looked_at or now - _LONGEST, *self._began.values()])
        if idle:
            self._looked_at, self._began = None, {}
        else:
            await self._read(max(since, now - _LONGEST) - _MARGIN)
            # What was not there at the last look began after it.
            before = self._looked_at or now - _LONGEST
            self._began = {number: self._began.get(number, before) for number in running}
            self._looked_at = now
        self._prove(began)

    async def _read(self, since: datetime) -> None:
        rows = await self._reader.rows(_EVENTS, (since,))
        for start in range(0, len(rows), _AT_ONCE):
            self._see(rows[start : start + _AT_ONCE])
            await asyncio.sleep(0)  # an expiry of tens of thousands holds nobody up

    def _begin_anew(self, why: str) -> None:
        if self._looked_at is not None:
            _log.warning("events may have been missed, reading from the database", why=why)
        self._looked_at, self._began = None, {}
        self._lost()
