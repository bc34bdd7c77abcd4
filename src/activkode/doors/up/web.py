"""Serves the two web doors with granian; must never import an application before the worker that runs it."""

import importlib
import multiprocessing
import os
import signal
from queue import SimpleQueue
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from activkode.doors.up import ports, tether
from activkode.doors.up.faults import StartError

# Open event streams never end by themselves: a stop waits so long for answers under way.
_STOP_SECONDS = 4


def people(host: str, port: int) -> None:
    """Serves the people's pages until SIGTERM. Each thread holds a database connection. Raises StartError."""
    threads = 2 * (os.cpu_count() or 1)
    _serve(
        "activkode.config.wsgi:application",
        Interfaces.WSGI,
        host,
        port,
        blocking_threads=threads,
        backpressure=256,
    )


def machines(host: str, port: int) -> None:
    """Serves the machines' door until SIGTERM; many thousand streams may be open at once. Raises StartError."""
    _serve(
        "activkode.config.asgi:application",
        Interfaces.ASGI,
        host,
        port,
        loop=Loops.uvloop,
        backlog=4096,
        backpressure=20_000,
    )


def _serve(target: str, interface: Interfaces, host: str, port: int, **options: Any) -> None:
    # granian listens with SO_REUSEPORT: where another installation serves the port already, the two would share it in
    # silence, and every second request would reach the wrong database.
    if not ports.is_free(port, host):
        raise StartError(f"port {port} of {host} is taken by another program")
    server = Server(
        target,
        address=host,
        port=port,
        interface=interface,
        http=HTTPModes.http1,
        workers=1,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=_STOP_SECONDS,
        **options,
    )
    server.main_loop_interrupt = _Interrupt()  # type: ignore[assignment]
    server.serve(target_loader=load)


class _Interrupt:
    """What granian's main loop waits for, in the place of a threading.Event: that one hangs for ever when it is set by a
    signal's handler while another handler is just setting it. The kernel sends one signal for each thread of a
    supervisor that is killed."""

    def __init__(self) -> None:
        self._told: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Wakes the main loop, which then looks what there is to do."""
        self._told.put(None)

    def wait(self) -> None:
        """Returns once for each time that it was set."""
        self._told.get()

    def clear(self) -> None:
        """Nothing: what was told is gone when it was waited for."""


def load(target: str) -> Any:
    """Imports the application inside granian's worker, after tying the worker to granian's main process.

    Without the tie, a worker whose parent is killed goes on serving the port.
    """
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None and not tether.bind(signal.SIGKILL, parent.pid):
        raise SystemExit(0)
    module, name = target.split(":")
    return getattr(importlib.import_module(module), name)
