"""What happens to a customer reaches the customer's webhook: signed, in order, and to nobody else."""

import json
import time

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

import cast
from activkode.activations import operations
from activkode.activations.policy import Event
from activkode.core import sql
from activkode.core.sealing import unseal
from activkode.doors.demo.receiver import FakeReceiver
from activkode.doors.webhooks.send import Sender
from activkode.identity.models import User
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind
from doors.webhooks.seen import happen, hook, ids, log, now, numbers, settle, told

pytestmark = pytest.mark.django_db


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
