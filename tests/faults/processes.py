"""Single processes of the system on the test's own database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals


@contextmanager
def running(
    name: str, directory: Path, *, ends_with: Signals = SIGTERM, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """`activkode <name>`, with its log in the directory; afterwards it is sent that signal, and must obey."""
    words = [sys.executable, "-m", "activkode.cli", name]
    environment = os.environ | {"ACTIVKODE_VAR": str(directory)} | settings
    with (directory / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        try:
            yield process
        except BaseException as error:
            error.add_note((directory / f"{name}.log").read_text()[-2000:])
            raise
        process.send_signal(ends_with)
        assert process.wait(60) == (-SIGKILL if ends_with == SIGKILL else 0)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def audit() -> str:
    """What `activkode audit` prints."""
    words = [sys.executable, "-m", "activkode.cli", "audit"]
    return subprocess.run(words, capture_output=True, text=True, timeout=300, check=False).stdout
