"""The fake node's HTTP door on loopback: JSON-RPC as Core serves it, with its statuses."""

import base64
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import msgspec

from activkode.doors.demo.chain_settings import NAME, PASSWORD
from activkode.doors.demo.fake_bitcoin.answers import answer
from activkode.doors.demo.fake_bitcoin.errors import METHOD_NOT_FOUND, CoreError

if TYPE_CHECKING:
    from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_PARSE_ERROR, _INVALID_REQUEST = -32700, -32600
_STATUSES = {METHOD_NOT_FOUND: 404, _INVALID_REQUEST: 400}


class Door:
    """Answers from its making to `close`."""

    def __init__(self, chain: "FakeBitcoin", port: int) -> None:
        self._server = _Server(chain, port)
        self.port = self._server.server_port
        self.url = f"http://{NAME}:{PASSWORD}@127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends all connections; returns when no thread of it is left."""
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # joined when it closes
    request_queue_size = 64

    def __init__(self, chain: "FakeBitcoin", port: int) -> None:
        self.chain = chain
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def hang_up(self) -> None:
        """Ends the connections that clients keep open."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # its client was quicker
                continue

    def finish_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        try:
            super().finish_request(request, client_address)
        except ConnectionError:  # a client that hung up
            return
        finally:
            self._open.discard(request)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    _EXPECTED = "Basic " + base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()

    def do_POST(self) -> None:
        """One call, or a list of calls."""
        content = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self.server.chain.faults.is_away:
            self.close_connection = True
        elif self.headers.get("authorization") != self._EXPECTED:
            self._send(401, b"")
        else:
            self._send(*self._answer(content))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its base's name
        """Says nothing."""

    def _answer(self, content: bytes) -> tuple[int, bytes]:
        try:
            asked = msgspec.json.decode(content)
        except msgspec.DecodeError:
            return 500, _ENCODER.encode(_failed(None, CoreError(_PARSE_ERROR, "Parse error")))
        if isinstance(asked, list):
            return 200, _ENCODER.encode([self._one(each)[1] for each in asked])
        code, told = self._one(asked)
        return (_STATUSES.get(code, 500) if code else 200), _ENCODER.encode(told)

    def _one(self, asked: Any) -> tuple[int, dict[str, Any]]:
        try:
            if not isinstance(asked, dict) or not isinstance(asked.get("method"), str):
                raise CoreError(_INVALID_REQUEST, "Invalid Request object")
            result = answer(self.server.chain, asked["method"], list(asked.get("params") or []))
        except CoreError as error:
            number = asked.get("id") if isinstance(asked, dict) else None
            return error.code, _failed(number, error)
        return 0, {"result": result, "error": None, "id": asked.get("id")}

    def _send(self, status: int, body: bytes) -> None:
        if self.server.chain.faults.swallow_answers:
            self.close_connection = True
            return
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="jsonrpc"')
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.chain.faults.cut_bodies:
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)


def _failed(number: Any, error: CoreError) -> dict[str, Any]:
    return {"result": None, "error": {"code": error.code, "message": error.message}, "id": number}
