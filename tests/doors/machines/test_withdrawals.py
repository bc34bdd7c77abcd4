"""Paying out by program: ask, look, cancel; what only a signed-in person may do is on no call. And cases."""

from typing import Any

import pytest

from activkode.core.errors import Code
from activkode.withdrawals import operations
from doors.machines.outside import Customer, problems
from withdrawals.scripted import ADDRESS


def wanted(**other: Any) -> dict[str, Any]:
    """A body that is right but for what is given."""
    return {"asset": "ETH", "address": ADDRESS, "amount": "20.00"} | other


def test_a_request_holds_nothing_and_says_where_it_is_confirmed(alice: Customer) -> None:
    answer = alice.http.post("/v1/withdrawals", json=wanted())
    told = answer.json()
    assert answer.status_code == 201
    assert (told["amount"], told["fee"], told["pays"], told["state"]) == (
        "20.00",
        "5.00",
        "15.00",
        "requested",
    )
    assert told["confirm_url"].endswith(f"/withdrawals/{told['id']}/")
    assert told["can"] == {"cancel": True, "confirm": True, "agree": False}
    assert alice.http.get("/v1/balance").json()["withdrawing"] == "0.00"
    assert alice.http.get(f"/v1/withdrawals/{told['id']}").json() == told
    assert alice.http.get("/v1/withdrawals").json()["items"] == [told]
    operations.confirm(alice.id, int(told["id"].removeprefix("wdr_")), None)
    assert alice.http.get("/v1/balance").json() == {
        "cash": "80.00", "promo": "0.00", "held": "0.00", "withdrawing": "20.00", "total": "100.00",
    }  # fmt: skip
    cancelled = alice.http.post(f"/v1/withdrawals/{told['id']}/cancellation").json()
    assert cancelled["state"] == "cancelled"
    assert alice.http.get("/v1/balance").json()["cash"] == "100.00"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (wanted(amount="19.99"), Code.BELOW_MINIMUM),
        (wanted(amount="100.01"), Code.INSUFFICIENT_BALANCE),
        (wanted(address=ADDRESS.replace("E", "e")), Code.INVALID_ADDRESS),
        (wanted(asset="USDT-TRC20"), Code.WRONG_NETWORK),
        (wanted(amount="-20"), Code.INVALID_REQUEST),
        (wanted(amount="1e3"), Code.INVALID_REQUEST),
        (wanted(amount="٢٠"), Code.INVALID_REQUEST),
        (wanted(state="paid"), Code.INVALID_REQUEST),
        (wanted(asset="DOGE"), Code.INVALID_REQUEST),
    ],
)
def test_each_wrong_request_is_refused_by_name(alice: Customer, body: dict[str, Any], code: Code) -> None:
    assert alice.http.post("/v1/withdrawals", json=body).json()["code"] == code
    assert alice.http.get("/v1/withdrawals").json()["items"] == []


def test_the_same_key_asks_once(alice: Customer) -> None:
    first, second = (
        alice.http.post("/v1/withdrawals", json=wanted(), headers={"Idempotency-Key": "once"})
        for _ in range(2)
    )
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    again = alice.http.post("/v1/withdrawals", json=wanted(), headers={"Idempotency-Key": "twice"}).json()
    assert (again["code"], first.json()["id"] in again["detail"]) == (Code.WITHDRAWAL_OPEN, True)


def test_no_call_confirms(alice: Customer) -> None:
    number = alice.http.post("/v1/withdrawals", json=wanted()).json()["id"]
    for word in ("confirmation", "confirm", "approval", "agreement"):
        problems(alice.http.post(f"/v1/withdrawals/{number}/{word}"), 404, Code.NOT_FOUND)


def test_a_case_is_opened_and_followed(alice: Customer) -> None:
    answer = alice.http.post(
        "/v1/cases", json={"kind": "other", "description": "Where do I change my address?"}
    )
    told = answer.json()
    assert (answer.status_code, told["state"], told["joined"]) == (201, "open", False)
    said = alice.http.post(f"/v1/cases/{told['id']}/messages", json={"text": "I found it."}).json()
    assert [each["text"] for each in said["messages"]] == ["I found it."]
    assert alice.http.get("/v1/cases").json()["items"][0]["id"] == told["id"]


def test_a_case_about_somebody_elses_thing_says_that_there_is_none(alice: Customer) -> None:
    body = {"kind": "activation_dispute", "description": "It never came.", "activation": "act_999999999"}
    assert alice.http.post("/v1/cases", json=body).json()["code"] == Code.UNKNOWN_ACTIVATION
    body = {"kind": "topup_error", "description": "Not mine.", "transaction": "dep_999999999"}
    assert alice.http.post("/v1/cases", json=body).json()["code"] == Code.UNKNOWN_TRANSACTION
