"""Forks watchers of a Bitcoin node, one after another, for a test to kill: a process that has imported everything already,
so that each child is at work within milliseconds.

Each line of standard input begets one; its pid, and later how it ended, are written to the descriptor that is given. Its
end comes with that of standard input, and no child outlives it.
"""

import os
import select
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
os.environ.setdefault("ACTIVKODE_PEOPLE", "0")
django.setup()

from activkode.funding.chains.bitcoin import BitcoinNode  # noqa: E402
from activkode.funding.watch import Watcher  # noqa: E402

_PAUSE_SECONDS = 0.003


def main(url: str, told: int) -> None:
    """Until standard input ends."""
    for _ in iter(sys.stdin.readline, ""):
        pid = os.fork()
        if pid == 0:
            _watch(url)
        os.write(told, f"{pid}\n".encode())
        os.write(told, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())


def _watch(url: str) -> None:
    watcher = Watcher(BitcoinNode(url, {"network": "regtest"}))
    while not select.select([0], [], [], 0)[0]:
        if not watcher.round():
            time.sleep(_PAUSE_SECONDS)
    os._exit(0)


main(sys.argv[1], int(sys.argv[2]))
