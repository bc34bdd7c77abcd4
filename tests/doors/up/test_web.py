"""A web door serves its port alone."""

import socket
import subprocess
import sys

import pytest

from activkode.doors.up import ports

INTERRUPTED = """
import signal
from activkode.doors.up.web import _Interrupt
interrupt = _Interrupt()
signal.signal(signal.SIGALRM, lambda *_: interrupt.set())
signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
for _ in range(300_000):
    interrupt.set()
    interrupt.wait()
signal.setitimer(signal.ITIMER_REAL, 0)
"""
SERVE = "import sys; from activkode.doors.up import web; web.machines(sys.argv[1], int(sys.argv[2]))"


def test_a_port_that_another_serves_is_refused_though_the_kernel_would_share_it() -> None:
    port = ports.free()
    with socket.socket() as another:
        another.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        another.bind(("127.0.0.1", port))
        another.listen()
        words = [sys.executable, "-c", SERVE, "127.0.0.1", str(port)]
        ended = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)

    assert ended.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in ended.stderr


def test_a_port_of_another_family_is_looked_at_there() -> None:
    try:
        another = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with another:
        port = another.getsockname()[1]

        assert not ports.is_free(port, "::1")
        assert ports.is_free(port, "127.0.0.1")


def test_its_end_may_be_asked_for_by_a_signal_while_another_is_asking() -> None:
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED], timeout=60, check=False)

    assert ended.returncode == 0
