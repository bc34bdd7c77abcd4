"""A request that comes again, or fifty at once, is carried out once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

import throwaway
from doors.machines.outside import Customer, Door, message, problems

RENT = {"service": "shop", "country": "GB"}


def rent(customer: Customer, key: str, **wanted: object) -> httpx.Response:
    return customer.http.post("/v1/activations", json=RENT | wanted, headers={"Idempotency-Key": key})


def test_the_same_key_gives_the_first_answer_again(alice: Customer) -> None:
    first, second = rent(alice, "once"), rent(alice, "once")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert alice.http.get("/v1/balance").json()["held"] == "2.00"


def test_a_refusal_is_given_again_too(bob: Customer) -> None:
    first, second = rent(bob, "poor"), rent(bob, "poor")

    told = problems(second, 402, "insufficient_balance")
    assert told | {"request_id": ""} == problems(first, 402, "insufficient_balance") | {"request_id": ""}
    assert second.headers["idempotent-replayed"] == "true"


def test_a_key_belongs_to_one_customer(alice: Customer, mallory: Customer) -> None:
    first, other = rent(alice, "shared"), rent(mallory, "shared")

    assert other.status_code == 201
    assert first.json()["id"] != other.json()["id"]


def test_a_key_with_another_body_is_refused(alice: Customer) -> None:
    rent(alice, "reused")

    problems(rent(alice, "reused", max_price="5.00"), 422, "idempotency_key_reused")


def test_a_key_with_another_address_is_refused(alice: Customer) -> None:
    one, other = alice.rent(), alice.rent()
    alice.act(one, "cancellation", **{"Idempotency-Key": "step"})

    problems(alice.act(other, "cancellation", **{"Idempotency-Key": "step"}), 422, "idempotency_key_reused")


@pytest.mark.parametrize("what", ["cancellation", "completion", "reveal"])
def test_every_step_takes_a_key(alice: Customer, what: str) -> None:
    rented = alice.rent()
    if what == "completion":
        message(rented, "Your code is 482913")
    if what == "reveal":
        message(rented, "Welcome to the shop")

    first, second = (alice.act(rented, what, **{"Idempotency-Key": what}) for _ in range(2))

    assert (first.status_code, first.content) == (200, second.content)
    assert second.headers["idempotent-replayed"] == "true"


def test_a_key_whose_request_still_runs_is_told_so(alice: Customer) -> None:
    with psycopg.connect(throwaway.superuser_url()) as other:
        other.execute("select from ledger_wallet where customer_id = %s for update", (alice.id,))
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(rent, alice, "running")
            second = _when_it_runs(alice)
            other.rollback()

    problems(second, 409, "request_in_progress")
    assert first.result().status_code == 201
    assert rent(alice, "running").content == first.result().content


def _when_it_runs(alice: Customer) -> httpx.Response:
    """The answer to the same key while the first request waits for the wallet."""
    waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with psycopg.connect(throwaway.superuser_url(), autocommit=True) as superuser:
        while superuser.execute(waiting).fetchone() is None:
            threading.Event().wait(0.01)
    return rent(alice, "running")


def test_fifty_at_once_with_money_for_one(door: Door) -> None:
    poor = door.customer("2.00")

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: poor.http.post("/v1/activations", json=RENT), range(50)))

    assert sorted(answer.status_code for answer in answers) == [201] + [402] * 49
    assert poor.http.get("/v1/balance").json()["total"] == "2.00"


def test_one_key_fifty_times_at_once_is_one_activation(alice: Customer) -> None:
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: rent(alice, "storm"), range(50)))

    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    others = {json.loads(answer.content)["code"] for answer in answers if answer.status_code != 201}
    assert len(made) == 1
    assert others <= {"request_in_progress"}
    assert alice.http.get("/v1/balance").json()["held"] == "2.00"
