"""`activkode up` with stand-ins for the doors: for what concerns the supervisor alone."""

import sys
from collections.abc import Mapping
from signal import SIGTERM

from activkode.doors.up import programs, supervise, tether
from activkode.doors.up.addresses import Addresses

DOOR = """
import os, signal, sys, time
def end(*_):
    print("ended", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("began", os.getpid(), flush=True)
time.sleep(600)
"""


def doors(settings: Mapping[str, str], at: Addresses, demo: bool) -> list[programs.Program]:
    """A clock and a door."""
    argv = tether.command([sys.executable, "-c", DOOR], on_parent_death=SIGTERM)
    return [
        programs.Program("clock", argv, settings, stop_step=1),
        programs.Program("people", argv, settings),
    ]


programs.doors = doors
supervise.up(with_demo=False)
