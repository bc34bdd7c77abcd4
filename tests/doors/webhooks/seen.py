"""What tests of webhooks do and look at."""

import json
import time
from ipaddress import ip_network
from typing import Any

import cast
from activkode.core import sql
from activkode.core.outbound.reach import Reach
from activkode.doors.demo.receiver import FakeReceiver, Received
from activkode.doors.webhooks.send import Sender
from activkode.identity import deliveries, webhooks
from activkode.identity.models import User

LOOPBACK = Reach((ip_network("127.0.0.0/8"),))


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


def mails() -> list[dict[str, Any]]:
    """What is to be mailed."""
    return [row[0] for row in sql.rows("select payload::json from core_outbox where topic = 'mail'")]
