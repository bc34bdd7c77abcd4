"""The demo's fake wallet: there only where it is switched on, asks for what the form says, and tells what went wrong."""

import html
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activkode.funding.policy import Asset
from activkode.identity.models import User
from doors.people.conftest import visitor
from funding.lives import ADDRESS, address

pytestmark = pytest.mark.django_db
BUTTON = "Pay from a fake wallet"


class FakePayments(HTTPServer):
    """The fake chains' end of the button, called fake: remembers what was asked and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.asked: list[dict[str, Any]] = []
        self.status, self.answer = 200, b'{"tx": "abc"}'

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/pay"


class _Answering(BaseHTTPRequestHandler):
    server: FakePayments

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def payments(settings: Any) -> Iterator[FakePayments]:
    """The button is switched on."""
    server = FakePayments()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.DEMO_PAY_URL = server.url
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def at_bobs(bob: User, opened: set[Asset]) -> Client:
    """Bob's browser; he has an address."""
    address(bob)
    return visitor(bob)


def _pay(client: Client, amount: str, asset: Asset = Asset.BTC) -> Any:
    return client.post(reverse("topup_fake_payment", args=[asset]), {"amount": amount}, follow=True)


def test_without_the_setting_there_is_no_box_and_no_route(at_bobs: Client) -> None:
    page = at_bobs.get(reverse("topup_address", args=[Asset.BTC])).content.decode()

    assert ADDRESS in page and BUTTON not in page and "Fake chain" not in page
    assert _pay(at_bobs, "0.01").status_code == 404


def test_the_box_is_marked_as_a_demo(at_bobs: Client, payments: FakePayments) -> None:
    page = at_bobs.get(reverse("topup_address", args=[Asset.BTC])).content.decode()

    assert ">Demo</span> Fake chain" in page and BUTTON in page


def test_it_asks_for_the_amount_to_ones_own_address(at_bobs: Client, payments: FakePayments) -> None:
    page = _pay(at_bobs, "0.015").content.decode()

    assert payments.asked == [{"asset": "BTC", "address": ADDRESS, "amount": "0.015"}]
    assert "The fake wallet has paid." in page


@pytest.mark.parametrize("amount", ["", "x", "-1", "1e3", "1,5", "0.123456789", ".5", "01", "1" * 40])
def test_a_bent_amount_is_told_and_not_asked_for(
    at_bobs: Client, payments: FakePayments, amount: str
) -> None:
    answer = _pay(at_bobs, amount)

    assert payments.asked == [] and 'class="notice error"' in answer.content.decode()


@pytest.mark.parametrize(
    ("status", "answer"), [(500, b"{}"), (200, b"no json"), (200, b"{}"), (200, b"[]"), (302, b"")]
)
def test_a_fake_chain_that_fails_is_told_in_words(
    at_bobs: Client, payments: FakePayments, status: int, answer: bytes
) -> None:
    payments.status, payments.answer = status, answer

    assert "The fake wallet did not pay" in html.unescape(_pay(at_bobs, "0.01").content.decode())


def test_a_fake_chain_that_is_away_is_told_in_words(at_bobs: Client, settings: Any) -> None:
    settings.DEMO_PAY_URL = "http://127.0.0.1:9/pay"

    assert "The fake wallet did not pay" in html.unescape(_pay(at_bobs, "0.01").content.decode())


def test_nothing_is_paid_without_an_address(at_bobs: Client, payments: FakePayments) -> None:
    assert _pay(at_bobs, "1", Asset.ETH).status_code == 404
    assert payments.asked == []
