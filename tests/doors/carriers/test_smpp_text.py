"""Octets to text: alphabets, codings, halves of characters; nothing raises and everything can be stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activkode.doors.carriers.smpp import text
from activkode.doors.carriers.smpp.text import Alphabet, Dialect
from activkode.doors.carriers.smpp.wire import alphabets, gsm7, udh
from activkode.doors.carriers.smpp.wire.udh import UserData
from activkode.intake import parts

GSM7_CHARACTERS = alphabets.BASIC.replace("\x1b", "") + "".join(alphabets.EXTENSION.values())
gsm_texts = st.text(st.sampled_from(GSM7_CHARACTERS), max_size=200)


def read(octets: bytes, coding: int, alphabet: Alphabet = Alphabet.GSM7, **options: bool) -> str:
    return text.read(UserData(octets), coding, Dialect(alphabet), **options).text


@given(st.binary(max_size=300), st.integers(0, 255), st.sampled_from(Alphabet), st.booleans(), st.booleans())
def test_any_octets_in_any_coding_become_a_text_that_can_be_stored(
    octets: bytes, coding: int, alphabet: Alphabet, has_header: bool, is_part: bool
) -> None:
    user = udh.split(octets) if has_header else UserData(octets)
    reading = text.read(user, coding, Dialect(alphabet), is_part=is_part)
    assert "\0" not in reading.text
    reading.text.encode("utf-8")


@given(gsm_texts)
def test_the_default_alphabet_is_read_as_it_was_written(written: str) -> None:
    assert gsm7.decode(gsm7.encode(written)) == written


@given(gsm_texts.filter(lambda value: value[-1:] not in ("@", "\r")), st.integers(0, 20))
def test_packed_septets_are_read_as_they_were_written_after_a_header_too(written: str, header: int) -> None:
    fill_bits = -header * 8 % 7
    packed = gsm7.pack(gsm7.encode(written), fill_bits=fill_bits)
    assert gsm7.decode(gsm7.unpack(packed, fill_bits=fill_bits)) == written


def test_packing_agrees_with_the_example_that_everybody_knows() -> None:
    assert gsm7.pack(gsm7.encode("hellohello")).hex() == "e8329bfd4697d9ec37"


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"\x1be", "€"),
        (b"\x1b(\x1b)\x1b<\x1b>", "{}[]"),
        (b"a\x1b", "a"),
        (b"\x1b\x1ba", " a"),
        (b"\x1bA", "A"),
        (b"\x80\xffok", "\ufffd\ufffdok"),
        (b"\x00\x02\x11", "@$_"),
    ],
)
def test_the_escape_and_its_odd_cases(octets: bytes, expected: str) -> None:
    assert read(octets, 0) == expected


@pytest.mark.parametrize(
    ("tag", "language", "octets", "expected"),
    [
        (udh.LOCKING_SHIFT, 1, b"\x0b\x0c\x40\x60", "Ğğİç"),
        (udh.SINGLE_SHIFT, 1, b"\x1bs\x1bi\x1be", "şı€"),
        (udh.SINGLE_SHIFT, 2, b"\x1ba\x1bU", "áÚ"),
        (udh.LOCKING_SHIFT, 3, b"\x0b\x7b 48", "Ôã 48"),
        (udh.SINGLE_SHIFT, 3, b"\x1b\x7b\x1b\x1f", "ãÊ"),
        (udh.LOCKING_SHIFT, 6, b"OTP 402881", "OTP 402881"),
    ],
)
def test_national_tables_are_chosen_by_the_header(
    tag: int, language: int, octets: bytes, expected: str
) -> None:
    user = udh.split(udh.join({tag: bytes((language,))}, octets))
    assert text.read(user, 0, Dialect()).text == expected


@pytest.mark.parametrize(
    ("alphabet", "octets", "expected"),
    [
        (Alphabet.ASCII, b"code $_@ 1", "code $_@ 1"),
        (Alphabet.LATIN1, "Gr\xfc\xdfe".encode("latin-1"), "Grüße"),
        (Alphabet.UTF8, "Код 4711".encode(), "Код 4711"),
        (Alphabet.GSM7, b"\x11\x02", "_$"),
        (Alphabet.GSM7_PACKED, gsm7.pack(gsm7.encode("{€} 4711")), "{€} 4711"),
        (Alphabet.ASCII, b"\xff1", "\ufffd1"),
    ],
)
def test_each_carrier_has_its_own_default_alphabet(alphabet: Alphabet, octets: bytes, expected: str) -> None:
    assert read(octets, 0, alphabet) == expected


@pytest.mark.parametrize(
    ("coding", "octets", "expected"),
    [
        (0x01, b"plain", "plain"),
        (0x03, b"caf\xe9", "café"),
        (0x06, "Код".encode("iso8859_5"), "Код"),
        (0x07, "קוד".encode("iso8859_8"), "קוד"),
        (0x0E, "코드 12".encode("euc_kr"), "코드 12"),
        (0x05, "コード 12".encode("shift_jis"), "コード 12"),
        (0x0A, "コード 12".encode("iso2022_jp"), "コード 12"),
        (0x08, "Код 1 😀".encode("utf-16-be"), "Код 1 😀"),
        (0x18, "Код".encode("utf-16-be"), "Код"),
        (0xE0, "Код".encode("utf-16-be"), "Код"),
        (0x10, b"\x1be", "€"),
        (0xF0, b"\x1be", "€"),
        (0xC0, b"\x1be", "€"),
        (0x04, "Код".encode(), "Код"),
        (0xF4, b"caf\xe9", "café"),
        (0x02, b"\x01\x02\x03\x80", ""),
        (0x08, b"\xff\xfe" + "Код".encode("utf-16-le"), "Код"),
        (0x08, "Код".encode("utf-16-be") + b"\x04", "Код\ufffd"),
        (0x03, b"code 12\0", "code 12"),
        (0x03, b"a\0b", "a\ufffdb"),
    ],
)
def test_each_data_coding_has_its_reading(coding: int, octets: bytes, expected: str) -> None:
    assert read(octets, coding) == expected


def test_what_is_sent_to_a_port_is_for_a_program_and_no_text() -> None:
    user = udh.split(udh.join({udh.PORTS_16: b"\x0b\x84\x00\x00"}, b"push 123456"))
    assert text.read(user, 0x04, Dialect()) == text.Reading("", "for_application")


def test_a_broken_header_costs_no_text() -> None:
    user = udh.split(b"\x50Your code is 123456")
    reading = text.read(user, 0, Dialect())
    assert reading.text.endswith("Your code is 123456")
    assert reading.doubt == "broken_header"


def test_ascii_that_a_carrier_marks_as_ucs2_is_no_chinese() -> None:
    reading = text.read(UserData(b"Your code is 482913"), 0x08, Dialect())
    assert reading == text.Reading("Your code is 482913", "ascii_marked_ucs2")


def test_the_gsm_alphabet_that_a_carrier_marks_as_ascii_is_read() -> None:
    reading = text.read(UserData(gsm7.encode("€ {4711} ß")), 0x01, Dialect())
    assert reading == text.Reading("€ {4711} ß", "gsm7_marked_ascii")


def test_a_carriers_own_use_of_a_coding_can_be_set() -> None:
    dialect = Dialect(codings={0x01: Alphabet.GSM7, 0x00: Alphabet.LATIN1})
    assert text.read(UserData(gsm7.encode("für 12")), 0x01, dialect).text == "für 12"
    assert text.read(UserData("für".encode("latin-1")), 0x00, dialect).text == "für"


@pytest.mark.parametrize("written", ["您的验证码是482913", "敏感词汇测试", "コード12", "Code 482913", "你好"])
def test_real_ucs2_is_not_taken_for_ascii(written: str) -> None:
    assert read(written.encode("utf-16-be"), 0x08) == written


@pytest.mark.parametrize("cut", range(0, 24, 2))
def test_a_character_that_is_cut_in_two_by_the_end_of_a_part_is_whole_when_joined(cut: int) -> None:
    written = "😀a😀ü😀😀 1"
    octets = written.encode("utf-16-be")
    halves = [read(octets[:cut], 0x08, is_part=True), read(octets[cut:], 0x08, is_part=True)]
    assert parts.join(list(halves)) == written


def test_half_a_character_that_no_part_completes_is_unreadable() -> None:
    assert read(b"\xd8\x3d\x00a", 0x08) == "\ufffda"
    assert parts.join([read(b"\xd8\x3d\x00a", 0x08, is_part=True)]) == "\ufffda"
