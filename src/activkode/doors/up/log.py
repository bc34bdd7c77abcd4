"""One log for all processes: each line carries the name of the process that wrote it."""

import asyncio
import os
import sys
from pathlib import Path

_WIDTH = 12
_COLOURS = (36, 32, 33, 35, 34, 31, 96, 92)
_LONGEST_LINE_BYTES = 64 * 1024


def say(text: str, name: str = "up") -> None:
    """Writes one line. Where nobody reads any more it is dropped: the processes matter more than the log."""
    try:
        sys.stdout.write(f"{_prefix(name)} {text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), sys.stdout.fileno())


async def relay(reading: int, name: str) -> None:
    """Copies what is written to a pipe line by line, until all its writers are gone; closes it.

    A very long line is cut into pieces.
    """
    stream = asyncio.StreamReader()
    with os.fdopen(reading, "rb") as pipe:
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), pipe
        )
        try:
            await _copy(stream, name)
        finally:
            transport.close()


async def _copy(stream: asyncio.StreamReader, name: str) -> None:
    rest = b""
    while chunk := await stream.read(_LONGEST_LINE_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            say(line.decode(errors="replace").rstrip("\r"), name)
        if len(rest) > _LONGEST_LINE_BYTES:
            say(rest.decode(errors="replace"), name)
            rest = b""
    if rest:
        say(rest.decode(errors="replace"), name)


def _prefix(name: str) -> str:
    padded = f"{name:<{_WIDTH}} |"
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return padded
    return f"\033[{_COLOURS[sum(name.encode()) % len(_COLOURS)]}m{padded}\033[0m"
