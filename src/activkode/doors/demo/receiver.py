"""A fake receiver of webhooks, called fake: keeps what it was sent, and answers as it is told to."""

import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONGEST_BODY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """One request; names of headers in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Reply:
    """How a request is answered: after so many seconds, with so many bytes, one by one where it `drips`."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    drips: bool = False


class FakeReceiver:
    """Listens on a free port of loopback from the beginning. `replies` are used up in their order; after the last one, and
    where there is none, `reply` is given."""

    def __init__(self, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.received: list[Received] = []
        self.replies: list[Reply] = []
        self.reply = Reply()
        self._server = _Server(("127.0.0.1", port), _handler(self))
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = int(self._server.server_address[1])
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def wait_for(self, count: int, seconds: float = 10.0) -> list[Received]:
        """What was received, as soon as it is so many."""
        end = time.monotonic() + seconds
        while len(self.received) < count and time.monotonic() < end:
            time.sleep(0.01)
        return self.received

    def next_reply(self) -> Reply:
        """The one that the next request is given."""
        return self.replies.pop(0) if self.replies else self.reply

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that went away is none of our business."""


def _handler(owner: FakeReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("content-length", 0)), LONGEST_BODY))
            headers = {name.lower(): value for name, value in self.headers.items()}
            owner.received.append(Received(self.path, headers, body, time.monotonic()))
            self._answer(owner.next_reply())

        def _answer(self, reply: Reply) -> None:
            time.sleep(reply.seconds)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            for piece in (
                (reply.body[i : i + 1] for i in range(len(reply.body))) if reply.drips else [reply.body]
            ):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(0.2 if reply.drips else 0)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    return Handler
