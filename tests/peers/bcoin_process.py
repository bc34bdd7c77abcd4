"""npm `bcoin` with its shim (tests/peers/bcoin/node.js), in a process of its own."""

import json
import queue
import subprocess
import threading
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "bcoin"


class Bcoin:
    """The script in its own process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", "node.js"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.url = f"http://127.0.0.1:{self._next()['port']}"

    def ask(self, command: str, **fields: object) -> Any:
        """Has it do something; what it tells: of most commands the transaction's id, or the newest block's hash."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"id": 1, "command": command} | fields) + "\n")
        self._process.stdin.flush()
        told = self._next()
        assert "result" in told, told
        return told["result"]

    def close(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.strip():
                self._lines.put(line)

    def _next(self) -> dict[str, Any]:
        return dict(json.loads(self._lines.get(timeout=60)))
