"""The catalogue as its operator keeps it, what is closed included: plain values; must never write."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from activkode.core import sql
from activkode.core.errors import Code, Refusal

_SERVICE = (
    "select s.code, s.name, s.virtual_numbers, s.open_despite_ban, s.window_seconds, s.cancel_lock_seconds, s.senders,"
    " s.active, (select count(*) from catalogue_offer o where o.service_id = s.id) from catalogue_service s"
)


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service as its operator keeps it, active or not."""

    code: str
    name: str
    virtual_numbers: str
    open_despite_ban: bool
    window_seconds: int | None
    cancel_lock_seconds: int
    senders: tuple[str, ...]
    active: bool
    offers: int


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer as its operator keeps it, open or not; `delisted_at` where too few codes came (POLICY 2.1.12)."""

    id: int
    service: str
    kind: str
    country: str | None
    operator: str
    price_micros: int
    active: bool
    code_rate: Decimal | None
    delisted_at: datetime | None
    stock: int


def services() -> list[ServiceLine]:
    """All services as their operator keeps them, by name. Raises TryLater."""
    found = sql.rows(f"{_SERVICE} order by lower(s.name), s.code")
    return [_service_line(row) for row in found]


def service(code: str) -> ServiceLine:
    """One of them. Raises Refusal(unknown_service), TryLater."""
    row = sql.one(f"{_SERVICE} where s.code = %s", (code,))
    if row is None:
        raise Refusal(Code.UNKNOWN_SERVICE)
    return _service_line(row)


def offers(service_code: str) -> list[OfferLine]:
    """All offers of a service, open or not. Raises TryLater."""
    found = sql.rows(
        "select o.id, s.code, o.kind, o.country_id, o.operator, o.price_micros, o.active, o.code_rate, o.delisted_at,"
        " (select count(*) from supply_free f where f.offer_id = o.id)"
        " from catalogue_offer o join catalogue_service s on s.id = o.service_id where s.code = %s"
        " order by o.kind desc, o.country_id, o.operator",
        (service_code,),
    )
    return [OfferLine(*row) for row in found]


def _service_line(row: sql.Row) -> ServiceLine:
    return ServiceLine(*(*row[:6], tuple(row[6]), *row[7:]))
