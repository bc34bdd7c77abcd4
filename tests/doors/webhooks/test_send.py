"""What happens to a customer reaches the customer's webhook: signed, in order, at least once, and never in another's way."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

import cast
from activkode.activations import operations
from activkode.activations.policy import Event
from activkode.core import sql
from activkode.core.outbound.client import Client
from activkode.core.outbound.reach import Reach
from activkode.core.sealing import unseal
from activkode.doors.clock import loops, work
from activkode.doors.demo.receiver import FakeReceiver, Received, Reply
from activkode.doors.webhooks import send
from activkode.doors.webhooks.send import Sender
from activkode.identity import deliveries, webhooks
from activkode.identity.deliveries import BACK_OFF_SECONDS, GIVEN_UP_MOST
from activkode.identity.models import User
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind

pytestmark = pytest.mark.django_db
LOOPBACK = Reach((ip_network("127.0.0.0/8"),))


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.OUTBOUND_OPEN = ["127.0.0.0/8"]


@pytest.fixture
def receiver() -> Iterator[FakeReceiver]:
    running = FakeReceiver()
    yield running
    running.close()


@pytest.fixture
def sender() -> Iterator[Sender]:
    running = Sender(Client(LOOPBACK))
    yield running
    running.close()


@pytest.fixture
def alice() -> User:
    return cast.person("alice")


def hook(user: User, receiver: FakeReceiver, *events: str) -> webhooks.Made:
    return webhooks.create(user.id, receiver.url, list(events) or None)


def happen(user: User, count: int = 1) -> None:
    """So many credits, each an event."""
    for _ in range(count):
        cast.fund(user, "1.00")


def settle(sender: Sender, seconds: float = 10) -> None:
    """Rounds until nothing is due."""
    end = time.monotonic() + seconds
    while sender.round() and time.monotonic() < end:
        pass


def pass_by(seconds: float) -> None:
    """The database's clock is so many seconds further."""
    sql.execute(
        "select set_config('activkode_test.shift',"
        " (coalesce(nullif(current_setting('activkode_test.shift', true), ''), '0')::interval + make_interval(secs => %s))::text,"
        " false)",
        (seconds,),
    )


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    yield
    sql.execute("select set_config('activkode_test.shift', '', false)")


def ids(received: list[Received]) -> list[str]:
    return [each.headers["webhook-id"] for each in received]


def numbers(received: list[Received]) -> list[int]:
    return [json.loads(each.body)["data"]["seq"] for each in received]


def told(received: Received) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(received.body)
    return found


def log(made: webhooks.Made) -> list[deliveries.Delivery]:
    """Its deliveries, the oldest first."""
    return deliveries.page(made.webhook.customer, made.webhook.id, state=None, before=None, limit=200)[::-1]


def now(made: webhooks.Made) -> webhooks.Webhook:
    return webhooks.one(made.webhook.customer, made.webhook.id)


# --- what is sent ---


def test_an_event_arrives_signed_by_the_secret_that_was_shown(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    happen(alice)
    settle(sender)

    (received,) = receiver.received
    checked = Webhook(unseal(made.sealed)).verify(received.body, received.headers)
    assert checked["type"] == "balance.credited"
    assert checked["timestamp"] == checked["data"]["at"]
    assert ids([received]) == [f"evt_{alice.id}_1"]
    assert received.headers["content-type"] == "application/json"
    (delivery,) = log(made)
    assert (delivery.state, delivery.attempts, delivery.tries[0]["status"]) == ("delivered", 1, 204)


def test_another_secret_and_another_body_do_not_pass(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made, other = hook(alice, receiver), hook(alice, receiver)
    happen(alice)
    settle(sender)

    first = next(each for each in receiver.received)
    secrets = [unseal(made.sealed), unseal(other.sealed)]
    assert secrets[0] != secrets[1]
    passed = [_passes(secret, first.body, first.headers) for secret in secrets]
    assert sorted(passed) == [False, True]
    assert not any(_passes(secret, first.body + b" ", first.headers) for secret in secrets)


def test_a_try_is_signed_with_its_own_time_so_that_an_old_one_can_be_refused(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    happen(alice)
    settle(sender)

    received = receiver.received[0]
    old = received.headers | {"webhook-timestamp": str(int(received.headers["webhook-timestamp"]) - 600)}
    assert not _passes(unseal(made.sealed), received.body, old)


def _passes(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def test_a_code_is_told_with_its_text_and_a_hidden_message_without(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    cast.shelf()
    cast.fund(alice, "10.00")
    hook(alice, receiver)
    one = operations.open(alice.id, operations.Rent("shop", "GB")).activation
    other = operations.open(alice.id, operations.Rent("slow", "GB")).activation
    _message(str(one.address), "Shop", "Your code is 482913")
    _message(str(other.address), "Slow", "Welcome to the shop")
    settle(sender)

    opened, _, code, hidden = (told(each) for each in receiver.wait_for(4))
    assert (opened["type"], opened["data"]["activation"]) == ("activation.opened", f"act_{one.id}")
    assert opened["data"]["current"]["state"] == "received"  # as it stood when this was first sent
    assert (code["type"], code["data"]["message"]["code"]) == ("activation.code", "482913")
    assert code["data"]["current"]["messages"][0]["text"] == "Your code is 482913"
    assert (hidden["type"], hidden["data"]["message"]["text"]) == ("activation.message", None)
    assert "Welcome" not in json.dumps(hidden)


def _message(phone: str, sender: str, text: str) -> None:
    inbound = Inbound("carl", f"{time.monotonic_ns()}", Kind.SMS, phone, sender, text.encode(), text)
    deliver.settle(deliver.receive(inbound))


def test_only_what_is_wanted_is_sent(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    cast.shelf()
    made = hook(alice, receiver, "activation.cancelled")
    happen(alice, 12)
    rented = operations.open(alice.id, operations.Rent("shop", "GB")).activation
    operations.apply(alice.id, rented.id, Event.CANCEL)
    settle(sender)

    assert [told(each)["type"] for each in receiver.received] == ["activation.cancelled"]
    assert now(made).last_seq == numbers(receiver.received)[0]


def test_it_begins_when_it_is_made(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    happen(alice, 2)
    hook(alice, receiver)
    happen(alice)
    settle(sender)

    assert numbers(receiver.received) == [3]


def test_nobody_is_told_of_others(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    hook(alice, receiver)
    happen(cast.person("mallory"))
    settle(sender)

    assert receiver.received == []


def test_a_closed_account_is_told_nothing(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    hook(alice, receiver)
    happen(alice)
    sql.execute("update identity_user set is_active = false where id = %s", (alice.id,))
    settle(sender)

    assert receiver.received == []


# --- when it does not arrive ---


def test_a_receiver_that_was_down_gets_everything_in_order_under_the_same_ids(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    receiver.replies = [Reply(500), Reply(503)]
    happen(alice, 3)
    settle(sender)
    assert numbers(receiver.received) == [1]
    pass_by(BACK_OFF_SECONDS[0] + 1)
    settle(sender)
    pass_by(BACK_OFF_SECONDS[1] + 1)
    settle(sender)

    assert numbers(receiver.received) == [1, 1, 1, 2, 3]
    assert len(set(ids(receiver.received))) == 3
    assert len({each.body for each in receiver.received[:3]}) == 1
    first, *_ = log(made)
    assert [each["status"] for each in first.tries] == [500, 503, 204]
    assert now(made).failures == 0


def test_tries_go_by_the_schedule(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    made = hook(alice, receiver)
    receiver.reply = Reply(500)
    happen(alice)
    for pause in BACK_OFF_SECONDS:
        settle(sender)
        tried = len(receiver.received)
        pass_by(pause - 3)
        settle(sender)
        assert len(receiver.received) == tried, pause
        pass_by(4)
    settle(sender)

    (delivery,) = log(made)
    assert (delivery.state, delivery.attempts) == ("failed", len(BACK_OFF_SECONDS) + 1)
    assert len(set(ids(receiver.received))) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(400), "status 400"),
        (Reply(404), "status 404"),
        (Reply(429), "status 429"),
        (Reply(500, {}, b"<h1>oh\x00\n</h1>"), "status 500"),
        (Reply(302, {"Location": "http://127.0.0.1:1/"}), "a redirect is not followed"),
        (Reply(308, {"Location": "/other"}), "a redirect is not followed"),
    ],
)
def test_an_answer_that_is_no_success_is_a_failure_and_is_shown(
    alice: User, receiver: FakeReceiver, sender: Sender, reply: Reply, error: str
) -> None:
    made = hook(alice, receiver)
    receiver.reply = reply
    happen(alice)
    settle(sender)

    (delivery,) = log(made)
    (tried,) = delivery.tries
    assert (delivery.state, tried["status"], tried["error"]) == ("pending", reply.status, error)
    assert delivery.next_try_at is not None
    assert len(receiver.received) == 1


def test_nobody_there_is_a_failure_in_words(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    made = hook(alice, receiver)
    receiver.close()
    happen(alice)
    settle(sender)

    (delivery,) = log(made)
    assert (delivery.tries[0]["status"], delivery.tries[0]["error"]) == (None, "no connection")


def test_an_address_that_became_private_is_not_connected_to(alice: User, receiver: FakeReceiver) -> None:
    made = hook(alice, receiver)
    strict = Sender(Client(Reach()))
    happen(alice)
    settle(strict)
    strict.close()

    assert log(made)[0].tries[0]["error"] == "Only https is sent to."
    assert receiver.received == []


def test_a_slow_receiver_keeps_nobody_waiting(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    slow = FakeReceiver()
    slow.reply = Reply(seconds=3)
    hook(alice, slow)
    hook(alice, receiver)
    happen(alice, 5)
    began = time.monotonic()
    while len(receiver.received) < 5:
        sender.round()

    assert time.monotonic() - began < 2.5
    assert len(slow.received) == 1
    slow.close()


def test_events_in_a_row_that_are_given_up_disable_it_and_its_owner_is_told(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    receiver.reply = Reply(500)
    happen(alice, GIVEN_UP_MOST + 1)
    for _ in range(GIVEN_UP_MOST):
        for pause in (*BACK_OFF_SECONDS, 1):
            settle(sender)
            pass_by(pause + 1)

    found = now(made)
    assert (found.state, found.failures) == ("disabled", GIVEN_UP_MOST)
    assert found.reason == "3 events in a row could not be delivered; the last try: status 500."
    (mail,) = _mails()
    assert (mail["to"], found.reason in mail["text"], receiver.url in mail["text"]) == (
        alice.email,
        True,
        True,
    )
    settle(sender)
    assert [delivery.state for delivery in log(made)] == ["failed"] * GIVEN_UP_MOST


def _mails() -> list[dict[str, Any]]:
    return [row[0] for row in sql.rows("select payload::json from core_outbox where topic = 'mail'")]


def test_one_success_in_between_counts_from_the_beginning(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    receiver.replies = [Reply(500)] * 16
    happen(alice, 3)
    for _ in range(2):
        for pause in (*BACK_OFF_SECONDS, 1):
            settle(sender)
            pass_by(pause + 1)
    settle(sender)

    assert (now(made).state, now(made).failures) == ("active", 0)
    assert [delivery.state for delivery in log(made)] == ["failed", "failed", "delivered"]


def test_a_receiver_that_is_gone_is_not_asked_again(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    receiver.reply = Reply(410)
    happen(alice, 2)
    settle(sender)

    assert (now(made).state, now(made).reason) == ("disabled", "The receiver answered 410: it is gone.")
    assert len(receiver.received) == len(_mails()) == 1


def test_what_was_missed_while_it_rested_follows_in_order(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    webhooks.change(alice.id, made.webhook.id, {"active": False})
    happen(alice, 3)
    settle(sender)
    assert (receiver.received, now(made).state) == ([], "paused")
    webhooks.change(alice.id, made.webhook.id, {"active": True})
    settle(sender)

    assert numbers(receiver.received) == [1, 2, 3]


def test_what_was_missed_can_be_skipped(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    made = hook(alice, receiver)
    receiver.replies = [Reply(500)]
    happen(alice, 3)
    settle(sender)
    webhooks.change(alice.id, made.webhook.id, {"active": True}, skip_missed=True)
    happen(alice)
    settle(sender)

    assert numbers(receiver.received) == [1, 4]
    assert [delivery.state for delivery in log(made)] == ["skipped", "delivered"]


def test_what_is_wanted_no_longer_holds_nothing_up(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    cast.shelf()
    made = hook(alice, receiver)
    receiver.replies = [Reply(500)]
    happen(alice, 5)
    operations.open(alice.id, operations.Rent("shop", "GB"))
    settle(sender)
    webhooks.change(alice.id, made.webhook.id, {"events": ["activation.opened"]})
    settle(sender)
    assert numbers(receiver.received) == [1, 6]
    assert [delivery.state for delivery in log(made)] == ["skipped", "delivered"]


def test_what_is_wanted_again_before_it_was_passed_is_sent_once(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    receiver.replies = [Reply(500)]
    happen(alice)
    settle(sender)
    webhooks.change(alice.id, made.webhook.id, {"events": ["activation.opened"]})
    webhooks.change(alice.id, made.webhook.id, {"events": None})
    settle(sender)
    pass_by(60)
    settle(sender)

    assert numbers(receiver.received) == [1, 1]
    assert [delivery.state for delivery in log(made)] == ["delivered"]


# --- what is asked for ---


def test_an_event_is_sent_again_under_its_id_when_it_is_asked_for(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    happen(alice, 2)
    settle(sender)
    deliveries.redeliver(alice.id, made.webhook.id, log(made)[0].id)
    settle(sender)

    assert numbers(receiver.received) == [1, 2, 1]
    assert ids(receiver.received)[0] == ids(receiver.received)[2]
    assert (log(made)[0].attempts, len(log(made)[0].tries), now(made).last_seq) == (2, 2, 2)


def test_what_waits_for_its_next_try_is_tried_at_once_when_asked_for(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    receiver.replies = [Reply(500)]
    happen(alice)
    settle(sender)
    deliveries.redeliver(alice.id, made.webhook.id, log(made)[0].id)
    settle(sender)

    assert (len(receiver.received), log(made)[0].state) == (2, "delivered")


def test_a_test_is_sent_to_a_webhook_that_rests_too_and_moves_nothing(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    webhooks.change(alice.id, made.webhook.id, {"active": False})
    deliveries.test(alice.id, made.webhook.id, "evt_test_1", "webhook.test", '{"type":"webhook.test"}')
    settle(sender)

    (received,) = receiver.received
    assert Webhook(unseal(made.sealed)).verify(received.body, received.headers) == {"type": "webhook.test"}
    assert (log(made)[0].state, now(made).last_seq) == ("delivered", 0)


def test_a_test_that_fails_is_not_tried_again(alice: User, receiver: FakeReceiver, sender: Sender) -> None:
    made = hook(alice, receiver)
    receiver.reply = Reply(500)
    deliveries.test(alice.id, made.webhook.id, "evt_test_1", "webhook.test", "{}")
    settle(sender)
    pass_by(7200)
    settle(sender)

    assert (len(receiver.received), log(made)[0].state, now(made).failures) == (1, "failed", 0)


# --- what goes wrong on our side ---


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
def test_a_clock_that_is_killed_between_sending_and_recording_loses_nothing(
    alice: User, receiver: FakeReceiver, sender: Sender
) -> None:
    made = hook(alice, receiver)
    receiver.replies = [Reply(seconds=30)]
    happen(alice)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "activkode.config.settings",
        "ACTIVKODE_PEOPLE": "0",
        "ACTIVKODE_OUTBOUND_OPEN": "127.0.0.0/8",
        "SECRET_KEY": _secret_key(),
    }
    with subprocess.Popen([sys.executable, "-c", CLOCK], env=environment, stdout=subprocess.DEVNULL) as clock:
        receiver.wait_for(1, 60)
        clock.send_signal(signal.SIGKILL)
    pass_by(31)
    settle(sender)

    assert ids(receiver.received) == [f"evt_{alice.id}_1"] * 2
    assert (log(made)[0].state, log(made)[0].attempts) == ("delivered", 2)


def _secret_key() -> str:
    from django.conf import settings as now

    return str(now.SECRET_KEY)
