"""Our numbers, their imports, and who held an address: plain values for the operator console; must never write."""

from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql

_LARGEST = 2**63 - 1
_LEASE = (
    "select l.customer_id, l.activation_id, s.code, l.address, l.starts_at, l.released_at"
    " from supply_lease l join catalogue_service s on s.id = l.service_id"
)


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number; `free_for` is for how many offers it can be leased now, `leased` whether somebody holds it."""

    id: int
    phone: str
    country: str
    operator: str
    link: str
    active: bool
    created_at: datetime
    free_for: int
    leased: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """How many active numbers there are of a country and operator, and how many retired ones."""

    country: str
    country_name: str
    operator: str
    active: int
    retired: int


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A bulk import in a list; the report itself is numbers.report."""

    id: int
    at: datetime
    actor: str
    filename: str
    state: str
    lines: int
    added: int
    known: int


@dataclass(frozen=True, slots=True)
class LeaseLine:
    """Who held an address, by activation."""

    customer_id: int
    activation_id: int
    service: str
    address: str
    starts_at: datetime
    released_at: datetime | None


def numbers(
    *,
    phone: str = "",
    country: str | None = None,
    active: bool | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[NumberLine]:
    """Numbers that contain the digits, newest first, older than id `before`. Raises TryLater."""
    found = sql.rows(
        "select n.id, n.phone, n.country_id, n.operator, n.link, n.active, n.created_at,"
        " (select count(*) from supply_free f where f.number_id = n.id),"
        " exists (select from supply_lease l where l.address = n.phone and l.blocking and l.released_at is null)"
        " from supply_number n where n.id < %(before)s and (%(phone)s = '' or position(%(phone)s in n.phone) > 0)"
        " and (%(country)s::text is null or n.country_id = %(country)s)"
        " and (%(active)s::boolean is null or n.active = %(active)s) order by n.id desc limit %(limit)s",
        {
            "before": _LARGEST if before is None else before,
            "phone": "".join(c for c in phone if c.isascii() and c.isdigit()),
            "country": country,
            "active": active,
            "limit": limit,
        },
    )
    return [NumberLine(*row) for row in found]


def pools() -> list[Pool]:
    """Numbers by country and operator. Raises TryLater."""
    found = sql.rows(
        "select n.country_id, coalesce(c.name, n.country_id), n.operator, count(*) filter (where n.active),"
        " count(*) filter (where not n.active) from supply_number n left join catalogue_country c on c.code = n.country_id"
        " group by n.country_id, c.name, n.operator order by 2, 3"
    )
    return [Pool(*row) for row in found]


def imports(limit: int = 20) -> list[ImportLine]:
    """The latest imports. Raises TryLater."""
    found = sql.rows(
        "select id, at, actor, filename, state, lines, added, known from supply_import order by id desc limit %s",
        (limit,),
    )
    return [ImportLine(*row) for row in found]


def leases(address: str, limit: int = 50) -> list[LeaseLine]:
    """Who held an address (digits, or an e-mail address), the latest first. Raises TryLater."""
    found = sql.rows(
        f"{_LEASE} where l.address = %s and l.blocking or l.address = %s and not l.blocking"
        " order by l.starts_at desc limit %s",
        (address, address, limit),
    )
    return [LeaseLine(*row) for row in found]


def lease(activation_id: int) -> LeaseLine | None:
    """Who opened an activation, by its number alone: for staff only. Raises TryLater."""
    row = sql.one(f"{_LEASE} where l.activation_id = %s", (activation_id,))
    return LeaseLine(*row) if row else None
