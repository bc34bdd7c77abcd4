"""What goes wrong on our side: nothing is lost, nothing is told of secrets, and two clocks do it once."""

import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.db import connection
from standardwebhooks.webhooks import Webhook

import cast
from activkode.core import sql
from activkode.core.outbound.client import Client
from activkode.core.sealing import unseal
from activkode.doors.clock import loops, work
from activkode.doors.demo.receiver import FakeReceiver, Reply
from activkode.doors.webhooks import send
from activkode.doors.webhooks.send import Sender
from activkode.identity import deliveries
from activkode.identity.models import User
from doors.webhooks.seen import LOOPBACK, happen, hook, ids, log, now, numbers, pass_by, settle

pytestmark = pytest.mark.django_db


def test_a_try_that_was_not_recorded_comes_again_under_the_same_id(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    receiver.replies = [Reply(seconds=1)]
    happen(alice)
    dying = Sender(Client(LOOPBACK))
    dying.round()
    receiver.wait_for(1)
    dying.close()
    settle(sender)
    assert len(receiver.received) == 1
    pass_by(31)
    settle(sender)

    assert ids(receiver.received) == [f"evt_{alice.id}_1"] * 2
    assert (log(made)[0].state, log(made)[0].attempts) == ("delivered", 2)


def test_who_records_too_late_changes_nothing(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    made = hook(alice, receiver)
    happen(alice)
    (waiting,) = deliveries.claim(10)
    late = deliveries.begin(waiting, "evt", "balance.credited", "{}")
    assert late is not None
    pass_by(31)
    settle(sender)
    deliveries.record(late, deliveries.Tried(None, "late", 0))

    assert [each["status"] for each in log(made)[0].tries] == [204]
    assert now(made).last_seq == 1


def test_a_secret_that_cannot_be_read_any_more_is_a_failure_that_is_shown(
    alice: User, receiver: FakeReceiver, sender: Sender, settings: Any
) -> None:
    made = hook(alice, receiver)
    settings.SECRET_KEY = "another one"
    happen(alice)
    settle(sender)

    assert "secret cannot be read" in log(made)[0].tries[0]["error"]
    assert receiver.received == []


def test_an_event_that_cannot_be_written_does_not_stop_others(
    alice: User, receiver: FakeReceiver, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, write = cast.person("bob"), send.body.write
    hook(alice, receiver)
    hook(bob, receiver)
    monkeypatch.setattr(
        send.body, "write", lambda row: write(row) if row[0] == bob.id else json.loads("no JSON")
    )
    happen(alice)
    happen(bob)
    settle(sender)

    assert ids(receiver.received) == [f"evt_{bob.id}_1"]


def test_the_secret_is_nowhere_in_the_database_or_the_log(
    alice: User, receiver: FakeReceiver, sender: Sender, capsys: pytest.CaptureFixture[str]
) -> None:
    made = hook(alice, receiver)
    receiver.replies = [Reply(500)]
    happen(alice)
    settle(sender)

    secret = unseal(made.sealed)
    rows = sql.rows(
        "select w::text from identity_webhook w union all select d::text from identity_delivery d"
    )
    assert rows and not any(secret.removeprefix("whsec_") in row[0] for row in rows)
    printed = capsys.readouterr()
    assert "webhooks.tried" in printed.out
    assert not any(word in printed.out + printed.err for word in (secret, receiver.url, "balance.credited"))


def test_deliveries_are_forgotten_after_thirty_days(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    happen(alice)
    settle(sender)
    work.tidy()
    assert len(log(made)) == 1
    pass_by(31 * 86400)
    work.tidy()

    assert log(made) == []


def test_the_clock_goes_round_with_it() -> None:
    assert "webhooks" in {loop.name for loop in loops.LOOPS}


def test_a_fault_of_ours_in_one_webhook_is_logged_without_what_was_at_hand(
    alice: User,
    receiver: FakeReceiver,
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = hook(alice, receiver)

    def sign(self: Webhook, msg_id: str, timestamp: object, data: str) -> str:
        raise RuntimeError(data)

    monkeypatch.setattr(Webhook, "sign", sign)
    happen(alice)
    settle(sender)

    assert log(made)[0].tries[0]["error"] == "something broke on our side"
    printed = capsys.readouterr().out
    assert "webhooks.fault" in printed and "RuntimeError" in printed
    assert not any(word in printed for word in (unseal(made.sealed), receiver.url, "balance.credited"))


# --- more than one clock ---


@pytest.mark.django_db(transaction=True)
def test_two_clocks_send_each_event_once(alice: User, receiver: FakeReceiver) -> None:
    made = [hook(alice, receiver) for _ in range(3)]
    happen(alice, 20)

    def go_round() -> None:
        running = Sender(Client(LOOPBACK))
        settle(running, 20)
        running.close()
        connection.close()

    clocks = [threading.Thread(target=go_round) for _ in range(2)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()

    assert sorted(numbers(receiver.received)) == sorted(list(range(1, 21)) * len(made))
    assert all([each.attempts for each in log(one)] == [1] * 20 for one in made)


CLOCK = """
import django
django.setup()
from activkode.doors.clock import loops
loops.LOOPS = tuple(loop for loop in loops.LOOPS if loop.name == "webhooks")
loops.main()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_a_clock_that_ends_between_sending_and_recording_loses_nothing(
    alice: User, receiver: FakeReceiver, sender: Sender, how: signal.Signals, settings: Any
) -> None:
    made = hook(alice, receiver)
    receiver.replies = [Reply(seconds=30)]
    happen(alice)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "activkode.config.settings",
        "ACTIVKODE_PEOPLE": "0",
        "ACTIVKODE_OUTBOUND_OPEN": "127.0.0.0/8",
        "SECRET_KEY": settings.SECRET_KEY,
    }
    clock = subprocess.Popen(
        [sys.executable, "-c", CLOCK], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    receiver.wait_for(1, 60)
    clock.send_signal(how)
    _, complaints = clock.communicate(timeout=8)
    pass_by(31)
    settle(sender)

    assert complaints == b""
    assert ids(receiver.received) == [f"evt_{alice.id}_1"] * 2
    assert (log(made)[0].state, log(made)[0].attempts) == ("delivered", 2)
