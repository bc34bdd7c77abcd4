"""The support check: does this service take virtual numbers, as far as we know, told before money moves (POLICY 2.1.12)."""

from dataclasses import dataclass
from decimal import Decimal

from activkode.core import sql
from activkode.core.errors import Code, Refusal


@dataclass(frozen=True, slots=True)
class SupportCheck:
    """The verdict (allowed, banned, unknown), whether a rent would be taken, and the reasons in sentences."""

    service: str
    country: str | None
    verdict: str
    rentable: bool
    needs_acknowledgement: bool
    reasons: tuple[str, ...]


_SAID = {
    "allowed": "The service accepts virtual numbers as far as we know.",
    "unknown": "We do not know whether the service accepts virtual numbers. If no code comes, the price is back by itself.",
    "banned": "The service bans virtual numbers. A code that it then refuses is not refunded.",
}


def check(service: str, country: str | None = None) -> SupportCheck:
    """The check for a service, and a country where given. Raises Refusal(unknown_service), TryLater."""
    row = sql.one(
        "select s.virtual_numbers, s.open_despite_ban,"
        " count(o.id) filter (where o.active and o.delisted_at is null), count(o.delisted_at), max(o.code_rate)"
        " from catalogue_service s left join catalogue_offer o on o.service_id = s.id"
        " and (%(country)s::text is null or o.country_id = %(country)s)"
        " where s.code = %(service)s and s.active group by s.id",
        {"service": service, "country": country},
    )
    if row is None:
        raise Refusal(Code.UNKNOWN_SERVICE)
    verdict, opened, offered, delisted, rate = row
    rentable = offered > 0 and (verdict != "banned" or opened)
    reasons = (_SAID[verdict], *_reasons(verdict, opened, offered, delisted, rate))
    return SupportCheck(service, country, verdict, rentable, verdict == "banned" and opened, reasons)


def _reasons(verdict: str, opened: bool, offered: int, delisted: int, rate: Decimal | None) -> list[str]:
    reasons = []
    if verdict == "banned":
        reasons.append(
            "It is open here only with your explicit acknowledgement."
            if opened
            else "It cannot be rented here."
        )
    if not offered:
        reasons.append("Nothing is offered for this choice at present.")
    if delisted:
        reasons.append("Some offers were taken down because too few of their activations got a code.")
    if rate is not None:
        reasons.append(f"Of the last activations, {rate * 100:.0f} % got a code.")
    return reasons
