"""A weekend's outage: everything stands still while thousands of windows end. From the start of the clock all is refunded
within the promise, who had been sent a code keeps it, and the status says how late it was.

ACTIVKODE_LONG=1 takes 50,000, else 5,000. ACTIVKODE_OVERDUE chooses another number.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from signal import SIGKILL
from typing import Any

import httpx
import psycopg
import pytest
from django.db import connection

import cast
from activkode.activations.policy import FIGURES, Figure
from activkode.core import sql
from activkode.identity.models import User
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind
from doors.machines import outside
from faults import processes
from seen import soon

OVERDUE = int(os.environ.get("ACTIVKODE_OVERDUE") or (50_000 if os.environ.get("ACTIVKODE_LONG") else 5_000))
CUSTOMERS, WITH_A_CODE, BY_SMS = 50, 100, 1000
OUTAGE_HOURS = 62
PROMISE_SECONDS = FIGURES[Figure.EXPIRY_PROMISE_SECONDS]

Superuser = psycopg.Connection[Any]
# Commits now and then, as so many calls would.
_RENT = """
do $$
declare c bigint; n int := 0;
begin
  while n < {count} loop
    for c in select id from identity_user order by id loop
      exit when n = {count};
      n := n + 1;
      perform fn.rent(c, 'shop', {country}, null, '{kind}', null, false, null, null, null);
      if n % 1000 = 0 then commit; end if;
    end loop;
  end loop;
end $$
"""


@pytest.fixture
def overdue(transactional_db: None, superuser: Superuser, tmp_path: Path) -> Iterator[None]:
    """A clock that died on a Friday, so many open rentals, some messages that were kept and not looked at; it is Monday."""
    cast.shelf([f"4477{number:08}" for number in range(BY_SMS)])
    for number in range(CUSTOMERS):
        cast.fund(User.objects.create_user(f"person{number}@people.example"), "5000.00")
    with processes.running("clock", tmp_path, ends_with=SIGKILL):
        assert soon(
            lambda: bool(sql.value("select exists (select from core_heartbeat where name = 'clock')")), 30
        )
    superuser.execute(_RENT.format(count=BY_SMS, country="'GB'", kind="sms"))
    superuser.execute(_RENT.format(count=OVERDUE - BY_SMS, country="null", kind="email"))
    _keep_codes()
    shift = "alter database {} set activkode_test.shift = '{} hours'"
    superuser.execute(shift.format(superuser.info.dbname, OUTAGE_HOURS))
    connection.close()
    yield
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_all_is_refunded_within_the_promise_and_the_status_says_how_late(
    overdue: None, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    assert _open() == OVERDUE
    began = time.monotonic()
    with processes.running("clock", tmp_path):
        assert soon(lambda: _open() == 0, PROMISE_SECONDS)
        seconds = time.monotonic() - began
        status = _status(tmp_path / "machines.log")
    tell(f"outage of {OUTAGE_HOURS} h: {OVERDUE} overdue at the start, all settled {seconds:.1f} s after it")
    refunds = OVERDUE - WITH_A_CODE
    assert sql.rows(_ENDS) == [("completed", WITH_A_CODE, 0), ("expired", refunds, refunds)]
    assert sql.value("select sum(held) from ledger_wallet") == 0
    _assert_told(status, refunds)
    assert processes.audit() == "every invariant holds\n"


# How they ended, and how many of them at the end of their window with the price given back.
_ENDS = """
select state, count(*), count(*) filter (where closed_at = expires_at and refunded_at > expires_at + interval '61 hours')
from activations_activation group by 1 order by 1
"""


def _open() -> int:
    return int(sql.value("select count(*) from activations_activation where closed_at is null"))


def _assert_told(status: dict[str, Any], refunds: int) -> None:
    delay, outage = status["refund_delay_seconds"], status["outages"][0]
    latest = (OUTAGE_HOURS * 60 - 20) * 60 + PROMISE_SECONDS + 60
    assert (delay["refunds"], delay["promise"]) == (refunds, PROMISE_SECONDS)
    assert latest - 600 < delay["p50"] <= delay["max"] < latest + 600
    assert status["deadlines"]["automatic_refunds"] == {"due": refunds, "kept": 0}
    lasted = datetime.fromisoformat(outage["to"]) - datetime.fromisoformat(outage["from"])
    assert lasted.total_seconds() == pytest.approx(OUTAGE_HOURS * 3600, abs=600)
    healthy = {source["name"] for source in status["sources"] if source["healthy"]}
    assert healthy == {"clock", "deadlines", "mailbox"}  # all that beats in a clock without chains


def _status(log: Path) -> dict[str, Any]:
    """As soon as the figures, which are renewed every few seconds, hold the refunds."""
    door = outside.start(log)
    try:
        found: list[dict[str, Any]] = []

        def is_told() -> bool:
            found.append(httpx.get(f"{door.url}/v1/status", trust_env=False).raise_for_status().json())
            return bool(found[-1]["refund_delay_seconds"]["refunds"] == OVERDUE - WITH_A_CODE)

        assert soon(is_told, 30), found[-1]
        return found[-1]
    finally:
        door.stop()


def _keep_codes() -> None:
    query = "select address from activations_activation where kind = 'email' order by id limit %s"
    for number, (address,) in enumerate(sql.rows(query, (WITH_A_CODE,))):
        mail = (
            f"From: no-reply@shop.example\r\nSubject: Hello\r\n\r\nYour Shop code is {100_000 + number}.\r\n"
        )
        sender = "no-reply@shop.example"
        deliver.receive(Inbound("smtp", f"kept {number}", Kind.EMAIL, address, sender, mail.encode(), ""))
