"""What is sent to webhooks: one row for each event and webhook, with every try. Rows are claimed before they are tried,
so that a crash repeats them under the same id and two clocks do not share one. Must never send from here.

A webhook's events go one after another: what cannot be delivered is tried again by BACK_OFF_SECONDS, and what comes after
it waits; another webhook never does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.identity import webhooks

# The pauses after the first try, the second, ...; after the last try the event is given up: 8 tries in under 2 hours.
BACK_OFF_SECONDS = (5, 30, 120, 300, 900, 1800, 3600)
# So many events in a row given up: the webhook is disabled.
GIVEN_UP_MOST = 3
KEPT_DAYS = 30
# Tests and redeliveries of one webhook in a minute.
ASKED_MOST = 30
# Longer than a try takes at most.
_LEASE_SECONDS = 30
_LOOKED_THROUGH = 1000
_GONE = 410
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Next:
    """The next event of a webhook that was claimed; `event` is its row: customer, seq, time, type, activation, revision,
    payload."""

    webhook: int
    url: str
    sealed: str
    event: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sending:
    """One try: what is sent where, signed with what, under which id."""

    id: int
    attempt: int
    webhook: int
    url: str
    sealed: str
    event_id: str
    body: str


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try ended: the status that came back, or the error in words."""

    status: int | None
    error: str
    milliseconds: int
    answer: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as its owner sees it; `tries` hold at, status, error, milliseconds and answer."""

    id: int
    webhook: int
    event_id: str
    type: str
    state: Literal["pending", "delivered", "failed", "skipped"]
    created_at: datetime
    attempts: int
    tries: list[dict[str, Any]]
    next_try_at: datetime | None
    body: str


# --- for their owner ---

_READ = (
    "select d.id, d.webhook_id, d.event_id, d.type, d.state, d.created_at, d.attempts, d.tries::json,"
    " case when d.state <> 'pending' then null when d.asked_at is not null then d.due_at when w.active then w.due_at end,"
    " d.body from identity_delivery d join identity_webhook w on w.id = d.webhook_id"
    " where d.customer_id = %(customer)s and d.webhook_id = %(webhook)s"
)


def page(
    customer_id: int, webhook_id: int, *, state: str | None, before: int | None, limit: int
) -> list[Delivery]:
    """Deliveries of a webhook, newest first, older than id `before`. Raises Refusal(not_found), TryLater."""
    webhooks.one(customer_id, webhook_id)
    found = sql.rows(
        f"{_READ} and d.id < %(before)s and (%(state)s::text is null or d.state = %(state)s::text)"
        " order by d.id desc limit %(limit)s",
        {
            "customer": customer_id,
            "webhook": webhook_id,
            "before": _LARGEST if before is None else before,
            "state": state,
            "limit": limit,
        },
    )
    return [Delivery(*row) for row in found]


def one(customer_id: int, webhook_id: int, delivery_id: int) -> Delivery:
    """One delivery. Raises Refusal(not_found), TryLater."""
    row = sql.one(
        f"{_READ} and d.id = %(delivery)s",
        {"customer": customer_id, "webhook": webhook_id, "delivery": delivery_id},
    )
    if row is None:
        raise Refusal(Code.NOT_FOUND, "There is no such delivery in this account.")
    return Delivery(*row)


def test(customer_id: int, webhook_id: int, event_id: str, kind: str, body: str) -> Delivery:
    """Has an event that did not happen sent, out of turn, once, also to a webhook that is not active.
    Raises Refusal(not_found, too_many_requests), TryLater."""
    _refuse_many(customer_id, webhook_id)
    made = sql.value(
        "insert into identity_delivery (customer_id, webhook_id, event_id, type, body, state, created_at, attempts, tries,"
        " asked_at, due_at) values (%s, %s, %s, %s, %s, 'pending', fn.now(), 0, '[]', fn.now(), fn.now()) returning id",
        (customer_id, webhook_id, event_id, kind, body),
    )
    return one(customer_id, webhook_id, made)


def redeliver(customer_id: int, webhook_id: int, delivery_id: int) -> Delivery:
    """Has one event sent again, out of turn, once; what still waits for its turn is tried at once instead.
    Raises Refusal(not_found, too_many_requests), TryLater."""
    found = one(customer_id, webhook_id, delivery_id)
    if found.state == "pending":
        sql.execute(
            "update identity_webhook set due_at = least(due_at, fn.now()) where id = %s", (webhook_id,)
        )
    else:
        _refuse_many(customer_id, webhook_id)
        sql.execute(
            "update identity_delivery set state = 'pending', asked_at = fn.now(), due_at = fn.now()"
            " where id = %s and state <> 'pending'",
            (delivery_id,),
        )
    return one(customer_id, webhook_id, delivery_id)


# --- for the sender ---


def claim(limit: int) -> list[Next]:
    """The next event of webhooks whose turn it is; they are leased, for nobody else to take them. Those whose events are
    none that they want move on. Raises TryLater."""
    with sql.transaction():
        leased = [
            row[0]
            for row in sql.rows(
                "update identity_webhook set due_at = fn.now() + make_interval(secs => %s) where id in (select w.id"
                " from identity_webhook w join identity_user u on u.id = w.customer_id where w.active and u.is_active"
                " and w.due_at <= fn.now() and exists (select from core_event e where e.customer_id = w.customer_id"
                " and e.seq > w.last_seq) order by w.due_at limit %s for update of w skip locked) returning id",
                (_LEASE_SECONDS, limit),
            )
        ]
        if not leased:
            return []
        found = sql.rows(_NEXT, {"webhooks": leased, "looked_through": _LOOKED_THROUGH})
        unwanted = [(row[0], row[3]) for row in found if row[5] is None]
        if unwanted:
            sql.execute(
                "update identity_webhook w set last_seq = x.seq, due_at = fn.now()"
                " from unnest(%s::bigint[], %s::bigint[]) as x (id, seq) where w.id = x.id",
                ([each[0] for each in unwanted], [each[1] for each in unwanted]),
            )
    return [Next(row[0], row[1], row[2], row[4:]) for row in found if row[5] is not None]


_NEXT = """
select w.id, w.url, w.sealed, far.seq,
       w.customer_id, e.seq, fn.stamp(e.at), e.type, e.activation_id, e.revision, e.payload::text
from identity_webhook w
cross join lateral (select max(seq) as seq from (select seq from core_event where customer_id = w.customer_id
  and seq > w.last_seq order by seq limit %(looked_through)s) x) far
left join lateral (select * from core_event where customer_id = w.customer_id and seq > w.last_seq and seq <= far.seq
  and (w.events is null or w.events ? type) order by seq limit 1) e on true
where w.id = any (%(webhooks)s)
"""


def begin(waiting: Next, event_id: str, kind: str, body: str) -> Sending | None:
    """Writes the try of a claimed event down, before it is sent; None where the webhook is gone. What was written at the
    first try is what is sent. Raises TryLater."""
    row = sql.one(
        "insert into identity_delivery (customer_id, webhook_id, seq, event_id, type, body, state, created_at, attempts,"
        " tries) select w.customer_id, w.id, %s, %s, %s, %s, 'pending', fn.now(), 1, '[]' from identity_webhook w"
        " where w.id = %s"
        " on conflict (customer_id, webhook_id, seq) do update set attempts = identity_delivery.attempts + 1,"
        " state = 'pending', asked_at = null returning id, attempts, body",
        (waiting.event[1], event_id, kind, body, waiting.webhook),
    )
    if row is None:
        return None
    return Sending(row[0], row[1], waiting.webhook, waiting.url, waiting.sealed, event_id, row[2])


def claim_asked(limit: int) -> list[Sending]:
    """Tests and redeliveries that were asked for. Raises TryLater."""
    found = sql.rows(
        "update identity_delivery d set attempts = d.attempts + 1, due_at = fn.now() + make_interval(secs => %s)"
        " from identity_webhook w where w.id = d.webhook_id and d.id in (select id from identity_delivery"
        " where state = 'pending' and asked_at is not null and due_at <= fn.now() order by due_at limit %s"
        " for update skip locked) returning d.id, d.attempts, w.id, w.url, w.sealed, d.event_id, d.body",
        (_LEASE_SECONDS, limit),
    )
    return [Sending(*row) for row in found]


def record(sent: Sending, tried: Tried) -> None:
    """Writes down how a try ended, and what follows; nothing where it was taken for lost and tried again meanwhile.
    Raises TryLater."""
    gives_up = not tried.arrived and (tried.status == _GONE or sent.attempt > len(BACK_OFF_SECONDS))
    ended = "delivered" if tried.arrived else "failed" if gives_up else "pending"
    with sql.transaction():
        row = sql.one(
            "update identity_delivery set tries = tries || jsonb_build_array(jsonb_build_object('at', fn.stamp(fn.now()),"
            " 'status', %(status)s::int, 'error', %(error)s::text, 'milliseconds', %(ms)s::int,"
            " 'answer', %(answer)s::text)),"
            " state = case when asked_at is null then %(ended)s when %(arrived)s then 'delivered' else 'failed' end"
            " where id = %(id)s and attempts = %(attempt)s and state = 'pending' returning seq, asked_at is not null",
            {
                "status": tried.status,
                "error": tried.error,
                "ms": tried.milliseconds,
                "answer": tried.answer,
                "ended": ended,
                "arrived": tried.arrived,
                "id": sent.id,
                "attempt": sent.attempt,
            },
        )
        if row is None or row[1]:
            return
        if ended == "pending":
            _again(sent)
        else:
            _go_on(sent, row[0], tried)


def forget(limit: int) -> int:
    """Removes up to `limit` deliveries that ended and are older than 30 days; how many. Raises TryLater."""
    return sql.execute(
        "delete from identity_delivery where id in (select id from identity_delivery where state <> 'pending'"
        " and created_at < fn.now() - make_interval(days => %s) limit %s)",
        (KEPT_DAYS, limit),
    )


def _again(sent: Sending) -> None:
    sql.execute(
        "update identity_webhook set due_at = fn.now() + make_interval(secs => %s) where id = %s",
        (BACK_OFF_SECONDS[sent.attempt - 1], sent.webhook),
    )


def _go_on(sent: Sending, seq: int, tried: Tried) -> None:
    failures = sql.value(
        "update identity_webhook set last_seq = greatest(last_seq, %s), due_at = fn.now(),"
        " failures = case when %s then 0 else failures + 1 end where id = %s returning failures",
        (seq, tried.arrived, sent.webhook),
    )
    if tried.status == _GONE:
        webhooks.disable(sent.webhook, "The receiver answered 410: it is gone.")
    elif failures is not None and failures >= GIVEN_UP_MOST:
        why = tried.error or f"status {tried.status}"
        webhooks.disable(
            sent.webhook, f"{failures} events in a row could not be delivered; the last try: {why}."
        )


def _refuse_many(customer_id: int, webhook_id: int) -> None:
    webhooks.one(customer_id, webhook_id)
    asked: Sequence[Any] | None = sql.one(
        "select count(*) from identity_delivery where webhook_id = %s and asked_at > fn.now() - interval '1 minute'",
        (webhook_id,),
    )
    if asked is not None and asked[0] >= ASKED_MOST:
        raise Refusal(Code.TOO_MANY_REQUESTS, f"{ASKED_MOST} a minute can be asked for.", {"retry_after": 60})
