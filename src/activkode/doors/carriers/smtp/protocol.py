"""aiosmtpd's SMTP and LMTP with our own reading of paths and content. Its own path parser can raise on bad
input, and its DATA holds an endless line in memory and refuses a long one."""

import asyncio
from typing import TYPE_CHECKING, Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, syntax

from activkode.doors.carriers.smtp import address, content

if TYPE_CHECKING:
    from activkode.doors.carriers.smtp.reception import Reception

# What one connection may ask for before it has to come again.
CALL_LIMITS = {"MAIL": 1000, "RCPT": 5000, "DATA": 1000, "RSET": 2000, "NOOP": 2000, "*": 50}


class OurSMTP(SMTP):
    """`live` is the set of open connections, which each one enters and leaves."""

    def __init__(
        self, reception: "Reception", live: "set[OurSMTP]", content_octets: int, **options: Any
    ) -> None:
        super().__init__(reception, data_size_limit=content_octets, **options)
        self._live = live

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio's hook."""
        self._live.add(self)
        super().connection_made(transport)
        assert self._handler_coroutine is not None
        # aiosmtpd lets a broken connection end its task with an error that nobody looks at.
        self._handler_coroutine.add_done_callback(lambda done: done.cancelled() or done.exception())

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio's hook."""
        self._live.discard(self)
        super().connection_lost(error)

    def hang_up(self, farewell: str) -> None:
        """Sends a last line and closes."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.write(f"{farewell}\r\n".encode())
            self.transport.close()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """aiosmtpd's hook for MAIL and RCPT: the address and what follows; (None, None) is a syntax error."""
        path, rest = address.split_path(arg)
        if path is None:
            return None, None
        # aiosmtpd takes "" for a missing argument; the null sender is told apart as "<>".
        return path or "<>", rest

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd finds commands by this name
        """Reads the content, hands the envelope to `handle_DATA`, sends its answer."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if arg:
            await self.push("501 5.5.4 DATA takes no argument")
        elif not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 No valid recipients")
        else:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            longest = self.event_handler.longest_octets(self.envelope.rcpt_tos)
            self.envelope.original_content = await content.read(self._reader, longest)
            answer = await self._call_handler_hook("DATA")
            self.envelope = self._create_envelope()
            await self.push(answer)


class OurLMTP(OurSMTP, LMTP):
    """LMTP, which differs in its greeting and in answering once for each recipient."""


class Full(asyncio.Protocol):
    """Tells a peer beyond the limit of connections to come back, and hangs up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """421 in place of a greeting (RFC 5321, 3.8)."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"421 4.3.2 Too many connections, come back later\r\n")
        transport.close()
