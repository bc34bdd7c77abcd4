"""Somebody else's id is as unknown as one that does not exist, on every call that takes one (FAILURES X01)."""

import statistics
import time

import httpx
import pytest

from activkode.doors.machines.rest.calls import CALLS
from doors.machines.outside import Customer, Door, message, problems
from doors.machines.payments import topup

WITH_ID = [(call.method, call.path) for call in CALLS if "/activations/{id}" in call.path]
TOPUP = "/v1/topups/{id}"
KEYED = [(call.method, call.path) for call in CALLS if not call.is_open]


@pytest.mark.parametrize(("method", "path"), WITH_ID)
def test_a_foreign_id_is_unknown(alice: Customer, mallory: Customer, method: str, path: str) -> None:
    rented = alice.rent()
    message(rented, "Welcome to the shop")
    before = alice.poll(rented)

    foreign = mallory.http.request(method, path.format(id=rented["id"]))
    unknown = mallory.http.request(method, path.format(id="act_999999999999"))

    told = problems(foreign, 404, "unknown_activation")
    assert told | {"request_id": ""} == problems(unknown, 404, "unknown_activation") | {"request_id": ""}
    assert alice.poll(rented) == before


@pytest.mark.parametrize(("method", "path"), WITH_ID)
@pytest.mark.parametrize(
    "wrong", ["100001", "act_", "act_0", "act_01", "act_-1", "act_1e3", "act_٣", "act_" + "9" * 30]
)
def test_an_id_that_is_none_is_unknown_too(anybody: Customer, method: str, path: str, wrong: str) -> None:
    problems(anybody.http.request(method, path.format(id=wrong)), 404, "unknown_activation")


@pytest.mark.parametrize(("method", "path"), KEYED)
def test_nobody_is_told_anything(door: Door, alice: Customer, method: str, path: str) -> None:
    rented = alice.rent()

    answer = httpx.request(method, door.url + path.format(id=rented["id"], version=1, delivery="dlv_1"))

    problems(answer, 401, "invalid_key")


def test_a_foreign_top_up_is_unknown(alice: Customer, mallory: Customer) -> None:
    paid = topup(alice)

    foreign = mallory.http.get(TOPUP.format(id=paid["id"]))
    unknown = mallory.http.get(TOPUP.format(id="dep_999999999999"))

    told = problems(foreign, 404, "not_found")
    assert told | {"request_id": ""} == problems(unknown, 404, "not_found") | {"request_id": ""}
    assert mallory.http.get("/v1/topups").json()["items"] == []


@pytest.mark.parametrize(
    "wrong", ["100001", "act_100001", "dep_", "dep_0", "dep_01", "dep_٣", "dep_" + "9" * 30]
)
def test_an_id_that_is_no_top_ups_is_unknown_too(anybody: Customer, wrong: str) -> None:
    problems(anybody.http.get(TOPUP.format(id=wrong)), 404, "not_found")


def test_lists_and_books_show_only_what_is_ones_own(alice: Customer, mallory: Customer) -> None:
    rented = alice.rent()

    for path in ("/v1/activations", "/v1/statement", "/v1/balance"):
        assert rented["id"] not in mallory.http.get(path).text


def test_a_foreign_id_takes_as_long_as_an_unknown_one(alice: Customer, mallory: Customer) -> None:
    rented = alice.rent()
    alice.poll(rented)  # on the board now
    taken: dict[str, list[float]] = {rented["id"]: [], "act_999999999999": []}

    for _ in range(60):
        for wanted, seconds in taken.items():
            began = time.perf_counter()
            mallory.http.get(f"/v1/activations/{wanted}")
            seconds.append(time.perf_counter() - began)

    foreign, unknown = (statistics.median(seconds) for seconds in taken.values())
    assert abs(foreign - unknown) < 0.5 * max(foreign, unknown)
