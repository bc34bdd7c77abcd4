"""The user data header at the head of a text (3GPP TS 23.040, 9.2.3.24). A header that cannot be read is no
header: reading one never raises."""

from dataclasses import dataclass, field

CONCATENATED_8 = 0x00
PORTS_8 = 0x04
PORTS_16 = 0x05
CONCATENATED_16 = 0x08
SINGLE_SHIFT = 0x24
LOCKING_SHIFT = 0x25


@dataclass(frozen=True, slots=True)
class UserData:
    """A text's octets without header, and the header's elements by identifier (the last of a doubled one
    counts)."""

    octets: bytes
    elements: dict[int, bytes] = field(default_factory=dict)
    header_octets: int = 0
    is_sound: bool = True

    @property
    def language_shift(self) -> tuple[int, int]:
        """National language identifiers: locking, single; 0 where none is named."""
        return _language(self.elements.get(LOCKING_SHIFT)), _language(self.elements.get(SINGLE_SHIFT))

    @property
    def is_for_application(self) -> bool:
        """Whether a port is addressed: such octets are for a program, not for a reader."""
        return PORTS_8 in self.elements or PORTS_16 in self.elements

    @property
    def concatenation(self) -> tuple[int, int, int] | None:
        """Reference, total and number of this part; None for a whole text or numbers that contradict
        themselves."""
        if len(wide := self.elements.get(CONCATENATED_16, b"")) == 4:
            return sound_part(int.from_bytes(wide[:2]), wide[2], wide[3])
        if len(narrow := self.elements.get(CONCATENATED_8, b"")) == 3:
            return sound_part(*narrow)
        return None


def split(user_data: bytes) -> UserData:
    """Takes the header off. Where it is broken, all octets are text and `is_sound` is false."""
    length = user_data[0] + 1 if user_data else 1
    if length > len(user_data):
        return UserData(user_data, is_sound=False)
    elements = _elements(user_data[1:length])
    if elements is None:
        return UserData(user_data, is_sound=False)
    return UserData(user_data[length:], elements, length)


def join(elements: dict[int, bytes], octets: bytes) -> bytes:
    """A header of these elements before the octets. Raises ValueError for one over 255 octets."""
    header = b"".join(bytes((tag, len(value))) + value for tag, value in elements.items())
    return bytes((len(header),)) + header + octets


def sound_part(reference: int, total: int, number: int) -> tuple[int, int, int] | None:
    """The three numbers if they can be true of a part of a longer text (TS 23.040, 9.2.3.24.1), else None."""
    return (reference, total, number) if total > 1 and 1 <= number <= total else None


def _elements(header: bytes) -> dict[int, bytes] | None:
    elements: dict[int, bytes] = {}
    at = 0
    while at < len(header):
        if at + 2 > len(header) or at + 2 + header[at + 1] > len(header):
            return None
        elements[header[at]] = header[at + 2 : at + 2 + header[at + 1]]
        at += 2 + header[at + 1]
    return elements


def _language(value: bytes | None) -> int:
    return value[0] if value else 0
