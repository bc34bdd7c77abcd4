"""A bounded set of threads for the domain's synchronous calls; each keeps its own database connection.

Plainer than an executor, whose locks and futures cost as much as a small query.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from django.db import connection

from activkode.core.errors import TryLater

Result = TypeVar("Result")
Waiting = asyncio.Future[Any]
Work = tuple[Callable[..., Any], tuple[Any, ...], Waiting]


class Workers:
    """Calls beyond `waiting_most` are refused at once: a queue that cannot be served only makes everyone late."""

    def __init__(self, threads: int, waiting_most: int, patience_seconds: float) -> None:
        self._threads = threads
        self._waiting_most = waiting_most
        self._patience_seconds = patience_seconds
        self._waiting = 0
        self._generation = 0
        self._asked: SimpleQueue[Work | None] = SimpleQueue()
        self._answered: deque[tuple[Waiting, Any, BaseException | None]] = deque()
        self._is_coming = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begins, in the running loop."""
        self._loop = asyncio.get_running_loop()
        for number in range(self._threads):
            threading.Thread(target=self._work, name=f"domain-{number}", daemon=True).start()

    def stop(self) -> None:
        """Every thread ends after the call it carries out."""
        for _ in range(self._threads):
            self._asked.put(None)

    async def run(self, call: Callable[..., Result], *given: Any) -> Result:
        """The call's result. Raises what it raises; TryLater when too many wait or it takes too long."""
        if self._waiting >= self._waiting_most:
            raise TryLater("too many calls wait")
        assert self._loop is not None, "start comes first"
        answer = self._loop.create_future()
        too_late = self._loop.call_later(self._patience_seconds, _give_up, answer)
        self._waiting += 1
        self._asked.put((call, given, answer))
        try:
            result: Result = await answer
            return result
        finally:
            too_late.cancel()

    def renew(self) -> None:
        """Every thread takes a new connection before its next call: the database was away."""
        self._generation += 1

    def _work(self) -> None:
        generation = self._generation
        while (work := self._asked.get()) is not None:
            if generation != self._generation:
                generation = self._generation
                connection.close()
            self._answer(*work)
        connection.close()

    def _answer(self, call: Callable[..., Any], given: tuple[Any, ...], answer: Waiting) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = call(*given)
        except TryLater as away:
            self.renew()
            error = away
        except BaseException as other:  # noqa: BLE001 - handed to whoever asked
            error = other
        self._answered.append((answer, result, error))
        if not self._is_coming and self._loop is not None:  # one wake-up serves all that are answered by then
            self._is_coming = True
            self._loop.call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        self._is_coming = False  # first, so that nothing answered from here on is left behind
        while self._answered:
            answer, result, error = self._answered.popleft()
            self._waiting -= 1
            if answer.done():  # given up, or nobody listens any more
                continue
            if error is None:
                answer.set_result(result)
            else:
                answer.set_exception(error)


def _give_up(answer: Waiting) -> None:
    if not answer.done():
        answer.set_exception(TryLater("the call took too long"))
