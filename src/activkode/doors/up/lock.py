"""One holder per directory, released by the kernel when the holder dies in any way."""

import fcntl
import os
from pathlib import Path

from activkode.doors.up.faults import AlreadyRunning


def hold(path: Path, what: str) -> int:
    """Takes the lock and returns its descriptor; closing it lets go. Raises AlreadyRunning, with the holder.

    The descriptor is not inherited, so no child keeps the lock alive.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 20, 0).decode().strip()
        os.close(handle)
        raise AlreadyRunning(f"{what} is already running here (process {holder or 'unknown'})") from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    return handle
