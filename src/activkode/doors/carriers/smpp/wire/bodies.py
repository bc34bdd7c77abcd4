"""The bodies of the PDUs that we read or write: bind, deliver_sm, data_sm and their answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from activkode.doors.carriers.smpp.wire import fields
from activkode.doors.carriers.smpp.wire.fields import Cursor
from activkode.doors.carriers.smpp.wire.pdu import MalformedError
from activkode.doors.carriers.smpp.wire.words import UDH_BIT, Status, Tag, Ton

# deliver_sm allows 21 octets, data_sm 65. Carriers do not keep to the first, and nothing is lost by reading
# on.
LONGEST_ADDRESS = 65
SAR_OCTETS = {Tag.SAR_MSG_REF_NUM: 2, Tag.SAR_TOTAL_SEGMENTS: 1, Tag.SAR_SEGMENT_SEQNUM: 1}


@dataclass(frozen=True, slots=True)
class Message:
    """What deliver_sm and data_sm have in common; data_sm carries its text in message_payload alone."""

    source: bytes
    destination: bytes
    short_message: bytes = b""
    esm_class: int = 0
    data_coding: int = 0
    source_ton: int = Ton.UNKNOWN
    source_npi: int = 0
    destination_ton: int = Ton.INTERNATIONAL
    destination_npi: int = 1
    service_type: bytes = b""
    protocol_id: int = 0
    priority: int = 0
    schedule: bytes = b""
    validity: bytes = b""
    registered_delivery: int = 0
    replace: int = 0
    canned_id: int = 0
    tlvs: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def user_data(self) -> bytes:
        """The text's octets with their header. Only one of the two places may be used (SMPP 3.4, 5.3.2.32);
        of a peer that fills both, the longer one is taken, so that no text is cut."""
        return max(self.short_message, self.tlvs.get(Tag.MESSAGE_PAYLOAD, b""), key=len)

    @property
    def has_header(self) -> bool:
        return bool(self.esm_class & UDH_BIT)


@dataclass(frozen=True, slots=True)
class Bind:
    """The body of the three bind requests."""

    system_id: bytes
    password: bytes = field(repr=False)
    system_type: bytes = b""
    interface_version: int = 0x34
    ton: int = 0
    npi: int = 0
    address_range: bytes = b""


def decode_deliver_sm(body: bytes) -> Message:
    """deliver_sm (SMPP 3.4, 4.6.1). Raises MalformedError."""
    cursor = Cursor(body)
    service_type, source, destination = _addressing(cursor)
    esm_class, protocol_id, priority = cursor.octet(), cursor.octet(), cursor.octet()
    schedule = cursor.c_string(17, Status.RINVCMDLEN)
    validity = cursor.c_string(17, Status.RINVCMDLEN)
    registered_delivery, replace, data_coding, canned_id = (cursor.octet() for _ in range(4))
    short_message = cursor.take(cursor.octet(), Status.RINVMSGLEN)
    return Message(
        source=source[2], source_ton=source[0], source_npi=source[1],
        destination=destination[2], destination_ton=destination[0], destination_npi=destination[1],
        service_type=service_type, esm_class=esm_class, protocol_id=protocol_id, priority=priority,
        schedule=schedule, validity=validity, registered_delivery=registered_delivery, replace=replace,
        data_coding=data_coding, canned_id=canned_id, short_message=short_message, tlvs=_checked_tlvs(cursor),
    )  # fmt: skip


def decode_data_sm(body: bytes) -> Message:
    """data_sm (SMPP 3.4, 4.7.1). Raises MalformedError."""
    cursor = Cursor(body)
    service_type, source, destination = _addressing(cursor)
    esm_class, registered_delivery, data_coding = cursor.octet(), cursor.octet(), cursor.octet()
    return Message(
        source=source[2], source_ton=source[0], source_npi=source[1],
        destination=destination[2], destination_ton=destination[0], destination_npi=destination[1],
        service_type=service_type, esm_class=esm_class, registered_delivery=registered_delivery,
        data_coding=data_coding, tlvs=_checked_tlvs(cursor),
    )  # fmt: skip


def encode_deliver_sm(message: Message) -> bytes:
    """The body of deliver_sm. Raises ValueError for a text over 255 octets or a NUL inside a string."""
    m = message
    return b"".join((
        _encode_addressing(m),
        bytes((m.esm_class, m.protocol_id, m.priority)),
        fields.c_string(m.schedule),
        fields.c_string(m.validity),
        bytes((m.registered_delivery, m.replace, m.data_coding, m.canned_id, len(m.short_message))),
        m.short_message,
        fields.tlvs(m.tlvs),
    ))  # fmt: skip


def encode_data_sm(message: Message) -> bytes:
    """The body of data_sm; fields that data_sm lacks are left out. Raises ValueError for a NUL inside a
    string."""
    m = message
    flags = bytes((m.esm_class, m.registered_delivery, m.data_coding))
    return _encode_addressing(m) + flags + fields.tlvs(m.tlvs)


def encode_bind(bind: Bind) -> bytes:
    """The body of a bind request. Raises ValueError for a NUL inside a string."""
    names = (bind.system_id, bind.password, bind.system_type)
    numbers = bytes((bind.interface_version, bind.ton, bind.npi))
    return b"".join(map(fields.c_string, names)) + numbers + fields.c_string(bind.address_range)


def decode_bind(body: bytes) -> Bind:
    """The body of a bind request, lengths taken liberally. Raises MalformedError."""
    cursor = Cursor(body)
    return Bind(
        system_id=cursor.c_string(LONGEST_ADDRESS, Status.RINVSYSID),
        password=cursor.c_string(LONGEST_ADDRESS, Status.RINVPASWD),
        system_type=cursor.c_string(LONGEST_ADDRESS, Status.RINVCMDLEN),
        interface_version=cursor.octet(),
        ton=cursor.octet(),
        npi=cursor.octet(),
        address_range=cursor.c_string(LONGEST_ADDRESS, Status.RINVCMDLEN),
    )


def _addressing(cursor: Cursor) -> tuple[bytes, tuple[int, int, bytes], tuple[int, int, bytes]]:
    service_type = cursor.c_string(LONGEST_ADDRESS, Status.RINVSERTYP)
    source = cursor.octet(), cursor.octet(), cursor.c_string(LONGEST_ADDRESS, Status.RINVSRCADR)
    destination = cursor.octet(), cursor.octet(), cursor.c_string(LONGEST_ADDRESS, Status.RINVDSTADR)
    return service_type, source, destination


def _encode_addressing(m: Message) -> bytes:
    return b"".join((
        fields.c_string(m.service_type),
        bytes((m.source_ton, m.source_npi)),
        fields.c_string(m.source),
        bytes((m.destination_ton, m.destination_npi)),
        fields.c_string(m.destination),
    ))  # fmt: skip


def _checked_tlvs(cursor: Cursor) -> dict[int, bytes]:
    found = cursor.tlvs()
    for tag, octets in SAR_OCTETS.items():
        if tag in found and len(found[tag]) != octets:
            raise MalformedError(Status.RINVPARLEN, f"{tag.name} must have {octets} octets")
    return found
