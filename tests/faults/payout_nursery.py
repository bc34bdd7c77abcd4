"""Forks clocks that carry payouts, one after another, each with a crash planted at one point: a process that has imported
everything already, so that each child is at work within milliseconds.

Each line of standard input is an order, as JSON: {asset, rounds, shift, point, victim, pid}. The child kills the victim when
it comes to the point: itself, the signer, or the database's postmaster. How it ended is written to the descriptor given.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
os.environ.setdefault("ACTIVKODE_PEOPLE", "0")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from activkode.core import sql  # noqa: E402
from activkode.core.errors import TryLater  # noqa: E402
from activkode.doors.clock import payouts as clock  # noqa: E402
from activkode.funding.policy import Asset  # noqa: E402
from activkode.withdrawals import payers, signing  # noqa: E402

AWAY = 3  # the database went away under it, as was ordered


def main(told: int) -> None:
    """Until standard input ends."""
    for line in iter(sys.stdin.readline, ""):
        pid = os.fork()
        if pid == 0:
            _live(json.loads(line))
        os.write(told, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())


def _live(order: dict[str, Any]) -> None:
    connections.close_all()
    try:
        sql.execute("select set_config('activkode_test.shift', %s, false)", (order["shift"],))
        payer = payers.payer(Asset(order["asset"]))
        at = signing.signer_at(settings.SIGNER_URL, settings.SIGNER_SECRET_FILE)
        if order["point"]:
            _plant(payer, order["point"], order["pid"] or os.getpid())
        for _ in range(order["rounds"]):
            clock.Carrying().carry(payer, at)
            clock.watch(payer, at)
            time.sleep(0.02)
    except TryLater:
        os._exit(AWAY)
    except Exception as error:  # noqa: BLE001 - it is the parent's to judge
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def _plant(payer: Any, point: str, victim: int) -> None:
    when, what = point.split()
    done = threading.Event()

    def kill() -> None:
        if not done.is_set():
            done.set()
            os.kill(victim, signal.SIGKILL)

    if what == "ask":
        signing.ask_to_sign = _around(signing.ask_to_sign, when, kill)  # type: ignore[assignment]
    elif what == "broadcast":
        payer.broadcast = _around(payer.broadcast, when, kill)
    else:
        sql._execute = _around(sql._execute, when, kill, f"fn.{what}(")


def _around(
    call: Callable[..., Any], when: str, kill: Callable[[], None], word: str = ""
) -> Callable[..., Any]:
    def carried_out(*args: Any) -> Any:
        if word and word not in str(args[0]):
            return call(*args)
        if when == "before":
            kill()
        if when == "during":
            threading.Timer(0.004, kill).start()
        told = call(*args)
        if when == "after":
            kill()
        return told

    return carried_out


main(int(sys.argv[1]))
