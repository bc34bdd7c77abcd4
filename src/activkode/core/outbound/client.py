"""The one client for addresses that customers give (DESIGN.md 8): it looks a name up once, connects to what it looked at,
follows nothing, remembers nothing, and has an end in time and in size. No proxy of the environment is asked.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic

import httpcore
import httpx

from activkode.core.outbound.reach import Reach, Refused

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
KEPT_BYTES = 64 * 1024
_TRIED_MOST = 3
_RESOLVING_MOST = 32
Resolve = Callable[[str, int], Awaitable[list[str]]]
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, f"no answer within {TOTAL_SECONDS:.0f} s"),
    (httpcore.ConnectTimeout, f"no connection within {CONNECT_SECONDS:.0f} s"),
    (httpcore.ConnectError, "no connection"),
    (httpcore.TimeoutException, f"no answer within {TOTAL_SECONDS:.0f} s"),
    (httpcore.ProtocolError, "what came back is not HTTP"),
    (httpcore.NetworkError, "the connection broke"),
)


class Unreachable(Exception):
    """Nothing came back; says why in words for the customer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the first 64 KiB of it, and after how many milliseconds."""

    status: int
    body: bytes
    milliseconds: int


class Client:
    """`resolve` and `tls` are for tests."""

    def __init__(
        self, reach: Reach, resolve: Resolve | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._reach = reach
        self._resolve = resolve or _Resolver().addresses
        self._tls = tls or httpx.create_ssl_context(trust_env=False)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends once. Raises Unreachable."""
        began = monotonic()
        try:
            is_tls = self._reach.check_url(url)
            async with asyncio.timeout(TOTAL_SECONDS):
                status, kept = await self._exchange(url, is_tls, headers, body)
        except Refused as error:
            raise Unreachable(str(error)) from error
        except (
            httpcore.ProtocolError,
            httpcore.NetworkError,
            httpcore.TimeoutException,
            TimeoutError,
        ) as error:
            raise Unreachable(_words(error)) from error
        return Answer(status, kept, round((monotonic() - began) * 1000))

    async def _exchange(
        self, url: str, is_tls: bool, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        limits = {"connect": CONNECT_SECONDS, "read": TOTAL_SECONDS, "write": TOTAL_SECONDS}
        pinned = _Pinned(self._reach, self._resolve, is_tls)
        async with (
            httpcore.AsyncConnectionPool(
                ssl_context=self._tls, max_keepalive_connections=0, network_backend=pinned
            ) as pool,
            pool.stream(
                "POST",
                url,
                headers=list({**headers, "Connection": "close"}.items()),
                content=body,
                extensions={"timeout": limits},
            ) as response,
        ):
            return response.status, await _begin_of(response)


async def _begin_of(response: httpcore.Response) -> bytes:
    """So much of the body as is kept; the rest is not read."""
    kept = bytearray()
    async for piece in response.aiter_stream():
        kept += piece
        if len(kept) >= KEPT_BYTES:
            break
    return bytes(kept[:KEPT_BYTES])


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to an address that was looked at. TLS and the Host header keep the name: they are the pool's."""

    def __init__(self, reach: Reach, resolve: Resolve, is_tls: bool) -> None:
        self._reach = reach
        self._resolve = resolve
        self._is_tls = is_tls
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """One of the name's addresses; none where any of them is one that we do not go to. Raises Refused."""
        end = monotonic() + CONNECT_SECONDS
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                addresses = list(dict.fromkeys(await self._resolve(host, port)))
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except (OSError, UnicodeError):
            raise Refused("The name is not known.") from None
        for address in addresses:
            self._reach.check(address, self._is_tls)
        error: Exception = httpcore.ConnectError()
        for address in addresses[:_TRIED_MOST]:
            try:
                return await self._inner.connect_tcp(address, port, max(0.0, end - monotonic()))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error


class _Resolver:
    """Looks names up in threads of its own: a slow server of names keeps only those waiting."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVING_MOST, "resolve")

    async def addresses(self, host: str, port: int) -> list[str]:
        """All addresses of a name. Raises OSError."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return [str(entry[4][0]) for entry in found]


def _words(error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "the certificate is not accepted"
    return next(words for kind, words in _WORDS if isinstance(error, kind))
