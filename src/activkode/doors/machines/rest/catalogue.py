"""What can be rented."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from activkode.activations.policy import FIGURES, Figure
from activkode.catalogue import read
from activkode.catalogue.support_check import check
from activkode.core.errors import Code, Refusal
from activkode.core.money import dollars
from activkode.doors.machines import shapes
from activkode.doors.machines.queries import given
from activkode.doors.machines.render import encode
from activkode.doors.machines.rest.call import Answer, Ask
from activkode.intake.messages import Kind

Row = TypeVar("Row")
Line = TypeVar("Line")


def services(ask: Ask) -> Answer:
    """GET /v1/services"""
    query: shapes.ServicesQuery = ask.query
    return _page(read.services(), _service, query.limit, given(query.cursor))


def offers(ask: Ask) -> Answer:
    """GET /v1/offers"""
    query: shapes.OffersQuery = ask.query
    service, country = given(query.service), given(query.country)
    found = read.offers(service, country, given(query.kind))
    if not found:
        _refuse_unknown(service, country)
    return _page(found, _offer, query.limit, given(query.cursor))


def support_check(ask: Ask) -> Answer:
    """GET /v1/support-check"""
    query: shapes.SupportQuery = ask.query
    found = check(query.service, given(query.country))
    return Answer(
        encode(
            shapes.SupportCheck(
                found.service,
                found.country,
                found.verdict,
                found.rentable,
                found.needs_acknowledgement,
                list(found.reasons),
            )
        )
    )


def _refuse_unknown(service: str | None, country: str | None) -> None:
    """Nothing is offered: because there is no such thing, or only not now."""
    if service is not None:
        check(service)
    if country is not None and country not in dict(read.countries()):
        raise Refusal(Code.UNKNOWN_COUNTRY)


def _page(rows: Sequence[Row], line: Callable[[Row], Line], limit: int, cursor: str | None) -> Answer:
    start = int(cursor or 0)
    end = start + limit
    items = [line(row) for row in rows[start:end]]
    return Answer(encode(shapes.Page(items, str(end) if end < len(rows) else None)))


def _service(row: read.Service) -> shapes.ServiceLine:
    kinds = [Kind(kind) for kind in row.kinds]
    return shapes.ServiceLine(row.code, row.name, kinds, _window(row.window_seconds), row.virtual_numbers)


def _offer(row: read.Offer) -> shapes.Offer:
    return shapes.Offer(
        row.service,
        row.country,
        row.operator,
        Kind(row.kind),
        dollars(row.price_micros),
        row.stock,
        _window(row.window_seconds),
        None if row.code_rate is None else float(row.code_rate),
        row.virtual_numbers,
    )


def _window(seconds: int | None) -> int:
    return FIGURES[Figure.WINDOW_SECONDS] if seconds is None else seconds
