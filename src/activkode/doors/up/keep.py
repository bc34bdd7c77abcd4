"""Keeps one process alive: starts it, copies its lines to the log, starts it again when it dies, stops it."""

import asyncio
import os
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from activkode.doors.up import log
from activkode.doors.up.faults import StartError
from activkode.doors.up.programs import Program

_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0
# A process that lived so long had started well: the next pause is short again.
_SETTLED_SECONDS = 20.0
_READY_SECONDS = 60.0
_DEATHS_BEFORE_READY = 6


class Keeper:
    """One program, alive from start() to stop()."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: Process | None = None
        self._deaths = 0
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to keep it alive."""
        self._task = asyncio.create_task(self._run(), name=self.program.name)

    async def ready(self) -> None:
        """Returns when its probe succeeds. Raises StartError where it dies again and again, or after 60 s."""
        end = time.monotonic() + _READY_SECONDS
        while not await self._serves():
            if self._deaths >= _DEATHS_BEFORE_READY:
                raise StartError(f"{self.program.name} dies at its start: see its lines above")
            if time.monotonic() > end:
                raise StartError(f"{self.program.name} is not ready after {_READY_SECONDS:.0f} s")
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Asks it to end, and ends it by force when it does not."""
        self._stopping.set()
        if self._task is None:
            return
        if self._alive() and self.process is not None:
            self.process.send_signal(self.program.stop_signal)
        done, _ = await asyncio.wait([self._task], timeout=self.program.stop_seconds)
        if not done and self.process is not None:
            log.say(f"{self.program.name} does not stop: killed")
            self.process.kill()
        await self._task

    def _alive(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def _serves(self) -> bool:
        return self._alive() and (self.program.probe is None or await self.program.probe())

    async def _run(self) -> None:
        # One pipe for all its lives: what a dead server's children still hold open delays no restart.
        async with _output(self.program.name) as output:
            await self._keep(output)

    async def _keep(self, output: int) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        while True:
            born = time.monotonic()
            self.process = await _spawn(self.program, output)
            if self._stopping.is_set():  # asked to while it was being started
                self.process.send_signal(self.program.stop_signal)
            code = await self.process.wait()
            if self._stopping.is_set():
                return
            self._deaths += 1
            if time.monotonic() - born > _SETTLED_SECONDS:
                pause_seconds = _FIRST_PAUSE_SECONDS
            log.say(f"{self.program.name} ended ({_ending(code)}), starts again in {pause_seconds:.1f} s")
            if await self._stopped_within(pause_seconds):
                return
            pause_seconds = min(pause_seconds * 2, _LONGEST_PAUSE_SECONDS)
            if self.program.clear:
                await asyncio.to_thread(self.program.clear)

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            return await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False


async def once(program: Program) -> int:
    """Runs a program to its end and returns its exit code; ends it by force when cancelled."""
    async with _output(program.name) as output:
        process = await _spawn(program, output)
        try:
            return await process.wait()
        finally:
            if process.returncode is None:
                process.kill()


async def _spawn(program: Program, output: int) -> Process:
    return await asyncio.create_subprocess_exec(
        *program.argv,
        env=dict(program.environment),
        cwd=program.directory,
        stdin=DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,  # Ctrl-C is for the supervisor, which stops the others in order
    )


@asynccontextmanager
async def _output(name: str) -> AsyncIterator[int]:
    """A pipe whose lines go to the log; a dead process's children may hold it open for 1 s at most."""
    reading, writing = os.pipe()
    copying = asyncio.create_task(log.relay(reading, name))
    try:
        yield writing
    finally:
        os.close(writing)
        await asyncio.wait([copying], timeout=1.0)
        copying.cancel()


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit {code}"
