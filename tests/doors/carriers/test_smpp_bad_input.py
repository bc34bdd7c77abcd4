"""Malformed PDUs over real sockets: each gets its status, the link survives where its frame does, nothing
crashes."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activkode.doors.carriers.smpp.receiver import Receiver
from activkode.doors.carriers.smpp.wire import bodies, pdu
from activkode.doors.carriers.smpp.wire.bodies import Message
from activkode.doors.carriers.smpp.wire.pdu import Pdu
from activkode.doors.carriers.smpp.wire.words import Command, Status
from activkode.doors.demo.esme import Esme
from activkode.doors.demo.segments import Segment
from activkode.doors.demo.smsc import FakeSmsc
from doors.carriers.recorder import PASSWORD, SYSTEM_ID, Recorder

pytestmark = pytest.mark.anyio

Eventually = Callable[..., Awaitable[None]]
SOUND = bodies.encode_deliver_sm(Message(b"Carl", b"4477", short_message=b"Your code is 482913"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", Status.RINVCMDLEN),
        (SOUND[:12], Status.RINVCMDLEN),
        (SOUND[:-1], Status.RINVMSGLEN),
        (SOUND + b"\x04", Status.RINVOPTPARSTREAM),
        (SOUND + b"\x04\x24\xff\xff", Status.RINVOPTPARSTREAM),
        (SOUND + b"\x02\x0c\x00\x01x", Status.RINVPARLEN),
        (b"\0\0\0" + b"4" * 80 + b"\0" + SOUND, Status.RINVSRCADR),
        (bodies.encode_deliver_sm(Message(b"Carl", b"", short_message=b"1")), Status.RINVDSTADR),
    ],
)
async def test_a_malformed_message_is_refused_and_the_link_survives(
    esme: Esme, recorder: Recorder, body: bytes, status: Status
) -> None:
    answer = await esme.ask(Command.DELIVER_SM, body, 5)
    assert (answer.command, answer.status, answer.body) == (Command.DELIVER_SM_RESP, status, b"")
    assert recorder.calls == 0
    assert await esme.deliver(Segment(Command.DELIVER_SM, SOUND), 5) == Status.ROK


@pytest.mark.parametrize("command", [0x77, 0x00, Command.SUBMIT_SM, Command.BIND_TRANSCEIVER, 0x0001_0000])
async def test_an_unknown_command_is_nacked_and_the_link_survives(esme: Esme, command: int) -> None:
    answer = await esme.ask(command, b"whatever", 5)
    assert (answer.command, answer.status) == (Command.GENERIC_NACK, Status.RINVCMDID)
    assert (await esme.ask(Command.ENQUIRE_LINK, b"", 5)).status == Status.ROK


@pytest.mark.parametrize("length", [0, 1, 15, 70_001, 0x7FFFFFFF, 0xFFFFFFFF])
async def test_a_length_that_cannot_be_is_nacked_and_ends_the_connection(
    smsc: FakeSmsc, esme: Esme, eventually: Eventually, length: int
) -> None:
    esme.send_octets(
        length.to_bytes(4) + Command.DELIVER_SM.to_bytes(4) + bytes(4) + (99).to_bytes(4) + b"x" * 64
    )
    await eventually(lambda: esme not in smsc.esmes)
    assert Pdu(Command.GENERIC_NACK, 99, Status.RINVCMDLEN) in esme.received
    assert await smsc.bound(SYSTEM_ID) is not esme


async def test_responses_that_nobody_asked_for_are_left_without_answer(esme: Esme) -> None:
    before = len(esme.received)
    for command in (Command.DELIVER_SM_RESP, Command.GENERIC_NACK, Command.UNBIND_RESP, 0x8000_0077):
        esme.send_octets(pdu.encode(Pdu(command, 4711, Status.RSYSERR)))
    assert (await esme.ask(Command.ENQUIRE_LINK, b"", 5)).status == Status.ROK
    assert len(esme.received) == before + 1


async def test_a_pdu_in_many_small_pieces_is_one_pdu(
    esme: Esme, recorder: Recorder, eventually: Eventually
) -> None:
    for octet in pdu.encode(Pdu(Command.DELIVER_SM, 500, body=SOUND)):
        esme.send_octets(bytes((octet,)))
        await asyncio.sleep(0)
    await eventually(lambda: recorder.texts == ["Your code is 482913"])


async def test_half_a_pdu_and_then_the_end_keeps_nothing(
    smsc: FakeSmsc, esme: Esme, recorder: Recorder, eventually: Eventually
) -> None:
    esme.send_octets(pdu.encode(Pdu(Command.DELIVER_SM, 500, body=SOUND))[:-5])
    esme.hang_up()
    await eventually(lambda: esme not in smsc.esmes)
    await smsc.bound(SYSTEM_ID)
    assert recorder.calls == 0


async def test_a_message_before_the_bind_is_answered_is_refused(
    receive_from: Callable[..., Receiver], recorder: Recorder, eventually: Eventually
) -> None:
    answers: list[bytes] = []

    async def eager(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(pdu.encode(Pdu(Command.DELIVER_SM, 1, body=SOUND)))
        bind_octets = 16 + len(f"{SYSTEM_ID}{PASSWORD}") + 3 + 3 + 1
        answers.append((await reader.read(1000))[bind_octets:] or await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(eager, "127.0.0.1", 0)
    receive_from(server.sockets[0].getsockname()[1])
    await eventually(lambda: answers)
    server.close()
    assert pdu.decode(answers[0]) == Pdu(Command.DELIVER_SM_RESP, 1, Status.RINVBNDSTS)
    assert recorder.calls == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(octets=st.binary(min_size=1, max_size=200))
async def test_whatever_octets_come_the_receiver_is_there_afterwards(
    smsc: FakeSmsc, esme: Esme, octets: bytes
) -> None:
    bound = await smsc.bound(SYSTEM_ID)
    bound.send_octets(octets)
    bound.hang_up()
    fresh = await smsc.bound(SYSTEM_ID, other_than=bound)
    assert await fresh.deliver(Segment(Command.DELIVER_SM, SOUND), 5) == Status.ROK


async def test_the_log_names_the_fault_and_holds_neither_text_nor_secret(
    esme: Esme, recorder: Recorder
) -> None:
    recorder.fault = ValueError("Your code is 482913")
    with structlog.testing.capture_logs() as lines:
        await esme.ask(Command.DELIVER_SM, SOUND[:-1], 5)
        await esme.deliver(Segment(Command.DELIVER_SM, SOUND), 5)
    events = {line["event"] for line in lines}
    assert {"smpp.malformed", "carriers.not_kept"} <= events
    assert not any(secret in str(lines) for secret in ("482913", "Your code", PASSWORD))
