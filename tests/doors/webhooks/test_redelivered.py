"""A redelivery by hand leaves the order of the others as it is."""

import pytest

import cast
from activkode.core import sql
from activkode.doors.webhooks import body
from activkode.identity import deliveries, webhooks
from activkode.identity.deliveries import Next, Sending, Tried


def _begin(waiting: Next) -> Sending:
    sending = deliveries.begin(waiting, body.event_id(waiting.event), waiting.event[3], "{}")
    assert sending is not None
    return sending


@pytest.mark.django_db
def test_what_was_passed_over_and_asked_for_by_hand_holds_nothing_up_afterwards() -> None:
    """The mark of the asking stayed, and the same event was sent every half minute for ever."""
    alice = cast.person("alice")
    made = webhooks.create(alice.id, "https://hooks.example.com/a", None, "").webhook
    for _ in range(2):
        cast.fund(alice, "1.00")
    (first,) = deliveries.claim(10)
    sending = _begin(first)
    deliveries.record(sending, Tried(500, "status 500", 1))
    webhooks.change(alice.id, made.id, {"active": False, "events": ["activation.opened"]})
    deliveries.redeliver(alice.id, made.id, sending.id)
    (again,) = deliveries.claim_asked(10)
    deliveries.record(again, Tried(200, "", 1))
    webhooks.change(alice.id, made.id, {"events": None, "active": True})
    sent = []
    for seconds in (40, 80, 120):
        sql.execute("select set_config('activkode_test.shift', %s, true)", (f"{seconds} seconds",))
        for waiting in deliveries.claim(10):
            deliveries.record(_begin(waiting), Tried(200, "", 1))
            sent.append(waiting.event[1])

    assert sent == sorted(set(sent))
    assert sql.value("select last_seq from identity_webhook") == max(sent)
