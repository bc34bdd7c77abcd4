"""The published list of holidays: which calendar, written into the database a year and more ahead, read by whoever shows it.

The calendar is a setting (ACTIVKODE_HOLIDAYS): a financial market such as XECB (the euro system's closing days), or a
country such as GB. Days are added and never removed: what was promised was counted with them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import holidays as calendars
from django.conf import settings
from psycopg.types.json import Jsonb

from activkode.core import sql

YEARS_AHEAD = 2


class UnknownCalendar(ValueError):
    """No such market and no such country."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which nothing is due."""

    day: date
    name: str


def publish(today: date) -> int:
    """Writes this year and the next two into the table; how many days were new. Raises UnknownCalendar, TryLater."""
    found = days(settings.HOLIDAYS, range(today.year, today.year + YEARS_AHEAD + 1))
    rows = [{"day": one.day.isoformat(), "name": one.name} for one in found]
    made: int = sql.value("select fn.holidays_publish(%s)", (Jsonb(rows),))
    return made


def published(since: date) -> list[Holiday]:
    """The list from a day on. Raises TryLater."""
    return [
        Holiday(*row)
        for row in sql.rows("select day, name from core_holiday where day >= %s order by day", (since,))
    ]


def days(calendar: str, years: Iterable[int]) -> list[Holiday]:
    """The holidays of a market or a country. Raises UnknownCalendar."""
    if calendar in calendars.list_supported_financial():
        found = calendars.financial_holidays(calendar, years=years)
    elif calendar in calendars.list_supported_countries():
        found = calendars.country_holidays(calendar, years=years)
    else:
        raise UnknownCalendar(calendar)
    return [Holiday(day, found[day]) for day in sorted(found)]
