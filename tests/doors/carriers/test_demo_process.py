"""The demo carrier and the carriers process together, as they are run: a rental is opened, and its code
arrives over real SMPP and real SMTP."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from activkode.activations.operations import Rent
from activkode.activations.operations import open as open_activation
from activkode.doors.demo.seed import seed
from activkode.doors.up import ports
from activkode.identity.models import User

Row = tuple[object, ...]
SERVICES = ("demo-instant", "demo-nocode", "demo-long", "demo-two", "demo-silent")


@pytest.fixture
def running(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Both processes, on the test's database and free ports."""
    account = {"system_id": "demo", "password": "secret"}
    link = {"name": "demo-smpp", "host": "127.0.0.1", "port": ports.free()} | account
    values = {"ACTIVKODE_SMPP_LINKS": json.dumps([link]), "ACTIVKODE_SMTP_PORT": str(ports.free())}
    place = {"ACTIVKODE_PEOPLE": "0", "ACTIVKODE_VAR": str(tmp_path)}
    processes = []
    for module in ("activkode.doors.demo.carrier", "activkode.doors.carriers.run"):
        with (tmp_path / f"{module}.log").open("wb") as log:
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", module], stdout=log, stderr=log, env=os.environ | place | values
                )
            )
    yield
    for process in processes:
        process.terminate()
    codes = [process.wait(20) for process in processes]
    assert codes == [0, 0], [path.read_text() for path in tmp_path.glob("*.log")]


def wait_for(condition: Callable[[], bool], within_seconds: float) -> None:
    end = time.monotonic() + within_seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_each_demo_service_sends_what_it_promises_by_sms_and_by_mail(
    running: None, superuser: psycopg.Connection[Row]
) -> None:
    seed()
    customer = User.objects.get(email="customer@activkode.example")
    opened = {
        (service, kind): open_activation(
            customer.pk, Rent(service, "GB" if kind == "sms" else None, kind=kind)
        )
        for service in SERVICES
        for kind in ("sms", "email")
    }
    names = {answer.activation.id: name for name, answer in opened.items()}

    def fates() -> dict[tuple[str, str], list[str]]:
        rows = superuser.execute(
            "select activation_id, fate from intake_fate where activation_id is not null and fate <> 'part'"
        )
        found: dict[tuple[str, str], list[str]] = {}
        for activation_id, fate in rows:
            found.setdefault(names[activation_id], []).append(fate)
        return found

    expected = {
        (service, kind): outcome
        for service, outcome in (
            ("demo-instant", ["delivered"]),
            ("demo-nocode", ["no_code"]),
            ("demo-long", ["delivered"]),
            ("demo-two", ["delivered", "delivered"]),
        )
        for kind in ("sms", "email")
    }
    wait_for(lambda: fates() == expected, 30)
    codes = superuser.execute("select code from intake_fate where fate = 'delivered'").fetchall()
    assert all(len(str(code)) == 6 for (code,) in codes)
