"""The clock as a process: how it ends."""

import os
import signal
import subprocess
import sys
import time

CLOCK = """
import django
django.setup()
from activkode.doors.clock import loops
loops.LOOPS = tuple(loops.Loop(str(number), 1.0, lambda: False) for number in range(8))
loops.payouts.loops = loops.mailbox.loops = lambda: []
loops.main()
"""


def test_many_signals_at_once_end_it_as_one_does() -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "activkode.config.settings",
        "ACTIVKODE_PEOPLE": "0",
    }
    with subprocess.Popen([sys.executable, "-c", CLOCK], stdout=subprocess.PIPE, env=environment) as clock:
        assert clock.stdout is not None
        first = clock.stdout.readline()
        if b"clock.ready" not in first:
            clock.kill()  # else leaving the block would wait for it for ever
        assert b"clock.ready" in first
        for _ in range(200):
            clock.send_signal(signal.SIGTERM)
            time.sleep(0.0001)

        assert clock.wait(10) == 0
