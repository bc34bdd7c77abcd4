"""From programs of others to the code: npm smpp and swaks deliver to the carriers process, and the activations have it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import cast
from activkode.activations import operations, read
from activkode.activations.operations import Rent
from activkode.doors.up import ports
from activkode.ledger import read as books
from doors.carriers.recorder import PASSWORD, SYSTEM_ID

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True), pytest.mark.needs("smpp", "swaks")]
HERE = Path(__file__).parent


@pytest.fixture
def node() -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """The SMSC of npm's smpp, and its port."""
    words = ["node", str(HERE / "smsc.js"), SYSTEM_ID, PASSWORD]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process, json.loads(process.stdout.readline())["port"]
        process.kill()


@pytest.fixture
def mail_port(node: tuple["subprocess.Popen[str]", int], tmp_path: Path) -> Iterator[int]:
    """The carriers process, bound to that SMSC; the port of its mail door."""
    link = {
        "name": "node",
        "host": "127.0.0.1",
        "port": node[1],
        "system_id": SYSTEM_ID,
        "password": PASSWORD,
    }
    port = ports.free()
    settings = {
        "ACTIVKODE_SMPP_LINKS": json.dumps([link]),
        "ACTIVKODE_SMTP_PORT": str(port),
        "ACTIVKODE_PEOPLE": "0",
    }
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(
        [sys.executable, "-m", "activkode.doors.carriers.run"], env=os.environ | settings, stdout=log, stderr=log
    ) as process:  # fmt: skip
        yield port
        process.terminate()


def _received(one: read.Activation) -> read.Activation:
    end = time.monotonic() + 20
    while (found := read.get(one.customer, one.id)).state != "received":
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


def test_an_sms_and_a_mail_of_others_bring_their_codes(
    node: tuple["subprocess.Popen[str]", int], mail_port: int
) -> None:
    cast.shelf()
    alice = cast.person("alice")
    cast.fund(alice, "10.00")
    number = operations.open(alice.id, Rent("shop", "GB")).activation
    address = operations.open(alice.id, Rent("shop", kind="email")).activation
    _smsc_sends(node[0], number.address, "Your Shop code is 481920")
    _swaks_sends(mail_port, address.address, "Your verification code is 77 31 02.")
    assert _received(number).messages[0].code == "481920"
    assert _received(address).messages[0].code == "773102"
    assert books.balance(alice.id) == books.Balance(cash=7_000_000, promo=0, held=0, withdrawing=0)


def _smsc_sends(node: "subprocess.Popen[str]", phone: str, text: str) -> None:
    assert node.stdin and node.stdout
    assert "bound" in json.loads(node.stdout.readline())
    fields = {
        "source_addr": "Shop",
        "source_addr_ton": 5,
        "destination_addr": phone,
        "dest_addr_ton": 1,
        "short_message": text,
    }
    node.stdin.write(json.dumps({"id": 1, "command": "deliver_sm", "fields": fields}) + "\n")
    node.stdin.flush()
    assert json.loads(node.stdout.readline())["status"] == 0


def _swaks_sends(port: int, to: str, text: str) -> None:
    words = [
        "swaks",
        "--server",
        "127.0.0.1",
        "--port",
        str(port),
        "--from",
        "no-reply@shop.example",
        "--to",
        to,
        "--body",
        text,
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout
