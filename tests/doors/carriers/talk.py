"""A mail client that says exactly what it is told, for the doors' tests."""

import asyncio
import contextlib
from types import TracebackType


class Talk:
    """`async with Talk(port) as talk`, then `await talk.say(b"...")`: each gives the reply's lines."""

    def __init__(self, port: int, greet: bytes = b"EHLO carl.example\r\n") -> None:
        self._port, self._greet = port, greet

    async def __aenter__(self) -> "Talk":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        self.banner = await self.reply()
        if self._greet:
            self.greeting = await self.say(self._greet)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):  # the server may have been first
            await self.writer.wait_closed()

    async def say(self, octets: bytes) -> str:
        """Sends the octets as they are, and reads one reply."""
        self.writer.write(octets)
        return await self.reply()

    async def reply(self) -> str:
        """One reply, all its lines; "" where the peer has hung up."""
        lines = []
        async with asyncio.timeout(10):
            while line := (await self.reader.readline()).decode():
                lines.append(line.rstrip("\r\n"))
                if line[3:4] != "-":
                    break
        return "\n".join(lines)

    async def address(self, *recipients: str, sender: str = "carl@shop.example") -> list[str]:
        """MAIL and RCPTs, then DATA; the replies."""
        lines = [f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{recipient}>" for recipient in recipients), "DATA"]
        return [await self.say(line.encode() + b"\r\n") for line in lines]
