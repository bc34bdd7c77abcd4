"""Ties a process to its parent, then becomes another program: even SIGKILL of the parent leaves no orphan.

It runs bare (`python -I -S`), as root where PostgreSQL is to be another user, and must import nothing of the
project.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def command(
    program: Sequence[str], *, on_parent_death: signal.Signals, user: tuple[int, int] | None = None
) -> list[str]:
    """The argument list that starts `program` tied to this process, as (uid, gid) `user` where one is given.

    The tie is to the calling thread: start it from a thread that lives as long as the process.
    """
    uid, gid = user or (-1, -1)
    words = [os.getpid(), int(on_parent_death), uid, gid]
    return [sys.executable, "-I", "-S", __file__, *map(str, words), *program]


def bind(on_parent_death: signal.Signals, parent: int) -> bool:
    """Asks the kernel for a signal when the parent dies. False where `parent` is already gone.

    Elsewhere than on Linux there is no such request: there the next start clears up what was left.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, int(on_parent_death), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    return os.getppid() == parent


def main(words: Sequence[str]) -> None:
    """Gives up root if asked, ties itself, then becomes the program."""
    parent, signal_number, uid, gid = map(int, words[:4])
    program = words[4:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After setuid: a change of user clears the request.
    if not bind(signal.Signals(signal_number), parent):
        sys.exit(0)
    os.execv(program[0], list(program))


if __name__ == "__main__":
    main(sys.argv[1:])
