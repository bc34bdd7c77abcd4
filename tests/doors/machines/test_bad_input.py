"""Whatever is wrong with a request, the answer is a problem of the closed list with a line in the log, and never a 5xx."""

import json
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from activkode.identity import keys, suspension
from activkode.identity.models import User
from doors.machines.outside import Customer, Door, message, problems
from seen import soon

RENT = {"service": "shop", "country": "GB"}


def post(customer: Customer, body: str | bytes, **headers: str | bytes) -> httpx.Response:
    """The body as it stands, as JSON unless said otherwise."""
    given = {"content-type": "application/json"} | {
        name.replace("_", "-"): text for name, text in headers.items()
    }
    return customer.http.post("/v1/activations", content=body, headers=given)


# --- what is asked for ---


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"service": "nothing"}, 404, "unknown_service"),
        ({"service": "shop", "country": "FR"}, 404, "unknown_service"),
        ({"service": "shop", "country": "GB", "operator": "other"}, 404, "unknown_service"),
        ({"service": "bank", "country": "GB"}, 409, "service_banned"),
        ({"service": "club", "country": "GB"}, 409, "service_banned"),
        ({"service": "shop", "country": "GB", "max_price": "1.99"}, 409, "price_rose"),
    ],
)
def test_a_rent_that_cannot_be_is_refused(
    alice: Customer, wanted: dict[str, str], status: int, code: str
) -> None:
    problems(alice.http.post("/v1/activations", json=wanted), status, code)

    assert alice.http.get("/v1/balance").json()["cash"] == "100.00"


def test_a_banned_service_that_is_open_wants_an_acknowledgement(alice: Customer) -> None:
    rented = alice.rent("club", acknowledge_banned=True)

    assert rented["state"] == "waiting"


def test_who_has_no_money_is_told_the_price(bob: Customer) -> None:
    told = problems(bob.http.post("/v1/activations", json=RENT), 402, "insufficient_balance")

    assert (told["price"], told["available"]) == ("2.00", "0.00")


def test_a_dearer_price_is_told(alice: Customer) -> None:
    answer = alice.http.post("/v1/activations", json=RENT | {"max_price": "0.5"})

    assert problems(answer, 409, "price_rose")["price"] == "2.00"


def test_where_no_number_is_left_nothing_is_charged(alice: Customer) -> None:
    answer = alice.http.post("/v1/activations", json={"service": "bare", "country": "GB"})

    problems(answer, 409, "no_numbers")
    assert alice.http.get("/v1/balance").json()["total"] == "100.00"


def test_a_suspended_account_rents_nothing_at_once(alice: Customer) -> None:
    rented = alice.rent()
    suspension.suspend(alice.id, actor="olga", reason="test")

    told = problems(alice.http.post("/v1/activations", json=RENT), 403, "account_suspended")

    assert told["clause"] == "keep.terms"
    assert alice.act(rented, "cancellation").json()["state"] == "cancelled"


def test_a_cancellation_after_the_code_is_told_code_and_time(alice: Customer) -> None:
    rented = alice.rent()
    message(rented, "Your code is 482913")

    told = problems(alice.act(rented, "cancellation"), 409, "code_arrived")

    (shown,) = told["activation"]["messages"]
    assert (shown["code"], told["arrived_at"]) == ("482913", shown["received_at"])
    assert shown["received_at"] in told["detail"] and told["clause"] == "keep.changed_mind"


@pytest.mark.parametrize(("what", "code"), [("completion", "no_code_yet"), ("reveal", "nothing_to_reveal")])
def test_a_step_that_the_state_does_not_allow_is_refused(alice: Customer, what: str, code: str) -> None:
    problems(alice.act(alice.rent(), what), 409, code)


# --- how it is asked ---


@pytest.mark.parametrize("body", ["{", "nonsense", b"\xff\xfe", '{"service": "shop"', "[" * 10_000])
def test_what_is_not_json_is_refused(anybody: Customer, body: str | bytes) -> None:
    assert post(anybody, body).status_code in (400, 422)
    assert post(anybody, body).json()["code"] == "invalid_request"


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": 7},
        {"service": None},
        {"service": "shop\u0000"},
        {"service": "x" * 41},
        {"country": "gb"},
        {"country": "GBR"},
        {"kind": "fax"},
        {"operator": ""},
        {"operator": "any\n\n"},
        {"quantity": 0},
        {"quantity": 51},
        {"quantity": 1.5},
        {"quantity": True},
        {"quantity": 2**70},
        {"acknowledge_banned": "yes"},
        {"max_price": 0.25},
        {"max_price": "-1"},
        {"max_price": "1e3"},
        {"max_price": "NaN"},
        {"max_price": "1,00"},
        {"max_price": "٣"},
        {"max_price": "0.0000001"},
        {"max_price": "9" * 13},
        {"customer_id": 1},
        {"price_micros": 1},
        {"state": "received"},
        {"promo_micros": 0},
    ],
    ids=json.dumps,
)
def test_a_field_that_is_wrong_or_unknown_is_refused(anybody: Customer, wrong: dict[str, object]) -> None:
    problems(post(anybody, json.dumps(RENT | wrong)), 422, "invalid_request")

    assert anybody.http.get("/v1/balance").json()["total"] == "100.00"


@pytest.mark.parametrize("body", ["[]", '"shop"', "null", "7", "{}"])
def test_another_shape_of_body_is_refused(anybody: Customer, body: str) -> None:
    problems(post(anybody, body), 422, "invalid_request")


def test_a_step_takes_no_fields(alice: Customer) -> None:
    rented = alice.rent()

    answer = alice.http.post(f"/v1/activations/{rented['id']}/cancellation", json={"force": True})

    problems(answer, 422, "invalid_request")
    assert alice.poll(rented)["state"] == "waiting"


def test_another_content_type_is_refused(anybody: Customer) -> None:
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx"):
        problems(post(anybody, json.dumps(RENT), content_type=media_type), 415, "unsupported_media_type")


def test_json_with_a_charset_is_taken(alice: Customer) -> None:
    answer = post(alice, json.dumps(RENT), content_type="application/json; charset=utf-8")

    assert answer.status_code == 201


def test_a_huge_body_is_refused(anybody: Customer) -> None:
    problems(post(anybody, b" " * 70_000), 413, "body_too_large")


def test_a_huge_body_without_a_length_is_refused(anybody: Customer) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 10_000

    answer = anybody.http.post(
        "/v1/activations", content=pieces(), headers={"content-type": "application/json"}
    )

    problems(answer, 413, "body_too_large")


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "käse".encode()])
def test_a_bad_idempotency_key_is_refused(anybody: Customer, key: str | bytes) -> None:
    problems(post(anybody, json.dumps(RENT), idempotency_key=key), 422, "invalid_request")


@pytest.mark.parametrize(
    "query",
    [
        "/v1/services?x=1",
        "/v1/balance?customer=1",
        "/v1/offers?service=shop&service=rival",
        "/v1/offers?kind=fax",
        "/v1/offers?country=g",
        "/v1/offers?cursor=-1",
        "/v1/offers?cursor=act_1",
        "/v1/offers?service=%00",
        "/v1/offers?service=%ff",
        "/v1/support-check",
        "/v1/activations?limit=0",
        "/v1/activations?limit=201",
        "/v1/activations?limit=ten",
        "/v1/activations?limit=1_0",
        "/v1/activations?state=open",
        "/v1/activations?cursor=7",
        "/v1/activations?cursor=act_0",
        "/v1/statement?from=yesterday",
        "/v1/statement?to=2026-02-30",
        "/v1/statement?to=2026-01-31T12:00:00",
        "/v1/statement?format=xml",
        "/v1/events?since=1",
        "/v1/activations/act_1?verbose=1",
        "/v1/activations/act_1/wait?timeout=soon",
        "/v1/activations/act_1/wait?after_revision=-1",
        "/v1/activations/act_1/wait?after_revision=1.5",
    ],
)
def test_a_query_that_is_wrong_or_unknown_is_refused(anybody: Customer, query: str) -> None:
    problems(anybody.http.get(query), 422, "invalid_request")


def test_a_last_event_id_that_is_none_is_refused(anybody: Customer) -> None:
    answer = anybody.http.get("/v1/events", headers={"Last-Event-ID": "evt_7"})

    problems(answer, 422, "invalid_request")


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/v1", "/v1/", "/v1/nothing", "/v1/policy/999", "/v1/policy/x"]
)
def test_an_unknown_address_is_a_problem_too(anybody: Customer, path: str) -> None:
    problems(anybody.http.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/balance", "GET"),
        ("PUT", "/v1/activations", "GET, POST"),
        ("POST", "/v1/activations/act_1", "GET"),
        ("POST", "/v1/events", "GET"),
        ("GET", "/v1/activations/act_1/cancellation", "POST"),
    ],
)
def test_a_method_that_is_not_taken_is_told_which_are(
    anybody: Customer, method: str, path: str, allowed: str
) -> None:
    answer = anybody.http.request(method, path)

    problems(answer, 405, "method_not_allowed")
    assert set(allowed.split(", ")) <= set(answer.headers["allow"].split(", "))


# --- who asks ---


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Bearer ak_wrong", "Basic YWs6", "ak_x"])
def test_a_wrong_key_is_refused(anybody: Customer, header: str) -> None:
    answer = anybody.http.get("/v1/balance", headers={"Authorization": header})

    problems(answer, 401, "invalid_key")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_without_a_key_only_the_status_and_the_description_answer(door: Door) -> None:
    with httpx.Client(base_url=door.url) as nobody:
        problems(nobody.get("/v1/balance"), 401, "invalid_key")
        problems(nobody.get("/v1/events"), 401, "invalid_key")
        problems(nobody.get("/v1/nothing"), 401, "invalid_key")
        assert nobody.get("/v1/status").status_code == 200
        assert nobody.get("/v1/openapi.json").status_code == 200


@pytest.mark.parametrize(
    "name", ["api_key", "apikey", "key", "token", "access_token", "API_KEY", "%61pi_key", "key%20"]
)
@pytest.mark.parametrize("path", ["/v1/balance", "/v1/status", "/v1/activations/act_1"])
def test_a_key_in_the_address_is_refused_even_beside_a_good_one(
    anybody: Customer, path: str, name: str
) -> None:
    answer = anybody.http.get(f"{path}?{name}={anybody.key}")

    if name == "key%20":
        problems(answer, 422, "invalid_request")
    else:
        assert anybody.key not in problems(answer, 400, "invalid_request")["detail"]


def test_a_revoked_key_ends_within_a_second(alice: Customer) -> None:
    rented = alice.rent()
    alice.poll(rented)
    (line,) = keys.of(alice.id)
    keys.revoke(alice.id, line.id)

    time.sleep(1)

    problems(alice.http.get(f"/v1/activations/{rented['id']}"), 401, "invalid_key")
    problems(alice.http.get("/v1/balance"), 401, "invalid_key")


def test_a_closed_account_ends_within_a_second(alice: Customer) -> None:
    rented = alice.rent()
    alice.poll(rented)
    User.objects.filter(id=alice.id).update(is_active=False)

    time.sleep(1)

    problems(alice.http.get(f"/v1/activations/{rented['id']}"), 401, "invalid_key")


# --- what is left of it ---


def test_every_answer_carries_its_headers(alice: Customer) -> None:
    rented = alice.rent()
    for path in ("/v1/balance", f"/v1/activations/{rented['id']}", "/v1/nothing", "/healthz"):
        answer = alice.http.get(path, headers={"X-Request-Id": "mine-1"})

        assert answer.headers["x-request-id"] == "mine-1"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "<b>"])
def test_a_request_id_that_could_do_harm_is_replaced(anybody: Customer, given: str) -> None:
    answer = anybody.http.get("/v1/balance", headers={"X-Request-Id": given})

    assert answer.headers["x-request-id"] not in (given, "")


def test_a_failed_request_leaves_one_line_and_no_secret(door: Door, alice: Customer) -> None:
    alice.http.get(f"/v1/balance?api_key={alice.key}")
    alice.http.get(f"/v1/{alice.key}")
    alice.http.get("/v1/balance", headers={"Authorization": "Bearer ak_canary-of-a-wrong-key"})
    answer = alice.http.post(
        "/v1/activations", json={"service": "nothing"}, headers={"X-Request-Id": "seen-1"}
    )

    log = door.log.read_text()

    (line,) = [json.loads(line) for line in log.splitlines() if '"seen-1"' in line]
    assert answer.status_code == line["status"] == 404
    assert (line["method"], line["path"], line["code"]) == ("POST", "/v1/activations", "unknown_service")
    assert line["customer"] == alice.id
    assert alice.key not in log and "canary" not in log


def test_a_caller_who_goes_away_in_the_middle_of_a_body_breaks_nothing(door: Door, alice: Customer) -> None:
    with socket.create_connection(httpx.URL(door.url).netloc.decode().split(":")) as gone:
        gone.sendall(
            b"POST /v1/activations HTTP/1.1\r\nHost: x\r\nX-Request-Id: gone-1\r\nContent-Length: 50\r\n"
            b"Content-Type: application/json\r\nAuthorization: Bearer "
            + alice.key.encode()
            + b'\r\n\r\n{"serv'
        )
        time.sleep(0.2)

    assert alice.http.get("/v1/balance").json()["cash"] == "100.00"
    assert soon(lambda: '"gone-1"' in door.log.read_text(), 5)
    (line,) = [json.loads(line) for line in door.log.read_text().splitlines() if '"gone-1"' in line]
    assert line["status"] == 422
