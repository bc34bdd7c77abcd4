"""The demo carrier: watches for rentals of demo services and sends their texts over real SMPP and real SMTP.
Holds nothing that a restart would miss, and knows no more of an activation than a carrier would."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog

from activkode.config import environment as env
from activkode.config.environment import SettingError
from activkode.core.errors import TryLater
from activkode.doors.demo.mailer import Mailer
from activkode.doors.demo.plan import Due, plan
from activkode.doors.demo.rentals import Rental, next_rentals
from activkode.doors.demo.scripts import sender_of
from activkode.doors.demo.smsc import FakeSmsc

log = structlog.get_logger(__name__)

LINK_NAME = "demo-smpp"
POLL_SECONDS = 0.25
POLL_AFTER_FAULT_SECONDS = 2.0


def main() -> None:
    """Runs until SIGTERM or SIGINT; exits with 2 where a setting or the port cannot be used."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
    try:
        django.setup()
        link = _own_link()
        mailer = Mailer(env.text("ACTIVKODE_SMTP_HOST", "127.0.0.1"), env.number("ACTIVKODE_SMTP_PORT", 2525))
        asyncio.run(serve(link, mailer))
    except (SettingError, OSError) as error:
        log.error("demo.cannot_start", detail=str(error))
        sys.exit(2)
    log.info("demo.stopped")


async def serve(link: dict[str, Any], mailer: Mailer) -> None:
    """Plays until a signal asks to stop. Raises OSError where the port cannot be had."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    system_id = str(link["system_id"])
    smsc = FakeSmsc({system_id: str(link["password"])})
    await smsc.start(str(link["host"]), int(link["port"]))
    carrier = Carrier(smsc, system_id, mailer)
    watching = asyncio.create_task(carrier.watch(next_rentals))
    log.info("demo.ready", smsc_port=smsc.port, smtp_port=mailer.port)
    await asyncio.wait(
        {watching, asyncio.ensure_future(stopping.wait())}, return_when=asyncio.FIRST_COMPLETED
    )
    watching.cancel()
    await carrier.stop()
    await smsc.stop()
    if watching.done() and not watching.cancelled():
        watching.result()  # ended by itself: a fault that is to be seen


class Carrier:
    """Plays the scripts of the rentals that it is shown."""

    def __init__(self, smsc: FakeSmsc, system_id: str, mailer: Mailer) -> None:
        self._smsc, self._system_id, self._mailer = smsc, system_id, mailer
        self._seen: set[int] = set()
        self._playing: set[asyncio.Task[None]] = set()

    async def watch(self, look: Callable[[int], list[Rental]]) -> None:
        """Looks for new rentals for ever."""
        loop = asyncio.get_running_loop()
        after = 0
        # One thread, so that there is one database connection.
        with ThreadPoolExecutor(1, thread_name_prefix="rentals") as pool:
            while True:
                try:
                    found = await loop.run_in_executor(pool, look, after)
                except TryLater:
                    log.warning("demo.database_gone")
                    await asyncio.sleep(POLL_AFTER_FAULT_SECONDS)
                    continue
                for rental in found:
                    self.play(rental)
                    after = max(after, rental.activation_id)
                await asyncio.sleep(POLL_SECONDS)

    def play(self, rental: Rental) -> None:
        """Schedules the texts of a rental, once."""
        if rental.activation_id in self._seen:
            return
        self._seen.add(rental.activation_id)
        for due in plan(rental):
            task = asyncio.create_task(self._send(rental, due))
            self._playing.add(task)
            task.add_done_callback(self._playing.discard)

    async def stop(self) -> None:
        """Forgets what is not due yet."""
        for task in list(self._playing):
            task.cancel()
        await asyncio.gather(*self._playing, return_exceptions=True)

    async def _send(self, rental: Rental, due: Due) -> None:
        await asyncio.sleep(due.wait_seconds)
        log.info("demo.sends", activation=rental.activation_id, service=rental.service, kind=rental.kind)
        if rental.kind == "sms":
            sender = sender_of(rental.service)
            self._smsc.send(self._system_id, due.text, to=rental.address, sender=sender)
        else:
            await self._mailer.send(service=rental.service, to=rental.address, text=due.text)


def _own_link() -> dict[str, Any]:
    """The link of the carriers' setting that is meant for us. Raises SettingError."""
    for link in env.json("ACTIVKODE_SMPP_LINKS", "[]"):
        if isinstance(link, dict) and link.get("name") == LINK_NAME:
            return link
    raise SettingError(f"ACTIVKODE_SMPP_LINKS has no link named {LINK_NAME}")


if __name__ == "__main__":
    main()
