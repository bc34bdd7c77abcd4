"""What can be rented, at which price, with what stock: plain values; must never write."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from activkode.core import sql


@dataclass(frozen=True, slots=True)
class Service:
    """A site or app whose codes are received."""

    id: int
    code: str
    name: str
    virtual_numbers: str
    open_despite_ban: bool
    window_seconds: int | None
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A price for a service by country and operator; `stock` is what is free now; window in seconds."""

    id: int
    service: str
    service_name: str
    country: str | None
    country_name: str | None
    operator: str
    kind: str
    price_micros: int
    stock: int
    window_seconds: int | None
    code_rate: Decimal | None
    virtual_numbers: str
    open_despite_ban: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A service that fits a search: its lowest price in micro-dollars, its kinds, and in how many countries."""

    code: str
    name: str
    virtual_numbers: str
    open_despite_ban: bool
    kinds: tuple[str, ...]
    lowest_micros: int
    countries: int


def services() -> list[Service]:
    """All active services by name. Raises TryLater."""
    found = sql.rows(
        "select s.id, s.code, s.name, s.virtual_numbers, s.open_despite_ban, s.window_seconds,"
        " coalesce(array_agg(distinct o.kind) filter (where o.id is not null), '{}')"
        " from catalogue_service s left join catalogue_offer o on o.service_id = s.id and o.active and o.delisted_at is null"
        " where s.active group by s.id order by s.name"
    )
    return [Service(row[0], row[1], row[2], row[3], row[4], row[5], tuple(sorted(row[6]))) for row in found]


def offers(service: str | None = None, country: str | None = None, kind: str | None = None) -> list[Offer]:
    """Open offers, cheapest first, with what is free. Raises TryLater."""
    found = sql.rows(
        "select o.id, s.code, s.name, o.country_id, c.name, o.operator, o.kind, o.price_micros,"
        " case o.kind when 'sms' then (select count(*) from supply_free f where f.offer_id = o.id)"
        " else coalesce((select greatest(0, d.capacity - (select count(*) from supply_lease l where l.offer_id = o.id"
        "   and l.released_at is null)) from supply_domain d where d.name = o.operator and d.active), 0) end,"
        " s.window_seconds, o.code_rate, s.virtual_numbers, s.open_despite_ban"
        " from catalogue_offer o join catalogue_service s on s.id = o.service_id"
        " left join catalogue_country c on c.code = o.country_id"
        " where s.active and o.active and o.delisted_at is null"
        " and (%(service)s::text is null or s.code = %(service)s)"
        " and (%(country)s::text is null or o.country_id = %(country)s)"
        " and (%(kind)s::text is null or o.kind = %(kind)s)"
        " order by s.name, o.kind desc, o.price_micros, o.country_id, o.operator",
        {"service": service, "country": country, "kind": kind},
    )
    return [Offer(*row) for row in found]


def search(
    text: str = "", *, country: str | None = None, kind: str | None = None, limit: int = 60, offset: int = 0
) -> list[Found]:
    """Services with an open offer whose name or code contains the text, by name. Raises TryLater."""
    found = sql.rows(
        "select s.code, s.name, s.virtual_numbers, s.open_despite_ban, array_agg(distinct o.kind), min(o.price_micros),"
        " count(distinct o.country_id) from catalogue_service s join catalogue_offer o on o.service_id = s.id"
        " where s.active and o.active and o.delisted_at is null"
        " and (position(%(text)s in lower(s.name)) > 0 or position(%(text)s in s.code) > 0)"
        " and (%(country)s::text is null or o.country_id = %(country)s) and (%(kind)s::text is null or o.kind = %(kind)s)"
        " group by s.id order by lower(s.name), s.code limit %(limit)s offset %(offset)s",
        {"text": text.strip().lower(), "country": country, "kind": kind, "limit": limit, "offset": offset},
    )
    return [Found(*(*row[:4], tuple(sorted(row[4], reverse=True)), *row[5:])) for row in found]


def offered_countries(service: str | None = None) -> list[tuple[str, str]]:
    """Code and name of every country with an open offer (of a service). Raises TryLater."""
    found = sql.rows(
        "select distinct c.code, c.name from catalogue_offer o join catalogue_service s on s.id = o.service_id"
        " join catalogue_country c on c.code = o.country_id where s.active and o.active and o.delisted_at is null"
        " and (%(service)s::text is null or s.code = %(service)s) order by c.name",
        {"service": service},
    )
    return [(row[0], row[1]) for row in found]


def names(codes: Iterable[str]) -> dict[str, str]:
    """The names of services by code, of closed ones too. Raises TryLater."""
    return dict(sql.rows("select code, name from catalogue_service where code = any (%s)", (list(codes),)))


def countries() -> list[tuple[str, str]]:
    """Code and name of every known country. Raises TryLater."""
    return [(row[0], row[1]) for row in sql.rows("select code, name from catalogue_country order by name")]
