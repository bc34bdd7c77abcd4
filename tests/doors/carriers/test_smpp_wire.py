"""The PDU codec, pure: what is written can be read back, and no octets make it raise anything but its own
error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activkode.doors.carriers.smpp.wire import bodies, pdu, udh
from activkode.doors.carriers.smpp.wire.bodies import Bind, Message
from activkode.doors.carriers.smpp.wire.pdu import MalformedError, Pdu
from activkode.doors.carriers.smpp.wire.words import Command, Status, Tag

octet = st.integers(0, 255)
word = st.integers(0, 0xFFFFFFFF)
address = st.binary(max_size=20).filter(lambda value: b"\0" not in value)
tlvs = st.dictionaries(
    st.integers(0, 0xFFFF).filter(lambda tag: tag not in bodies.SAR_OCTETS),
    st.binary(max_size=300),
    max_size=4,
)
messages = st.builds(
    Message, source=address, destination=address, short_message=st.binary(max_size=255), esm_class=octet,
    data_coding=octet, source_ton=octet, source_npi=octet, destination_ton=octet, destination_npi=octet,
    service_type=address, protocol_id=octet, priority=octet, registered_delivery=octet, replace=octet,
    canned_id=octet, tlvs=tlvs,
)  # fmt: skip


@given(word, word, word, st.binary(max_size=300))
def test_a_pdu_is_read_as_it_was_written(command: int, sequence: int, status: int, body: bytes) -> None:
    written = Pdu(command, sequence, status, body)
    assert pdu.decode(pdu.encode(written)) == written


@given(messages)
def test_a_deliver_sm_is_read_as_it_was_written(message: Message) -> None:
    assert bodies.decode_deliver_sm(bodies.encode_deliver_sm(message)) == message


@given(address, address, octet, octet, tlvs)
def test_a_data_sm_is_read_as_it_was_written(
    source: bytes, destination: bytes, esm_class: int, coding: int, parameters: dict[int, bytes]
) -> None:
    message = Message(source, destination, esm_class=esm_class, data_coding=coding, tlvs=parameters)
    assert bodies.decode_data_sm(bodies.encode_data_sm(message)) == message


@given(address, address, address)
def test_a_bind_is_read_as_it_was_written(system_id: bytes, password: bytes, range_: bytes) -> None:
    bind = Bind(system_id, password, address_range=range_)
    assert bodies.decode_bind(bodies.encode_bind(bind)) == bind


@given(st.binary(max_size=400))
@pytest.mark.parametrize(
    "decode", [pdu.decode, bodies.decode_deliver_sm, bodies.decode_data_sm, bodies.decode_bind]
)
def test_random_octets_raise_only_the_codecs_own_error(decode: object, octets: bytes) -> None:
    try:
        decode(octets)  # type: ignore[operator]
    except MalformedError as fault:
        assert fault.status != Status.ROK


@given(messages, st.data())
def test_every_truncation_of_a_message_is_refused_or_read(message: Message, data: st.DataObject) -> None:
    body = bodies.encode_deliver_sm(message)
    cut = data.draw(st.integers(0, max(0, len(body) - 1)))
    try:
        read = bodies.decode_deliver_sm(body[:cut])
    except MalformedError:
        return
    assert len(read.tlvs) < len(message.tlvs)  # only between two parameters may a body end early


@given(st.binary(max_size=300))
def test_a_user_data_header_of_any_octets_is_taken_off_or_left(octets: bytes) -> None:
    user = udh.split(octets)
    assert octets.endswith(user.octets)
    assert user.is_sound or user.octets == octets


@given(st.dictionaries(octet, st.binary(max_size=8), max_size=8), st.binary(max_size=100))
def test_a_user_data_header_is_read_as_it_was_written(elements: dict[int, bytes], octets: bytes) -> None:
    user = udh.split(udh.join(elements, octets))
    assert (user.elements, user.octets) == (elements, octets)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({udh.CONCATENATED_8: bytes((7, 3, 2))}, (7, 3, 2)),
        ({udh.CONCATENATED_16: bytes((1, 44, 2, 1))}, (300, 2, 1)),
        ({udh.CONCATENATED_8: bytes((7, 3, 0))}, None),
        ({udh.CONCATENATED_8: bytes((7, 3, 4))}, None),
        ({udh.CONCATENATED_8: bytes((7, 0, 0))}, None),
        ({udh.CONCATENATED_8: bytes((7, 1, 1))}, None),
        ({udh.CONCATENATED_8: b"\x07\x03"}, None),
        ({udh.PORTS_16: bytes(4)}, None),
    ],
)
def test_a_part_counts_only_where_its_numbers_can_be_true(
    elements: dict[int, bytes], expected: tuple[int, int, int] | None
) -> None:
    assert udh.split(udh.join(elements, b"text")).concatenation == expected


def test_the_first_of_a_doubled_parameter_counts() -> None:
    body = bodies.encode_data_sm(Message(b"1", b"2", tlvs={Tag.MESSAGE_PAYLOAD: b"first"}))
    assert bodies.decode_data_sm(body + b"\x04\x24\x00\x01x").user_data == b"first"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", Status.RINVCMDLEN),
        (b"\0\x01\x01447700900001", Status.RINVCMDLEN),
        (b"\0\x01\x01" + b"4" * 70 + b"\0", Status.RINVSRCADR),
        (b"\0\x01\x011\0\x01\x01" + b"4" * 70 + b"\0", Status.RINVDSTADR),
        (b"x" * 70 + b"\0", Status.RINVSERTYP),
        (b"\0\0\0\0\0\0\x31\0\0\0\0\0\0\0\0\0\0\x05abc", Status.RINVMSGLEN),
        (b"\0\0\0\0\0\0\x31\0\0\0\0\0\0\0\0\0\0\x03abc\x04", Status.RINVOPTPARSTREAM),
        (b"\0\0\0\0\0\0\x31\0\0\0\0\0\0\0\0\0\0\x00\x04\x24\xff\xffabc", Status.RINVOPTPARSTREAM),
        (b"\0\0\0\0\0\0\x31\0\0\0\0\0\0\0\0\0\0\x00\x02\x0c\x00\x01x", Status.RINVPARLEN),
    ],
)
def test_each_way_of_breaking_a_deliver_sm_has_its_status(body: bytes, status: Status) -> None:
    with pytest.raises(MalformedError) as raised:
        bodies.decode_deliver_sm(body)
    assert raised.value.status == status


@pytest.mark.parametrize("length", [0, 15, 70_001, 0xFFFFFFFF])
def test_a_length_outside_its_limits_loses_the_frame(length: int) -> None:
    octets = length.to_bytes(4) + Command.DELIVER_SM.to_bytes(4) + bytes(8)
    assert not pdu.decode_header(octets).is_framed
