"""Renting, and what its customer does with an activation. Each call is one operation; the operation decides."""

from activkode.activations import operations, read
from activkode.activations.policy import Event
from activkode.core import ids, money
from activkode.core.errors import Code
from activkode.doors.machines import render, shapes
from activkode.doors.machines.queries import given
from activkode.doors.machines.rest.call import Answer, Ask


def rent(ask: Ask) -> Answer:
    """POST /v1/activations"""
    wanted: shapes.Rent = ask.body
    answer = operations.open(
        ask.customer,
        operations.Rent(
            service=wanted.service,
            country=wanted.country,
            operator=wanted.operator,
            kind=wanted.kind,
            max_price_micros=None if wanted.max_price is None else money.micros(wanted.max_price),
            acknowledge_banned=wanted.acknowledge_banned,
            quantity=None if wanted.quantity == 1 else wanted.quantity,
        ),
        ask.key,
    )
    rented = [render.activation(one) for one in answer.activations]
    if wanted.quantity is not None and wanted.quantity > 1:
        return Answer(render.encode(shapes.Several(rented, answer.failed)), replayed=answer.replayed)
    return Answer(
        render.encode(rented[0]), replayed=answer.replayed, location=f"/v1/activations/{rented[0].id}"
    )


def page(ask: Ask) -> Answer:
    """GET /v1/activations"""
    query: shapes.ActivationsQuery = ask.query
    cursor, state = given(query.cursor), given(query.state)
    found = read.page(
        ask.customer,
        states=None if state is None else [str(state)],
        service=given(query.service),
        before=None if cursor is None else ids.read(ids.ACTIVATION, cursor, Code.INVALID_REQUEST),
        limit=query.limit + 1,
    )
    items = [render.activation(one) for one in found[: query.limit]]
    return Answer(render.encode(shapes.Page(items, items[-1].id if len(found) > query.limit else None)))


def refund(ask: Ask) -> Answer:
    """GET /v1/activations/{id}/refund"""
    one = read.get(ask.customer, _number(ask))
    answer = read.refund(one)
    return Answer(
        render.encode(
            shapes.RefundAnswer(
                ids.show(ids.ACTIVATION, one.id),
                answer.decision,
                answer.clause,
                money.dollars(answer.amount_micros),
                answer.promised_by,
                answer.at,
                answer.why,
            )
        )
    )


def cancel(ask: Ask) -> Answer:
    """POST /v1/activations/{id}/cancellation"""
    return _apply(ask, Event.CANCEL)


def complete(ask: Ask) -> Answer:
    """POST /v1/activations/{id}/completion"""
    return _apply(ask, Event.COMPLETE)


def reveal(ask: Ask) -> Answer:
    """POST /v1/activations/{id}/reveal"""
    return _apply(ask, Event.REVEAL)


def _apply(ask: Ask, event: Event) -> Answer:
    answer = operations.apply(ask.customer, _number(ask), event, ask.key)
    return Answer(render.encode(render.activation(answer.activation)), replayed=answer.replayed)


def _number(ask: Ask) -> int:
    return ids.read(ids.ACTIVATION, ask.path["id"], Code.UNKNOWN_ACTIVATION)
