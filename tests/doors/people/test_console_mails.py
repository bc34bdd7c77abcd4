"""Mails to the contact address in the console: none is out of sight, and none can do anything to who looks at it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activkode.core import read as core
from activkode.identity.models import Role, User
from activkode.mailbox import incoming, operations, read, resolver
from activkode.mailbox.incoming import Incoming
from activkode.mailbox.read import MailLine
from contact import zone
from contact.letters import letter_of
from doors.people.conftest import newcomer, visitor

pytestmark = pytest.mark.django_db
AWAY = "Subject: Out of office\nAuto-Submitted: auto-replied\n\nI am <b>away</b>.\n"
ASKS = "Subject: Balance withdrawal\n\nPlease withdraw $5.00 to {usdt}\n"


@pytest.fixture(autouse=True)
def own_dns(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(resolver, "ask", zone.dns)
    settings.CONTACT_EMAIL = "contact@activkode.example"


def _came(text: str) -> MailLine:
    mail_id = incoming.receive(Incoming("smtp", "contact@activkode.example", letter_of(text).raw()))
    operations.settle(mail_id)
    return read.one(mail_id)


def _page(client: Client, **query: object) -> str:
    return client.get(reverse("console_mails"), query).content.decode()


def _original(client: Client, mail: MailLine) -> Any:
    return client.post(reverse("console_mail_original", args=[mail.id]))


def test_what_is_not_answered_is_in_sight_with_its_reason(console: Client, alice: User) -> None:
    _came(AWAY)
    page = _page(console)
    assert "Out of office" in page
    assert "automatic" in page
    assert "Out of office" not in _page(console, show="withdrawal")


def test_a_name_that_is_no_fate_shows_the_parked(console: Client) -> None:
    _came(AWAY)
    assert "Out of office" in _page(console, show="nonsense", before="-1")


def test_every_page_of_a_long_list_is_reached(console: Client) -> None:
    for number in range(51):
        _came(f"Message-ID: <{number}@people.example>\n" + AWAY.replace("office", f"office {number:02}"))
    first = _page(console)
    assert "office 50" in first and "office 00" not in first
    assert "office 00" in _page(console, show="parked", before=read.recent(read.Fate.PARKED)[-1].id)


def test_the_original_comes_as_a_file_and_is_in_the_audit_log(console: Client) -> None:
    mail = _came(AWAY)
    answer = _original(console, mail)
    assert answer.content == read.original(mail.id)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    (line,) = [one for one in core.audit_log(limit=5) if one.action == "mail shown"]
    assert (line.subject, line.actor) == (f"mail {mail.id}", "olga@people.example")


def test_support_may_look_and_nobody_at_their_own(alice: User) -> None:
    mail = _came(ASKS)
    assert mail.customer_id == alice.id
    assert _original(visitor(newcomer("sue", Role.SUPPORT)), mail).status_code == 200
    User.objects.filter(id=alice.id).update(role=Role.SUPPORT)
    assert _original(visitor(User.objects.get(id=alice.id)), mail).status_code == 403
