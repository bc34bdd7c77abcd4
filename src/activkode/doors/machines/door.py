"""The entrance of the machines' door, an ASGI application: gives each request its id, finds whose key it carries, answers
polls, waits and streams from the live part, and hands everything else to the router of REST v1.
"""

import gc
import re
import secrets
from itertools import count
from typing import Any

import structlog

from activkode.core import ids
from activkode.core.errors import Code, Refusal
from activkode.doors.machines import problem, queries, settings, wire
from activkode.doors.machines.buckets import Buckets
from activkode.doors.machines.caller import IN_SCOPE, Caller
from activkode.doors.machines.keys import digest
from activkode.doors.machines.live.following import Live
from activkode.doors.machines.rest import app
from activkode.doors.machines.rest.calls import CALLS
from activkode.doors.machines.workers import Workers

_V1 = "/v1/"
_OPEN = frozenset(call.path for call in CALLS if call.is_open)
_ACTIVATION = "/v1/activations/"
_POLLED = _ACTIVATION + ids.ACTIVATION
_WAIT = "/wait"
_EVENTS = "/v1/events"
_HEALTH = "/healthz"
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_SEEN = re.compile(rb"[0-9]{1,18}")
_SSE = (b"content-type", b"text/event-stream; charset=utf-8")
_log = structlog.get_logger("machines")


class Door:
    """One per process."""

    def __init__(self) -> None:
        self._workers = Workers(settings.THREADS, settings.WAITING_MOST, settings.PATIENCE_SECONDS)
        self._live = Live(on_lost=self._workers.renew)
        self._rest = app.build(self._workers)
        self._buckets = Buckets(settings.CALLS_BURST, settings.CALLS_PER_SECOND)
        self._request_ids = map(f"{secrets.token_hex(6)}-{{:x}}".format, count(1))

    async def __call__(self, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        if scope["type"] != "http":
            await self._live_and_die(scope, receive, send)
            return
        key = given_id = b""
        for name, value in scope["headers"]:
            if name == b"authorization":
                key = value
            elif name == wire.REQUEST_ID:
                given_id = value
        known = given_id and _REQUEST_ID.fullmatch(given_id)
        caller = Caller(given_id.decode() if known else next(self._request_ids))
        try:
            body = self._at_hand(scope, key)
            if body is not None:
                await wire.answer(send, 200, body, caller.request_id, wire.JSON)
            else:
                scope[IN_SCOPE] = caller
                await self._admit(scope, receive, send, key, caller)
        except Exception as error:  # noqa: BLE001 - the outermost frame: every failure is answered and logged
            await _fail(scope, send, caller, error)

    def _at_hand(self, scope: wire.Scope, key: bytes) -> bytes | None:
        """The answer to a poll of what is on the board: no await, no allocation that can be spared."""
        path: str = scope["path"]
        if path.startswith(_POLLED) and scope["method"] == "GET" and not scope["query_string"]:
            customer = self._live.keys.peek(key)
            number = path[len(_POLLED) :]
            if customer is not None and number.isdigit() and number.isascii() and number[0] != "0":
                entry = self._live.board.peek((customer, int(number)))
                return None if entry is None else entry.body
        elif path == _HEALTH:
            return b'{"ok":true}'
        return None

    async def _admit(
        self, scope: wire.Scope, receive: wire.Receive, send: wire.Send, key: bytes, caller: Caller
    ) -> None:
        path: str = scope["path"]
        if path.startswith(_V1):
            if queries.carries_key(scope["query_string"]):
                raise _KeyInQuery
            if path not in _OPEN:
                caller.customer = await self._live.keys.owner(key)
                if scope["method"] == "GET" and await self._answered_live(scope, receive, send, key, caller):
                    return
                self._buckets.take(caller.customer)
                if scope["method"] == "POST" and path.startswith(_POLLED):
                    send = self._told_first(caller.customer, path[len(_POLLED) :].partition("/")[0], send)
        await self._rest(scope, receive, send)  # type: ignore[arg-type]

    def _told_first(self, customer: int, number: str, send: wire.Send) -> wire.Send:
        """Takes the activation off the board before its customer has the answer: who cancels and then polls sees it."""

        async def tell(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start" and number.isdigit() and number.isascii():
                self._live.board.changed((customer, int(number)), None)
            await send(message)

        return tell

    async def _answered_live(
        self, scope: wire.Scope, receive: wire.Receive, send: wire.Send, key: bytes, caller: Caller
    ) -> bool:
        path, query, customer = scope["path"], scope["query_string"], caller.customer
        assert customer is not None
        if path == _EVENTS:
            await self._stream(scope, receive, send, key, caller)
            return True
        rest = path[len(_ACTIVATION) :] if path.startswith(_ACTIVATION) else "/"
        is_wait = rest.endswith(_WAIT)
        if "/" in rest.removesuffix(_WAIT):
            return False
        number = ids.read(ids.ACTIVATION, rest.removesuffix(_WAIT), Code.UNKNOWN_ACTIVATION)
        if is_wait:
            body = await self._live.wait(customer, number, query)
            await self._live.keys.owner(key)  # it may have been revoked meanwhile
        else:
            queries.refuse_all(query)
            body = await self._live.poll(customer, number)
        await wire.answer(send, 200, body, caller.request_id, wire.JSON)
        return True

    async def _stream(
        self, scope: wire.Scope, receive: wire.Receive, send: wire.Send, key: bytes, caller: Caller
    ) -> None:
        queries.refuse_all(scope["query_string"])
        assert caller.customer is not None
        begun = False

        async def write(piece: bytes) -> None:
            nonlocal begun
            if not begun:
                begun = True
                await wire.begin(send, caller.request_id, _SSE)
            await send({"type": "http.response.body", "body": piece, "more_body": True})

        await self._live.stream(caller.customer, digest(key), _last_seen(scope), receive, write)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _live_and_die(self, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        if scope["type"] != "lifespan":
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._live.start()
                self._workers.start()
                gc.freeze()  # what is loaded by now stays: no collection need walk over it
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._live.stop()
                self._workers.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


class _KeyInQuery(Exception):
    """A key where logs would show it."""


async def _fail(scope: wire.Scope, send: wire.Send, caller: Caller, error: Exception) -> None:
    if isinstance(error, _KeyInQuery):
        detail = "A key belongs in the Authorization header, never in the address. Consider this key known: revoke it."
        told = problem.plain(Code.INVALID_REQUEST, detail, status=400)
    else:
        told = problem.of(error)
    problem.note(told, scope, caller.request_id, caller.customer, error)
    media_type = (b"content-type", problem.MEDIA_TYPE.encode())
    headers = wire.encoded(told.headers)
    await wire.answer(
        send, told.status, told.body(caller.request_id), caller.request_id, media_type, *headers
    )


def _last_seen(scope: wire.Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"last-event-id" and value:
            if _SEEN.fullmatch(value) is None:
                raise Refusal(Code.INVALID_REQUEST, "Last-Event-ID is the id of an event of this stream.")
            return int(value)
    return None
