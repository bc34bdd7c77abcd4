"""Makes customers with keys and money, and services with numbers, on the database of DATABASE_URL; prints the customers.

`brisk` has a window of a few seconds, so that it expires while one watches; `steady` has the usual one.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
os.environ.setdefault("ACTIVKODE_PEOPLE", "0")
django.setup()

from activkode.catalogue.operations import OfferForm, ServiceForm, save_offer, save_service  # noqa: E402
from activkode.core import sql  # noqa: E402
from activkode.identity import keys  # noqa: E402
from cast import fund, person  # noqa: E402

BRISK_SECONDS = 6
DOMAIN = "mail.faults.example"


def main(customers: int, numbers: int) -> None:
    """Prints one JSON list of {id, key}."""
    _service("brisk", BRISK_SECONDS)
    _service("steady", None)
    _numbers(numbers)
    print(json.dumps([_customer(number) for number in range(customers)]))


def _service(code: str, window_seconds: int | None) -> None:
    senders = (code.capitalize(), f"{code}.example")
    save_service(
        ServiceForm(code, code, "allowed", window_seconds=window_seconds, senders=senders), actor="olga"
    )
    save_offer(OfferForm(code, "sms", "GB", "faults", 250_000), actor="olga")
    save_offer(OfferForm(code, "email", None, DOMAIN, 100_000), actor="olga")


def _numbers(count: int) -> None:
    sql.execute(
        "insert into supply_number (phone, country_id, operator, link, active, created_at)"
        " select (447800000000 + n)::text, 'GB', 'faults', 'faults-smpp', true, fn.now() from generate_series(1, %s) n",
        (count,),
    )
    sql.execute("select fn.stock_fill()")


def _customer(number: int) -> dict[str, object]:
    user = person(f"load{number}")
    fund(user, "20.00", promo=True)
    fund(user, "5000.00")
    return {"id": user.id, "key": keys.create(user.id, "load")}


main(*map(int, sys.argv[1:]))
