"""Addresses of MAIL and RCPT: one spelling, and no input that raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activkode.doors.carriers.smtp import address


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("<a@b.example>", ("a@b.example", "")),
        ("<a@b.example> SIZE=10 BODY=8BITMIME", ("a@b.example", "SIZE=10 BODY=8BITMIME")),
        (" <a@b.example>", ("a@b.example", "")),
        ("a@b.example SIZE=10", ("a@b.example", "SIZE=10")),
        ("<@relay.example,@other.example:a@b.example>", ("a@b.example", "")),
        ('<"a>b"@c.example>', ('"a>b"@c.example', "")),
        ("<>", ("", "")),
        ("<a@b.example", (None, "")),
        ("", (None, "")),
        ("nobody", (None, "")),
        ("<a@b><c@d>", ("a@b", "<c@d>")),
    ],
)
def test_a_path_is_taken_apart(argument: str, expected: tuple[str | None, str]) -> None:
    assert address.split_path(argument) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Alice@Mail.Example", "alice@mail.example"),
        ("alice+Shop@mail.example", "alice+shop@mail.example"),
        ('"alice"@mail.example', "alice@mail.example"),
        ('"al ice"@mail.example', '"al ice"@mail.example'),
        ("müller@bücher.example", "müller@xn--bcher-kva.example"),
        ("mu\u0308ller@mail.example", "m\u00fcller@mail.example"),
        ("alice@mail.example.", "alice@mail.example"),
        ("postmaster", None),
        ("@mail.example", None),
        ("alice@", None),
        ("a b@mail.example", None),
        ("a..b@mail.example", None),
        ("a\0b@mail.example", None),
        ("a\r\nb@mail.example", None),
        ("a\udce9@mail.example", None),
        ("x" * 65 + "@mail.example", None),
        ("alice@" + "a." * 130 + "example", None),
        ("alice@-mail.example", None),
        ("alice@[127.0.0.1]", None),
    ],
)
def test_an_address_comes_in_one_spelling_or_not_at_all(written: str, expected: str | None) -> None:
    assert address.normal(written) == expected


@given(st.text(max_size=120))
def test_no_text_raises_and_a_normal_address_stays_as_it_is(written: str) -> None:
    path, _ = address.split_path(written)
    once = address.normal(path or written)
    assert once is None or address.normal(once) == once


@given(st.from_regex(r"[^@\s]{1,30}@[a-zA-Z0-9.]{1,30}", fullmatch=True))
def test_what_looks_like_an_address_raises_neither(written: str) -> None:
    once = address.normal(written)
    assert once is None or address.normal(once) == once


@pytest.mark.parametrize(
    ("whole", "bare"),
    [("a+tag@b", "a@b"), ("a+b+c@d", "a@d"), ("a@b", None), ("+tag@b", None), ("a@b+c", None)],
)
def test_a_tag_is_what_follows_the_first_plus(whole: str, bare: str | None) -> None:
    assert address.without_tag(whole) == bare
