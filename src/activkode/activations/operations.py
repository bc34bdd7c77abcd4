"""Everything that changes an activation. Each call is one SQL function and so one transaction; the rows of
activations/policy.py decide, and whoever loses a race is told what is true now.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activkode.activations.policy import FIGURES, Event, Figure
from activkode.activations.read import Activation, activation
from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.core.idempotency import Key
from activkode.core.money import dollars


@dataclass(frozen=True, slots=True)
class Rent:
    """What is asked for. `max_price_micros` is the price seen or the cap (POLICY 2.1.10); None takes any price."""

    service: str
    country: str | None = None
    operator: str | None = None
    kind: str | None = None
    max_price_micros: int | None = None
    acknowledge_banned: bool = False
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One activation (or several, with the number that failed), and whether this is a kept first answer."""

    activations: tuple[Activation, ...]
    failed: int = 0
    replayed: bool = False

    @property
    def activation(self) -> Activation:
        """The only one, or the first."""
        return self.activations[0]


def open(customer_id: int, rent: Rent, key: Key | None = None) -> Answer:  # noqa: A001 - the trade's verb
    """Rents. The price moves from the purses (promo first) to held, in one transaction with the number's lease.

    Raises Refusal: unknown_service, service_banned, account_suspended, insufficient_balance, price_rose, no_numbers,
    idempotency_key_reused, request_in_progress; TryLater."""
    if rent.quantity is not None and not 1 <= rent.quantity <= FIGURES[Figure.QUANTITY_MOST]:
        most = FIGURES[Figure.QUANTITY_MOST]
        raise Refusal(Code.INVALID_REQUEST, f"quantity is between 1 and {most}.")
    return _answer(
        sql.value(
            "select fn.rent(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                customer_id,
                rent.service,
                rent.country,
                rent.operator,
                rent.kind,
                rent.max_price_micros,
                rent.acknowledge_banned,
                rent.quantity,
                key.text if key else None,
                key.hash if key else None,
            ),
        )
    )


def apply(customer_id: int, activation_id: int, event: Event, key: Key | None = None) -> Answer:
    """Cancels, completes, reveals or fails by the policy's table; a repeat gives the same answer and moves nothing.

    Raises Refusal: unknown_activation, code_arrived, cancel_locked, already_closed, no_code_yet, nothing_to_reveal,
    wrong_state, idempotency_key_reused, request_in_progress; TryLater. The refusal's extra has the activation."""
    if key is None:
        query, params = "select fn.activation_apply(%s, %s, %s)", (customer_id, activation_id, str(event))
        return _answer(sql.value(query, params))
    query = "select fn.activation_apply_once(%s, %s, %s, %s, %s)"
    return _answer(sql.value(query, (customer_id, activation_id, str(event), key.text, key.hash)))


def request(customer_id: int, offer_id: int) -> Answer:
    """Holds the price of an offer whose number a supplier is still to be asked for; the row is stored first, and the
    clock settles it when nobody does. Raises Refusal: account_suspended, insufficient_balance; TryLater."""
    return _answer(sql.value("select fn.request_number(%s, %s)", (customer_id, offer_id)))


def give_number(customer_id: int, activation_id: int, address: str) -> Answer:
    """The supplier's number: the window starts now (POLICY 2.1.3). Raises Refusal: unknown_activation, wrong_state (it was
    cancelled or settled meanwhile: the number is to be given back); TryLater."""
    return _answer(
        sql.value("select fn.activation_number(%s, %s, %s)", (customer_id, activation_id, address))
    )


def expire_due(
    limit: int, start: datetime | None = None, *, of: int = 1, part: int = 0
) -> tuple[int, datetime | None]:
    """Ends up to `limit` activations whose window is over, from expiry `start` on, and refunds those without a code; with
    `of` those of every so-manieth customer, of which `part` (0 to of - 1) names one share. Gives how many, and the expiry
    from which the next batch goes on. Raises TryLater."""
    row = sql.one(
        "select o_ended, o_last from fn.expire_due(%s, coalesce(%s, '-infinity'::timestamptz), %s, %s)",
        (limit, start, of, part),
    )
    assert row is not None
    return row[0], row[1]


def _answer(outcome: dict[str, Any], replayed: bool = False) -> Answer:
    if "replayed" in outcome:
        return _answer(outcome["replayed"], replayed=True)
    if "refused" in outcome:
        raise _refusal(outcome, replayed)
    if "activations" in outcome:
        found = tuple(activation(one) for one in outcome["activations"])
        return Answer(found, outcome["failed"], replayed)
    return Answer((activation(outcome["activation"]),), replayed=replayed)


def _refusal(outcome: dict[str, Any], replayed: bool) -> Refusal:
    code = Code(outcome["refused"])
    extra: dict[str, Any] = {}
    if "price_micros" in outcome:
        extra["price"] = dollars(outcome["price_micros"])
    if "available_micros" in outcome:
        extra["available"] = dollars(outcome["available_micros"])
    if "activation" in outcome:
        extra["activation"] = activation(outcome["activation"])
    return Refusal(code, _told(code, extra), extra, replayed)


def _told(code: Code, extra: dict[str, Any]) -> str:
    one: Activation | None = extra.get("activation")
    if code is Code.CODE_ARRIVED and one is not None:
        first = next((m for m in one.messages if m.code or m.link), None)
        if first is not None:
            return f"A code arrived at {first.received_at}; the activation is fulfilled. Code: {first.code or first.link}"
    if code is Code.CANCEL_LOCKED and one is not None:
        return f"This number can be cancelled from {one.cancel_from} on."
    if code is Code.PRICE_ROSE:
        return f"The price is now {extra['price']}, above the price you allowed. Nothing was charged."
    return ""
