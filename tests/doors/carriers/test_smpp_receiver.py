"""The receiver over real sockets, as a carrier's SMSC sees it: what arrives, what is answered, and when."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

import pytest

from activkode.doors.carriers.smpp.receiver import Receiver
from activkode.doors.carriers.smpp.wire import bodies
from activkode.doors.carriers.smpp.wire.bodies import Message
from activkode.doors.carriers.smpp.wire.words import (
    DELIVERY_RECEIPT,
    INTERMEDIATE_NOTICE,
    Command,
    Status,
    Tag,
    Ton,
)
from activkode.doors.demo.esme import Esme
from activkode.doors.demo.segments import Carriage, Segment, segments
from activkode.doors.demo.smsc import UNANSWERED, FakeSmsc
from activkode.intake.messages import Kind, Part
from doors.carriers.recorder import PASSWORD, SYSTEM_ID, Recorder

pytestmark = pytest.mark.anyio

Eventually = Callable[..., Awaitable[None]]
ALICE = "447700900001"


def send(smsc: FakeSmsc, written: str, **options: object):
    return smsc.send(SYSTEM_ID, written, to=ALICE, sender="DemoInstant", **options)


def deliver_sm(**fields: object) -> Segment:
    message = Message(**{"source": b"Carl", "destination": ALICE.encode(), "short_message": b"1"} | fields)
    return Segment(Command.DELIVER_SM, bodies.encode_deliver_sm(message))


@pytest.mark.parametrize("carriage", [Carriage.PARTS, Carriage.PAYLOAD, Carriage.DATA_SM])
@pytest.mark.parametrize(
    "written", ["€uro {braces} [12] \\ 482913", "Ваш код 482913 😀", "Your code is 482913"]
)
async def test_a_text_arrives_as_it_was_sent(
    smsc: FakeSmsc, esme: Esme, recorder: Recorder, carriage: Carriage, written: str
) -> None:
    [delivery] = send(smsc, written, carriage=carriage)
    assert await delivery.outcome() == Status.ROK
    [kept] = recorder.kept
    assert (kept.text, kept.recipient, kept.sender) == (written, ALICE, "DemoInstant")
    assert (kept.carrier, kept.kind, kept.part, kept.raw) == ("carl", Kind.SMS, None, delivery.segment.body)


@pytest.mark.parametrize("carriage", [Carriage.PARTS, Carriage.WIDE_PARTS, Carriage.SAR])
@pytest.mark.parametrize("ucs2", [False, True])
async def test_a_long_text_arrives_in_numbered_parts(
    smsc: FakeSmsc, esme: Esme, recorder: Recorder, carriage: Carriage, ucs2: bool
) -> None:
    written = "The code is {482913}. " * 18
    deliveries = send(smsc, written, carriage=carriage, ucs2=ucs2)
    assert [await delivery.outcome() for delivery in deliveries] == [Status.ROK] * len(deliveries)
    in_order = sorted(recorder.kept, key=lambda inbound: inbound.part.number)
    assert [inbound.part for inbound in in_order] == [
        Part(1, len(deliveries), number) for number in range(1, len(deliveries) + 1)
    ]
    assert "".join(inbound.text for inbound in in_order) == written


@pytest.mark.parametrize(("total", "characters"), [(2, 300), (3, 450), (4, 600)])
async def test_every_order_of_parts_arrives_with_the_right_numbers(
    smsc: FakeSmsc, esme: Esme, recorder: Recorder, total: int, characters: int
) -> None:
    written = ("0123456789" * 60)[:characters]
    for reference, order in enumerate(itertools.permutations(range(total))):
        cut = segments(written, to=ALICE, sender="Carl", reference=reference)
        recorder.kept.clear()
        for position in order:
            assert await esme.deliver(cut[position], 5) == Status.ROK
        assert [inbound.part for inbound in recorder.kept] == [
            Part(reference, total, position + 1) for position in order
        ]


async def test_addresses_come_in_one_spelling(esme: Esme, recorder: Recorder) -> None:
    for address, ton in [("+447700900001", Ton.UNKNOWN), ("00447700900001", Ton.INTERNATIONAL)]:
        await esme.deliver(deliver_sm(destination=address.encode(), destination_ton=ton), 5)
    await esme.deliver(deliver_sm(source="Bücher".encode("latin-1"), destination=b"12345"), 5)
    assert [inbound.recipient for inbound in recorder.kept] == [ALICE, ALICE, "12345"]
    assert recorder.kept[-1].sender == "Bücher"


@pytest.mark.parametrize("kind", [DELIVERY_RECEIPT, INTERMEDIATE_NOTICE])
async def test_a_receipt_is_acknowledged_and_is_no_message(esme: Esme, recorder: Recorder, kind: int) -> None:
    receipt = deliver_sm(short_message=b"id:1 stat:DELIVRD err:000 text:", esm_class=kind)
    assert await esme.deliver(receipt, 5) == Status.ROK
    assert recorder.calls == 0


async def test_the_answer_waits_for_intake_and_settling_follows_it(
    esme: Esme, recorder: Recorder, eventually: Eventually
) -> None:
    recorder.gate.clear()
    answer = asyncio.create_task(esme.deliver(deliver_sm(), 5))
    await eventually(lambda: recorder.calls == 1)
    await asyncio.sleep(0.2)
    assert not answer.done()
    assert recorder.settled == []
    recorder.gate.set()
    assert await answer == Status.ROK
    await eventually(lambda: recorder.settled == [1])


async def test_the_link_stays_alive_and_takes_more_while_intake_is_slow(
    smsc: FakeSmsc, esme: Esme, recorder: Recorder, eventually: Eventually
) -> None:
    recorder.gate.clear()
    deliveries = [smsc.send_segment(SYSTEM_ID, deliver_sm()) for _ in range(20)]
    await eventually(lambda: recorder.calls == 4)  # as many as the test's intake has threads
    alive = await esme.ask(Command.ENQUIRE_LINK, b"", 1)
    assert (alive.command, alive.status) == (Command.ENQUIRE_LINK_RESP, Status.ROK)
    recorder.gate.set()
    assert {await delivery.outcome() for delivery in deliveries} == {Status.ROK}
    assert len(recorder.kept) == 20


async def test_a_database_that_is_away_is_a_temporary_error_and_the_repeat_is_kept(
    smsc: FakeSmsc, esme: Esme, recorder: Recorder, eventually: Eventually
) -> None:
    recorder.is_away = True
    [delivery] = send(smsc, "Your code is 482913")
    await eventually(lambda: len(delivery.statuses) >= 2)
    assert set(delivery.statuses) == {Status.RX_T_APPN}
    recorder.is_away = False
    assert await delivery.outcome() == Status.ROK
    assert recorder.texts == ["Your code is 482913"]


async def test_an_unforeseen_fault_of_intake_is_a_temporary_error_too(esme: Esme, recorder: Recorder) -> None:
    recorder.fault = ZeroDivisionError("text of the message")
    assert await esme.deliver(deliver_sm(), 5) == Status.RX_T_APPN
    recorder.fault = None
    assert await esme.deliver(deliver_sm(), 5) == Status.ROK


async def test_intake_is_asked_once_for_each_pdu(smsc: FakeSmsc, esme: Esme, recorder: Recorder) -> None:
    deliveries = [smsc.send_segment(SYSTEM_ID, deliver_sm()) for _ in range(200)]
    assert {await delivery.outcome() for delivery in deliveries} == {Status.ROK}
    assert recorder.calls == 200
    assert all(len(delivery.statuses) == 1 for delivery in deliveries)


async def test_what_takes_too_long_is_a_temporary_error(
    smsc: FakeSmsc, receive_from: Callable[..., Receiver], recorder: Recorder
) -> None:
    receive_from(smsc.port, keep_seconds=0.1)
    esme = await smsc.bound(SYSTEM_ID)
    recorder.gate.clear()
    assert await esme.deliver(deliver_sm(), 5) == Status.RX_T_APPN


async def test_more_than_the_window_is_told_to_come_again(
    smsc: FakeSmsc, receive_from: Callable[..., Receiver], recorder: Recorder, eventually: Eventually
) -> None:
    receive_from(smsc.port, window=3)
    esme = await smsc.bound(SYSTEM_ID)
    recorder.gate.clear()
    first = [asyncio.create_task(esme.deliver(deliver_sm(), 5)) for _ in range(3)]
    await eventually(lambda: recorder.calls == 3)
    assert await esme.deliver(deliver_sm(), 5) == Status.RX_T_APPN
    recorder.gate.set()
    assert await asyncio.gather(*first) == [Status.ROK] * 3


async def test_a_message_whose_connection_broke_is_kept_and_sent_again(
    smsc: FakeSmsc, esme: Esme, recorder: Recorder, eventually: Eventually
) -> None:
    recorder.gate.clear()
    [delivery] = send(smsc, "Your code is 482913")
    await eventually(lambda: recorder.calls == 1)
    esme.break_off()
    await eventually(lambda: delivery.statuses == [UNANSWERED])
    recorder.gate.set()
    assert await delivery.outcome() == Status.ROK
    # Both are the same original to intake: same link, same octets.
    assert recorder.kept[0] == recorder.kept[1]
    await eventually(lambda: sorted(recorder.settled) == [1, 2])


async def test_a_killed_smsc_is_found_again(
    smsc: FakeSmsc, esme: Esme, recorder: Recorder, receive_from: Callable[..., Receiver]
) -> None:
    await smsc.stop()
    await asyncio.sleep(0.3)
    again = FakeSmsc({SYSTEM_ID: PASSWORD})
    await again.start(port=smsc.port)
    await again.bound(SYSTEM_ID)
    [delivery] = send(again, "after the restart")
    assert await delivery.outcome() == Status.ROK
    await again.stop()
    assert recorder.texts == ["after the restart"]


async def test_a_refused_bind_is_tried_again(
    smsc: FakeSmsc, receive_from: Callable[..., Receiver], eventually: Eventually
) -> None:
    receive_from(smsc.port, password="wrong")
    await eventually(lambda: len(smsc.binds) >= 3)
    assert set(smsc.binds) == {Status.RINVPASWD}


async def test_a_receiver_can_bind_as_receiver_only(
    smsc: FakeSmsc, receive_from: Callable[..., Receiver]
) -> None:
    receive_from(smsc.port, transmits=False)
    esme = await smsc.bound(SYSTEM_ID)
    assert esme.received[0].command == Command.BIND_RECEIVER


async def test_we_ask_a_quiet_peer_for_a_sign_of_life(
    smsc: FakeSmsc, receive_from: Callable[..., Receiver], eventually: Eventually
) -> None:
    receive_from(smsc.port, enquire_seconds=0.05)
    esme = await smsc.bound(SYSTEM_ID)
    await eventually(lambda: sum(p.command == Command.ENQUIRE_LINK for p in esme.received) >= 2)


async def test_a_peer_that_gives_no_sign_of_life_is_left(
    smsc: FakeSmsc, receive_from: Callable[..., Receiver], eventually: Eventually
) -> None:
    receive_from(smsc.port, enquire_seconds=0.05, answer_seconds=0.2)
    esme = await smsc.bound(SYSTEM_ID)
    esme.is_deaf = True
    await eventually(lambda: esme not in smsc.esmes)
    assert await smsc.bound(SYSTEM_ID) is not esme


async def test_an_unbind_by_the_peer_is_answered_after_what_is_under_way(
    esme: Esme, recorder: Recorder, eventually: Eventually
) -> None:
    recorder.gate.clear()
    message = asyncio.create_task(esme.deliver(deliver_sm(), 5))
    await eventually(lambda: recorder.calls == 1)
    unbound = asyncio.create_task(esme.ask(Command.UNBIND, b"", 5))
    await asyncio.sleep(0.1)
    assert not unbound.done()
    recorder.gate.set()
    assert (await message, (await unbound).command) == (Status.ROK, Command.UNBIND_RESP)


async def test_stopping_ends_what_is_under_way_and_then_signs_out(
    smsc: FakeSmsc, receive_from: Callable[..., Receiver], recorder: Recorder, eventually: Eventually
) -> None:
    receiver = receive_from(smsc.port)
    esme = await smsc.bound(SYSTEM_ID)
    recorder.gate.clear()
    message = asyncio.create_task(esme.deliver(deliver_sm(), 5))
    await eventually(lambda: recorder.calls == 1)
    stopping = asyncio.create_task(receiver.stop())
    await asyncio.sleep(0.1)
    assert await esme.deliver(deliver_sm(), 5) == Status.RX_T_APPN
    recorder.gate.set()
    assert await message == Status.ROK
    await stopping
    await eventually(lambda: esme.has_unbound)
    assert len(recorder.kept) == 1


async def test_segments_with_sar_parameters_that_contradict_themselves_are_a_whole_text(
    esme: Esme, recorder: Recorder
) -> None:
    tlvs = {Tag.SAR_MSG_REF_NUM: b"\0\1", Tag.SAR_TOTAL_SEGMENTS: b"\2", Tag.SAR_SEGMENT_SEQNUM: b"\3"}
    assert await esme.deliver(deliver_sm(tlvs=tlvs), 5) == Status.ROK
    assert recorder.kept[0].part is None
