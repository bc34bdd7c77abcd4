"""Mails about cases: one for what matters, in words; nothing of an account to an address that nobody has proven."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from activkode.core import outbox, sql
from activkode.doors.clock import cases as clock
from activkode.doors.clock import work
from activkode.identity.models import User
from activkode.support import operations
from activkode.support.operations import Opening, Staff, Verdict
from activkode.support.policy import Channel, Kind, Outcome
from support import moving

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> Path:
    """Mails are files."""
    settings.VAR, settings.MAIL_RELAY, settings.OPERATORS_EMAIL = tmp_path, "", "operators@house.example"
    return tmp_path / "mail"


def sent(place: Path) -> list[EmailMessage]:
    """Everything that went out, in order."""
    while outbox_waits():
        work.deliver_outbox()
    files = sorted(place.glob("*.eml"), key=lambda path: int(path.stem))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


def outbox_waits() -> bool:
    return bool(
        sql.value("select count(*) from core_outbox where delivered_at is null and failed_at is null")
    )


def ask(alice: User | None, channel: Channel = Channel.DASHBOARD, email: str = "") -> int:
    owner = alice.id if alice else None
    return operations.open(Opening(Kind.OTHER, channel, "Where is it?", owner, email, "Lost")).case_id


def test_who_asks_is_told_number_and_date(alice: User, kept: Path) -> None:
    moving.to("2026-12-21 10:00")
    case = ask(alice)
    mail = sent(kept)[0]
    assert (mail["To"], mail["Subject"]) == ("alice@people.example", f"[case_{case}] Lost")
    assert "Thursday, 24 December 2026, 23:59 UTC" in " ".join(mail.get_content().split())
    assert f"/cases/case_{case}/" in mail.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "contact@activkode.example"


def test_each_step_that_matters_is_told_in_the_words_of_staff(alice: User, olga: Staff, kept: Path) -> None:
    case = ask(alice)
    operations.answer(case, "We look at it.", staff=olga)
    operations.note(case, "internal-canary", staff=olga)
    operations.ask(case, "Which one?", staff=olga)
    operations.write(alice.id, case, "That one.")
    operations.interim(case, "It takes longer.", staff=olga)
    operations.decide(case, Verdict(Outcome.SETTLED, "answer.given", "It was there all along."), staff=olga)
    mails = sent(kept)
    words = ["decided by", "We look at it.", "Which one?", "It takes longer.", "It was there all along."]
    assert len(mails) == len(words)
    assert all(word in mail.get_content() for word, mail in zip(words, mails, strict=True))
    assert not any("internal-canary" in mail.get_content() for mail in mails)
    assert [mail["Auto-Submitted"] for mail in mails] == ["auto-generated", "no", "no", "no", "no"]


def test_an_address_that_nobody_has_proven_is_told_nothing_of_an_account(alice: User, kept: Path) -> None:
    case = ask(None, Channel.EMAIL, "alice@people.example")
    mail = sent(kept)[0]
    assert mail["Subject"] == f"[case_{case}] Something else"
    assert "decided" not in mail.get_content() and "/cases/" not in mail.get_content()
    assert "Lost" not in str(mail) and "Where is it?" not in str(mail)


def test_an_address_is_acknowledged_once_a_day(kept: Path) -> None:
    moving.to("2026-12-21 10:00")
    for _ in range(3):
        ask(None, Channel.EMAIL, "loop@people.example")
    ask(None, Channel.EMAIL, "other@people.example")
    moving.to("2026-12-22 09:59")
    ask(None, Channel.EMAIL, "loop@people.example")
    moving.to("2026-12-22 10:01")
    ask(None, Channel.EMAIL, "loop@people.example")
    told = sql.rows(
        "select c.email from core_outbox o join support_case c on c.id = (o.payload ->> 'case')::bigint order by o.id"
    )
    assert [row[0] for row in told] == ["loop@people.example", "other@people.example", "loop@people.example"]


def test_who_must_not_be_answered_is_not(kept: Path) -> None:
    opening = Opening(Kind.OTHER, Channel.EMAIL, "I am away.", email="away@people.example", acknowledge=False)
    operations.open(opening)
    assert sent(kept) == []


def test_operators_are_told_at_half_time_and_when_due(alice: User, kept: Path) -> None:
    moving.to("2026-12-07 10:00")
    case = ask(alice)
    sent(kept)
    for moment in ("2026-12-09 12:00", "2026-12-11 00:01"):
        sql.execute("select fn.beat('clock')")
        moving.by(str(sql.value("select %s::timestamp at time zone 'UTC' - fn.now()", (moment,))))
        sql.execute("select fn.beat('clock')")
        clock.keep_deadlines()
    told = [mail["Subject"] for mail in sent(kept) if mail["To"] == "operators@house.example"]
    assert told == [f"case_{case} has used up half of its time", f"case_{case} is due"]


def test_without_operators_only_the_console_tells(alice: User, kept: Path, settings: Any) -> None:
    settings.OPERATORS_EMAIL = ""
    outbox.put(
        "escalation_mail", {"subject": "case", "id": 1, "stage": "due", "due_at": "2026-12-11T00:00:00.000Z"}
    )
    assert sent(kept) == []
    assert not outbox_waits()
