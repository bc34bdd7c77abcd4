"""Without its database the door says "try later" and shows nothing old; when the database is back, so is the door."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

import throwaway
from activkode.schema.migrate import migrate
from doors.machines import outside
from doors.machines.outside import Customer, Door, Stream, message, problems
from doors.machines.proxy import Proxy
from seen import soon


@pytest.fixture
def wire(their_database: str) -> Iterator[Proxy]:
    """The wire to the database of this test."""
    there = urlsplit(os.environ["DATABASE_URL"])
    assert there.hostname and there.port
    with Proxy(there.hostname, there.port) as proxy:
        yield proxy


@pytest.fixture
def far_door(wire: Proxy, tmp_path: Path) -> Iterator[Door]:
    """A door that reaches its database over the wire only."""
    there = urlsplit(os.environ["DATABASE_URL"])
    url = there._replace(netloc=f"{there.username}:{there.password}@127.0.0.1:{wire.port}").geturl()
    started = outside.start(tmp_path / "log", DATABASE_URL=url)
    yield started
    started.stop()


CALLS: list[Callable[[Customer, dict[str, Any]], httpx.Response]] = [
    lambda customer, _: customer.http.get("/v1/balance"),
    lambda customer, _: customer.http.get("/v1/offers"),
    lambda customer, _: customer.http.get("/v1/events"),
    lambda customer, rented: customer.http.get(f"/v1/activations/{rented['id']}"),
    lambda customer, rented: customer.http.get(f"/v1/activations/{rented['id']}/wait"),
    lambda customer, rented: customer.act(rented, "cancellation"),
    lambda customer, _: customer.http.post("/v1/activations", json={"service": "shop", "country": "GB"}),
]


def test_every_call_says_try_later_while_the_database_is_away(far_door: Door, wire: Proxy) -> None:
    alice = far_door.customer("10.00")
    rented = alice.rent()
    alice.poll(rented)
    wire.cut()
    time.sleep(1)

    for call in CALLS:
        answer = call(alice, rented)
        problems(answer, 503, "try_later")
        assert int(answer.headers["retry-after"]) >= 1


def test_it_goes_on_as_soon_as_the_database_is_back(far_door: Door, wire: Proxy) -> None:
    alice = far_door.customer("10.00")
    rented = alice.rent()
    stream = Stream(alice)
    for _ in range(20):  # every thread has a connection that will be broken
        alice.http.get("/v1/balance")
    wire.cut()
    problems(alice.http.get("/v1/balance"), 503, "try_later")
    message(rented, "Your code is 482913")

    wire.open()

    assert soon(lambda: alice.http.get(f"/v1/activations/{rented['id']}").status_code == 200, 5)
    assert alice.poll(rented)["state"] == "received"
    assert [alice.http.get("/v1/balance").status_code for _ in range(40)] == [200] * 40
    assert stream.wait_for(1)[0]["type"] == "activation.code"


def test_a_database_that_hangs_is_not_answered_for(far_door: Door, wire: Proxy) -> None:
    alice = far_door.customer("10.00")
    rented = alice.rent()
    alice.poll(rented)
    wire.hold()
    time.sleep(0.1)
    message(rented, "Your code is 482913")  # on another wire
    time.sleep(1)

    began = time.monotonic()
    problems(alice.http.get(f"/v1/activations/{rented['id']}"), 503, "try_later")
    taken = time.monotonic() - began
    wire.go_on()

    assert taken < 8
    assert soon(lambda: alice.http.get(f"/v1/activations/{rented['id']}").status_code == 200, 10)
    assert alice.poll(rented)["state"] == "received"


def test_a_restart_of_the_database_is_survived(
    tmp_path: Path, django_db_setup: None, django_db_blocker: Any, worker: str
) -> None:
    cluster = throwaway.start()
    try:
        with django_db_blocker.unblock():
            migrate(cluster.url())
            door = outside.start(
                tmp_path / "log", DATABASE_URL=cluster.url(), DATABASE_OWNER_URL=cluster.url()
            )
        status = lambda: httpx.get(f"{door.url}/v1/status").status_code  # noqa: E731
        assert status() == 200

        cluster.stop()
        away = [status() for _ in range(5)]
        cluster.start()

        assert set(away) == {503}
        assert soon(lambda: status() == 200, 10)
        assert [status() for _ in range(40)] == [200] * 40
        door.stop()
    finally:
        throwaway.remove(cluster)
