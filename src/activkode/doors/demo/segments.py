"""A text to the PDUs that carry it, in each way in which carriers do it. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from activkode.doors.carriers.smpp.wire import bodies, gsm7, udh
from activkode.doors.carriers.smpp.wire.bodies import Message
from activkode.doors.carriers.smpp.wire.words import UDH_BIT, Command, Tag, Ton

UCS2_CODING = 0x08
# What fits beside the header of a part (3GPP TS 23.040, 9.2.3.24.1).
ROOM_SEPTETS = {"whole": 160, "narrow": 153, "wide": 152}
ROOM_OCTETS = {"whole": 140, "narrow": 134, "wide": 132}


class Carriage(StrEnum):
    """How a text travels."""

    PARTS = "parts"  # short_message; a long text in parts with an 8-bit reference
    WIDE_PARTS = "wide_parts"  # the same with a 16-bit reference
    SAR = "sar"  # parts by the sar_ parameters
    PAYLOAD = "payload"  # message_payload
    DATA_SM = "data_sm"


@dataclass(frozen=True, slots=True)
class Segment:
    """One PDU to be delivered."""

    command: Command
    body: bytes


def segments(
    text: str,
    *,
    to: str,
    sender: str,
    carriage: Carriage = Carriage.PARTS,
    reference: int = 1,
    ucs2: bool = False,
) -> list[Segment]:
    """The PDUs of a text: GSM 7-bit one septet to an octet where it can be, else (or with `ucs2`) UTF-16."""
    coding, pieces = _encoded(text, ucs2)
    message = Message(
        source=sender.encode(),
        source_ton=Ton.INTERNATIONAL if sender.isdigit() else Ton.ALPHANUMERIC,
        destination=to.encode(),
        data_coding=coding,
    )
    if carriage in (Carriage.PAYLOAD, Carriage.DATA_SM):
        return [_in_one(message, b"".join(pieces), carriage)]
    room = ROOM_OCTETS if coding == UCS2_CODING else ROOM_SEPTETS
    if sum(map(len, pieces)) <= room["whole"]:
        return [_deliver(replace(message, short_message=b"".join(pieces)))]
    parts = _cut(pieces, room["wide" if carriage == Carriage.WIDE_PARTS else "narrow"])
    return [
        _part(message, part, carriage, (reference, len(parts), number))
        for number, part in enumerate(parts, start=1)
    ]


def _encoded(text: str, ucs2: bool) -> tuple[int, list[bytes]]:
    """The data_coding, and the octets of each character: no part may end inside one."""
    if not ucs2:
        try:
            return 0, [gsm7.encode(char) for char in text]
        except ValueError:
            pass  # a character that only UTF-16 has
    return UCS2_CODING, [char.encode("utf-16-be") for char in text]


def _cut(pieces: list[bytes], room: int) -> list[bytes]:
    parts = [b""]
    for piece in pieces:
        if len(parts[-1]) + len(piece) > room:
            parts.append(b"")
        parts[-1] += piece
    return parts


def _in_one(message: Message, octets: bytes, carriage: Carriage) -> Segment:
    whole = replace(message, tlvs={Tag.MESSAGE_PAYLOAD: octets})
    if carriage == Carriage.DATA_SM:
        return Segment(Command.DATA_SM, bodies.encode_data_sm(whole))
    return _deliver(whole)


def _part(message: Message, octets: bytes, carriage: Carriage, numbers: tuple[int, int, int]) -> Segment:
    reference, total, number = numbers
    if carriage == Carriage.SAR:
        tlvs: dict[int, bytes] = {
            Tag.SAR_MSG_REF_NUM: reference.to_bytes(2),
            Tag.SAR_TOTAL_SEGMENTS: bytes((total,)),
            Tag.SAR_SEGMENT_SEQNUM: bytes((number,)),
        }
        return _deliver(replace(message, short_message=octets, tlvs=tlvs))
    element = (
        {udh.CONCATENATED_16: reference.to_bytes(2) + bytes((total, number))}
        if carriage == Carriage.WIDE_PARTS
        else {udh.CONCATENATED_8: bytes((reference % 256, total, number))}
    )
    return _deliver(replace(message, short_message=udh.join(element, octets), esm_class=UDH_BIT))


def _deliver(message: Message) -> Segment:
    return Segment(Command.DELIVER_SM, bodies.encode_deliver_sm(message))
