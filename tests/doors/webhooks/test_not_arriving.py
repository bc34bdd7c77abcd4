"""A receiver that is away, slow, wrong or gone: tried again by the schedule, in order, and never in another's way."""

import time

import pytest
from standardwebhooks.webhooks import Webhook

import cast
from activkode.activations import operations
from activkode.core.outbound.client import Client
from activkode.core.outbound.reach import Reach
from activkode.core.sealing import unseal
from activkode.doors.demo.receiver import FakeReceiver, Reply
from activkode.doors.webhooks.send import Sender
from activkode.identity import deliveries, webhooks
from activkode.identity.deliveries import BACK_OFF_SECONDS, GIVEN_UP_MOST
from activkode.identity.models import User
from doors.webhooks.seen import happen, hook, ids, log, mails, now, numbers, pass_by, settle

pytestmark = pytest.mark.django_db


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
    (mail,) = mails()
    assert (mail["to"], found.reason in mail["text"], receiver.url in mail["text"]) == (
        alice.email,
        True,
        True,
    )
    settle(sender)
    assert [delivery.state for delivery in log(made)] == ["failed"] * GIVEN_UP_MOST


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
    assert len(receiver.received) == len(mails()) == 1


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
