"""A wire to the database that a test can cut or hold still, as networks do."""

import asyncio
import threading
from types import TracebackType


class Proxy:
    """Passes bytes between a port of its own and the database, while `is_open`; `held` passes nothing, either way."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._flow = asyncio.Event()
        self._flow.set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self.port = 0

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def open(self) -> None:
        """Takes connections."""
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)

    def cut(self) -> None:
        """Ends every connection and takes no new one."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(10)

    def hold(self) -> None:
        """Every byte waits, and nobody is told."""
        self._loop.call_soon_threadsafe(self._flow.clear)

    def go_on(self) -> None:
        """What waited goes on."""
        self._loop.call_soon_threadsafe(self._flow.set)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        self._flow.set()
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()
        while self._writers:
            await asyncio.sleep(0.01)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        beyond_reader, beyond_writer = await asyncio.open_connection(*self._target)
        mine = {writer, beyond_writer}
        self._writers |= mine
        try:
            await asyncio.gather(self._copy(reader, beyond_writer), self._copy(beyond_reader, writer))
        except OSError:
            pass  # one side has gone
        finally:
            for one in mine:
                one.transport.abort()
            self._writers -= mine

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            await self._flow.wait()
            writer.write(piece)
            await writer.drain()
        raise ConnectionResetError
