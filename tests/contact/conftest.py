"""The mailbox of the tests: the DNS is the tests' own, and mails are signed as the corpus says."""

from collections.abc import Callable
from typing import Any

import pytest

from activkode.identity.models import User
from activkode.mailbox import incoming, operations, read, resolver
from activkode.mailbox.incoming import Incoming
from activkode.mailbox.read import MailLine
from cast import fund, person
from contact import zone
from contact.letters import Letter, letter_of

Deliver = Callable[..., MailLine]


@pytest.fixture(autouse=True)
def own_dns(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """No question leaves the machine."""
    monkeypatch.setattr(resolver, "ask", zone.dns)
    settings.CONTACT_EMAIL = "contact@activkode.example"


@pytest.fixture
def alice(db: None) -> User:
    """A customer with 100 dollars."""
    user = person("alice")
    fund(user, "100.00")
    return user


@pytest.fixture
def deliver(db: None) -> Deliver:
    """Stores a mail as it is written in the corpus's form, settles it, and tells what became of it."""

    def go(text: str, **envelope: str) -> MailLine:
        letter: Letter = letter_of(text)
        mail = Incoming("smtp", envelope.pop("to", "contact@activkode.example"), letter.raw(), **envelope)
        mail_id = incoming.receive(mail)
        operations.settle(mail_id)
        return read.one(mail_id)

    return go
