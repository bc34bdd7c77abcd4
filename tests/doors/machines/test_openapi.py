"""The OpenAPI document is true: generated requests, good and bad, meet only the answers that it names."""

import json
import uuid
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from activkode.core.errors import KINDS, Code
from activkode.doors.machines.rest import openapi
from doors.machines.outside import Customer, Door, message
from doors.machines.payments import topup
from withdrawals.scripted import ADDRESS

ROOT = Path(__file__).parents[3]
document = openapi.document()
schema = schemathesis.openapi.from_dict(document)
# A stream has no end: its answers are looked at by test_events and below.
generated = schema.exclude(path="/v1/events")
generated.config.generation.update(modes=list(schemathesis.GenerationMode))


_BEYOND_A_SCHEMA = {"/v1/withdrawals", "/v1/cases", "/v1/cases/{id}/messages"}


@pytest.fixture
def there(alice: Customer) -> dict[str, list[str]]:
    """Ids of what is there, by what stands before them in a path, for requests that need one."""
    waiting, received, cancelled, hidden = (alice.rent() for _ in range(4))
    message(received, "Your code is 482913")
    message(hidden, "Welcome to the shop")
    alice.act(cancelled, "cancellation")
    rented = [one["id"] for one in (waiting, received, cancelled, hidden)]
    hooks = [hook(alice) for _ in range(3)]
    tests = [alice.http.post(f"/v1/webhooks/{one}/test").json()["id"] for one in hooks]
    wanted = {"asset": "ETH", "address": ADDRESS, "amount": "20.00"}
    return {
        "activations": rented,
        "topups": [topup(alice)["id"]],
        "webhooks": hooks,
        "deliveries": tests,
        "withdrawals": [alice.http.post("/v1/withdrawals", json=wanted).json()["id"]],
        "cases": [
            alice.http.post("/v1/cases", json={"kind": "other", "description": text}).json()["id"]
            for text in ("Where is it?", "How is it?")
        ],
    }


def hook(customer: Customer) -> str:
    """A webhook's id."""
    made = customer.http.post("/v1/webhooks", json={"url": "https://hooks.example.com/"}).json()
    return str(made["webhook"]["id"])


@generated.parametrize()
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_document_names(
    case: schemathesis.Case, door: Door, alice: Customer, there: dict[str, list[str]]
) -> None:
    _make_it_likely(case, there)

    # What no schema can say: which addresses are right and what is enough (422), a text of control characters alone (422),
    # a text that is too long for any body (413, which the checker does not count among refusals).
    beyond = [positive_data_acceptance, negative_data_rejection] if case.path in _BEYOND_A_SCHEMA else []
    case.call_and_validate(
        base_url=door.url, headers={"Authorization": f"Bearer {alice.key}"}, excluded_checks=beyond
    )


def _make_it_likely(case: schemathesis.Case, there: dict[str, list[str]]) -> None:
    """Some requests are for what is there, no two have the same idempotency key, and none waits long."""
    number = uuid.uuid4().int
    is_good = case.meta is not None and case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE
    if is_good and "id" in case.path_parameters and number % 4:
        ids = there[case.operation.path.split("/")[2]]
        case.path_parameters["id"] = ids[number // 4 % len(ids)]
        if "delivery" in case.path_parameters:
            case.path_parameters["delivery"] = there["deliveries"][number // 4 % len(ids)]
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] += str(number)
    if is_good and case.operation.path.endswith("/wait"):
        case.query["timeout"] = 0.05
    if isinstance(case.body, dict) and isinstance(case.body.get("quantity"), float):
        # JSON Schema takes 2.0 for an integer; this door does not, and says so.
        case.body["quantity"] = int(case.body["quantity"]) if is_good else case.body["quantity"]


def test_the_document_in_the_tree_is_fresh() -> None:
    assert (ROOT / "docs/openapi.json").read_text() == openapi.text(), "run `make docs`"


def test_the_document_is_served(alice: Customer) -> None:
    assert alice.http.get("/v1/openapi.json").json() == json.loads(openapi.text())


def test_every_refusal_of_the_closed_list_is_described() -> None:
    schema_of_code = document["components"]["schemas"]["Code"]

    assert set(schema_of_code["enum"]) == set(Code)
    assert all(400 <= kind.status < 600 for kind in KINDS.values())
