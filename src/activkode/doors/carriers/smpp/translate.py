"""A deliver_sm or data_sm to the message that intake takes. Pure; decides nothing about activations."""

from dataclasses import dataclass

from activkode.doors.carriers.smpp import text
from activkode.doors.carriers.smpp.text import Dialect
from activkode.doors.carriers.smpp.wire import bodies, udh
from activkode.doors.carriers.smpp.wire.bodies import Message
from activkode.doors.carriers.smpp.wire.pdu import MalformedError, Pdu
from activkode.doors.carriers.smpp.wire.udh import UserData
from activkode.doors.carriers.smpp.wire.words import (
    DELIVERY_RECEIPT,
    INTERMEDIATE_NOTICE,
    MESSAGE_TYPE_BITS,
    Command,
    Status,
    Tag,
    Ton,
)
from activkode.intake.messages import Inbound, Kind, Part

DECODERS = {Command.DELIVER_SM: bodies.decode_deliver_sm, Command.DATA_SM: bodies.decode_data_sm}


@dataclass(frozen=True, slots=True)
class Translated:
    """What arrived; `inbound` is None for a notice about another message. `doubt` is a word for the log."""

    inbound: Inbound | None
    doubt: str = ""


def translate(pdu: Pdu, link: str, dialect: Dialect) -> Translated:
    """Raises MalformedError for a body that cannot be read or names no recipient."""
    message = DECODERS[Command(pdu.command)](pdu.body)
    if message.esm_class & MESSAGE_TYPE_BITS in (DELIVERY_RECEIPT, INTERMEDIATE_NOTICE):
        return Translated(None)
    user = udh.split(message.user_data) if message.has_header else UserData(message.user_data)
    part = part_of(message, user)
    reading = text.read(user, message.data_coding, dialect, is_part=part is not None)
    inbound = Inbound(
        carrier=link,
        source_id="",  # a deliver_sm carries no identifier of its own (SMPP 3.4, 4.6.1)
        kind=Kind.SMS,
        recipient=recipient_of(message),
        sender=_name(message.source),
        raw=pdu.body,
        text=reading.text,
        part=part,
    )
    return Translated(inbound, reading.doubt)


def recipient_of(message: Message) -> str:
    """E.164 digits without plus or the prefix 00. Raises MalformedError where there is no address."""
    name = _name(message.destination)
    if not name:
        raise MalformedError(Status.RINVDSTADR, "no destination address")
    digits = name.removeprefix("+")
    if not digits.isascii() or not digits.isdigit():
        return name
    international = message.destination_ton in (Ton.INTERNATIONAL, Ton.UNKNOWN)
    return (digits.removeprefix("00") or digits) if international else digits


def part_of(message: Message, user: UserData) -> Part | None:
    """The place of this text in a longer one, from the header or the sar_ parameters; None if it stands
    alone."""
    numbers = user.concatenation or _segmented(message)
    return Part(*numbers) if numbers else None


def _segmented(message: Message) -> tuple[int, int, int] | None:
    tags = (Tag.SAR_MSG_REF_NUM, Tag.SAR_TOTAL_SEGMENTS, Tag.SAR_SEGMENT_SEQNUM)
    values = [message.tlvs[tag] for tag in tags if tag in message.tlvs]
    if len(values) < len(tags):
        return None
    reference, total, number = (int.from_bytes(value) for value in values)
    return udh.sound_part(reference, total, number)


def _name(address: bytes) -> str:
    try:
        return address.decode("ascii").strip()
    except UnicodeDecodeError:
        return address.decode("latin-1").strip()
