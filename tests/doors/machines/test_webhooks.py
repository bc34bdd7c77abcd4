"""Webhooks by program: made, changed, tried and looked at; each call as API.md says. The sending is tested beside the sender."""

import json
import re
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from activkode.activations.policy import State
from activkode.core import sql
from activkode.core.outbound.client import Client
from activkode.core.outbound.reach import Reach
from activkode.doors.demo.receiver import FakeReceiver
from activkode.doors.machines.webhook_shapes import Topic
from activkode.doors.webhooks.send import Sender
from activkode.funding.policy import State as TopupState
from activkode.identity import webhooks
from activkode.identity.deliveries import ASKED_MOST
from doors.machines.outside import Customer, problems
from doors.machines.payments import topup

URL = "https://hooks.example.com/activkode"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def make(customer: Customer, **wanted: object) -> dict[str, Any]:
    answer = customer.http.post("/v1/webhooks", json={"url": URL} | wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def at(made: dict[str, Any], *more: str) -> str:
    return "/".join((f"/v1/webhooks/{made['webhook']['id']}", *more))


# --- making and changing ---


def test_a_webhook_is_made_and_its_secret_shown_once(alice: Customer) -> None:
    answer = alice.http.post(
        "/v1/webhooks", json={"url": URL, "events": ["topup.credited"], "description": "mine"}
    )

    made = answer.json()
    shown = made["webhook"]
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/webhooks/{shown['id']}")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made["secret"])
    assert TIME.fullmatch(shown.pop("created_at")) and shown.pop("id").startswith("whk_")
    assert shown == {
        "url": URL,
        "events": ["topup.credited"],
        "description": "mine",
        "state": "active",
        "reason": None,
        "disabled_at": None,
        "failures": 0,
    }


def test_the_secret_is_never_shown_again(alice: Customer) -> None:
    made = make(alice)
    alice.http.post(at(made, "test"))

    for path in ("/v1/webhooks", at(made), at(made, "deliveries")):
        assert "whsec_" not in alice.http.get(path).text
        assert made["secret"].removeprefix("whsec_") not in alice.http.get(path).text
    assert "secret" not in alice.http.patch(at(made), json={"active": False}).text


def test_a_repeat_gets_the_first_answer_with_its_secret_which_is_not_kept_open(alice: Customer) -> None:
    once = {"Idempotency-Key": "hook"}
    first = alice.http.post("/v1/webhooks", json={"url": URL}, headers=once)
    second = alice.http.post("/v1/webhooks", json={"url": URL}, headers=once)

    assert (first.status_code, first.content) == (201, second.content)
    assert second.headers["idempotent-replayed"] == "true"
    assert len(alice.http.get("/v1/webhooks").json()["items"]) == 1
    (kept,) = sql.rows("select outcome::text from core_idempotency where customer_id = %s", (alice.id,))
    assert first.json()["secret"].removeprefix("whsec_") not in kept[0]
    other = alice.http.post("/v1/webhooks", json={"url": URL + "/other"}, headers=once)
    problems(other, 422, "idempotency_key_reused")


def test_all_events_are_told_where_none_is_named(alice: Customer) -> None:
    assert make(alice)["webhook"]["events"] is None
    assert make(alice, events=None)["webhook"]["events"] is None


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.example.com/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/"),
        *("https://2130706433/", "https://user@hooks.example.com/", "https://hooks.example.com:22/", "", "x"),
        *("https://169.254.169.254/latest/meta-data/", "https://hooks.example.com/#a", 7, None),
    ],
)
def test_a_url_that_is_not_sent_to_is_refused(alice: Customer, url: object) -> None:
    made = make(alice)

    problems(alice.http.post("/v1/webhooks", json={"url": url}), 422, "invalid_request")
    problems(alice.http.patch(at(made), json={"url": url}), 422, "invalid_request")
    assert alice.http.get(at(made)).json()["url"] == URL


@pytest.mark.parametrize(
    "wanted",
    [
        {"events": []},
        {"events": ["lottery.won"]},
        {"events": "topup.credited"},
        {"description": "a" * 201},
        {"description": "a\u0000b"},
        {"secret": "whsec_mine"},
        {"active": "yes"},
    ],
    ids=str,
)
def test_a_webhook_is_asked_for_as_described(alice: Customer, wanted: dict[str, Any]) -> None:
    made = make(alice)

    problems(alice.http.post("/v1/webhooks", json={"url": URL} | wanted), 422, "invalid_request")
    problems(alice.http.patch(at(made), json=wanted), 422, "invalid_request")


def test_ten_are_enough(alice: Customer) -> None:
    made = [make(alice) for _ in range(10)]

    problems(alice.http.post("/v1/webhooks", json={"url": URL}), 409, "limit_reached")
    alice.http.delete(at(made[0]))
    assert make(alice)


def test_webhooks_are_listed_in_parts_newest_first(alice: Customer) -> None:
    made = [make(alice)["webhook"]["id"] for _ in range(3)]

    first = alice.http.get("/v1/webhooks", params={"limit": 2}).json()
    second = alice.http.get("/v1/webhooks", params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None


def test_what_is_named_is_changed_and_nothing_else(alice: Customer) -> None:
    made = make(alice, description="mine", events=["balance.credited"])

    changed = alice.http.patch(at(made), json={"url": URL + "/new", "events": None}).json()

    assert changed == made["webhook"] | {"url": URL + "/new", "events": None}
    assert alice.http.get(at(made)).json() == changed


def test_it_is_paused_and_resumed(alice: Customer) -> None:
    made = make(alice)

    states = [
        alice.http.patch(at(made), json={"active": each}).json()["state"] for each in (False, False, True)
    ]

    assert states == ["paused", "paused", "active"]


def test_one_that_was_disabled_is_resumed_and_forgiven(alice: Customer) -> None:
    made = make(alice)
    webhooks.disable(int(made["webhook"]["id"].removeprefix("whk_")), "It was away.")

    found = alice.http.get(at(made)).json()
    resumed = alice.http.patch(at(made), json={"active": True}).json()

    assert (found["state"], found["reason"]) == ("disabled", "It was away.")
    assert TIME.fullmatch(found["disabled_at"])
    assert (resumed["state"], resumed["reason"], resumed["disabled_at"]) == ("active", None, None)


def test_one_that_is_removed_is_gone_with_its_deliveries(alice: Customer) -> None:
    made = make(alice)
    alice.http.post(at(made, "test"))

    assert alice.http.delete(at(made)).json() == {"id": made["webhook"]["id"], "removed": True}
    for answer in (
        alice.http.get(at(made)),
        alice.http.delete(at(made)),
        alice.http.get(at(made, "deliveries")),
    ):
        problems(answer, 404, "not_found")
    assert sql.value("select count(*) from identity_delivery where customer_id = %s", (alice.id,)) == 0


# --- deliveries ---


def test_a_test_waits_to_be_sent_and_is_shown_with_its_body(alice: Customer) -> None:
    made = make(alice)

    answer = alice.http.post(at(made, "test"))

    asked = answer.json()
    assert (answer.status_code, asked["state"], asked["type"]) == (202, "pending", "webhook.test")
    assert (asked["attempts"], asked["tries"], "body" in asked) == (0, [], False)
    assert TIME.fullmatch(asked["next_try_at"])
    shown = alice.http.get(at(made, "deliveries", asked["id"])).json()
    body = json.loads(shown.pop("body"))
    assert shown == asked
    assert (body["type"], body["data"]) == ("webhook.test", {"webhook": made["webhook"]["id"]})


def test_a_test_is_asked_for_once_per_key(alice: Customer) -> None:
    made = make(alice)
    first, second = (alice.http.post(at(made, "test"), headers={"Idempotency-Key": "t"}) for _ in range(2))

    assert (first.content, second.headers["idempotent-replayed"]) == (second.content, "true")
    assert len(alice.http.get(at(made, "deliveries")).json()["items"]) == 1


def test_tests_are_limited(alice: Customer) -> None:
    made = make(alice)
    answers = [alice.http.post(at(made, "test")) for _ in range(ASKED_MOST + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {202}
    assert problems(answers[-1], 429, "too_many_requests")["retry_after"] == 60


def test_deliveries_are_listed_in_parts_and_by_state(alice: Customer) -> None:
    made = make(alice)
    asked = [alice.http.post(at(made, "test")).json()["id"] for _ in range(3)]

    first = alice.http.get(at(made, "deliveries"), params={"limit": 2, "state": "pending"}).json()
    second = alice.http.get(
        at(made, "deliveries"), params={"limit": 2, "cursor": first["next_cursor"]}
    ).json()

    assert [one["id"] for one in first["items"] + second["items"]] == asked[::-1]
    assert alice.http.get(at(made, "deliveries"), params={"state": "failed"}).json()["items"] == []


# --- whose they are ---

PLACES = [
    ("GET", "/v1/webhooks/{id}"),
    ("PATCH", "/v1/webhooks/{id}"),
    ("DELETE", "/v1/webhooks/{id}"),
    ("POST", "/v1/webhooks/{id}/test"),
    ("GET", "/v1/webhooks/{id}/deliveries"),
    ("GET", "/v1/webhooks/{id}/deliveries/{delivery}"),
    ("POST", "/v1/webhooks/{id}/deliveries/{delivery}/redelivery"),
]


def ask(customer: Customer, method: str, path: str) -> Any:
    body = {"active": False} if method == "PATCH" else None
    return customer.http.request(method, path, json=body)


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_a_foreign_webhook_is_unknown(alice: Customer, mallory: Customer, method: str, path: str) -> None:
    made, own = make(alice), make(mallory)
    given = alice.http.post(at(made, "test")).json()["id"]
    before = alice.http.get(at(made)).json(), alice.http.get(at(made, "deliveries")).json()

    foreign = ask(mallory, method, path.format(id=made["webhook"]["id"], delivery=given))
    unknown = ask(mallory, method, path.format(id="whk_999999999", delivery=given))

    told = problems(foreign, 404, "not_found")
    assert told | {"request_id": ""} == problems(unknown, 404, "not_found") | {"request_id": ""}
    assert (alice.http.get(at(made)).json(), alice.http.get(at(made, "deliveries")).json()) == before
    if "{delivery}" in path:
        mixed = ask(mallory, method, path.format(id=own["webhook"]["id"], delivery=given))
        problems(mixed, 404, "not_found")


@pytest.mark.parametrize(("method", "path"), PLACES)
@pytest.mark.parametrize("wrong", ["1", "act_1", "whk_", "whk_0", "whk_01", "whk_٣", "whk_" + "9" * 30])
def test_an_id_that_is_none_is_unknown_too(anybody: Customer, method: str, path: str, wrong: str) -> None:
    problems(ask(anybody, method, path.format(id=wrong, delivery="dlv_1")), 404, "not_found")


# --- from the event to the list ---


@pytest.fixture
def receiver() -> Iterator[FakeReceiver]:
    running = FakeReceiver()
    yield running
    running.close()


def test_a_top_up_reaches_the_webhook_and_the_list_says_so(
    alice: Customer, receiver: FakeReceiver, settings: Any
) -> None:
    settings.OUTBOUND_OPEN = ["127.0.0.0/8"]
    made = webhooks.create(alice.id, receiver.url, ["topup.credited"])
    paid = topup(alice)
    sender = Sender(Client(Reach((ip_network("127.0.0.0/8"),))))
    while sender.round():
        pass
    sender.close()

    body = json.loads(receiver.received[-1].body)
    assert (body["type"], body["data"]["topup"]) == (
        "topup.credited",
        {"id": paid["id"], "state": "credited", "asset": "BTC", "amount": "0.01", "credited": "500.00"},
    )
    (line,) = alice.http.get(f"/v1/webhooks/whk_{made.webhook.id}/deliveries").json()["items"]
    (tried,) = line["tries"]
    assert (line["state"], line["event"]) == ("delivered", f"evt_{alice.id}_{body['data']['seq']}")
    assert (tried["status"], tried["error"], tried["answer"]) == (204, None, "")
    again = alice.http.post(f"/v1/webhooks/whk_{made.webhook.id}/deliveries/{line['id']}/redelivery")
    assert (again.status_code, again.json()["state"], again.json()["event"]) == (
        202,
        "pending",
        line["event"],
    )


def test_every_state_can_be_told() -> None:
    topics = {f"activation.{state}" for state in State} | {f"topup.{state}" for state in TopupState}

    assert topics <= set(Topic)
