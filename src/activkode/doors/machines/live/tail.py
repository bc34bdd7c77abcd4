"""Follows core_event by asking four times a second, so that nothing depends on NOTIFY; and proves how fresh the board is.

Every event is seen, however late its transaction commits: each look remembers which transactions were still running
and goes back to before the oldest of them began.
"""

import asyncio
from collections import deque
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
_LOOK = (Path(__file__).parent / "tail.sql").read_text()
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
        self._marks: deque[tuple[int, datetime]] = deque()

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
        ((now,),) = await self._reader.rows("select fn.now()")
        if self._marks and now < self._marks[-1][1]:
            self._begin_anew("the clock went back")
            return
        if idle or not self._marks:
            self._marks = deque([(0, now - _LONGEST)])
        if not idle:
            oldest, following = await self._read(self._marks[0][1] - _MARGIN)
            self._remember(now, oldest, following)
        self._prove(began)

    async def _read(self, since: datetime) -> tuple[int, int]:
        rows = await self._reader.rows(_LOOK, (since,))
        for start in range(0, len(rows), _AT_ONCE):
            self._see([row[2:] for row in rows[start : start + _AT_ONCE] if row[2] is not None])
            await asyncio.sleep(0)  # an expiry of tens of thousands holds nobody up
        return int(rows[0][0]), int(rows[0][1])

    def _remember(self, now: datetime, oldest: int, following: int) -> None:
        self._marks.append((following, now))
        # What was still running has the number `oldest` or a later one, so it began after each mark up to there.
        while len(self._marks) > 1 and (self._marks[1][0] <= oldest or self._marks[1][1] < now - _LONGEST):
            self._marks.popleft()

    def _begin_anew(self, why: str) -> None:
        if self._marks:
            _log.warning("events may have been missed, reading from the database", why=why)
        self._marks.clear()
        self._lost()
