"""Takes requests over HTTP on loopback and gives each body to a function: the ear of the fake node."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener(ThreadingHTTPServer):
    """Answers with what `serve` makes of a path and a body; None: the line goes dead. Port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, port: int, serve: Callable[[str, bytes], bytes | None]) -> None:
        super().__init__(("127.0.0.1", port), _Request)
        self.serve = serve
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body go out together
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Listener)
        answer = server.serve(self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if answer is None:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
