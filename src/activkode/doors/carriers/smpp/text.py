"""Octets of a short message to text, by data_coding and the link's default alphabet. Never raises: what
cannot be read becomes U+FFFD and a doubt for the log; the octets themselves are kept elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from activkode.doors.carriers.smpp.wire import gsm7
from activkode.doors.carriers.smpp.wire.udh import UserData

UNREADABLE = "\ufffd"
# A surrogate pair may be cut by the end of a part, and a database's text cannot hold half of one. A half is
# carried as one private character, U+10F800 + (surrogate - U+D800), which whoever joins the parts turns back
# into the pair.
HALVES_FROM = 0x10F800


class Alphabet(StrEnum):
    """What a carrier means by "default alphabet" (data_coding 0); each has its own habit."""

    GSM7 = "gsm7"
    GSM7_PACKED = "gsm7-packed"
    ASCII = "ascii"
    LATIN1 = "latin-1"
    UTF8 = "utf-8"


class Coding(StrEnum):
    """What a data_coding asks for, where it is not a codec's name."""

    DEFAULT = "default"
    OCTETS = "octets"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one carrier uses data_coding: its default alphabet, and codings that it uses in a sense of its
    own."""

    default: Alphabet = Alphabet.GSM7
    codings: Mapping[int, Alphabet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """The text, and in one word why it may differ from what was sent ("" where it does not)."""

    text: str
    doubt: str = ""


# SMPP 3.4, 5.2.19. The codecs are Python's; 0x09 (pictograms) has none.
CODINGS = {
    0x00: Coding.DEFAULT,
    0x01: "ascii",
    0x02: Coding.OCTETS,
    0x03: "latin-1",
    0x04: Coding.OCTETS,
    0x05: "shift_jis",
    0x06: "iso8859_5",
    0x07: "iso8859_8",
    0x08: Coding.UCS2,
    0x09: Coding.OCTETS,
    0x0A: "iso2022_jp",
    0x0D: "iso2022_jp_1",
    0x0E: "euc_kr",
}


def read(user: UserData, data_coding: int, dialect: Dialect, *, is_part: bool = False) -> Reading:
    """The text of a message or, with `is_part`, of one part of a longer one."""
    if own := dialect.codings.get(data_coding):
        reading = _alphabet(user, own)
    else:
        reading = _coded(user, coding_of(data_coding), dialect.default, is_part)
    doubt = reading.doubt or ("" if user.is_sound else "broken_header")
    return Reading(_storable(reading.text), doubt)


def coding_of(data_coding: int) -> str:
    """A Coding or a codec's name. Above 0x0F, SMSCs pass on the phone network's own scheme (3GPP TS 23.038,
    4)."""
    if data_coding < 0x10:
        return CODINGS.get(data_coding, Coding.DEFAULT)
    if data_coding >= 0xF0:
        return Coding.OCTETS if data_coding & 0x04 else Coding.DEFAULT
    if data_coding >= 0xE0:
        return Coding.UCS2
    if data_coding >= 0x80:
        return Coding.DEFAULT
    if data_coding & 0x20:  # compressed: nobody sends it, and nothing here can read it
        return Coding.OCTETS
    return {0x04: Coding.OCTETS, 0x08: Coding.UCS2}.get(data_coding & 0x0C, Coding.DEFAULT)


def _coded(user: UserData, coding: str, default: Alphabet, is_part: bool) -> Reading:
    if coding == Coding.DEFAULT:
        return _alphabet(user, default)
    if coding == Coding.UCS2:
        return _ucs2(user.octets, is_part)
    if coding == Coding.OCTETS:
        return _octets(user)
    # Widespread software marks the GSM alphabet as ASCII. Control codes, which no text has, give it away.
    if coding == "ascii" and re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", user.octets.rstrip(b"\0")):
        return Reading(_alphabet(user, Alphabet.GSM7).text, "gsm7_marked_ascii")
    return _by_codec(user.octets, coding)


def _alphabet(user: UserData, alphabet: Alphabet) -> Reading:
    if alphabet not in (Alphabet.GSM7, Alphabet.GSM7_PACKED):
        return _by_codec(user.octets, alphabet)
    septets = user.octets
    if alphabet == Alphabet.GSM7_PACKED:
        septets = gsm7.unpack(septets, fill_bits=-user.header_octets * 8 % 7)
    locking, single = user.language_shift
    text = gsm7.decode(septets, locking=locking, single=single)
    return Reading(text, "undecodable" if UNREADABLE in text else "")


def _by_codec(octets: bytes, codec: str) -> Reading:
    text = octets.decode(codec, "replace")
    return Reading(text, "undecodable" if UNREADABLE in text else "")


def _octets(user: UserData) -> Reading:
    """Eight-bit data: some carriers mark plain text so; what goes to a port or is full of control codes is no
    text."""
    if user.is_for_application:
        return Reading("", "for_application")
    try:
        text = user.octets.decode("utf-8")
    except UnicodeDecodeError:
        text = user.octets.decode("latin-1")
    if re.search(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", text.rstrip("\0")):
        return Reading("", "binary")
    return Reading(text)


def _ucs2(octets: bytes, is_part: bool) -> Reading:
    if _is_ascii_in_disguise(octets):
        return Reading(octets.decode("ascii"), "ascii_marked_ucs2")
    codec = "utf-16-le" if octets[:2] == b"\xff\xfe" else "utf-16-be"
    whole = octets[: len(octets) & ~1]
    text = whole.decode(codec, "surrogatepass").removeprefix("\ufeff")
    if is_part:
        text = _carry_half(text[:1]) + text[1:-1] + _carry_half(text[-1:] if len(text) > 1 else "")
    text = re.sub("[\ud800-\udfff]", UNREADABLE, text)
    if len(octets) % 2:
        text += UNREADABLE
    return Reading(text, "undecodable" if UNREADABLE in text else "")


def _is_ascii_in_disguise(octets: bytes) -> bool:
    """Carriers mark ASCII as UCS-2, and it shows as Chinese. Real UCS-2 with a digit, a space or a Latin
    letter has zero octets; in real Chinese hardly a line of six characters has only printable octets."""
    if len(octets) < 12 or not re.fullmatch(rb"[\t\n\r\x20-\x7e]+", octets):
        return False
    return len(re.findall(rb"[A-Za-z0-9 ]", octets)) >= 0.8 * len(octets)


def _carry_half(char: str) -> str:
    return chr(HALVES_FROM + ord(char) - 0xD800) if "\ud800" <= char <= "\udfff" else char


def _storable(text: str) -> str:
    """Without the NULs that some peers end a text with, and that a database's text cannot hold."""
    return text.rstrip("\0").replace("\0", UNREADABLE)
