"""One connection to a carrier's SMSC, from bind to unbind. A message is acknowledged only after intake has
committed it; while that lasts, the connection stays alive and goes on taking PDUs."""

import asyncio
import itertools

import structlog

from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.settings import Link
from activkode.doors.carriers.smpp.text import Dialect
from activkode.doors.carriers.smpp.translate import translate
from activkode.doors.carriers.smpp.wire import bodies, pdu, stream
from activkode.doors.carriers.smpp.wire.bodies import Bind
from activkode.doors.carriers.smpp.wire.pdu import MalformedError, Pdu
from activkode.doors.carriers.smpp.wire.stream import LostFrameError
from activkode.doors.carriers.smpp.wire.words import RESPONSE_BIT, Command, Status
from activkode.intake.messages import Inbound

log = structlog.get_logger(__name__)

# An answer to a message holds an empty message_id (SMPP 3.4, 4.6.2); one that reports an error holds nothing.
ACCEPTED_BODY = b"\0"


class BindRefusedError(Exception):
    """The SMSC does not let us in; `status` is its reason."""

    def __init__(self, status: int) -> None:
        super().__init__(f"command_status {status:#x}")
        self.status = status


class Session:
    """`bind`, then `serve` until it returns; `stop` from outside ends it in order."""

    def __init__(
        self,
        link: Link,
        handover: Handover[Inbound],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._link, self._handover, self._reader, self._writer = link, handover, reader, writer
        self._dialect = Dialect(link.alphabet, link.codings)
        self._sequences = itertools.count(1)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._last_heard = 0.0
        self._is_stopping = False
        self._ended = asyncio.Event()
        self._log = log.bind(link=link.name)

    async def bind(self) -> None:
        """Signs in. Raises BindRefusedError, TimeoutError, asyncio.IncompleteReadError, LostFrameError."""
        command = Command.BIND_TRANSCEIVER if self._link.transmits else Command.BIND_RECEIVER
        sequence = self._request(command, bodies.encode_bind(_credentials(self._link)))
        async with asyncio.timeout(self._link.answer_seconds):
            while (answer := await stream.read(self._reader)).sequence != sequence or not answer.is_response:
                self._answer_unbound(answer)
        if answer.status != Status.ROK or answer.command != command | RESPONSE_BIT:
            raise BindRefusedError(answer.status)
        self._log.info("smpp.bound")

    async def serve(self) -> None:
        """Takes PDUs until the connection ends. Raises OSError or asyncio.IncompleteReadError when it
        breaks."""
        self._last_heard = asyncio.get_running_loop().time()
        watch = asyncio.create_task(self._watch())
        try:
            await self._read_on()
        except LostFrameError as lost:
            self._log.warning("smpp.lost_frame", length=lost.header.length, sequence=lost.header.sequence)
            self._send(Pdu(Command.GENERIC_NACK, lost.header.sequence, Status.RINVCMDLEN))
            await self._writer.drain()
        finally:
            watch.cancel()
            self._ended.set()

    async def stop(self) -> None:
        """Takes nothing new, ends what is under way, signs out."""
        self._is_stopping = True
        await self._finish()
        if not self._ended.is_set():
            self._request(Command.UNBIND)
        try:
            await asyncio.wait_for(self._ended.wait(), self._link.answer_seconds)
        except TimeoutError:
            self._writer.transport.abort()

    async def close(self) -> None:
        """Frees the socket. What is still under way runs on: a message may be kept though its answer is
        lost."""
        self._writer.close()
        try:
            await asyncio.wait_for(self._writer.wait_closed(), self._link.answer_seconds)
        except OSError:  # broken already, or the peer does not take the last answers
            self._writer.transport.abort()

    async def _read_on(self) -> None:
        while True:
            received = await stream.read(self._reader)
            self._last_heard = asyncio.get_running_loop().time()
            if received.command == Command.UNBIND:
                self._log.info("smpp.unbound_by_peer")
                await self._finish()
                self._answer(received, Status.ROK)
                return
            if received.command == Command.UNBIND_RESP and self._is_stopping:
                return
            self._take(received)
            # A peer that does not read its answers is not read from either.
            await self._writer.drain()

    def _take(self, received: Pdu) -> None:
        match received.command:
            case Command.DELIVER_SM | Command.DATA_SM:
                self._take_message(received)
            case Command.ENQUIRE_LINK:
                self._answer(received, Status.ROK)
            case Command.ALERT_NOTIFICATION | Command.OUTBIND:
                pass  # neither has an answer, and neither matters to a receiver
            case _ if received.is_response:
                self._note_response(received)
            case _:
                self._log.warning(
                    "smpp.unknown_command", command=received.command, sequence=received.sequence
                )
                self._send(Pdu(Command.GENERIC_NACK, received.sequence, Status.RINVCMDID))

    def _take_message(self, received: Pdu) -> None:
        try:
            translated = translate(received, self._link.name, self._dialect)
        except MalformedError as fault:
            told = {"sequence": received.sequence, "status": fault.status.name, "reason": fault.reason}
            self._log.warning("smpp.malformed", **told)
            self._answer(received, fault.status)
            return
        if translated.doubt:
            self._log.warning("smpp.doubtful_text", sequence=received.sequence, doubt=translated.doubt)
        if translated.inbound is None:
            self._log.info("smpp.receipt_ignored", sequence=received.sequence)
            self._answer(received, Status.ROK)
        elif self._is_stopping or len(self._in_flight) >= self._link.window:
            self._log.warning("smpp.not_now", sequence=received.sequence, in_flight=len(self._in_flight))
            self._answer(received, Status.RX_T_APPN)
        else:
            task = asyncio.create_task(self._keep(received, translated.inbound))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)

    async def _keep(self, received: Pdu, inbound: Inbound) -> None:
        original_id = await self._handover.keep(inbound, within_seconds=self._link.keep_seconds)
        if original_id is None:
            self._answer(received, Status.RX_T_APPN)
            return
        self._answer(received, Status.ROK)
        self._log.info("smpp.kept", sequence=received.sequence, original=original_id)
        self._handover.settle_later(original_id, self._link.name)

    async def _watch(self) -> None:
        """Asks the peer for a sign of life, and breaks the connection when none comes (SMPP 3.4, 4.11)."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._link.enquire_seconds)
            asked_at = loop.time()
            self._request(Command.ENQUIRE_LINK)
            await asyncio.sleep(self._link.answer_seconds)
            if self._last_heard < asked_at:
                self._log.warning("smpp.silent_peer")
                self._writer.transport.abort()
                return

    async def _finish(self) -> None:
        if self._in_flight:
            await asyncio.wait(set(self._in_flight), timeout=self._link.answer_seconds)

    def _note_response(self, received: Pdu) -> None:
        if received.status != Status.ROK or received.command == Command.GENERIC_NACK:
            self._log.warning("smpp.refused_by_peer", command=received.command, status=received.status)

    def _answer_unbound(self, received: Pdu) -> None:
        if received.command == Command.ENQUIRE_LINK:
            self._answer(received, Status.ROK)
        elif received.command in (Command.DELIVER_SM, Command.DATA_SM):
            self._answer(received, Status.RINVBNDSTS)

    def _request(self, command: Command, body: bytes = b"") -> int:
        sequence = next(self._sequences)
        self._send(Pdu(command, sequence, body=body))
        return sequence

    def _answer(self, received: Pdu, status: Status) -> None:
        is_message = received.command in (Command.DELIVER_SM, Command.DATA_SM)
        body = ACCEPTED_BODY if is_message and status == Status.ROK else b""
        self._send(Pdu(received.command | RESPONSE_BIT, received.sequence, status, body))

    def _send(self, outgoing: Pdu) -> None:
        if not self._writer.is_closing():
            self._writer.write(pdu.encode(outgoing))


def _credentials(link: Link) -> Bind:
    return Bind(
        system_id=link.system_id.encode(),
        password=link.password.encode(),
        system_type=link.system_type.encode(),
        address_range=link.address_range.encode(),
    )
