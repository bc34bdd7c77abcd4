"""Hears NOTIFY, which only speeds up what the tail would also find; must never be relied on."""

import asyncio
from collections.abc import Callable

import msgspec
import psycopg
import structlog

from activkode.doors.machines import database
from activkode.doors.machines.live.events import Event, of_notice

_CHECK_SECONDS = 15.0
_AGAIN_SECONDS = 0.5
_log = structlog.get_logger("machines")


async def run(see: Callable[[Event], None], see_many: Callable[[list[tuple[int, int]]], None]) -> None:
    """Until cancelled; a lost connection is opened again."""
    while True:
        try:
            async with await database.connect("machines-listen") as connection:
                await connection.execute("listen activkode")
                await _hear(connection, see, see_many)
        except (psycopg.Error, TimeoutError, OSError) as error:
            _log.warning("not listening, the tail goes on alone", why=type(error).__name__)
        await asyncio.sleep(_AGAIN_SECONDS)


async def _hear(
    connection: database.Connection,
    see: Callable[[Event], None],
    see_many: Callable[[list[tuple[int, int]]], None],
) -> None:
    while True:
        async for notice in connection.notifies(timeout=_CHECK_SECONDS):
            try:
                heard = of_notice(notice.payload)
            except (msgspec.MsgspecError, ValueError):
                _log.warning("a notice that is not ours")
                continue
            if isinstance(heard, Event):
                see(heard)
            else:
                see_many(heard)
        async with asyncio.timeout(database.ANSWER_SECONDS):  # a peer that vanished says nothing: ask
            await connection.execute("select 1")
