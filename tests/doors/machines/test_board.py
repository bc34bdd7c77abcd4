"""What a poll or a wait shows is never older than a second, whatever is cut; and waiting wakes at once (DESIGN.md 6)."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

import throwaway
from doors.machines.outside import Customer, cut_connections, message, problems, without_notices

OLDEST_SECONDS = 1.0


@contextmanager
def polled(customer: Customer, activation: dict[str, Any]) -> Iterator[list[tuple[float, str]]]:
    """Polls without pause in two threads meanwhile: when each poll was sent, and the state or refusal it showed."""
    seen: list[tuple[float, str]] = []
    stop = threading.Event()

    def poll() -> None:
        while not stop.is_set():
            sent = time.monotonic()
            found = customer.poll(activation)
            seen.append((sent, found["state"] if "state" in found else found["code"]))

    with ThreadPoolExecutor(2) as pool:
        polling = [pool.submit(poll) for _ in range(2)]
        try:
            yield seen
        finally:
            stop.set()
        for one in polling:
            one.result()  # every poll was answered


def stale(seen: list[tuple[float, str]], committed: float, state: str) -> list[float]:
    """How long after the commit polls were sent that showed another state, where that is longer than allowed."""
    late = [(sent - committed, shown) for sent, shown in seen if sent > committed + OLDEST_SECONDS]
    return [seconds for seconds, shown in late if shown not in (state, "try_later")]


# --- freshness ---


@pytest.mark.parametrize(
    "cut",
    [
        ("machines-listen",),
        ("machines-tail",),
        ("machines-board", "machines-keys"),
        ("machines-listen", "machines-tail", "machines-board", "machines-keys"),
    ],
    ids=" ".join,
)
def test_no_poll_is_older_than_a_second_while_connections_are_cut(
    alice: Customer, cut: tuple[str, ...]
) -> None:
    rented = alice.rent()

    with polled(alice, rented) as seen:
        assert all(cut_connections(name) for name in cut)
        message(rented, "Your code is 482913")
        committed = time.monotonic()
        for _ in range(15):
            for name in cut:
                cut_connections(name)
            time.sleep(0.1)

    assert stale(seen, committed, "received") == []
    # Cut twice within one question, the door says so; it does not guess.
    assert {"waiting", "received"} <= {shown for _, shown in seen} <= {"waiting", "received", "try_later"}
    assert sum(shown == "try_later" for _, shown in seen) < len(seen) / 2


def test_no_poll_is_older_than_a_second_without_notify(alice: Customer) -> None:
    with without_notices():
        for _ in range(5):
            rented = alice.rent()
            with polled(alice, rented) as seen:
                time.sleep(0.3)
                alice.act(rented, "cancellation")
                committed = time.monotonic()
                time.sleep(1.3)

            assert stale(seen, committed, "cancelled") == []
            assert {shown for _, shown in seen} == {"waiting", "cancelled"}


def test_who_cancels_and_then_polls_sees_it(alice: Customer) -> None:
    for _ in range(30):
        one = alice.rent()
        alice.poll(one)  # now it is on the board
        assert alice.act(one, "cancellation").status_code == 200
        assert alice.poll(one).get("state") != "waiting"


def test_a_transaction_that_commits_late_is_not_missed(alice: Customer) -> None:
    rented = alice.rent()
    query = "select fn.activation_apply(%s, %s, 'cancel')"

    with without_notices(), polled(alice, rented) as seen:
        with psycopg.connect(throwaway.superuser_url()) as slow:
            slow.execute(query, (alice.id, rented["number"]))
            time.sleep(4)  # its event carries a time that is long past when it can be seen
        committed = time.monotonic()
        time.sleep(1.3)

    assert stale(seen, committed, "cancelled") == []


def test_an_expiry_of_many_reaches_every_poll(alice: Customer) -> None:
    rented = [alice.rent() for _ in range(5)]
    for one in rented:
        alice.poll(one)
    with psycopg.connect(throwaway.superuser_url(), autocommit=True) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute(
            "update activations_activation set expires_at = fn.now() where customer_id = %s", (alice.id,)
        )
        superuser.execute("set session_replication_role = origin")
        superuser.execute("select fn.expire_due(100)")

    time.sleep(OLDEST_SECONDS)

    assert {alice.poll(one)["state"] for one in rented} == {"expired"}
    assert alice.http.get("/v1/balance").json()["cash"] == "100.00"


# --- waiting ---


def test_a_wait_ends_when_the_code_comes(alice: Customer) -> None:
    rented = alice.rent()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait, alice, rented, timeout=20, after_revision=1)
        time.sleep(0.3)
        message(rented, "Your code is 482913")
        came = time.monotonic()
        found, ended = waiting.result()

    assert found["messages"][0]["code"] == "482913"
    assert ended - came < 0.5


def test_a_wait_ends_soon_without_notify_too(alice: Customer) -> None:
    rented = alice.rent()
    with without_notices(), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait, alice, rented, timeout=20, after_revision=1)
        time.sleep(0.3)
        message(rented, "Your code is 482913")
        came = time.monotonic()
        found, ended = waiting.result()

    assert found["state"] == "received"
    assert ended - came < OLDEST_SECONDS


def test_a_wait_for_a_revision_that_is_there_ends_at_once(alice: Customer) -> None:
    rented = alice.rent()
    began = time.monotonic()

    found, ended = wait(alice, rented, timeout=20, after_revision=0)

    assert (found["revision"], ended - began < 1) == (1, True)


def test_a_wait_gives_the_present_state_when_its_time_is_over(alice: Customer) -> None:
    rented = alice.rent()
    began = time.monotonic()

    found, ended = wait(alice, rented, timeout=0.5, after_revision=1)

    assert found == rented
    assert 0.5 <= ended - began < 2


@pytest.mark.parametrize("timeout", ["-5", "0", "nan"])
def test_a_wait_of_no_time_is_a_poll(alice: Customer, timeout: str) -> None:
    rented = alice.rent()
    began = time.monotonic()

    _, ended = wait(alice, rented, timeout=timeout, after_revision=1)

    assert ended - began < 1


def test_many_wait_for_the_same(alice: Customer) -> None:
    rented = alice.rent()
    with ThreadPoolExecutor(30) as pool:
        waiting = [pool.submit(wait, alice, rented, timeout=20, after_revision=1) for _ in range(30)]
        time.sleep(0.3)
        alice.act(rented, "cancellation")
        found = [one.result()[0]["state"] for one in waiting]

    assert found == ["cancelled"] * 30


def test_a_wait_does_not_outlive_its_key(alice: Customer) -> None:
    from activkode.identity import keys

    rented = alice.rent()
    with ThreadPoolExecutor(1) as pool:
        path = f"/v1/activations/{rented['id']}/wait"
        waiting = pool.submit(alice.http.get, path, params={"timeout": "1.5", "after_revision": "1"})
        time.sleep(0.2)
        (line,) = keys.of(alice.id)
        keys.revoke(alice.id, line.id)

        problems(waiting.result(), 401, "invalid_key")


def wait(customer: Customer, activation: dict[str, Any], **query: object) -> tuple[dict[str, Any], float]:
    """The answer, and when it came."""
    path = f"/v1/activations/{activation['id']}/wait"
    answer = customer.http.get(path, params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    return answer.json(), time.monotonic()
