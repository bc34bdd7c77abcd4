"""Asynchronous connections that read for the event loop; they come back by themselves, and must never write."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from socket import SHUT_RDWR, socket
from time import monotonic
from typing import Any

import psycopg
from django.db import connection as django_connection

from activkode.core.errors import TryLater

Row = tuple[Any, ...]
Connection = psycopg.AsyncConnection[Row]
ANSWER_SECONDS = 3.0
_REST_SECONDS = 0.25
_TRIES = 3
_DJANGOS_OWN = {"context", "cursor_factory", "prepare_threshold", "server_side_binding"}


class Reader:
    """One connection; statements go one after another. One whose connection breaks is repeated on a new one. While the
    database is away all are refused at once, but for one try in a quarter second."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()
        self._rests_until = 0.0

    async def rows(self, query: str, params: Sequence[Any] = ()) -> list[Row]:
        """All rows of a statement. Raises TryLater when the database does not answer within 3 s."""
        async with self._turn:
            if monotonic() < self._rests_until:
                raise TryLater("the database is away")
            try:
                return await self._persistently(query, params)
            except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as error:
                await self.close()
                self._rests_until = monotonic() + _REST_SECONDS
                raise TryLater(type(error).__name__) from error

    async def close(self) -> None:
        """Ends the connection; the next statement opens another."""
        kept, self._connection = self._connection, None
        if kept is not None:
            await kept.close()

    async def _persistently(self, query: str, params: Sequence[Any]) -> list[Row]:
        for _ in range(_TRIES - 1):
            try:
                return await self._once(query, params)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                if self._connection is None or not self._connection.closed:
                    raise  # it could not be opened, or it refused this statement
                await self.close()
        return await self._once(query, params)

    async def _once(self, query: str, params: Sequence[Any]) -> list[Row]:
        if self._connection is None:
            self._connection = await connect(self._name)
        asking = asyncio.create_task(_ask(self._connection, query, params))
        try:
            await asyncio.wait((asking,), timeout=ANSWER_SECONDS)
        finally:
            if not asking.done():
                _hang_up(self._connection, asking)
                self._connection = None
        if self._connection is None:
            raise TimeoutError
        return asking.result()


async def _ask(connection: Connection, query: str, params: Sequence[Any]) -> list[Row]:
    return await (await connection.execute(query.encode(), params or None)).fetchall()


def _hang_up(connection: Connection, asking: "asyncio.Task[list[Row]]") -> None:
    """Ends a statement that is not answered. Cancelling it would ask the server, which does not answer either."""
    with suppress(OSError), socket(fileno=os.dup(connection.fileno())) as wire:
        wire.shutdown(SHUT_RDWR)

    def bury(done: "asyncio.Task[list[Row]]") -> None:
        done.exception()  # whatever it is, it was told as a time-out
        connection.pgconn.finish()

    asking.add_done_callback(bury)


async def connect(name: str) -> Connection:
    """A connection with the application's settings and rights. Raises psycopg.OperationalError."""
    given = django_connection.get_connection_params()
    # These connections look for a handful of rows by an index; a plan that reads a whole table is never right.
    options = (
        f"{given.get('options', '')} -c enable_seqscan=off -c statement_timeout={ANSWER_SECONDS * 1000:.0f}"
    )
    ours = {"application_name": name, "options": options.strip(), "connect_timeout": 3, "autocommit": True}
    wanted = {key: value for key, value in given.items() if key not in _DJANGOS_OWN}
    return await psycopg.AsyncConnection.connect(**wanted | ours)
