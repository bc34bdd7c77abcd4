"""Asks from outside whether a server serves."""

import asyncio
from collections.abc import Awaitable, Callable

Probe = Callable[[], Awaitable[bool]]


def http(port: int, path: str = "/") -> Probe:
    """Answers with any status below 500."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()

    async def probe() -> bool:
        status = (await _first_line(port, request)).split(b" ")
        return len(status) > 1 and status[0].startswith(b"HTTP/") and status[1] < b"500"

    return probe


def smtp(port: int) -> Probe:
    """Greets as a mail receiver does."""

    async def probe() -> bool:
        return (await _first_line(port)).startswith(b"220")

    return probe


def accepts(port: int) -> Probe:
    """Takes a connection."""

    async def probe() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return probe


async def _first_line(port: int, request: bytes = b"") -> bytes:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return b""
    try:
        writer.write(request)
        return await asyncio.wait_for(reader.readline(), 10)
    except (OSError, TimeoutError):
        return b""
    finally:
        writer.close()
