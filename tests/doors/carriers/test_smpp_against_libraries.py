"""Our octets against those of two libraries that others wrote: each side reads what the other one wrote."""

import pytest
import smpplib.gsm
import smpplib.smpp
from aiosmpplib import DeliverSm, PhoneNumber
from aiosmpplib.codec import GSM7BitCodec, GSM7BitPackedCodec, UCS2Codec
from aiosmpplib.protocol import BindTransceiver, SmppMessage
from aiosmpplib.state import TON

from activkode.doors.carriers.smpp import text
from activkode.doors.carriers.smpp.text import Dialect
from activkode.doors.carriers.smpp.translate import translate
from activkode.doors.carriers.smpp.wire import bodies, gsm7, pdu
from activkode.doors.carriers.smpp.wire.bodies import Bind
from activkode.doors.carriers.smpp.wire.pdu import Pdu
from activkode.doors.carriers.smpp.wire.udh import UserData
from activkode.doors.carriers.smpp.wire.words import Command
from activkode.doors.demo.segments import Carriage, segments
from activkode.intake.messages import Inbound

TEXTS = ["Your code is 482913", "€ {4711} [x] ~ ^ | \\ 12", "Ваш код 482913", "验证码 482913 😀", "à@Δ"]


def ours(octets: bytes) -> Inbound:
    """What the receiver makes of a PDU."""
    inbound = translate(pdu.decode(octets), "carl", Dialect()).inbound
    assert inbound is not None
    return inbound


@pytest.mark.parametrize("written", TEXTS)
def test_we_read_what_aiosmpplib_writes(written: str) -> None:
    theirs = DeliverSm(
        sequence_num=7,
        short_message=written,
        source=PhoneNumber("G-Code", TON.ALPHANUMERIC),
        destination=PhoneNumber("4477", TON.INTERNATIONAL),
    )
    inbound = ours(theirs.pdu())
    assert (inbound.text, inbound.sender, inbound.recipient) == (written, "G-Code", "4477")


def test_we_read_the_payload_that_aiosmpplib_writes() -> None:
    written = "long " * 100
    theirs = DeliverSm(sequence_num=7, message_payload=written, destination=PhoneNumber("4477"))
    assert ours(theirs.pdu()).text == written


@pytest.mark.parametrize("written", TEXTS)
def test_aiosmpplib_reads_what_we_write(written: str) -> None:
    [segment] = segments(written, to="4477", sender="Carl")
    octets = pdu.encode(Pdu(segment.command, 9, body=segment.body))
    header = SmppMessage.parse_header(octets[:16])
    theirs = DeliverSm.from_pdu(octets, header, "gsm0338")
    assert (theirs.short_message, theirs.source.number, theirs.destination.number) == (
        written,
        "Carl",
        "4477",
    )


@pytest.mark.parametrize("written", TEXTS[:2])
def test_the_alphabets_agree_with_aiosmpplib(written: str) -> None:
    assert gsm7.encode(written) == GSM7BitCodec().encode(written)[0]
    assert gsm7.decode(gsm7.unpack(GSM7BitPackedCodec().encode(written)[0])) == written


def test_utf16_agrees_with_aiosmpplib() -> None:
    octets = UCS2Codec().encode(TEXTS[3])[0]
    assert text.read(UserData(octets), 0x08, Dialect()).text == TEXTS[3]


@pytest.mark.parametrize("command", ["deliver_sm", "data_sm"])
def test_we_read_what_smpplib_writes(command: str) -> None:
    payload = {"message_payload": b"\x1be 1"} if command == "data_sm" else {"short_message": b"\x1be 1"}
    theirs = smpplib.smpp.make_pdu(
        command,
        sequence=3,
        source_addr_ton=5,
        source_addr="Carl",
        dest_addr_ton=1,
        destination_addr="4477",
        **payload,
    )
    inbound = ours(theirs.generate())
    assert (inbound.text, inbound.sender, inbound.recipient) == ("€ 1", "Carl", "4477")


def test_we_read_the_parts_that_smpplib_cuts() -> None:
    written = "part " * 60
    cut, coding, esm_class = smpplib.gsm.make_parts(written)
    inbounds = [
        ours(
            smpplib.smpp.make_pdu(
                "deliver_sm",
                sequence=number,
                source_addr="Carl",
                destination_addr="4477",
                data_coding=coding,
                esm_class=esm_class,
                short_message=octets,
            ).generate()
        )
        for number, octets in enumerate(cut, start=1)
    ]
    assert "".join(inbound.text for inbound in inbounds) == written
    assert [(i.part.total, i.part.number) for i in inbounds if i.part] == [(2, 1), (2, 2)]


@pytest.mark.parametrize("carriage", [Carriage.PARTS, Carriage.SAR, Carriage.PAYLOAD])
def test_smpplib_reads_what_we_write(carriage: Carriage) -> None:
    for segment in segments("code 4711 " * 20, to="4477", sender="Carl", carriage=carriage, reference=300):
        theirs = smpplib.smpp.parse_pdu(
            pdu.encode(Pdu(segment.command, 5, body=segment.body)), need_sequence=False
        )
        message = bodies.decode_deliver_sm(segment.body)
        assert theirs.destination_addr == b"4477"
        assert (theirs.short_message or b"") == message.short_message
        if carriage == Carriage.PAYLOAD:
            assert theirs.message_payload == message.user_data
        if carriage == Carriage.SAR:
            assert theirs.sar_msg_ref_num == 300


def test_both_libraries_read_our_bind() -> None:
    body = bodies.encode_bind(Bind(b"activkode", b"pass1234", b"ESME"))
    octets = pdu.encode(Pdu(Command.BIND_TRANSCEIVER, 1, body=body))
    theirs = smpplib.smpp.parse_pdu(octets, need_sequence=False)
    assert (theirs.system_id, theirs.password, theirs.system_type) == (b"activkode", b"pass1234", b"ESME")
    other = BindTransceiver.from_pdu(octets, SmppMessage.parse_header(octets[:16]))
    assert (other.system_id, other.password, other.interface_version) == ("activkode", "pass1234", 0x34)
