"""NOTIFY is cut off: a code is still on the page within a second, a refund still comes by itself, and streams tell both."""

import smtplib
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

import cast
from activkode.activations.policy import FIGURES, Figure
from activkode.catalogue.operations import OfferForm, ServiceForm, save_offer, save_service
from activkode.core import sql
from activkode.doors.up import ports
from doors.machines import outside
from doors.machines.outside import Customer, Stream
from faults import processes
from seen import soon

ROUNDS = 10
BRISK_SECONDS = 2
FRESH_SECONDS = 1.0


@pytest.fixture
def mail_port(transactional_db: None, tmp_path: Path) -> Iterator[int]:
    """Where mail is taken in, while no process hears a notice."""
    cast.shelf()
    save_service(ServiceForm("brisk", "Brisk", "allowed", window_seconds=BRISK_SECONDS), actor="olga")
    save_offer(OfferForm("brisk", "email", None, "mail.example", 100_000), actor="olga")
    port = ports.free()
    with (
        outside.without_notices(),
        processes.running("clock", tmp_path),
        processes.running("carriers", tmp_path, ACTIVKODE_SMTP_PORT=str(port)),
    ):
        assert soon(lambda: not ports.is_free(port), 30)
        yield port


@pytest.fixture
def alice(mail_port: int, tmp_path: Path) -> Iterator[Customer]:
    """Her program at the machines' door."""
    door = outside.start(tmp_path / "machines.log")
    yield door.customer("100.00")
    door.stop()


@pytest.mark.django_db(transaction=True)
def test_a_code_is_seen_within_a_second_and_a_refund_comes_by_itself(
    alice: Customer, mail_port: int, tell: Callable[[str], None]
) -> None:
    stream = Stream(alice)
    worst = max(_seconds_until_seen(alice, mail_port) for _ in range(ROUNDS))
    rented = alice.rent("brisk", kind="email")
    assert soon(lambda: alice.poll(rented)["state"] == "expired", FIGURES[Figure.EXPIRY_PROMISE_SECONDS])
    assert soon(lambda: stream.events[-1]["type"] == "activation.expired")
    tell(
        f"without NOTIFY: a code seen {worst:.2f} s after its commit at worst,"
        f" a refund {sql.value(_LATE):.2f} s after its window"
    )
    types = ["activation.opened", "activation.code"] * ROUNDS + ["activation.opened", "activation.expired"]
    assert [event["type"] for event in stream.events] == types


_LATE = (
    "select extract(epoch from refunded_at - closed_at) from activations_activation where state = 'expired'"
)
_COMMITTED = "select extract(epoch from at)::float from core_event where activation_id = %s and type = 'activation.code'"


def _seconds_until_seen(alice: Customer, mail_port: int) -> float:
    """From the commit of a code to the answer that shows it; no poll asked a second after the commit misses it."""
    rented = alice.rent(kind="email")
    _mail(mail_port, rented["email"])
    in_vain = [0.0]
    while True:
        asked = time.time()
        if alice.poll(rented)["messages"]:
            committed: float = sql.value(_COMMITTED, (rented["number"],))
            assert max(in_vain) < committed + FRESH_SECONDS
            return time.time() - committed
        in_vain.append(asked)
        assert len(in_vain) < 10_000


def _mail(port: int, to: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "no-reply@shop.example", to, "Hello"
    mail.set_content("Your Shop code is 482913.")
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.send_message(mail)
