"""A database that is dead, or hangs: every door says "not now" in its peer's own words, nothing is acknowledged, and when
it is back everything goes on by itself, in the same processes.
"""

import shutil
import smtplib
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import throwaway
from faults import books
from faults.machine import Machine
from faults.promises import Opened
from faults.scene import Scene, scene
from seen import soon

DOORS = ("people", "machines", "carriers", "clock")
READS = ("/v1/activations/act_{}", "/v1/activations/act_{}/wait?timeout=1", "/v1/activations", "/v1/balance",
         "/v1/statement", "/v1/offers", "/v1/events", "/v1/status")  # fmt: skip
ANSWER_SECONDS = 6.0


@pytest.fixture(scope="module")
def stage() -> Iterator[Scene]:
    """One machine for all tests here: each leaves it running."""
    place = Path(tempfile.mkdtemp(prefix="activkode-faults-", dir=throwaway.place()))
    machine = Machine(place)
    try:
        with scene(machine, 1, 1) as made:
            yield made
    finally:
        machine.close()
        shutil.rmtree(place)


@pytest.fixture
def client(stage: Scene) -> Iterator[httpx.Client]:
    """The customer's program; afterwards the books are as everybody was told."""
    with stage.client(stage.rows[0]) as made:
        yield made
        assert _is_back(made)
    with stage.machine.database() as database:
        assert soon(lambda: _is_settled(database))
        assert books.wrong(database, stage.promises) == []
    assert stage.machine.run("audit") == (0, "every invariant holds\n")


def test_http_says_try_later_and_a_repeat_with_the_key_is_carried_out_once(
    stage: Scene, client: httpx.Client
) -> None:
    one = _rent(stage, client, kind="email")
    rent, cancel = str(uuid.uuid4()), str(uuid.uuid4())
    with stage.machine.without_database():
        for path in READS:
            _assert_try_later(client.get(path.format(one.id)))
        _assert_try_later(_post(client, "/v1/activations", rent, service="steady", kind="email"))
        _assert_try_later(_post(client, f"/v1/activations/act_{one.id}/cancellation", cancel))
        assert httpx.get(stage.demo["people_url"] + "/status/", trust_env=False).status_code == 503
    assert _is_back(client)
    answer = _repeated(client, "/v1/activations", rent, service="steady", kind="email")
    _note(stage, answer.json(), rent)
    cancelled = _repeated(client, f"/v1/activations/act_{one.id}/cancellation", cancel)
    assert cancelled.json().get("state") == "cancelled", cancelled.text


def test_carriers_are_told_to_repeat_and_nothing_is_lost(stage: Scene, client: httpx.Client) -> None:
    mail, sms = _rent(stage, client, kind="email"), _rent(stage, client, country="GB")
    before = stage.promises.answers.copy()
    with _until_data(stage, mail) as under_way, stage.machine.without_database():
        assert under_way.data(b"Subject: half\r\n\r\nNo code.\r\n")[0] == 451
        for one in (mail, sms):
            stage.carrier.send_code(one, after_seconds=0)
        time.sleep(1.5)
        assert not stage.promises.kept
    stage.carrier.finish(30)
    told = stage.promises.answers - before
    assert told["SMTP 451"] > 0 and told["SMTP 250"] == 1
    assert soon(lambda: all(_code(client, one) for one in (mail, sms)))
    assert (told["SMPP 0x64"] > 0, told["SMPP 0x0"]) == (True, 1)


def test_no_door_is_started_anew(stage: Scene, client: httpx.Client) -> None:
    before = [stage.machine.door(name) for name in DOORS]
    with stage.machine.without_database():
        time.sleep(1)
    assert _is_back(client)
    assert [stage.machine.door(name) for name in DOORS] == before


def test_a_database_that_hangs_delays_and_loses_nothing(stage: Scene, client: httpx.Client) -> None:
    mail, sms = _rent(stage, client, kind="email"), _rent(stage, client, country="GB")
    with stage.machine.hanging_database():
        for one in (mail, sms):
            stage.carrier.send_code(one, after_seconds=0)
        _assert_try_later(client.get(f"/v1/activations/act_{sms.id}"))
        assert stage.machine.door("machines")
    stage.carrier.finish(60)
    assert soon(lambda: all(_code(client, one) for one in (mail, sms)))


# --- calls ---


def _repeated(client: httpx.Client, path: str, key: str, **body: str) -> httpx.Response:
    """As a program does that was told to try later: each thread of the server finds out by itself that its connection is
    gone, and says so once."""
    answer = _post(client, path, key, **body)
    for _ in range(10):
        if answer.status_code != 503:
            break
        _assert_try_later(answer)
        answer = _post(client, path, key, **body)
    return answer


def _is_back(client: httpx.Client) -> bool:
    return soon(lambda: client.get("/v1/balance").status_code == 200)


def _rent(stage: Scene, client: httpx.Client, **wanted: str) -> Opened:
    key = str(uuid.uuid4())
    assert _is_back(client)
    return _note(stage, _post(client, "/v1/activations", key, service="steady", **wanted).json(), key)


def _note(stage: Scene, told: dict[str, Any], key: str) -> Opened:
    address = told.get("email") or told["phone"].lstrip("+")
    one = Opened(stage.rows[0]["id"], told["number"], key, told["service"], address)
    stage.promises.opened.append(one)
    return one


def _post(client: httpx.Client, path: str, key: str, **body: str) -> httpx.Response:
    return client.post(path, headers={"idempotency-key": key}, json=body)


def _code(client: httpx.Client, one: Opened) -> str | None:
    answer = client.get(f"/v1/activations/act_{one.id}")
    messages = answer.json()["messages"] if answer.status_code == 200 else []
    return messages[0]["code"] if messages else None


def _until_data(stage: Scene, one: Opened) -> smtplib.SMTP:
    mail = smtplib.SMTP("127.0.0.1", stage.demo["smtp"]["port"], timeout=20)
    mail.ehlo()
    mail.mail("carl@steady.example")
    assert mail.rcpt(one.address)[0] == 250
    return mail


def _assert_try_later(answer: httpx.Response) -> None:
    assert answer.status_code == 503, (answer.url, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["code"], answer.headers["retry-after"]) == ("try_later", "1")
    assert answer.elapsed.total_seconds() < ANSWER_SECONDS


def _is_settled(database: books.Database) -> bool:
    row = database.execute("select count(*) from intake_fate where fate = 'pending'").fetchone()
    return row == (0,)
