"""The machines' door as a program sees it: a real process on a free port, customers with keys, streams of events."""

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

import cast
import throwaway
from activkode.catalogue.operations import OfferForm, ServiceForm, save_offer, save_service
from activkode.doors.up import ports
from activkode.identity import keys
from activkode.identity.models import User
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind

# Short, so that a test can see a heartbeat; long limits, so that no test meets them by accident.
_SETTINGS = {"ACTIVKODE_MACHINES_HEARTBEAT_SECONDS": "1", "ACTIVKODE_MACHINES_STREAMS": "5"}
_STARTS_WITHIN_SECONDS = 120
_numbers = itertools.count(1)


@dataclass
class Door:
    """A running process of the machines' door."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]
    customers: list["Customer"] = field(default_factory=list)

    def customer(self, funds: str = "") -> "Customer":
        """A new customer with a key, and money where it is said."""
        made = self.newcomer(funds)
        self.customers.append(made)
        return made

    def newcomer(self, funds: str) -> "Customer":
        """A customer who stays when the others leave."""
        user = User.objects.create_user(f"{os.getpid()}-{next(_numbers)}@people.example")
        if funds:
            cast.fund(user, funds)
        key = keys.create(user.id, "test")
        client = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        return Customer(user.id, key, client)

    def say_goodbye(self) -> None:
        """The customers leave."""
        for customer in self.customers:
            for stream in customer.streams:
                stream.close()
            customer.http.close()
        self.customers.clear()

    def stop(self) -> None:
        """Ends the process and waits for it."""
        self.say_goodbye()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)


@dataclass
class Customer:
    """Somebody with a key; `http` carries it."""

    id: int
    key: str
    http: httpx.Client
    streams: list["Stream"] = field(default_factory=list)

    def rent(self, service: str = "shop", **wanted: object) -> dict[str, Any]:
        """Rents, by default a GB number."""
        given = {"country": "GB"} if wanted.get("kind") != "email" else {}
        answer = self.http.post("/v1/activations", json={"service": service, **given, **wanted})
        assert answer.status_code == 201, answer.text
        rented: dict[str, Any] = answer.json()
        return rented

    def poll(self, activation: dict[str, Any]) -> dict[str, Any]:
        """The activation as a poll shows it now."""
        found: dict[str, Any] = self.http.get(f"/v1/activations/{activation['id']}").json()
        return found

    def act(self, activation: dict[str, Any], what: str, **headers: str) -> httpx.Response:
        """cancellation, completion or reveal."""
        return self.http.post(f"/v1/activations/{activation['id']}/{what}", headers=headers)


def start(log: Path, **settings: str) -> Door:
    """Starts the process and waits until it answers."""
    port = ports.free()
    command = [sys.executable, "-m", "activkode.cli", "machines", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=os.environ | _SETTINGS | settings, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    door = Door(f"http://127.0.0.1:{port}", log, process)
    try:
        _wait_until_it_answers(door)
    except AssertionError:
        process.kill()
        process.wait()
        raise
    return door


def _wait_until_it_answers(door: Door) -> None:
    end = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        try:
            if httpx.get(f"{door.url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            assert door.process.poll() is None and time.monotonic() < end, door.log.read_text()
            time.sleep(0.05)


def message(activation: dict[str, Any], text: str, sender: str = "Shop") -> str:
    """Carl delivers a text to the activation's number; its fate."""
    recipient = activation["phone"].removeprefix("+")
    inbound = Inbound(
        "carl", f"{os.getpid()}-{next(_numbers)}", Kind.SMS, recipient, sender, text.encode(), text
    )
    return deliver.settle(deliver.receive(inbound))


def cut_connections(name: str) -> int:
    """Ends the door's connections of that name, as a failing network would; how many there were."""
    with psycopg.connect(throwaway.superuser_url(), autocommit=True) as superuser:
        ended = superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = %s and datname = current_database()",
            (name,),
        )
        return len(ended.fetchall())


@contextmanager
def without_notices() -> Iterator[None]:
    """No NOTIFY is sent: what is known is known by asking."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for name in _NOTIFYING:
            owner.execute(f"alter function fn.{name} rename to {name}_kept")
        owner.execute(_SILENT)
        try:
            yield
        finally:
            for name in _NOTIFYING:
                owner.execute(f"drop function fn.{name}")
                owner.execute(f"alter function fn.{name}_kept rename to {name}")


_NOTIFYING = ("announce", "announce_ended")
_SILENT = """
create function fn.announce(bigint, bigint, text, bigint, int, json) returns void language sql as 'select';
create function fn.announce_ended(text[]) returns void language sql as 'select'
"""


class Stream:
    """Reads /v1/events in a thread; `events` grows, `comments` counts heartbeats."""

    def __init__(self, customer: Customer, last_seen: int | None = None) -> None:
        self.events: list[dict[str, Any]] = []
        self.comments = 0
        self.first_id = -1
        self.status = 0
        self.ended = threading.Event()
        self._opened = threading.Event()
        self._headers = {} if last_seen is None else {"Last-Event-ID": str(last_seen)}
        self._customer = customer
        customer.streams.append(self)
        self._response: httpx.Response | None = None
        threading.Thread(target=self._read, daemon=True).start()
        assert self._opened.wait(10)

    def wait_for(self, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        """The events, as soon as there are so many."""
        end = time.monotonic() + seconds
        while len(self.events) < count and time.monotonic() < end:
            time.sleep(0.005)
        return self.events

    def close(self) -> None:
        """Goes away without a word."""
        if self._response is not None:
            self._response.close()

    def _read(self) -> None:
        with httpx.Client(
            base_url=self._customer.http.base_url, headers=self._customer.http.headers
        ) as client:
            try:
                with client.stream("GET", "/v1/events", headers=self._headers, timeout=30) as response:
                    self._response, self.status = response, response.status_code
                    for line in response.iter_lines():
                        self._take(line)
            except (httpx.TransportError, httpx.StreamError):
                pass  # cut off, by one side or the other
            finally:
                self._opened.set()
                self.ended.set()

    def _take(self, line: str) -> None:
        if line.startswith("data: "):
            self.events.append(json.loads(line.removeprefix("data: ")))
        elif line.startswith(":"):
            self.comments += 1
        elif line.startswith("id: ") and self.first_id < 0:
            self.first_id = int(line.removeprefix("id: "))
            self._opened.set()


def problems(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The refusal, after what every refusal must be was found to be so (RFC 9457)."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), (
        answer.text
    )
    told: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code", "request_id"} <= told.keys()
    assert (told["status"], told["code"]) == (status, code)
    assert told["request_id"] == answer.headers["x-request-id"]
    return told


def numbers(count: int) -> Iterator[str]:
    """Telephone numbers that belong to nobody."""
    return (f"4477009{number:05}" for number in range(count))


def bare_service() -> None:
    """A service that has an offer and no number."""
    save_service(ServiceForm("bare", "Bare", "allowed"), actor="olga")
    save_offer(OfferForm("bare", "sms", "GB", "nobody", 1_000_000), actor="olga")
