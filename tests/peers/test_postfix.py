"""The mail of POLICY 1.4 through a real Postfix: swaks submits it, Postfix relays it to our door, it is signed by a domain of
the test's own DNS, and leads to a request.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from django.db import connection

from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.settings import Mail
from activkode.doors.carriers.smtp.listeners import Listeners
from activkode.mailbox import incoming, operations, read, resolver
from activkode.mailbox.incoming import Incoming
from activkode.mailbox.policy import Fate
from activkode.withdrawals import read as withdrawals
from cast import fund, person
from contact import letters, zone
from doors.carriers.recorder import Recorder, until
from peers import postfix

pytestmark = [*postfix.MARKS, pytest.mark.anyio, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def box() -> Recorder:
    return Recorder()


@pytest.fixture
async def door(box: Recorder) -> AsyncIterator[int]:
    """Our door, with a recorder behind it: the database is the test's own transaction."""
    nobody = Recorder()
    handovers = [Handover(each.receive, each.settle, each.known_address, threads=2) for each in (nobody, box)]
    listeners = Listeners(Mail("127.0.0.1", 0, None, 100_000, 10, 20, letters.CONTACT, 1_000_000), *handovers)
    await listeners.start()
    yield listeners.ports["smtp"]
    await listeners.stop(within_seconds=5)
    assert all([each.close(within_seconds=5) for each in handovers])


@pytest.fixture
async def relay(door: int) -> AsyncIterator[int]:
    """Postfix on a free port, which hands everything for activkode.example to our door."""
    running = postfix.relaying_to(door)
    yield await asyncio.to_thread(running.__enter__)
    await asyncio.to_thread(running.__exit__, None, None, None)


@pytest.mark.parametrize(("text", "fate"), [("", Fate.WITHDRAWAL), ("% sign -\n", Fate.UNVERIFIED)])
async def test_the_mail_of_the_policy_comes_through_a_real_mail_server(
    relay: int, box: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, fate: Fate
) -> None:
    monkeypatch.setattr(resolver, "ask", zone.dns)
    mail = letters.letter_of(text + "Subject: Balance withdrawal\n\n{btc}\n").raw()

    await asyncio.to_thread(postfix.submit, relay, mail, tmp_path)
    await until(lambda: box.kept, within_seconds=30)

    [kept] = box.kept
    assert isinstance(kept, Incoming)
    assert b"by mx.relay.example (Postfix)" in kept.raw
    assert await asyncio.to_thread(_settled, kept) == fate


def _settled(mail: Incoming) -> Fate:
    alice = person("alice")
    fund(alice, "100.00")
    mail_id = incoming.receive(mail)
    operations.settle(mail_id)
    assert (withdrawals.open_one(alice.id) is not None) == (read.one(mail_id).fate == Fate.WITHDRAWAL)
    became = read.one(mail_id).fate
    connection.close()  # this thread's own
    return became
