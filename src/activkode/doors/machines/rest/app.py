"""The router of REST v1: reads a request by its row in CALLS, has it carried out in a thread, and sends the answer."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from activkode.core.errors import Code, Refusal, TryLater
from activkode.core.idempotency import key
from activkode.doors.machines import problem, queries, settings, wire
from activkode.doors.machines.caller import IN_SCOPE, Caller
from activkode.doors.machines.rest.call import JSON, Answer, Ask, Call
from activkode.doors.machines.rest.calls import CALLS
from activkode.doors.machines.workers import Workers

Asked = Request[Any, Any, Any]
Answered = Response[bytes]
_OF_STATUS = {
    400: Code.INVALID_REQUEST,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.BODY_TOO_LARGE,
    415: Code.UNSUPPORTED_MEDIA_TYPE,
}
_ALWAYS = {name.decode(): value.decode() for name, value in wire.ALWAYS}


def build(workers: Workers) -> Litestar:
    """The application."""
    return Litestar(
        route_handlers=[_router(path, workers) for path in dict.fromkeys(call.path for call in CALLS)],
        exception_handlers={Refusal: _failed, TryLater: _failed, HTTPException: _failed, Exception: _failed},
        openapi_config=None,
        logging_config=None,
    )


def _router(path: str, workers: Workers) -> Router:
    """All calls of one path."""
    calls = [call for call in CALLS if call.path == path]
    # First, because the router would make one of its own that knows the first method only.
    options = _options(", ".join(sorted([*(call.method for call in calls), "OPTIONS"])))
    handlers = [_handler(call, call.carry_out or _answered_ahead, workers) for call in calls]
    typed = re.sub(r"\{(\w+)\}", r"{\1:str}", path)
    return Router(typed, route_handlers=[options, *handlers])


def _options(allowed: str) -> HTTPRouteHandler:
    async def options(request: Asked) -> Response[None]:
        caller: Caller = request.scope[IN_SCOPE]  # type: ignore[literal-required]
        headers = _ALWAYS | {"x-request-id": caller.request_id, "allow": allowed}
        return Response(None, status_code=204, headers=headers)

    return HTTPRouteHandler("/", http_method="OPTIONS", status_code=204)(options)


def _handler(call: Call, function: Callable[[Ask], Answer], workers: Workers) -> HTTPRouteHandler:
    decode = msgspec.json.Decoder(call.body).decode if call.body else None

    async def carry_out(request: Asked) -> Answered:
        caller: Caller = request.scope[IN_SCOPE]  # type: ignore[literal-required]
        query = queries.read(request.scope["query_string"], call.query)
        raw, body = b"", None
        if decode is not None:
            raw = await _body(request)
            body = decode(_checked(request, raw))
        named = key(request.headers.get("idempotency-key"), f"{call.method} {request.scope['path']}", raw)
        ask = Ask(caller.customer or 0, request.path_params, query, body, named if call.takes_key else None)
        answer = await workers.run(function, ask)
        return _answered(answer, call.status, caller)

    return HTTPRouteHandler("/", http_method=call.method, status_code=call.status, name=call.name)(carry_out)


def _answered_ahead(_: Ask) -> Answer:
    """Stands for a path of the live part, so that its other methods are refused as such."""
    raise Refusal(Code.NOT_FOUND)


async def _body(request: Asked) -> bytes:
    """The body. One that is too large is read on, within reason, since a peer that still writes would not see the answer.
    Raises Refusal(body_too_large, invalid_request)."""
    try:
        async with asyncio.timeout(settings.BODY_SECONDS):
            pieces, size = await _pieces(request)
    except TimeoutError:
        raise Refusal(Code.INVALID_REQUEST, "The body did not come in time.") from None
    if size > settings.BODY_MOST_BYTES:
        raise Refusal(Code.BODY_TOO_LARGE)
    return b"".join(pieces)


async def _pieces(request: Asked) -> tuple[list[bytes], int]:
    pieces: list[bytes] = []
    size = 0
    while size <= settings.BODY_READ_BYTES:
        event: dict[str, Any] = dict(await request.receive())
        if event["type"] != "http.request":
            raise Refusal(Code.INVALID_REQUEST, "The body ended early.")
        size += len(event["body"])
        if size <= settings.BODY_MOST_BYTES:
            pieces.append(event["body"])
        if not event.get("more_body"):
            break
    return pieces, size


def _checked(request: Asked, raw: bytes) -> bytes:
    """The body, `{}` where there is none. Raises Refusal(unsupported_media_type)."""
    if not raw:
        return b"{}"
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != JSON:
        raise Refusal(Code.UNSUPPORTED_MEDIA_TYPE)
    return raw


def _answered(answer: Answer, status: int, caller: Caller) -> Answered:
    headers = _ALWAYS | {"x-request-id": caller.request_id}
    if answer.replayed:
        headers["idempotent-replayed"] = "true"
    if answer.location:
        headers["location"] = answer.location
    return Response(answer.body, status_code=status, media_type=answer.media_type, headers=headers)


def _failed(request: Asked, error: Exception) -> Answered:
    """Whatever went wrong, as a problem; and its line in the log."""
    caller: Caller = request.scope[IN_SCOPE]  # type: ignore[literal-required]
    if isinstance(error, msgspec.ValidationError):
        told = problem.plain(Code.INVALID_REQUEST, f"{error}.")
    elif isinstance(error, msgspec.DecodeError):
        told = problem.plain(Code.INVALID_REQUEST, "The body is not JSON.", status=400)
    elif isinstance(error, HTTPException) and error.status_code in _OF_STATUS:
        told = problem.plain(_OF_STATUS[error.status_code])
    else:
        told = problem.of(error, writes=request.scope["method"] == "POST")
    problem.note(told, request.scope, caller.request_id, caller.customer, error)
    headers = _ALWAYS | dict(told.headers) | {"x-request-id": caller.request_id}
    if isinstance(error, HTTPException) and error.headers:
        headers |= {name.lower(): value for name, value in error.headers.items()}
    return Response(
        told.body(caller.request_id), status_code=told.status, media_type=problem.MEDIA_TYPE, headers=headers
    )
