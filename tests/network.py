"""Network off: a test that reaches beyond loopback fails, whatever library it uses in this process."""

import ipaddress
import sys
from typing import Any


class NetworkIsOff(RuntimeError):
    """A test tried to leave this machine."""


def off() -> None:
    """From now on, for the life of this process."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        raise NetworkIsOff(f"network is off in tests: {event} {host}")


def _is_here(host: Any) -> bool:
    if host in {None, "", b"", "localhost", b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False
