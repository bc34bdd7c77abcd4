"""The carriers process as it is run: real settings, real intake, real database, ended by its signal."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from activkode.config.environment import SettingError
from activkode.doors.carriers import settings
from activkode.doors.demo.rentals import next_rentals
from activkode.doors.demo.smsc import FakeSmsc
from activkode.doors.up import ports
from doors.carriers.recorder import PASSWORD, SYSTEM_ID, until
from doors.carriers.talk import Talk

Row = tuple[object, ...]


@pytest.fixture
def start(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Starts the process on the test's database; its log is in `log`."""
    started: list[subprocess.Popen[bytes]] = []

    def go(**values: str) -> "subprocess.Popen[bytes]":
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "activkode.doors.carriers.run"],
                stdout=log,
                stderr=log,
                env=os.environ | {"ACTIVKODE_PEOPLE": "0", "ACTIVKODE_VAR": str(tmp_path)} | values,
            )
        started.append(process)
        return process

    yield go
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.mark.anyio
@pytest.mark.django_db(transaction=True)
async def test_both_doors_store_in_the_database_and_sigterm_ends_them_in_order(
    smsc: FakeSmsc,
    start: Callable[..., "subprocess.Popen[bytes]"],
    superuser: psycopg.Connection[Row],
    tmp_path: Path,
) -> None:
    account = {"system_id": SYSTEM_ID, "password": PASSWORD}
    link = {"name": "carl", "host": "127.0.0.1", "port": smsc.port} | account
    port = ports.free()
    process = start(ACTIVKODE_SMPP_LINKS=json.dumps([link]), ACTIVKODE_SMTP_PORT=str(port))
    esme = await smsc.bound(SYSTEM_ID, 30)
    written = "The code is {482913} € " * 12
    deliveries = smsc.send(SYSTEM_ID, written, to="447700900001", sender="Carl")
    assert [await delivery.outcome() for delivery in deliveries] == [0, 0, 0]
    async with Talk(port) as talk:
        assert (await talk.address("nobody@mail.example"))[1].startswith("550")
    process.send_signal(signal.SIGTERM)
    await until(lambda: process.poll() is not None, 20)
    assert (process.returncode, esme.has_unbound) == (0, True)
    query = (
        "select carrier, recipient, sender, part_total, part_number from intake_original order by part_number"
    )
    expected = [("carl", "447700900001", "Carl", 3, number) for number in (1, 2, 3)]
    assert superuser.execute(query).fetchall() == expected
    # The last part to be settled has joined them all; nobody had rented the number.
    fates = superuser.execute("select fate from intake_fate order by fate").fetchall()
    assert fates == [("no_lease",), ("part",), ("part",)]
    log = (tmp_path / "log").read_text()
    assert "carriers.ready" in log
    assert not any(secret in log for secret in (PASSWORD, "482913", "447700900001", "nobody@"))


def test_a_port_that_is_taken_is_told_and_ends_the_process(
    start: Callable[..., "subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(ACTIVKODE_SMTP_PORT=str(taken.getsockname()[1]))
        assert process.wait(30) == 2
    assert "carriers.cannot_listen" in (tmp_path / "log").read_text()


@pytest.mark.django_db
def test_the_demos_query_runs_on_the_real_tables() -> None:
    assert next_rentals(0) == []


GOOD = {"name": "a", "host": "h", "port": 1, "system_id": "s", "password": "topsecret"}


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        '{"name": "a"}',
        json.dumps([GOOD | {"port": "topsecret"}]),
        json.dumps([GOOD | {"passwort": "topsecret"}]),
        json.dumps([GOOD | {"alphabet": "klingon"}]),
        json.dumps([GOOD, GOOD]),
    ],
)
def test_a_bad_link_is_refused_by_name_and_never_by_value(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVKODE_SMPP_LINKS", bad)
    with pytest.raises(SettingError) as refused:
        settings.smpp_links()
    assert "ACTIVKODE_SMPP_LINKS" in str(refused.value)
    assert "topsecret" not in str(refused.value)


def test_a_link_never_shows_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVKODE_SMPP_LINKS", json.dumps([GOOD | {"codings": {"1": "gsm7"}}]))
    [link] = settings.smpp_links()
    assert (link.alphabet, link.codings, "topsecret" in repr(link)) == ("gsm7", {1: "gsm7"}, False)


def test_a_mail_port_of_zero_turns_the_listener_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVKODE_SMTP_PORT", "2526")
    monkeypatch.delenv("ACTIVKODE_LMTP_PORT", raising=False)
    assert (settings.mail().smtp_port, settings.mail().lmtp_port) == (2526, None)
