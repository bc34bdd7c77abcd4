"""The doors on real sockets, around an intake that keeps what it is given in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.settings import Link, Mail
from activkode.doors.carriers.smpp.receiver import Receiver
from activkode.doors.carriers.smtp.listeners import Listeners
from activkode.doors.demo.smsc import FakeSmsc
from doors.carriers.recorder import PASSWORD, SYSTEM_ID, Recorder, until


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def eventually() -> Callable[..., object]:
    return until


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def handover(recorder: Recorder) -> Iterator[Handover]:
    made = Handover(recorder.receive, recorder.settle, recorder.known_address, threads=4)
    yield made
    recorder.gate.set()
    assert made.close(within_seconds=5)


@pytest.fixture
async def smsc(anyio_backend: str) -> AsyncIterator[FakeSmsc]:
    fake = FakeSmsc({SYSTEM_ID: PASSWORD}, retry_seconds=0.05, retry_longest_seconds=0.1, answer_seconds=5)
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def receive_from(handover: Handover) -> AsyncIterator[Callable[..., Receiver]]:
    """Starts receivers; each ends with the test."""
    running: list[tuple[Receiver, asyncio.Task[None]]] = []

    def start(port: int, **options: object) -> Receiver:
        plain = {
            "name": "carl",
            "host": "127.0.0.1",
            "port": port,
            "system_id": SYSTEM_ID,
            "password": PASSWORD,
        }
        quick = {"backoff_seconds": 0.02, "backoff_longest_seconds": 0.1, "answer_seconds": 2.0}
        receiver = Receiver(Link(**plain | quick | options), handover)
        running.append((receiver, asyncio.create_task(receiver.run())))
        return receiver

    yield start
    for receiver, task in running:
        await receiver.stop()
        await asyncio.wait_for(task, 10)


@pytest.fixture
async def esme(smsc: FakeSmsc, receive_from: Callable[..., Receiver]):
    """Our receiver as the fake SMSC sees it, bound."""
    receive_from(smsc.port)
    return await smsc.bound(SYSTEM_ID)


@pytest.fixture
async def mail(handover: Handover) -> AsyncIterator[Callable[..., object]]:
    """Starts the mail listeners on free ports; they end with the test."""
    started: list[Listeners] = []

    async def start(**options: object) -> Listeners:
        plain = {"host": "127.0.0.1", "smtp_port": 0, "lmtp_port": 0, "longest_octets": 100_000}
        limits = {"most_connections": 10, "idle_seconds": 20}
        listeners = Listeners(Mail(**plain | limits | options), handover)
        await listeners.start()
        started.append(listeners)
        return listeners

    yield start
    for listeners in started:
        await listeners.stop(within_seconds=5)
