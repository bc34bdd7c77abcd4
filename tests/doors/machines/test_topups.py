"""Paying in by program: an address, what became of each payment, and the events that tell of it."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import pytest

from activkode.core.errors import Code, Refusal
from activkode.core.idempotency import Key
from activkode.core.money import coins
from activkode.doors.machines import topup_shapes
from activkode.doors.machines.caller import IN_SCOPE, Caller
from activkode.doors.machines.live.events import Event, block
from activkode.doors.machines.rest import app, topups
from activkode.doors.machines.rest.call import Ask
from activkode.doors.machines.workers import Workers
from activkode.funding import keychains
from activkode.funding.policy import Asset, State
from doors.machines.outside import Customer, Stream, problems, without_notices
from doors.machines.payments import BTC, SOURCES, address, fork, look, mine, pay, price, topup

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass(frozen=True, slots=True)
class FakeKeychain:
    """Stands for an extended public key, called fake."""

    name: str = "btc_p2wpkh"
    asset: Asset = Asset.BTC
    fingerprint: str = "test"

    def derive(self, index: int) -> keychains.Derived:
        return keychains.Derived(f"fake1{index}", f"fake1{index}")

    def uri(self, address: str) -> str:
        return f"bitcoin:{address}"


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch, their_database: str) -> None:
    monkeypatch.setattr(keychains, "of", lambda asset, name=None: FakeKeychain())
    look()  # an address is given only on a chain whose first block was read


def ask(customer: Customer, name: str | None = None, **body: Any) -> Any:
    """POST /v1/deposit-addresses as the router hands it on."""
    key = None if name is None else Key(name, json.dumps(body).encode())
    return topups.give_address(
        Ask(customer.id, {}, None, topup_shapes.AddressWanted(**{"asset": Asset.BTC} | body), key)
    )


# --- addresses ---


@pytest.mark.usefixtures("keychain")
def test_an_address_comes_with_all_that_a_payer_must_know(alice: Customer) -> None:
    told = json.loads(ask(alice).body)

    assert told["uri"] == f"bitcoin:{told['address']}"
    assert (told["asset"], told["network"], told["least"]) == ("BTC", "Bitcoin", "1.00")
    assert told["confirmations"] == {
        "blocks": 2,
        "final": False,
        "above": "1000.00",
        "then": {"blocks": 6, "final": False},
    }
    assert TIME.fullmatch(told["created_at"])
    assert "Bitcoin" in told["warnings"][0]


@pytest.mark.usefixtures("keychain")
def test_who_asks_again_is_given_the_same_address(alice: Customer, bob: Customer) -> None:
    first, second, other = ask(alice), ask(alice), ask(bob)

    assert first.body == second.body
    assert not second.replayed
    assert json.loads(other.body)["address"] != json.loads(first.body)["address"]


@pytest.mark.usefixtures("keychain")
def test_a_key_gives_the_first_answer_again_and_not_another_one(alice: Customer) -> None:
    first, second = ask(alice, "once"), ask(alice, "once")

    assert (first.body, first.replayed, second.replayed) == (second.body, False, True)
    with pytest.raises(Refusal) as refused:
        ask(alice, "once", keychain="btc_p2tr")
    assert refused.value.code is Code.IDEMPOTENCY_KEY_REUSED


@pytest.mark.usefixtures("keychain")
def test_the_router_answers_201_each_time_and_says_which_answer_is_a_repeat(alice: Customer) -> None:
    async def ask_thrice() -> list[httpx.Response]:
        workers = Workers(1, 10, 30)
        workers.start()
        rest = app.build(workers)

        async def known(scope: Any, receive: Any, send: Any) -> None:
            await rest(scope | {IN_SCOPE: Caller("r", alice.id)}, receive, send)

        transport, named = httpx.ASGITransport(known), {"Idempotency-Key": "a"}
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            answers = [
                await client.post("/v1/deposit-addresses", json={"asset": "BTC"}, headers=headers)
                for headers in ({}, named, named)
            ]
        workers.stop()
        return answers

    answers = asyncio.run(ask_thrice())

    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.content for answer in answers}) == 1
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, None, "true"]


def test_an_asset_that_cannot_be_paid_in_is_refused_and_refused_again(alice: Customer) -> None:
    wanted, once = {"asset": "ETH"}, {"Idempotency-Key": "eth"}

    first = alice.http.post("/v1/deposit-addresses", json=wanted, headers=once)
    second = alice.http.post("/v1/deposit-addresses", json=wanted, headers=once)

    told = problems(second, 409, "deposits_unavailable")
    assert told | {"request_id": ""} == problems(first, 409, "deposits_unavailable") | {"request_id": ""}
    assert second.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize("asset", ["DOGE", "btc", "", None, 1, ["BTC"]])
def test_only_the_policys_assets_are_known(anybody: Customer, asset: object) -> None:
    problems(anybody.http.post("/v1/deposit-addresses", json={"asset": asset}), 422, "invalid_request")


# --- what became of a payment ---


def test_a_payment_is_shown_from_its_first_sight_to_its_credit(alice: Customer) -> None:
    price("50000")
    look()
    paid = pay(alice, BTC // 80)
    look()

    (seen,) = alice.http.get("/v1/topups").json()["items"]
    assert (seen["state"], seen["amount"], seen["units"], seen["token"]) == (
        "seen",
        "0.0125",
        "1250000",
        None,
    )
    assert (seen["expected"], seen["credited"], seen["rate"]) == ("625.00", None, None)
    assert (seen["confirmations"], seen["confirmations_wanted"], seen["block"]) == (0, 2, None)
    assert (seen["tx"], seen["position"], seen["address"]) == (paid.tx, 0, address(alice))
    mine(paid)
    confirming = alice.http.get(f"/v1/topups/{seen['id']}").json()
    assert (confirming["state"], confirming["confirmations"]) == ("confirming", 1)
    assert confirming["block"]["height"] > 0 and TIME.fullmatch(confirming["mined_at"])
    mine()
    credited = alice.http.get(f"/v1/topups/{seen['id']}").json()
    assert (credited["state"], credited["credited"], credited["expected"]) == ("credited", "625.00", None)
    assert (credited["rate"]["rate"], credited["rate"]["sources"]) == ("50000", SOURCES)
    assert TIME.fullmatch(credited["credited_at"]) and TIME.fullmatch(credited["rate"]["at"])
    assert alice.http.get("/v1/balance").json()["cash"] == "725.00"


def test_a_reversed_credit_says_so(alice: Customer) -> None:
    paid = topup(alice)
    fork(2)

    shown = alice.http.get(f"/v1/topups/{paid['id']}").json()

    assert (shown["state"], shown["credited"], shown["reversed"]) == ("reversed", "500.00", "500.00")
    assert TIME.fullmatch(shown["reversed_at"])
    assert alice.http.get("/v1/balance").json()["cash"] == "100.00"


def test_what_is_none_of_our_assets_is_shown_in_its_own_units(alice: Customer) -> None:
    mine(pay(alice, 10**30, asset=None, token="0xfake", reason="unknown_token"))

    (shown,) = alice.http.get("/v1/topups").json()["items"]

    assert (shown["asset"], shown["amount"], shown["units"], shown["token"]) == (
        None,
        None,
        "1" + "0" * 30,
        "0xfake",
    )
    assert (shown["state"], shown["reason"]) == ("ignored", "unknown_token")


def test_top_ups_come_in_parts_and_by_state(alice: Customer) -> None:
    paid = [topup(alice)["id"] for _ in range(3)]

    first = alice.http.get("/v1/topups", params={"limit": 2, "state": "credited"}).json()
    second = alice.http.get("/v1/topups", params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [one["id"] for one in first["items"] + second["items"]] == paid[::-1]
    assert second["next_cursor"] is None
    assert alice.http.get("/v1/topups", params={"state": "seen"}).json()["items"] == []


@pytest.mark.parametrize("query", [{"state": "lost"}, {"cursor": "act_1"}, {"limit": 0}, {"asset": "BTC"}])
def test_a_list_is_asked_for_as_described(anybody: Customer, query: dict[str, Any]) -> None:
    problems(anybody.http.get("/v1/topups", params=query), 422, "invalid_request")


def test_a_statement_names_the_top_up(alice: Customer) -> None:
    paid = topup(alice)

    movement = alice.http.get("/v1/statement").json()["movements"][-1]

    assert (movement["movement"], movement["reference"], movement["amount"]) == (
        "topup_btc",
        paid["id"],
        "500.00",
    )


def test_a_suspended_customer_still_pays_in_and_sees_it(alice: Customer) -> None:
    from activkode.core import sql

    sql.execute("select fn.wallet_freeze(%s, true)", (alice.id,))

    assert topup(alice)["state"] == "credited"


@pytest.mark.parametrize(
    ("units", "decimals", "shown"),
    [
        (0, 18, "0"),
        (1, 18, "0.000000000000000001"),
        (10**18, 18, "1"),
        (10**30 + 1, 18, "1000000000000.000000000000000001"),
        (1_500_000, 6, "1.5"),
        (100 * 10**6, 6, "100"),
        (2**256 - 1, 6, str((2**256 - 1) // 10**6) + ".639935"),
    ],
)
def test_an_amount_of_a_coin_is_exact(units: int, decimals: int, shown: str) -> None:
    assert coins(units, decimals) == shown


# --- events ---


def test_a_stream_tells_of_a_top_up(alice: Customer) -> None:
    stream = Stream(alice)
    paid = topup(alice)
    fork(2)

    told = stream.wait_for(3)

    assert [event["type"] for event in told] == ["topup.seen", "topup.credited", "topup.reversed"]
    assert told[1]["topup"] == {
        "id": paid["id"],
        "state": "credited",
        "asset": "BTC",
        "amount": "0.01",
        "credited": "500.00",
    }
    assert told[0]["topup"]["credited"] is None
    assert not {"activation", "revision", "message", "state"} & told[1].keys()


def test_a_resumed_stream_tells_of_a_top_up_in_the_same_words(alice: Customer) -> None:
    live = Stream(alice)
    topup(alice)
    told = live.wait_for(2)

    again = Stream(alice, last_seen=live.first_id).wait_for(2)

    assert len(told) == 2
    # A notice reads the clock once more than the row does: the two times may be a millisecond apart.
    assert [event | {"at": ""} for event in again] == [event | {"at": ""} for event in told]


def test_a_top_up_is_told_without_notify_too(alice: Customer) -> None:
    stream = Stream(alice)
    with without_notices():
        topup(alice)

        assert [event["type"] for event in stream.wait_for(2)] == ["topup.seen", "topup.credited"]


def test_a_word_of_a_newer_version_does_not_end_the_stream_of_an_older_process() -> None:
    payload = b'{"topup":7,"state":"haunted","asset":"XMR","amount":"5","credited_micros":null}'
    event = Event(1, 2, "2026-01-31T12:00:00.000Z", "topup.haunted", None, None, msgspec.Raw(payload))

    told = json.loads(block(event).split(b"data: ")[1])

    assert told["topup"] == {
        "id": "dep_7",
        "state": "haunted",
        "asset": "XMR",
        "amount": None,
        "credited": None,
    }


@pytest.mark.parametrize("state", list(State))
def test_every_state_of_a_top_up_can_be_asked_for(anybody: Customer, state: State) -> None:
    assert anybody.http.get("/v1/topups", params={"state": state}).status_code == 200
