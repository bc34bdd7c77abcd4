"""Where the carriers' event loop hands over to intake or to the contact mailbox, which are synchronous: bounded
threads, and every fault of the database turned into "not now". Must never report a message as kept before its
`receive` has returned."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Generic, Protocol, TypeVar

import structlog

log = structlog.get_logger(__name__)

A = TypeVar("A")
T = TypeVar("T")

# Settling is repeated by the clock: beyond this backlog it is left to it.
MOST_TO_SETTLE = 10_000


class Carried(Protocol):
    """What is handed over; `carrier` names the link, for the log."""

    @property
    def carrier(self) -> str: ...


M = TypeVar("M", bound=Carried)


class Handover(Generic[M]):
    """Calls `receive`, `settle` and `known_address` of who takes the messages in threads of their own, so that
    a slow settling never keeps a message waiting for its acknowledgement."""

    def __init__(
        self,
        receive: Callable[[M], int],
        settle: Callable[[int], object],
        known_address: Callable[[str], bool],
        *,
        threads: int = 8,
    ) -> None:
        self._receive, self._settle, self._known_address = receive, settle, known_address
        self._keepers = ThreadPoolExecutor(threads, thread_name_prefix="keep")
        self._settlers = ThreadPoolExecutor(max(1, threads // 2), thread_name_prefix="settle")
        self._open: set[Future[Any]] = set()

    async def keep(self, inbound: M, *, within_seconds: float) -> int | None:
        """The id of the committed original, or None: not kept as far as is known, and the peer is to
        repeat."""
        waiting = self._awaitable(self._keepers, self._receive, inbound)
        done, _ = await asyncio.wait({waiting}, timeout=within_seconds)
        if not done:
            # Still queued: taken back. Already running: it may commit later, and the repeat is then found
            # doubled.
            waiting.cancel()
            log.warning("carriers.keep_too_slow", link=inbound.carrier, seconds=within_seconds)
            return None
        if error := waiting.exception():
            # The class alone: a database's message may quote the text.
            log.warning("carriers.not_kept", link=inbound.carrier, error=type(error).__name__)
            return None
        return waiting.result()

    def settle_later(self, original_id: int, link: str) -> None:
        """Settles in the background; a fault only costs time, because the clock repeats it."""
        if len(self._open) >= MOST_TO_SETTLE:
            log.warning("carriers.left_to_the_clock", link=link, original=original_id)
            return

        def report(future: "Future[object]") -> None:
            if not future.cancelled() and (error := future.exception()):
                log.warning(
                    "carriers.not_settled", link=link, original=original_id, error=type(error).__name__
                )

        self._submit(self._settlers, self._settle, original_id).add_done_callback(report)

    async def knows(self, address: str) -> bool | None:
        """Whether mail for the address is taken; None where that cannot be told now."""
        waiting = self._awaitable(self._keepers, self._known_address, address)
        await asyncio.wait({waiting})
        if error := waiting.exception():
            log.warning("carriers.address_unanswered", error=type(error).__name__)
            return None
        return waiting.result()

    def close(self, *, within_seconds: float) -> bool:
        """Waits for what is under way, blocking; whether all of it ended in time."""
        self._keepers.shutdown(wait=False)
        left = wait(list(self._open), timeout=within_seconds).not_done
        self._settlers.shutdown(wait=False, cancel_futures=True)
        return not left

    def _awaitable(
        self, pool: ThreadPoolExecutor, call: Callable[[A], T], argument: A
    ) -> "asyncio.Future[T]":
        waiting = asyncio.wrap_future(self._submit(pool, call, argument))
        # Seen to, also when the peer has gone and nobody waits any more: asyncio would log the fault in full.
        waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
        return waiting

    def _submit(self, pool: ThreadPoolExecutor, call: Callable[[A], T], argument: A) -> "Future[T]":
        future = pool.submit(call, argument)
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        return future
