"""Opens and closes the SMTP and LMTP ports. Counts connections; must not know what a mail is."""

import asyncio
import logging
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog

from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.settings import Mail
from activkode.doors.carriers.smtp.protocol import CALL_LIMITS, Full, OurLMTP, OurSMTP
from activkode.doors.carriers.smtp.reception import Reception
from activkode.intake.messages import Inbound
from activkode.mailbox.incoming import Incoming

log = structlog.get_logger(__name__)

# aiosmtpd logs commands with their addresses, and content when it debugs.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

CLOSING = "421 4.3.2 Closing down, come back later"


class Listeners:
    """`start`, then `stop`. `ports` tells where each of "smtp" and "lmtp" listens."""

    def __init__(
        self, mail: Mail, handover: Handover[Inbound], contact: Handover[Incoming] | None = None
    ) -> None:
        self._mail, self._handover, self._contact = mail, handover, contact
        self._servers: list[asyncio.Server] = []
        self._receptions: list[Reception] = []
        self._live: set[OurSMTP] = set()
        self.ports: dict[str, int] = {}

    async def start(self) -> None:
        """Listens on every port that is not turned off. Raises OSError where one cannot be had."""
        await self._listen("smtp", OurSMTP, self._mail.smtp_port, answers_each=False)
        await self._listen("lmtp", OurLMTP, self._mail.lmtp_port, answers_each=True)

    async def stop(self, *, within_seconds: float) -> None:
        """Takes no new connection, lets the mails under way be answered, hangs up."""
        for server in self._servers:
            server.close()
        deadline = asyncio.get_running_loop().time() + within_seconds
        while any(r.busy for r in self._receptions) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0)  # the answer to the last one is written in this turn of the loop
        for connection in list(self._live):
            connection.hang_up(CLOSING)
        for server in self._servers:
            await server.wait_closed()

    async def _listen(
        self, name: str, kind: Callable[..., Any], port: int | None, *, answers_each: bool
    ) -> None:
        if port is None:
            return
        reception = Reception(
            name, self._handover, self._mail, answers_each=answers_each, contact=self._contact
        )
        connect = partial(
            kind,
            reception,
            self._live,
            max(self._mail.longest_octets, self._mail.contact_octets),
            enable_SMTPUTF8=True,
            hostname=socket.gethostname(),
            ident="ready",
            timeout=self._mail.idle_seconds,
            command_call_limit=CALL_LIMITS,
        )
        loop = asyncio.get_running_loop()
        server = await loop.create_server(partial(self._admit, connect), self._mail.host, port)
        self._servers.append(server)
        self._receptions.append(reception)
        self.ports[name] = server.sockets[0].getsockname()[1]
        log.info("mail.listening", link=name, port=self.ports[name])

    def _admit(self, connect: Callable[[], asyncio.BaseProtocol]) -> asyncio.BaseProtocol:
        return connect() if len(self._live) < self._mail.most_connections else Full()
