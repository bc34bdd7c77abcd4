"""What may be known of activations: plain frozen values for pages and doors; must never write."""

from dataclasses import dataclass
from typing import Any

import msgspec

from activkode.activations import policy
from activkode.activations.policy import Event, State
from activkode.core import sql
from activkode.core.errors import Code, Refusal


class Message(msgspec.Struct, frozen=True):
    """A message in order of `revision`; text, code and link are None while it is hidden (POLICY 2.1.5)."""

    revision: int
    received_at: str
    sender: str
    text: str | None
    code: str | None
    link: str | None
    shown: bool


class Activation(msgspec.Struct, frozen=True):
    """A rental; amounts in micro-dollars, times RFC 3339 in UTC with milliseconds."""

    id: int
    customer: int
    kind: str
    service: str
    country: str | None
    operator: str
    address: str
    price_micros: int
    state: State
    window_seconds: int
    opened_at: str
    cancel_from: str
    expires_at: str
    closed_at: str | None
    revision: int
    policy_version: int
    clause: str | None
    refunded_at: str | None
    messages: list[Message]


@dataclass(frozen=True, slots=True)
class Can:
    """What its customer can do now; `cancel_from` where a supplier's lock holds (POLICY 2.1.9)."""

    cancel: bool
    complete: bool
    reveal: bool
    cancel_from: str | None


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """Would it be, was it, refunded: the decision, the clause that decides, and the times promised and kept."""

    decision: str
    clause: str | None
    amount_micros: int
    promised_by: str | None
    at: str | None
    why: str


def activation(document: Any) -> Activation:
    """The value of `fn.activation_document`."""
    return msgspec.convert(document, Activation, strict=False)


def get(customer_id: int, activation_id: int) -> Activation:
    """One of the customer's activations. Raises Refusal(unknown_activation), TryLater."""
    row = sql.one(
        "select fn.activation_document(a) from activations_activation a where customer_id = %s and id = %s",
        (customer_id, activation_id),
    )
    if row is None:
        raise Refusal(Code.UNKNOWN_ACTIVATION)
    return activation(row[0])


def page(
    customer_id: int,
    *,
    states: list[str] | None = None,
    service: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Activation]:
    """The customer's activations, newest first, older than number `before`. Raises TryLater."""
    found = sql.rows(
        "select fn.activation_document(a) from activations_activation a"
        " where customer_id = %(customer)s and id < coalesce(%(before)s, 9223372036854775807)"
        " and (%(states)s::text[] is null or state = any (%(states)s::text[]))"
        " and (%(service)s::text is null or service_id = (select id from catalogue_service where code = %(service)s))"
        " order by id desc limit %(limit)s",
        {"customer": customer_id, "before": before, "states": states, "service": service, "limit": limit},
    )
    return [activation(row[0]) for row in found]


def can(one: Activation) -> Can:
    """What the policy's table allows in this state. A lock is told, not hidden: cancel_from says until when."""
    hidden = any(not message.shown for message in one.messages)
    return Can(
        cancel=_moves(one.state, Event.CANCEL),
        complete=_moves(one.state, Event.COMPLETE),
        reveal=hidden and _moves(one.state, Event.REVEAL),
        cancel_from=one.cancel_from if one.cancel_from > one.opened_at else None,
    )


def refund(one: Activation) -> RefundAnswer:
    """Decision, clause and times of this activation's refund (POLICY 1.2, 1.3)."""
    if one.refunded_at is not None:
        why = f"The full price went back at {one.refunded_at}."
        return RefundAnswer("refunded", one.clause, one.price_micros, None, one.refunded_at, why)
    if one.state in (State.RECEIVED, State.COMPLETED):
        why = "A code arrived, so the activation is fulfilled. If it was our error, ask for a review."
        return RefundAnswer("kept", "keep.changed_mind", 0, None, None, why)
    why = "No code has come: cancel gives the full price back at once, and expiry does by itself."
    return RefundAnswer("would_be_refunded", "refund.expired", one.price_micros, one.expires_at, None, why)


def _moves(state: State, event: Event) -> bool:
    return policy.BY_PAIR[event, state].to is not None
