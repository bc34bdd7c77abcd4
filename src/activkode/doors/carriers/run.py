"""The carriers process: every SMPP link, the SMTP and LMTP listeners, and an orderly end on SIGTERM."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from activkode.config.environment import SettingError
from activkode.doors.carriers import settings
from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.settings import Link, Mail
from activkode.doors.carriers.smpp.receiver import Receiver
from activkode.doors.carriers.smtp.listeners import Listeners
from activkode.intake.messages import Inbound
from activkode.mailbox import incoming
from activkode.mailbox.incoming import Incoming

log = structlog.get_logger(__name__)

STOP_SECONDS = 15.0
BEAT_SECONDS = 5.0


def main() -> None:
    """Runs until SIGTERM or SIGINT; exits with 2 where a setting or a port cannot be used."""
    try:
        links, mail = settings.smpp_links(), settings.mail()
    except SettingError as error:
        log.error("carriers.bad_setting", detail=str(error))
        sys.exit(2)
    handover, contact = _handovers()
    try:
        asyncio.run(serve(links, mail, handover, contact))
    except OSError as error:
        log.error("carriers.cannot_listen", detail=str(error))
        sys.exit(2)
    if not all([each.close(within_seconds=STOP_SECONDS) for each in (handover, contact)]):
        # Threads that hang in the database would keep the process for ever; what they hold was not
        # acknowledged.
        log.warning("carriers.left_hanging")
        sys.stderr.flush()
        os._exit(1)
    log.info("carriers.stopped")


async def serve(
    links: list[Link], mail: Mail, handover: Handover[Inbound], contact: Handover[Incoming]
) -> None:
    """Runs all doors until a signal asks to stop. Raises OSError where a port cannot be had."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    listeners = Listeners(mail, handover, contact)
    await listeners.start()
    receivers = [Receiver(link, handover) for link in links]
    running = [asyncio.create_task(receiver.run()) for receiver in receivers]
    log.info("carriers.ready", ports=listeners.ports, links=[link.name for link in links])
    beating = asyncio.create_task(_beat(lambda: ["mail", *(f"link {r.bound}" for r in receivers if r.bound)]))
    await stopping.wait()
    beating.cancel()
    log.info("carriers.stopping")
    await asyncio.gather(
        listeners.stop(within_seconds=STOP_SECONDS), *(receiver.stop() for receiver in receivers)
    )
    await asyncio.gather(*running)


async def _beat(alive: Callable[[], list[str]]) -> None:
    """Says what is up, for the status page; a database that is away is seen there anyway."""
    from activkode.core.errors import TryLater
    from activkode.core.heartbeat import beat

    # One thread, so that there is one database connection.
    with ThreadPoolExecutor(1, thread_name_prefix="beat") as pool:
        while True:
            for name in alive():
                with contextlib.suppress(TryLater):
                    await asyncio.get_running_loop().run_in_executor(pool, beat, name)
            await asyncio.sleep(BEAT_SECONDS)


def _handovers() -> tuple[Handover[Inbound], Handover[Incoming]]:
    """Wired to intake and to the contact mailbox, which need Django's connections to be set up first."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
    django.setup()
    from activkode.intake.deliver import receive, settle
    from activkode.intake.match import known_address

    # Threads apart: authentication may wait for the DNS, and no code waits for that.
    contact = Handover(incoming.receive, _settle_mail, lambda _: False, threads=4)
    return Handover(receive, settle, known_address), contact


def _settle_mail(mail_id: int) -> object:
    """Loads what reads mails with the first of them: it knows three chains' addresses, and takes its time."""
    from activkode.mailbox import operations

    return operations.settle(mail_id)


if __name__ == "__main__":
    main()
