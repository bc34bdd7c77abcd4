"""Each call of REST v1 does what API.md says, from outside."""

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from activkode.activations.policy import VERSION
from doors.machines.outside import Customer, Door, message

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_services_and_their_kinds_are_listed(anybody: Customer) -> None:
    found = anybody.http.get("/v1/services").json()

    shop = next(line for line in found["items"] if line["service"] == "shop")
    assert shop == {
        "service": "shop",
        "name": "Shop",
        "kinds": ["email", "sms"],
        "window_seconds": 1200,
        "virtual_numbers": "allowed",
    }


def test_offers_are_narrowed_by_service_country_and_kind(anybody: Customer) -> None:
    found = anybody.http.get("/v1/offers", params={"service": "shop", "country": "GB", "kind": "sms"}).json()

    (offer,) = found["items"]
    assert offer.pop("stock") > 100
    assert offer == {
        "service": "shop",
        "country": "GB",
        "operator": "any",
        "kind": "sms",
        "price": "2.00",
        "window_seconds": 1200,
        "code_rate": None,
        "virtual_numbers": "allowed",
    }


def test_offers_come_in_parts(anybody: Customer) -> None:
    first = anybody.http.get("/v1/offers", params={"limit": 3}).json()
    second = anybody.http.get("/v1/offers", params={"limit": 1000, "cursor": first["next_cursor"]}).json()
    whole = anybody.http.get("/v1/offers").json()

    together = [line | {"stock": 0} for line in first["items"] + second["items"]]
    assert len(first["items"]) == 3
    assert together == [line | {"stock": 0} for line in whole["items"]]
    assert second["next_cursor"] is None


def test_the_support_check_tells_before_money_moves(anybody: Customer) -> None:
    found = anybody.http.get("/v1/support-check", params={"service": "bank", "country": "GB"}).json()

    assert (found["verdict"], found["rentable"]) == ("banned", False)
    assert found["reasons"]


def test_a_number_is_rented_at_the_price_shown(alice: Customer) -> None:
    answer = alice.http.post(
        "/v1/activations", json={"service": "shop", "country": "GB", "max_price": "2.00"}
    )

    rented = answer.json()
    assert (answer.status_code, rented["price"], rented["state"]) == (201, "2.00", "waiting")
    assert re.fullmatch(r"\+4477009\d{5}", rented["phone"])
    assert rented["id"] == f"act_{rented['number']}"
    assert answer.headers["location"] == f"/v1/activations/{rented['id']}"
    assert TIME.fullmatch(rented["opened_at"]) and TIME.fullmatch(rented["expires_at"])
    assert rented["can"] == {"cancel": True, "complete": False, "reveal": False}
    assert (rented["refund"], rented["messages"], rented["policy_version"]) == (None, [], VERSION)


def test_an_address_is_rented(alice: Customer) -> None:
    rented = alice.rent(kind="email")

    assert rented["email"].endswith("@mail.example")
    assert "phone" not in rented


def test_several_are_rented_in_one_call(door: Door) -> None:
    poor = door.customer("5.00")

    answer = poor.http.post("/v1/activations", json={"service": "shop", "country": "GB", "quantity": 3})

    assert answer.status_code == 201
    assert len(answer.json()["activations"]) == 2
    assert answer.json()["failed"] == 1


def test_a_poll_shows_the_code(alice: Customer) -> None:
    rented = alice.rent()
    alice.poll(rented)

    assert message(rented, "Your code is 482913") == "delivered"

    found = alice.poll(rented)
    (shown,) = found["messages"]
    assert (found["state"], shown["code"], shown["text"]) == ("received", "482913", "Your code is 482913")
    assert (shown["revision"], shown["sender"]) == (2, "Shop")


def test_a_message_without_a_code_is_announced_and_revealed(alice: Customer) -> None:
    rented = alice.rent()

    assert message(rented, "Welcome to the shop") == "no_code"

    hidden = alice.poll(rented)
    assert (hidden["state"], hidden["can"]["reveal"]) == ("waiting", True)
    assert (hidden["messages"][0]["text"], hidden["messages"][0]["code"]) == (None, None)
    revealed = alice.act(rented, "reveal").json()
    assert (revealed["state"], revealed["messages"][0]["text"]) == ("received", "Welcome to the shop")


def test_a_cancellation_holds_the_refund_in_its_answer(alice: Customer) -> None:
    rented = alice.rent()

    first, second = alice.act(rented, "cancellation"), alice.act(rented, "cancellation")

    assert first.json()["refund"]["amount"] == "2.00"
    assert first.json()["refund"]["clause"] == "refund.cancelled"
    assert (second.status_code, second.json()) == (200, first.json())
    assert alice.http.get("/v1/balance").json()["cash"] == "100.00"


def test_an_activation_with_its_code_is_completed(alice: Customer) -> None:
    rented = alice.rent()
    message(rented, "Your code is 482913")

    done = alice.act(rented, "completion").json()

    assert done["state"] == "completed"
    assert done["closed_at"]


def test_the_refund_is_explained_before_and_after(alice: Customer) -> None:
    rented = alice.rent()
    before = alice.http.get(f"/v1/activations/{rented['id']}/refund").json()
    alice.act(rented, "cancellation")

    after = alice.http.get(f"/v1/activations/{rented['id']}/refund").json()

    assert (before["decision"], before["promised_by"]) == ("would_be_refunded", rented["expires_at"])
    assert (after["decision"], after["clause"], after["amount"]) == ("refunded", "refund.cancelled", "2.00")


def test_activations_are_listed_in_parts_newest_first(alice: Customer) -> None:
    rented = [alice.rent()["id"] for _ in range(3)]

    first = alice.http.get("/v1/activations", params={"limit": 2}).json()
    second = alice.http.get("/v1/activations", params={"limit": 2, "cursor": first["next_cursor"]}).json()

    listed = [one["id"] for one in first["items"] + second["items"]]
    assert listed == rented[::-1]
    assert second["next_cursor"] is None


def test_activations_are_listed_by_state_and_service(alice: Customer) -> None:
    cancelled, _, other = alice.rent(), alice.rent(), alice.rent("rival")
    alice.act(cancelled, "cancellation")

    waiting = alice.http.get("/v1/activations", params={"state": "cancelled"}).json()["items"]
    rivals = alice.http.get("/v1/activations", params={"service": "rival"}).json()["items"]

    assert [one["id"] for one in waiting] == [cancelled["id"]]
    assert [one["id"] for one in rivals] == [other["id"]]


def test_the_balance_shows_what_is_held(alice: Customer) -> None:
    alice.rent()

    assert alice.http.get("/v1/balance").json() == {
        "cash": "98.00",
        "promo": "0.00",
        "held": "2.00",
        "withdrawing": "0.00",
        "total": "100.00",
    }


def test_the_statement_adds_up(alice: Customer) -> None:
    alice.act(alice.rent(), "cancellation")

    found = alice.http.get("/v1/statement").json()

    assert [line["movement"] for line in found["movements"]] == ["goodwill_grant", "hold", "release"]
    assert found["closing"] == alice.http.get("/v1/balance").json()
    assert found["opening"]["total"] == "0.00"


def test_the_statement_begins_where_it_is_told(alice: Customer) -> None:
    alice.rent()
    second = alice.http.get("/v1/statement").json()["movements"][1]["time"]

    found = alice.http.get(f"/v1/statement?from={second.replace('Z', '+00:00')}").json()

    assert [line["movement"] for line in found["movements"]] == ["hold"]
    assert (found["opening"]["cash"], found["closing"]["cash"]) == ("100.00", "98.00")


def test_the_statement_is_a_table(alice: Customer) -> None:
    alice.rent()

    answer = alice.http.get("/v1/statement", params={"format": "csv"})

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["movement"] for row in rows] == ["goodwill_grant", "hold"]


def test_bean_check_finds_no_error_in_the_statement(alice: Customer, tmp_path: Path) -> None:
    alice.act(alice.rent(), "cancellation")
    books = tmp_path / "books.beancount"

    books.write_text(alice.http.get("/v1/statement", params={"format": "beancount"}).text)

    checked = subprocess.run(
        [Path(sys.executable).with_name("bean-check"), books], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("path", ["/v1/policy", f"/v1/policy/{VERSION}"])
def test_the_policy_is_data(anybody: Customer, path: str) -> None:
    found = anybody.http.get(path).json()

    assert (found["version"], found["figures"]["window_seconds"]) == (VERSION, 1200)
    assert found["topups"]["assets"]
    assert "refund.cancelled" in [clause["name"] for clause in found["clauses"]]


def test_the_status_is_open_to_everybody(door: Door, bob: Customer) -> None:
    found = bob.http.get("/v1/status", headers={"Authorization": ""}).json()

    assert {"refund_delay_seconds", "deadlines", "sources"} <= found.keys()
