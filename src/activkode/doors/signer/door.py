"""The signer's ear: two questions in JSON over HTTP, from whoever has the shared secret. Must tell nothing to anybody else,
and must never log a body.

Meant for loopback, a socket in the file system, or a private network between two machines (a tunnel): it speaks no TLS.
"""

import contextlib
import hmac
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import structlog

from activkode.doors.signer.desk import Asked, Desk
from activkode.doors.signer.journal import Broken
from activkode.doors.signer.limits import Refused
from activkode.doors.signer.settings import Ear
from activkode.funding.policy import Asset

log = structlog.get_logger("activkode.signer")

_MOST_OCTETS = 1_000_000
_IDLE_SECONDS = 10
_DIGITS = 80


class LimitsAsked(msgspec.Struct, forbid_unknown_fields=True):
    """POST /limits: would so much be signed now? Amounts in smallest units, as texts."""

    asset: Asset
    amount: str
    fee: str = "0"
    destination: str | None = None


class SignAsked(msgspec.Struct, forbid_unknown_fields=True):
    """POST /sign: an unsigned transaction of a payout, as withdrawals.chains.base.Unsigned.body has it."""

    payout: str
    asset: Asset
    body: dict[str, Any]


class Door(ThreadingHTTPServer):
    """Answers from `serve_forever` to `shutdown`. Raises OSError where it cannot listen."""

    daemon_threads = True
    request_queue_size = 16

    def __init__(self, ear: Ear, secret: bytes, desk: Desk) -> None:
        self.secret, self.desk = secret, desk
        if ear.path:
            self.address_family = socket.AF_UNIX
            Path(ear.path).unlink(missing_ok=True)
        elif ":" in ear.host:
            self.address_family = socket.AF_INET6
        super().__init__(ear.path or (ear.host, ear.port), _Request)  # type: ignore[arg-type]

    def server_bind(self) -> None:
        """Its base asks for the name of a host, which a path has not got."""
        if self.address_family == socket.AF_UNIX:
            self.socket.bind(self.server_address)
            Path(str(self.server_address)).chmod(0o600)
            self.server_name, self.server_port = "signer", 0
        else:
            super().server_bind()

    def handle_error(self, *_: object) -> None:
        """A connection that broke off is no trouble of ours; what was in it is not shown."""
        log.warning("signer.connection_lost")


class _Request(BaseHTTPRequestHandler):
    server: Door
    timeout = _IDLE_SECONDS

    def do_POST(self) -> None:
        """One question."""
        answer = {"/limits": self._limits, "/sign": self._sign}.get(self.path)
        if not self._is_known():
            self._send(403, {"refused": "the secret is wrong"})
        elif answer is None:
            self._send(404, {"refused": "there is no such question"})
        else:
            self._send(*self._answer(answer))

    def _is_known(self) -> bool:
        given = self.headers.get("Authorization", "").encode("latin-1", errors="replace")
        return hmac.compare_digest(given, b"Bearer " + self.server.secret)

    def _answer(self, answer: Callable[[bytes], dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_OCTETS:
            return 413, {"refused": f"a question has a length, of at most {_MOST_OCTETS} octets"}
        try:
            return 200, answer(self.rfile.read(int(length)))
        except (msgspec.DecodeError, RecursionError, ValueError):
            return 400, {"refused": "the question cannot be read"}
        except Refused as refusal:
            log.warning("signer.refused", why=str(refusal))
            return 409, {"refused": str(refusal)}
        except Broken as trouble:
            log.error("signer.broken", why=str(trouble))
            return 503, {"refused": str(trouble)}

    def _limits(self, content: bytes) -> dict[str, Any]:
        asked = msgspec.json.decode(content, type=LimitsAsked)
        self.server.desk.would(Asked(asked.asset, _units(asked.amount), _units(asked.fee), asked.destination))
        return {"would": True}

    def _sign(self, content: bytes) -> dict[str, Any]:
        asked = msgspec.json.decode(content, type=SignAsked)
        return {"raw": self.server.desk.sign(asked.payout, asked.asset, asked.body).hex()}

    def _send(self, status: int, told: dict[str, Any]) -> None:
        content = msgspec.json.encode(told)
        with contextlib.suppress(ConnectionError, TimeoutError):  # who asked has gone, and asks again
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def address_string(self) -> str:
        """A path has no address."""
        return "signer"

    def log_message(self, *_: object) -> None:
        """Says nothing: what is signed and refused is logged where it is decided."""


def _units(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS:
        raise ValueError("no amount")
    return int(text)
