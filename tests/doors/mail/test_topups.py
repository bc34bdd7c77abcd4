"""Mails about top-ups: written by what happens to a deposit, sent by the clock, and never in the way of other mails."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

import cast
from activkode.core import ids, outbox, read, sql
from activkode.doors.clock import work
from activkode.doors.mail import topups
from activkode.identity.models import User
from funding.lives import LIVES, TX, live

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(tmp_path: Path, settings: Any) -> User:
    """A customer whose mails are kept as files."""
    settings.VAR, settings.MAIL_RELAY = tmp_path, ""
    return cast.person("bob")


def _sent(place: Path) -> list[EmailMessage]:
    work.deliver_outbox()
    files = sorted((place / "mail").glob("*.eml"), key=lambda path: int(path.stem))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


@pytest.mark.parametrize(
    ("name", "subjects"),
    [
        ("seen", []),
        ("confirming", []),
        ("credited", ["$640.00 credited"]),
        ("ignored", []),
        ("replaced", []),
        ("under_case", ["Your payment needs a look"]),
        ("reversed", ["$640.00 credited", "A top-up of $640.00 was taken back"]),
        ("under_case: shortfall", ["$640.00 credited", "Your payment needs a look"]),
        (
            "credited: restored",
            ["$640.00 credited", "A top-up of $640.00 was taken back", "$640.00 credited"],
        ),
    ],
)
def test_what_matters_is_told_once(bob: User, tmp_path: Path, name: str, subjects: list[str]) -> None:
    live(bob, name)

    sent = _sent(tmp_path)

    assert [mail["Subject"] for mail in sent] == subjects
    assert {mail["To"] for mail in sent} <= {"bob@people.example"}
    assert len(_sent(tmp_path)) == len(subjects)


def test_a_credit_is_told_in_the_figures_of_its_receipt(bob: User, tmp_path: Path, settings: Any) -> None:
    settings.PUBLIC_URL = "https://activkode.example"
    one = live(bob, "credited")

    (mail,) = _sent(tmp_path)

    text = mail.get_content()
    for said in ("0.01 BTC (Bitcoin)", "$64,000.00 per BTC", "$640.00 is now in your balance"):
        assert said in text
    assert f"https://activkode.example/topups/{ids.show(ids.DEPOSIT, one.id)}/" in text


def test_a_case_says_why_and_what_to_do(bob: User, tmp_path: Path) -> None:
    live(bob, "under_case")

    text = _sent(tmp_path)[0].get_content()

    assert "another coin than the one this address is for" in " ".join(text.split()) and TX in text
    assert "You need to do nothing." in text


@pytest.mark.parametrize(
    "name", [name for name in LIVES if name.partition(":")[0] in ("credited", "reversed", "under_case")]
)
def test_every_text_is_whole_sentences(bob: User, name: str) -> None:
    one = live(bob, name)

    subject, text = topups.written(one, one.state)

    assert subject and "None" not in text and "_" not in text.replace("dep_", "")
    assert all(len(line) <= 90 for line in text.splitlines())


@pytest.mark.parametrize(
    "payload", [{"deposit": 999_999, "state": "credited"}, {"deposit": 1}, {}, {"deposit": "x", "state": "?"}]
)
def test_what_cannot_be_told_does_not_block_the_outbox(
    bob: User, tmp_path: Path, payload: dict[str, Any]
) -> None:
    outbox.put(topups.TOPIC, payload)
    outbox.put("nobody's topic", {})
    outbox.put_mail("bob@people.example", "Hello", "text")

    assert [mail["Subject"] for mail in _sent(tmp_path)] == ["Hello"]
    assert len(read.undelivered()) == 2


def test_a_missing_user_does_not_block_the_outbox(bob: User, tmp_path: Path) -> None:
    live(bob, "credited")
    sql.execute("delete from identity_user where id = %s", (bob.id,))
    outbox.put_mail("mary@people.example", "Hello", "text")

    assert [mail["Subject"] for mail in _sent(tmp_path)] == ["Hello"]
