"""What is sent on the wire, for answers that do not pass the router: status, headers that every answer carries, body."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

ALWAYS: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
)
JSON: Header = (b"content-type", b"application/json")
REQUEST_ID = b"x-request-id"


async def answer(send: Send, status: int, body: bytes, request_id: str, *headers: Header) -> None:
    """A whole answer."""
    length = (b"content-length", b"%d" % len(body))
    everything = [*ALWAYS, *headers, length, (REQUEST_ID, request_id.encode())]
    await send({"type": "http.response.start", "status": status, "headers": everything})
    await send({"type": "http.response.body", "body": body})


async def begin(send: Send, request_id: str, *headers: Header) -> None:
    """The head of an answer whose body comes piece by piece."""
    everything = [*ALWAYS, *headers, (REQUEST_ID, request_id.encode())]
    await send({"type": "http.response.start", "status": 200, "headers": everything})


def encoded(headers: Iterable[tuple[str, str]]) -> list[Header]:
    """Headers as ASGI wants them."""
    return [(name.encode(), value.encode()) for name, value in headers]
