"""Lets calls start together, each in a thread with a database connection of its own, on real commits."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

from activkode.core.errors import Code, Refusal

T = TypeVar("T")


class Crew:
    """Threads that wait at one gate for each round and keep their connections."""

    def __init__(self, size: int) -> None:
        self._gate = threading.Barrier(size)
        self._pool = ThreadPoolExecutor(size)
        self._size = size

    def go(self, calls: Sequence[Callable[[], T]]) -> list[T | Code]:
        """Starts all calls at once; what each gave, or the code of its refusal. As many calls as threads."""
        assert len(calls) == self._size
        waiting = [self._pool.submit(self._wait_and_call, call) for call in calls]
        return [each.result(timeout=60) for each in waiting]

    def close(self) -> None:
        """Closes every thread's connection, then the threads."""
        self.go([lambda: connection.close()] * self._size)  # a lambda: the proxy is to be asked in the thread
        self._pool.shutdown()

    def _wait_and_call(self, call: Callable[[], T]) -> T | Code:
        self._gate.wait(timeout=60)
        try:
            return call()
        except Refusal as refusal:
            return refusal.code


def together(calls: Sequence[Callable[[], T]]) -> list[T | Code]:
    """One round with a crew of its own."""
    crew = Crew(len(calls))
    try:
        return crew.go(calls)
    finally:
        crew.close()
