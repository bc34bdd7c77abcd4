"""The countries that can be offered: countries.csv holds ISO code, id of the compatibility dialects, and name."""

import csv
from dataclasses import dataclass
from pathlib import Path

import phonenumbers

_FILE = Path(__file__).with_name("countries.csv")


@dataclass(frozen=True, slots=True)
class CountryRow:
    """One line of the file, with the telephone prefix from the numbering plan."""

    code: str
    handler_id: int
    name: str
    prefix: str


def load() -> list[CountryRow]:
    """All lines. A country without a numbering plan of its own has an empty prefix."""
    with _FILE.open(newline="") as stream:
        return [
            CountryRow(row["code"], int(row["handler_id"]), row["name"], _prefix(row["code"]))
            for row in csv.DictReader(stream)
        ]


def _prefix(code: str) -> str:
    number = phonenumbers.country_code_for_region(code)
    return str(number) if number else ""
