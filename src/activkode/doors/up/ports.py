"""Finds ports on which a server can listen."""

import random
import socket

# Below the range from which the kernel takes the ports of outgoing connections: a kept port stays free.
_KEPT_PORTS = range(20_000, 32_000)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free(preferred: int = 0, host: str = "127.0.0.1") -> int:
    """The preferred port where it is free, else another. Raises OSError where none is found."""
    if preferred and is_free(preferred, host):
        return preferred
    for port in random.sample(_KEPT_PORTS, 200):
        if is_free(port, host):
            return port
    raise OSError("no free port found")
