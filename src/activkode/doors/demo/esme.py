"""One bound customer as the fake SMSC sees it: signs in, answers, and matches answers to what was sent."""

import asyncio
import hmac
import itertools
from collections.abc import Callable, Mapping

import structlog

from activkode.doors.carriers.smpp.wire import bodies, pdu, stream
from activkode.doors.carriers.smpp.wire.pdu import MalformedError, Pdu
from activkode.doors.carriers.smpp.wire.stream import LostFrameError
from activkode.doors.carriers.smpp.wire.words import RESPONSE_BIT, Command, Status
from activkode.doors.demo.segments import Segment

log = structlog.get_logger(__name__)

RECEIVING = (Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER)
NAME = b"FakeSmsc\0"


class Gone(ConnectionError):
    """The connection ended before an answer came."""


class Esme:
    """`serve` until the connection ends; `deliver` meanwhile. `system_id` is None until it has signed in."""

    def __init__(
        self,
        accounts: Mapping[str, str],
        on_bind: Callable[[Status], None],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._accounts, self._on_bind, self._reader, self._writer = accounts, on_bind, reader, writer
        self._sequences = itertools.count(1)
        self._awaited: dict[int, asyncio.Future[Pdu]] = {}
        self.system_id: str | None = None
        self.received: list[Pdu] = []
        self.is_deaf = False
        self.has_unbound = False

    async def serve(self) -> None:
        """Answers requests until unbind or the end of the stream."""
        try:
            while (request := await stream.read(self._reader)).command != Command.UNBIND:
                self.received.append(request)
                if not self.is_deaf:
                    self._take(request)
            self.has_unbound = True
            self._answer(request, Status.ROK)
        except (asyncio.IncompleteReadError, LostFrameError, ConnectionError) as error:
            log.info("demo.esme_gone", error=type(error).__name__)
        finally:
            self.system_id = None
            for future in self._awaited.values():
                future.cancel()
            self._writer.close()

    async def deliver(self, segment: Segment, within_seconds: float) -> int:
        """Sends a PDU; the command_status of its answer. Raises Gone, TimeoutError."""
        answer = await self.ask(segment.command, segment.body, within_seconds)
        return answer.status

    async def ask(self, command: int, body: bytes, within_seconds: float) -> Pdu:
        """Sends a request; its answer. Raises Gone, TimeoutError."""
        sequence = next(self._sequences)
        self._awaited[sequence] = asyncio.get_running_loop().create_future()
        self.send_octets(pdu.encode(Pdu(command, sequence, body=body)))
        try:
            return await asyncio.wait_for(self._awaited[sequence], within_seconds)
        except asyncio.CancelledError:
            if self.system_id is None:
                raise Gone from None
            raise
        finally:
            del self._awaited[sequence]

    def send_octets(self, octets: bytes) -> None:
        """Sends octets as they are, however wrong."""
        self._writer.write(octets)

    def hang_up(self) -> None:
        """Closes the connection after what was sent."""
        self._writer.close()

    def break_off(self) -> None:
        """Cuts the connection without a word."""
        self._writer.transport.abort()

    def _take(self, request: Pdu) -> None:
        if request.is_response:
            future = self._awaited.get(request.sequence)
            if future and not future.done():
                future.set_result(request)
        elif request.command in RECEIVING:
            self._sign_in(request)
        elif request.command == Command.ENQUIRE_LINK:
            self._answer(request, Status.ROK)
        else:
            self.send_octets(pdu.encode(Pdu(Command.GENERIC_NACK, request.sequence, Status.RINVCMDID)))

    def _sign_in(self, request: Pdu) -> None:
        status = self._verdict(request.body)
        if status == Status.ROK:
            self.system_id = bodies.decode_bind(request.body).system_id.decode()
        self._answer(request, status, NAME if status == Status.ROK else b"")
        self._on_bind(status)

    def _verdict(self, body: bytes) -> Status:
        try:
            bind = bodies.decode_bind(body)
        except MalformedError as fault:
            return fault.status
        password = self._accounts.get(bind.system_id.decode("latin-1"))
        if password is None:
            return Status.RINVSYSID
        matches = hmac.compare_digest(password.encode(), bind.password)
        return Status.ROK if matches else Status.RINVPASWD

    def _answer(self, request: Pdu, status: Status, body: bytes = b"") -> None:
        if not self._writer.is_closing():
            self.send_octets(pdu.encode(Pdu(request.command | RESPONSE_BIT, request.sequence, status, body)))
