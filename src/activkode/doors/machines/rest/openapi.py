"""Describes REST v1 as OpenAPI 3.1, out of the rows of CALLS and the shapes; docs/openapi.json is this, written down."""

import json
import re
from collections.abc import Iterable
from importlib.metadata import version
from itertools import pairwise
from typing import Any

import msgspec

from activkode.core.errors import KINDS, Code
from activkode.doors.machines import case_shapes, problem, shapes, webhook_shapes, withdrawal_shapes
from activkode.doors.machines.rest.call import JSON, Call
from activkode.doors.machines.rest.calls import CALLS

_REF = "#/components/schemas/{name}"
_ANY = (Code.INVALID_REQUEST, Code.TRY_LATER)
_KEYED = (Code.INVALID_KEY, Code.TOO_MANY_REQUESTS)
_WRITES = (Code.UNSUPPORTED_MEDIA_TYPE, Code.BODY_TOO_LARGE)
_ONCE = (Code.IDEMPOTENCY_KEY_REUSED, Code.REQUEST_IN_PROGRESS)
_ID = re.compile(r"\{(\w+)\}")
# What a place in a path is, by what stands before it.
_IDS: dict[str, dict[str, Any]] = {
    "activations": {"schema": {"type": "string", "pattern": shapes.ACTIVATION_ID}, "example": "act_100001"},
    "topups": {"schema": {"type": "string", "pattern": shapes.DEPOSIT_ID}, "example": "dep_100001"},
    "webhooks": {"schema": {"type": "string", "pattern": webhook_shapes.WEBHOOK_ID}, "example": "whk_1"},
    "deliveries": {"schema": {"type": "string", "pattern": webhook_shapes.DELIVERY_ID}, "example": "dlv_1"},
    "withdrawals": {
        "schema": {"type": "string", "pattern": withdrawal_shapes.WITHDRAWAL_ID},
        "example": "wdr_100001",
    },
    "cases": {"schema": {"type": "string", "pattern": case_shapes.CASE_ID}, "example": "case_100001"},
    "policy": {"schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999}, "example": 1},
}
_REQUEST_ID = {"schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}}
_MEDIA: dict[str, dict[str, Any]] = {
    "/v1/events": {"text/event-stream": {"schema": {"type": "string"}}},
    "/v1/statement": {
        "text/csv": {"schema": {"type": "string"}},
        "text/plain": {"schema": {"type": "string"}},
    },
    "/v1/openapi.json": {JSON: {"schema": {"type": "object"}}},
}


def document() -> dict[str, Any]:
    """The whole document as plain values, always in the same order."""
    schemas, components = msgspec.json.schema_components([shapes.Problem, *_types()], ref_template=_REF)
    of_type = {str(each): schema for each, schema in zip(_types(), schemas[1:], strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call, of_type)
    described = {
        "openapi": "3.1.0",
        "info": {"title": "ACTIV KODE", "version": version("activkode"), "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "webhooks": {"event": {"post": _webhook(of_type[str(webhook_shapes.Body)])}},
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "A key: ak_..."}},
        },
    }
    return _named(described)


def text() -> str:
    """The same as it stands in docs/openapi.json."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _named(described: dict[str, Any]) -> dict[str, Any]:
    """Two enumerations have the same name in the code; here each has one of its own."""
    written = json.dumps(described)
    for long, short in _NAMES.items():
        written = written.replace(long, short)
    named: dict[str, Any] = json.loads(written)
    return named


_NAMES = {"activkode.activations.policy.State": "State", "activkode.funding.policy.State": "TopupState"}
_ABOUT = (
    "Rents a number or an address for one verification code; the full price is back by itself when no code comes. "
    "Money is decimal strings of dollars, times are RFC 3339 in UTC with milliseconds, unknown fields and parameters "
    "are refused, and every refusal is a problem (RFC 9457) with a code from a closed list."
)


def _types() -> list[Any]:
    called = [one for call in CALLS for one in (*_answers(call), call.body) if one is not None]
    return [*called, webhook_shapes.Body]


def _answers(call: Call) -> tuple[Any, ...]:
    return call.answer if isinstance(call.answer, tuple) else (call.answer,)


def _operation(call: Call, of_type: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.summary,
        "parameters": [*_in_path(call), *_in_query(call), *_in_headers(call)],
        "responses": {str(call.status): _success(call, of_type)} | _refusals(call),
    }
    if call.is_open:
        described["security"] = []
    if call.body is not None:
        described["requestBody"] = {
            "required": call.body is not shapes.Nothing,
            "content": {JSON: {"schema": of_type[str(call.body)]}},
        }
    return described


def _webhook(schema: dict[str, Any]) -> dict[str, Any]:
    """What is sent to a webhook, and what it should answer."""
    signed = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "summary": "An event, signed by the Standard Webhooks scheme",
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in signed
        ],
        "requestBody": {"required": True, "content": {JSON: {"schema": schema}}},
        "responses": {"2XX": {"description": "Taken. Anything else is tried again; 410 is not, for good."}},
    }


def _in_path(call: Call) -> list[dict[str, Any]]:
    steps = call.path.split("/")
    return [
        {"name": found[1], "in": "path", "required": True} | _IDS[before]
        for before, step in pairwise(steps)
        if (found := _ID.fullmatch(step))
    ]


def _in_query(call: Call) -> Iterable[dict[str, Any]]:
    (_,), components = msgspec.json.schema_components([call.query], ref_template=_REF)
    for name, schema in components[call.query.__name__]["properties"].items():
        inlined = _inline(schema, components)
        described = {"description": inlined.pop("description")} if "description" in inlined else {}
        required = name in components[call.query.__name__].get("required", [])
        yield {"name": name, "in": "query", "required": required, "schema": inlined, **described}


def _inline(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without null, which a query cannot say, and without references."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[1]]
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) == 1:
        return _inline(kinds[0], components)
    return {name: value for name, value in schema.items() if not (name == "default" and value is None)}


def _in_headers(call: Call) -> list[dict[str, Any]]:
    given = [_header("X-Request-Id", "Comes back in the answer and stands in our log.", {"type": "string"})]
    if call.takes_key:
        schema: dict[str, Any] = {"type": "string", "pattern": "^[!-~]{1,255}$"}
        given.append(
            _header("Idempotency-Key", "A repeat with the same key and body gets the first answer.", schema)
        )
    if call.path == "/v1/events":
        schema = {"type": "string", "pattern": "^[0-9]{1,18}$"}
        given.append(_header("Last-Event-ID", "The last event seen; the stream goes on after it.", schema))
    return given


def _header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


def _success(call: Call, of_type: dict[str, Any]) -> dict[str, Any]:
    content = dict(_MEDIA.get(call.path, {}))
    if call.answer is not None and call.path != "/v1/events":
        schemas = [of_type[str(one)] for one in _answers(call)]
        either: dict[str, Any] = {"anyOf": schemas}
        content[JSON] = {"schema": schemas[0] if len(schemas) == 1 else either}
    headers: dict[str, Any] = {"X-Request-Id": _REQUEST_ID}
    if call.takes_key:
        headers["Idempotent-Replayed"] = {
            "schema": {"const": "true"},
            "description": "On a repeated answer only.",
        }
    return {
        "description": "Found" if call.method == "GET" else "Done",
        "headers": headers,
        "content": content,
    }


def _refusals(call: Call) -> dict[str, Any]:
    codes = [
        *call.refusals,
        *_ANY,
        *(() if call.is_open else _KEYED),
        *(_ONCE if call.takes_key else ()),
        *(_WRITES if call.body is not None else ()),
    ]
    by_status: dict[int, list[Code]] = {}
    for code in codes:
        by_status.setdefault(KINDS[code].status, []).append(code)
    by_status[400] = [Code.INVALID_REQUEST]
    return {str(status): _problem(status, found) for status, found in sorted(by_status.items())}


def _problem(status: int, codes: list[Code]) -> dict[str, Any]:
    headers: dict[str, Any] = {"X-Request-Id": _REQUEST_ID}
    if status in (429, 503):
        headers["Retry-After"] = {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds."}
    of_these: dict[str, Any] = {"properties": {"code": {"enum": [str(code) for code in codes]}}}
    schema: dict[str, Any] = {"allOf": [{"$ref": _REF.format(name="Problem")}, of_these]}
    told = " ".join(dict.fromkeys(KINDS[code].detail for code in codes))
    return {"description": told, "headers": headers, "content": {problem.MEDIA_TYPE: {"schema": schema}}}
