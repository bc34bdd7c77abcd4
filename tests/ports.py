"""Ports for servers that cannot choose one themselves and say which."""

import random
import socket
from pathlib import Path

_LOWEST = 10_000
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port of 127.0.0.1 below those that the kernel hands out by itself: between this look and the server's start
    no connection and no listener on port 0, of which a run has thousands, can be given it."""
    highest = int(_RANGE.read_text().split()[0]) - 1
    while True:
        port = random.randint(_LOWEST, highest)
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
