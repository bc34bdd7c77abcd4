"""Many who ask for a row at the same moment are answered by one query that began after each of them asked."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from itertools import islice
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_MOST = 256


class Batches(Generic[Key, Value]):
    """`read` gives what it found of the keys it is handed; what it raises is raised to everyone who asked."""

    def __init__(self, read: Callable[[list[Key]], Awaitable[dict[Key, Value]]]) -> None:
        self._read = read
        self._waiting: dict[Key, asyncio.Future[Value | Exception | None]] = {}
        self._turn: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Value | None:
        """The value as it is now, None where there is none."""
        future = self._waiting.get(key)
        if future is None:
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._turn is None:
            self._turn = asyncio.create_task(self._take_turns())
        found = await asyncio.shield(future)
        if isinstance(found, Exception):
            raise found
        return found

    async def _take_turns(self) -> None:
        while self._waiting:
            await self._one_turn()
        self._turn = None

    async def _one_turn(self) -> None:
        asked = dict(islice(self._waiting.items(), _MOST))
        for key in asked:
            del self._waiting[key]
        try:
            found = await self._read(list(asked))
        except Exception as error:  # noqa: BLE001 - each who asked gets it, and answers for it
            for future in asked.values():
                future.set_result(error)
            return
        for key, future in asked.items():
            future.set_result(found.get(key))
