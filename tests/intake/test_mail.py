"""A mail is read however it was made: encodings, broken headers, nesting; and nothing in it can hang the reader."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activkode.intake import mail, mime
from activkode.intake.mail import MailText

SECONDS_FOR_THE_WORST = 5.0  # takes some 0.5 s


def test_a_plain_mail_is_read_whole() -> None:
    raw = b"From: Ann <Ann@Shop.example>\r\nSubject: Hello\r\n\r\nYour code\r\nis 482913\r\n"

    assert mail.read(raw) == MailText("Hello", "ann@shop.example", "Your code\nis 482913\n", "")


def test_both_forms_of_a_mail_are_read() -> None:
    read = mail.read(_multipart("alternative", b"\n\nplain", b"Content-Type: text/html\n\n<p>rich"))

    assert (read.text, read.html) == ("plain", "<p>rich")


def test_html_alone_becomes_text() -> None:
    read = mail.read(
        b"Content-Type: text/html\n\n<style>p{}</style><p>One<br>two<p>three<script>x()</script>"
    )

    assert read.text == "One\ntwo\n\nthree"


def test_attachments_are_not_read() -> None:
    attached = b"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\n111111"
    named = b"Content-Type: text/plain; name=b.txt\n\n222222"

    assert mail.read(_multipart("mixed", b"\n\nbody", attached, named)).text == "body"


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-15", "iso8859-15"),
        ("LATIN-9", "iso8859-15"),
        ("windows-1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-7", "utf-7"),
    ],
)
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_text_comes_out_of_any_charset_and_encoding(charset: str, codec: str, encoding: str) -> None:
    body = "Zugänge: 5 €, Code 482913".encode(codec)
    sent = {
        "8bit": body,
        "base64": base64.encodebytes(body),
        "quoted-printable": b"".join(b"=%02X" % byte for byte in body),
    }[encoding]
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n".encode()

    if (codec, encoding) != ("utf-16", "8bit"):  # bytes of line ends inside; no mailer sends it so
        assert mail.read(head + sent).text == "Zugänge: 5 €, Code 482913"


@pytest.mark.parametrize(
    "charset", ["made-up", "punycode", "idna", "unicode_escape", "zlib", "undefined", "\x00", ""]
)
def test_a_charset_that_is_none_is_read_as_it_looks(charset: str) -> None:
    raw = f'Content-Type: text/plain; charset="{charset}"\n\n'.encode() + "Zugänge".encode("latin-1")

    assert mail.read(raw).text == "Zugänge"


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        (b"=?utf-8?B?Q29kZSDigqw=?=", "Code €"),
        (b"=?iso-8859-15?Q?Code_=A4?=", "Code €"),
        (b"=?utf-8?q?Co?=\n =?utf-8?q?de?=", "Code"),
        (b"=?made-up?q?Code?=", "Code"),
        (b"=?utf-8?b?!!!?=", ""),
        ("Zugänge".encode(), "Zugänge"),
        ("Zugänge".encode("latin-1"), "Zugänge"),
        (b"folded\n\tover lines", "folded over lines"),
    ],
)
def test_subjects_are_decoded(header: bytes, subject: str) -> None:
    assert mail.read(b"Subject: " + header + b"\n\nx").subject == subject


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        (b"a@b.example", "a@b.example"),
        (b'"A, B" <a@b.example>', "a@b.example"),
        (b'"trick@c.example" <A@B.example>', "a@b.example"),
        (b"(((((((((" * 500, ""),
        (b"no address", ""),
    ],
)
def test_the_sender_is_the_address_of_from(header: bytes, sender: str) -> None:
    assert mail.read(b"From: " + header + b"\n\nx").sender == sender


def test_a_forwarded_mail_is_read_down_to_five_levels() -> None:
    def nested(levels: int) -> str:
        return mail.read(b"Content-Type: message/rfc822\n\n" * levels + b"Subject: inner\n\n482913").text

    assert nested(mime.DEEPEST) == "482913"
    assert nested(mime.DEEPEST + 1) == ""


def test_no_more_than_a_hundred_parts_are_read() -> None:
    read = mail.read(_multipart("mixed", *[b"\n\nx"] * 5_000))

    assert 0 < read.text.count("x") <= mime.MOST_PARTS


def test_a_mail_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    whole = _multipart(
        "alternative",
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"Code 482913, thank you"),
    )

    assert mail.read(whole[: whole.index(b"--b--") - 5]).text.startswith("Code 482913")


HOSTILE = {
    "multiparts within multiparts": b"Content-Type: multipart/mixed; boundary=a\n\n"
    + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 50_000,
    "boundaries within boundaries": b"".join(
        b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (level, level) for level in range(30_000)
    ),
    "messages within messages": b"Content-Type: message/rfc822\n\n" * 50_000,
    "headers without end": b"X: y\n" * 500_000 + b"\nhi",
    "one long header": b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\n\nhi",
    "parameters without end": b"Content-Type: text/plain; " + b'a="; ' * 100_000 + b"\n\nhi",
    "comments within comments": b"From: " + b"(" * 100_000 + b"\n\nhi",
    "boundaries alone": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"\n--a" * 500_000,
    "a boundary and spaces": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"\n--a" + b" " * 2_000_000,
    "broken base64": b"Content-Transfer-Encoding: base64\n\n" + b"A" * 2_000_001,
    "broken quoted-printable": b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * 2_000_000,
    "escapes": b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B" * 500_000,
    "deep html": b"Content-Type: text/html\n\n" + b"<div>" * 200_000,
    "nothing but line ends": b"\r\n" * 2_000_000,
    "zeros": bytes(4_000_000),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_mail_takes_no_time(raw: bytes) -> None:
    start = time.process_time()

    mail.read(raw)

    assert time.process_time() - start < SECONDS_FOR_THE_WORST


PIECES = [
    b"Content-Type: text/plain; charset=",
    b"Content-Type: multipart/mixed; boundary=a",
    b"Content-Type: text/html",
]
PIECES += [
    b"--a",
    b"--a--",
    b"Content-Transfer-Encoding: base64",
    b"Subject: =?utf-8?b?4oKs?=",
    b"From: <a@b.example>",
]
PIECES += [
    b"",
    b"utf-8",
    b'"',
    b";",
    b"=E4",
    b"\xff\xfe",
    b"charset*=utf-8''x",
    b"name*0*=''%ff",
    b"<p>1",
    b"4oKs",
    b"\x00",
]
PIECES += [b"Content-Type: message/rfc822", b"=?x?q?"]
LINES = st.lists(st.sampled_from(PIECES), max_size=25)


@given(st.one_of(st.binary(), LINES.map(b"\n".join), LINES.map(b" ".join)))
def test_any_bytes_are_read_without_complaint(raw: bytes) -> None:
    read = mail.read(raw)

    for text in (read.subject, read.sender, read.text, read.html):
        assert "\x00" not in text
        text.encode()  # no half characters: the database would refuse them


def _multipart(kind: str, *parts: bytes) -> bytes:
    body = b"".join(b"\n--b\n" + part.removeprefix(b"\n") for part in parts)
    return f"Content-Type: multipart/{kind}; boundary=b\n".encode() + body + b"\n--b--\n"
