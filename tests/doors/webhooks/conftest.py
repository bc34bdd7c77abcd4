"""A receiver, a sender and a customer; loopback is open, and the clock is set right afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest

import cast
from activkode.core import sql
from activkode.core.outbound.client import Client
from activkode.doors.demo.receiver import FakeReceiver
from activkode.doors.webhooks.send import Sender
from activkode.identity.models import User
from doors.webhooks.seen import LOOPBACK


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.OUTBOUND_OPEN = ["127.0.0.0/8"]


@pytest.fixture
def receiver() -> Iterator[FakeReceiver]:
    running = FakeReceiver()
    yield running
    running.close()


@pytest.fixture
def sender() -> Iterator[Sender]:
    running = Sender(Client(LOOPBACK))
    yield running
    running.close()


@pytest.fixture
def alice() -> User:
    return cast.person("alice")


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    yield
    sql.execute("select set_config('activkode_test.shift', '', false)")
