"""Webhooks and their deliveries. The sending itself is the clock's (doors/webhooks)."""

import secrets
from collections.abc import Callable
from typing import Any

import msgspec

from activkode.core import ids, read
from activkode.core.errors import Code
from activkode.core.idempotency import once
from activkode.core.sealing import unseal
from activkode.doors.machines import render, shapes, webhook_shapes
from activkode.doors.machines.queries import given
from activkode.doors.machines.rest.answers import carried_out_once
from activkode.doors.machines.rest.call import Answer, Ask
from activkode.identity import deliveries, webhooks

TEST = "webhook.test"


def create(ask: Ask) -> Answer:
    """POST /v1/webhooks"""
    wanted: webhook_shapes.WebhookWanted = ask.body

    def make() -> dict[str, Any]:
        events = None if wanted.events is None else [str(topic) for topic in dict.fromkeys(wanted.events)]
        made = webhooks.create(ask.customer, wanted.url, events, wanted.description)
        return {"webhook": msgspec.to_builtins(_webhook(made.webhook)), "sealed": made.sealed}

    outcome, replayed = once(ask.customer, ask.key, make)  # what is kept of the answer holds no open secret
    made = msgspec.convert(outcome["webhook"], webhook_shapes.Webhook)
    body = render.encode(webhook_shapes.WebhookMade(made, unseal(outcome["sealed"])))
    return Answer(body, replayed=replayed, location=f"/v1/webhooks/{made.id}")


def page(ask: Ask) -> Answer:
    """GET /v1/webhooks"""
    query: webhook_shapes.WebhooksQuery = ask.query
    cursor = given(query.cursor)
    before = None if cursor is None else ids.read(ids.WEBHOOK, cursor, Code.INVALID_REQUEST)
    found = [each for each in webhooks.of(ask.customer) if before is None or each.id < before]
    items = [_webhook(each) for each in found[: query.limit]]
    return Answer(render.encode(shapes.Page(items, items[-1].id if len(found) > query.limit else None)))


def one(ask: Ask) -> Answer:
    """GET /v1/webhooks/{id}"""
    return Answer(render.encode(_webhook(webhooks.one(ask.customer, _number(ask)))))


def change(ask: Ask) -> Answer:
    """PATCH /v1/webhooks/{id}"""
    wanted: webhook_shapes.WebhookChange = ask.body
    what = {
        name: value
        for name in ("url", "events", "description", "active")
        if (value := getattr(wanted, name)) is not msgspec.UNSET
    }
    changed = webhooks.change(ask.customer, _number(ask), what, skip_missed=wanted.skip_missed)
    return Answer(render.encode(_webhook(changed)))


def remove(ask: Ask) -> Answer:
    """DELETE /v1/webhooks/{id}"""
    number = _number(ask)
    webhooks.remove(ask.customer, number)
    return Answer(render.encode(webhook_shapes.WebhookRemoved(ids.show(ids.WEBHOOK, number), True)))


def test(ask: Ask) -> Answer:
    """POST /v1/webhooks/{id}/test"""
    number = _number(ask)
    data = {"webhook": ids.show(ids.WEBHOOK, number)}
    body = render.encode({"type": TEST, "timestamp": render.time(read.now()), "data": data}).decode()
    name = f"evt_test_{secrets.token_hex(12)}"
    return _asked(ask, lambda: deliveries.test(ask.customer, number, name, TEST, body))


def redeliver(ask: Ask) -> Answer:
    """POST /v1/webhooks/{id}/deliveries/{delivery}/redelivery"""
    number, delivery = _number(ask), _delivery_number(ask)
    return _asked(ask, lambda: deliveries.redeliver(ask.customer, number, delivery))


def sent(ask: Ask) -> Answer:
    """GET /v1/webhooks/{id}/deliveries"""
    query: webhook_shapes.DeliveriesQuery = ask.query
    cursor = given(query.cursor)
    found = deliveries.page(
        ask.customer,
        _number(ask),
        state=given(query.state),
        before=None if cursor is None else ids.read(ids.DELIVERY, cursor, Code.INVALID_REQUEST),
        limit=query.limit + 1,
    )
    items = [_delivery(each) for each in found[: query.limit]]
    return Answer(render.encode(shapes.Page(items, items[-1].id if len(found) > query.limit else None)))


def sent_one(ask: Ask) -> Answer:
    """GET /v1/webhooks/{id}/deliveries/{delivery}"""
    found = deliveries.one(ask.customer, _number(ask), _delivery_number(ask))
    return Answer(render.encode(msgspec.structs.replace(_delivery(found), body=found.body)))


def _asked(ask: Ask, carry_out: Callable[[], deliveries.Delivery]) -> Answer:
    return carried_out_once(ask, webhook_shapes.Delivery, lambda: _delivery(carry_out()))


def _number(ask: Ask) -> int:
    return ids.read(ids.WEBHOOK, ask.path["id"])


def _delivery_number(ask: Ask) -> int:
    return ids.read(ids.DELIVERY, ask.path["delivery"])


def _webhook(one: webhooks.Webhook) -> webhook_shapes.Webhook:
    return webhook_shapes.Webhook(
        id=ids.show(ids.WEBHOOK, one.id),
        url=one.url,
        events=None if one.events is None else [webhook_shapes.Topic(each) for each in one.events],
        description=one.description,
        state=one.state,
        reason=one.reason or None,
        disabled_at=None if one.disabled_at is None else render.time(one.disabled_at),
        failures=one.failures,
        created_at=render.time(one.created_at),
    )


def _delivery(one: deliveries.Delivery) -> webhook_shapes.Delivery:
    return webhook_shapes.Delivery(
        id=ids.show(ids.DELIVERY, one.id),
        webhook=ids.show(ids.WEBHOOK, one.webhook),
        event=one.event_id,
        type=one.type,
        state=one.state,
        created_at=render.time(one.created_at),
        attempts=one.attempts,
        next_try_at=None if one.next_try_at is None else render.time(one.next_try_at),
        tries=[_try(each) for each in one.tries],
    )


def _try(each: dict[str, Any]) -> webhook_shapes.Try:
    error = each["error"] or None
    return webhook_shapes.Try(each["at"], each["status"], error, each["milliseconds"], each["answer"])
