"""A program that follows its customer's events (SSE) through every break, resuming where it was."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from faults.promises import Promises


class Follower:
    """One thread for one customer. The sequence of what it was told goes to `promises.events`."""

    def __init__(self, url: str, row: dict[str, Any], promises: Promises) -> None:
        self._promises = promises
        self._seen: list[int] = promises.events.setdefault(row["id"], [])
        self._last: int | None = None
        headers = {"authorization": f"Bearer {row['key']}"}
        # Less than a stream's sign of life: a quiet stream is dropped and resumed as well.
        timeout = httpx.Timeout(10, read=4)
        self._client = httpx.Client(base_url=url, headers=headers, timeout=timeout, trust_env=False)

    def follow(self, is_over: Callable[[int | None], bool]) -> None:
        """Until it is over; asked after each event and each break, with the last event's number."""
        with self._client:
            while not is_over(self._last):
                try:
                    self._read(is_over)
                except httpx.TransportError:
                    self._promises.retries["stream"] += 1
                time.sleep(0.1)

    def _read(self, is_over: Callable[[int | None], bool]) -> None:
        headers = {} if self._last is None else {"last-event-id": str(self._last)}
        with self._client.stream("GET", "/v1/events", headers=headers) as answer:
            self._promises.answers[f"stream {answer.status_code}"] += 1
            if answer.status_code not in (200, 503):
                self._promises.never.append(f"stream: {answer.status_code}")
            if answer.status_code != 200:
                return
            number = 0
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    number = int(line.removeprefix("id: "))
                    if self._last is None:
                        self._last = number
                elif line.startswith("data: "):
                    self._seen.append(number)
                    self._last = number
                if is_over(self._last):
                    return
