"""How much one customer may ask, and what stays within bounds when nobody reads or nobody asks."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from activkode.core.errors import Code, Refusal, TryLater
from activkode.doors.machines.buckets import Buckets
from activkode.doors.machines.database import Reader
from activkode.doors.machines.live.board import Board, Entry
from activkode.doors.machines.live.events import Event, block
from activkode.doors.machines.live.streams import QUEUE_MOST, Stream
from activkode.doors.machines.workers import Workers
from doors.machines import outside
from doors.machines.outside import Door, problems

EVENT = Event(1, 1, "2026-01-31T12:00:00.000Z", "activation.cancelled", 7, 2)


@pytest.fixture
def strict_door(their_database: str, tmp_path: Path) -> Iterator[Door]:
    """Three calls at once, then one a second."""
    limits = {"ACTIVKODE_MACHINES_BURST": "3", "ACTIVKODE_MACHINES_PER_SECOND": "1"}
    started = outside.start(tmp_path / "log", **limits)
    yield started
    started.stop()


def test_too_many_calls_are_told_when_to_come_back(strict_door: Door) -> None:
    alice, bob = strict_door.customer(), strict_door.customer()
    answers = [alice.http.get("/v1/balance") for _ in range(5)]

    assert [answer.status_code for answer in answers][:3] == [200, 200, 200]
    assert problems(answers[4], 429, "too_many_requests")["retry_after"] == 1
    assert re.fullmatch(r"[1-9]\d*", answers[4].headers["retry-after"])
    assert bob.http.get("/v1/balance").status_code == 200


def test_polls_are_never_limited(strict_door: Door) -> None:
    alice = strict_door.customer("10.00")
    rented = alice.rent()

    polls = [alice.http.get(f"/v1/activations/{rented['id']}").status_code for _ in range(100)]

    assert polls == [200] * 100


def test_a_bucket_fills_again() -> None:
    buckets = Buckets(burst=2, per_second=1000)
    for _ in range(50):
        for _ in range(2):
            buckets.take(1)
        asyncio.run(asyncio.sleep(0.003))


def test_a_bucket_that_is_empty_refuses() -> None:
    buckets = Buckets(burst=1, per_second=1)
    buckets.take(1)

    with pytest.raises(Refusal) as refused:
        buckets.take(1)

    assert refused.value.code is Code.TOO_MANY_REQUESTS


def test_a_stream_that_nobody_reads_is_cut_off() -> None:
    async def story() -> int:
        async def stuck(_: bytes) -> None:
            await asyncio.Event().wait()

        stream = Stream(1, b"", 0)
        stream.behind = False
        serving = asyncio.create_task(_serve(stream, stuck))
        await asyncio.sleep(0)
        for seq in range(1, QUEUE_MOST + 2):
            event = Event(1, seq, EVENT.at, EVENT.type, 7, seq)
            stream.push(event, block(event))
        with pytest.raises(asyncio.CancelledError):
            await serving
        return stream.seq

    assert asyncio.run(story()) == QUEUE_MOST


async def _serve(stream: Stream, write: outside.Any) -> None:
    stream._task = asyncio.current_task()
    await stream.serve(Reader("nobody"), write)


def test_the_board_forgets_what_nobody_asks_about() -> None:
    async def story() -> list[int]:
        board = Board(Reader("nobody"), most=10)
        sizes = []
        for number in range(15):
            board._keep((1, number), Entry(1, b"{}"))
        sizes.append(len(board))
        board.sweep()
        sizes.append(len(board))
        board.sweep()
        return [*sizes, len(board)]

    assert asyncio.run(story()) == [10, 10, 0]


def test_calls_beyond_what_may_wait_are_refused_at_once() -> None:
    async def story() -> list[str]:
        workers = Workers(threads=1, waiting_most=2, patience_seconds=5)
        workers.start()
        gate = asyncio.Event()
        loop = asyncio.get_running_loop()
        waiting = [asyncio.create_task(workers.run(_blocked, loop, gate)) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(TryLater):
            await workers.run(str, 1)
        gate.set()
        found = [await one for one in waiting]
        workers.stop()
        return found

    assert asyncio.run(story()) == ["done", "done"]


def test_a_call_that_takes_too_long_is_given_up() -> None:
    async def story() -> None:
        workers = Workers(threads=1, waiting_most=2, patience_seconds=0.05)
        workers.start()
        gate = asyncio.Event()
        with pytest.raises(TryLater):
            await workers.run(_blocked, asyncio.get_running_loop(), gate)
        gate.set()
        await asyncio.sleep(0.05)
        assert await workers.run(str, 1) == "1"
        workers.stop()

    asyncio.run(story())


def _blocked(loop: asyncio.AbstractEventLoop, gate: asyncio.Event) -> str:
    asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(5)
    return "done"
