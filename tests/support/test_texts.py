"""What people write is kept as they wrote it, but for what no page and no database can hold."""

import pytest

from activkode.core.errors import Code, Refusal
from activkode.identity.models import User
from activkode.support import operations, read
from activkode.support.operations import Opening
from activkode.support.policy import FIGURES, Channel, Figure, Kind
from activkode.support.texts import line, paragraphs


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("half \ud83d letter", "half \ufffd letter"),
        ("\u202eevil", "evil"),
        ("  naïve 漢字 👍\t!  ", "naïve 漢字 👍\t!"),
        ("\n\n \x07", ""),
    ],
)
def test_text_is_made_fit_to_be_kept(given: str, kept: str) -> None:
    assert paragraphs(given) == kept


def test_a_subject_is_one_line() -> None:
    assert line("Re: a\r\nBcc: mallory@people.example") == "Re: a Bcc: mallory@people.example"


@pytest.mark.django_db
def test_what_was_written_is_read_back(alice: User) -> None:
    opening = Opening(
        Kind.OTHER, Channel.EMAIL, "Hé\x00llo\r\n'; drop table x; --", alice.id, subject="x" * 500
    )
    case = read.case(alice.id, operations.open(opening).case_id)
    assert case.description == "Héllo\n'; drop table x; --"
    assert len(case.subject) == FIGURES[Figure.CASE_SUBJECT_MOST]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", " \n", "\x00", "x" * (FIGURES[Figure.CASE_TEXT_MOST] + 1)])
def test_nothing_and_too_much_are_refused(alice: User, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        operations.open(Opening(Kind.OTHER, Channel.API, text, alice.id))
    assert refused.value.code is Code.INVALID_REQUEST


@pytest.mark.django_db
def test_a_customer_has_so_many_cases_open_and_no_more(alice: User) -> None:
    for _ in range(FIGURES[Figure.OPEN_CASES_MOST]):
        operations.open(Opening(Kind.OTHER, Channel.API, "Hello?", alice.id))
    with pytest.raises(Refusal) as refused:
        operations.open(Opening(Kind.OTHER, Channel.API, "Hello?", alice.id))
    assert refused.value.code is Code.LIMIT_REACHED
