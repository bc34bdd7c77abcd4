"""Webhooks: where a customer's programs want to be told what happens. Each is a place in the customer's events
(`last_seq`), so that nothing is lost and the order is kept. The secret that signs is shown once and kept sealed.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg.types.json import Jsonb

from activkode.core import outbox, sql
from activkode.core.errors import Code, Refusal
from activkode.core.outbound import reach
from activkode.core.sealing import seal

MOST = 10
SECRET_PREFIX = "whsec_"  # noqa: S105 - only how one begins
_SECRET_BYTES = 32
_COLUMNS = "id, customer_id, url, events::json, description, active, created_at, disabled_at, reason, last_seq, failures"
_READ = f"select {_COLUMNS} from identity_webhook where customer_id = %s"  # noqa: S608 - the columns above
_INSERT = """
insert into identity_webhook (customer_id, url, events, description, sealed, active, created_at, reason, last_seq, due_at,
                              failures)
select %(customer)s, %(url)s, %(events)s::jsonb, %(description)s, %(sealed)s, true, fn.now(), '',
       coalesce((select max(seq) from core_event where customer_id = %(customer)s), 0), fn.now(), 0
"""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One endpoint. `events` None is all; `failures` are events in a row that were given up."""

    id: int
    customer: int
    url: str
    events: list[str] | None
    description: str
    active: bool
    created_at: datetime
    disabled_at: datetime | None
    reason: str
    last_seq: int
    failures: int

    @property
    def state(self) -> Literal["active", "paused", "disabled"]:
        """active, paused (by its owner) or disabled (by us)."""
        return "active" if self.active else "paused" if self.disabled_at is None else "disabled"


@dataclass(frozen=True, slots=True)
class Made:
    """A new webhook and its secret, sealed: unsealed it is for its owner's eyes, this once."""

    webhook: Webhook
    sealed: str


def create(customer_id: int, url: str, events: list[str] | None = None, description: str = "") -> Made:
    """A webhook that is told what happens from now on. Raises Refusal(invalid_request) for a URL that we do not send to,
    Refusal(limit_reached), TryLater."""
    _check(url)
    sealed = seal(SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode())
    with sql.transaction():
        sql.execute("select from identity_user where id = %s for no key update", (customer_id,))
        if sql.value("select count(*) from identity_webhook where customer_id = %s", (customer_id,)) >= MOST:
            raise Refusal(Code.LIMIT_REACHED, f"There are {MOST} webhooks already; remove one.")
        row = sql.one(
            f"{_INSERT} returning {_COLUMNS}",
            {
                "customer": customer_id,
                "url": url,
                "events": None if events is None else Jsonb(events),
                "description": description,
                "sealed": sealed,
            },
        )
    assert row is not None
    return Made(Webhook(*row), sealed)


def of(customer_id: int) -> list[Webhook]:
    """The customer's webhooks, newest first. Raises TryLater."""
    return [Webhook(*row) for row in sql.rows(f"{_READ} order by id desc", (customer_id,))]


def one(customer_id: int, webhook_id: int) -> Webhook:
    """One of the customer's webhooks. Raises Refusal(not_found), TryLater."""
    row = sql.one(f"{_READ} and id = %s", (customer_id, webhook_id))
    if row is None:
        raise Refusal(Code.NOT_FOUND, "There is no such webhook in this account.")
    return Webhook(*row)


def change(
    customer_id: int, webhook_id: int, what: Mapping[str, Any], *, skip_missed: bool = False
) -> Webhook:
    """Sets `url`, `events`, `description` or `active`, those that are given. Made active, it goes on where it stopped, at
    once, or from now on with `skip_missed`. Raises Refusal(not_found, invalid_request), TryLater."""
    if "url" in what:
        _check(what["url"])
    with sql.transaction():
        now = one(customer_id, webhook_id)
        values = {"url": now.url, "events": now.events, "description": now.description} | dict(what)
        sql.execute(
            "update identity_webhook set url = %s, events = %s::jsonb, description = %s where id = %s",
            (
                values["url"],
                None if values["events"] is None else Jsonb(values["events"]),
                values["description"],
                webhook_id,
            ),
        )
        if skip_missed:
            _skip_to_now(webhook_id)
        if "events" in what:
            _skip_unwanted(webhook_id)
        if "active" in what:
            _switch(webhook_id, what["active"])
    return one(customer_id, webhook_id)


def remove(customer_id: int, webhook_id: int) -> None:
    """Removes a webhook and what is known of its deliveries. Raises Refusal(not_found), TryLater."""
    with sql.transaction():
        one(customer_id, webhook_id)
        sql.execute("delete from identity_webhook where id = %s", (webhook_id,))
        sql.execute("delete from identity_delivery where webhook_id = %s", (webhook_id,))


def disable(webhook_id: int, reason: str) -> None:
    """Stops a webhook that cannot be reached, and tells its owner by mail. Raises TryLater."""
    row = sql.one(
        "update identity_webhook w set active = false, disabled_at = fn.now(), reason = %s from identity_user u"
        " where w.id = %s and w.active and u.id = w.customer_id returning u.email, w.url",
        (reason, webhook_id),
    )
    if row is not None:
        email, url = row
        outbox.put_mail(
            email, "Your webhook was disabled", _MAIL.format(id=webhook_id, url=url, reason=reason)
        )


_MAIL = """Your webhook whk_{id} was disabled.

Address: {url}
Reason: {reason}

Nothing is lost: events are kept, and follow in their order once you make it active again, by program with
PATCH /v1/webhooks/whk_{id} {{"active": true}}. POST /v1/webhooks/whk_{id}/test tries it before that.
"""


def _switch(webhook_id: int, active: bool) -> None:
    if active:
        sql.execute(
            "update identity_webhook set active = true, disabled_at = null, reason = '', failures = 0, due_at = fn.now()"
            " where id = %s",
            (webhook_id,),
        )
    else:
        sql.execute("update identity_webhook set active = false where id = %s", (webhook_id,))


def _skip_to_now(webhook_id: int) -> None:
    sql.execute(
        "update identity_webhook w set last_seq = coalesce((select max(seq) from core_event e"
        " where e.customer_id = w.customer_id), 0) where w.id = %s",
        (webhook_id,),
    )
    sql.execute(
        "update identity_delivery set state = 'skipped' where webhook_id = %s and state = 'pending' and asked_at is null",
        (webhook_id,),
    )


def _skip_unwanted(webhook_id: int) -> None:
    """What waits for its next try and is wanted no longer holds nothing up any more."""
    skipped = sql.execute(
        "update identity_delivery d set state = 'skipped' from identity_webhook w where w.id = %s and d.webhook_id = w.id"
        " and d.state = 'pending' and d.asked_at is null and not w.events ? d.type",
        (webhook_id,),
    )
    if skipped:
        sql.execute("update identity_webhook set due_at = fn.now() where id = %s", (webhook_id,))


def _check(url: str) -> None:
    try:
        reach.reach().check_url(url)
    except reach.Refused as refused:
        raise Refusal(Code.INVALID_REQUEST, str(refused)) from None
