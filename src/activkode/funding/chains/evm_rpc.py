"""JSON-RPC over HTTP with a node of the Ethereum kind, and strict readings of what it answers. The node's address holds
passwords: must never be logged or stand in an error's text.
"""

import itertools
import logging
import re
import weakref
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import msgspec

from activkode.funding.chains.base import Away, Unusable

# httpx logs every address that it asks.
logging.getLogger("httpx").setLevel(logging.WARNING)

_TIMEOUT_SECONDS = 20
_BATCH = 100  # nodes refuse larger ones (geth: 1000; hosted ones fewer)
_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}")
_DATA = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")

Call = tuple[str, list[Any]]
Fields = Mapping[str, Any]


class Declined(Away):
    """The node answered that it cannot or will not."""


class Rpc:
    """One node. `batches`: whether several calls may go in one request."""

    def __init__(self, url: str, *, batches: bool) -> None:
        self._url = url
        self._batches = batches
        self._ids = itertools.count(1)
        self._http = httpx.Client(timeout=_TIMEOUT_SECONDS, trust_env=False)
        weakref.finalize(self, self._http.close)

    def ask(self, method: str, *params: Any) -> Any:
        """The result of one call. Raises Declined, Away, Unusable."""
        (answer,) = self.ask_all([(method, list(params))])
        if isinstance(answer, Declined):
            raise answer
        return answer

    def ask_all(self, calls: Sequence[Call]) -> list[Any]:
        """The results in the order of the calls; a Declined stands where the node declined one. Raises Away, Unusable."""
        if not calls:
            return []
        if not self._batches:
            return [self._result(*self._send_one(call)) for call in calls]
        if len(calls) > _BATCH:
            return [
                one for at in range(0, len(calls), _BATCH) for one in self.ask_all(calls[at : at + _BATCH])
            ]
        bodies = [self._body(call) for call in calls]
        if len(bodies) == 1:
            return [self._result(self._send(bodies[0]), bodies[0]["id"])]
        answers = self._send(bodies)
        if isinstance(answers, dict):
            raise _declined(answers)
        if not isinstance(answers, list) or len(answers) != len(bodies):
            raise Unusable("a batch was not answered whole")
        by_id = {answer.get("id"): answer for answer in answers if isinstance(answer, dict)}
        return [self._result(by_id.get(body["id"]), body["id"]) for body in bodies]

    def _send_one(self, call: Call) -> tuple[Any, int]:
        body = self._body(call)
        return self._send(body), body["id"]

    def _body(self, call: Call) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": call[0], "params": call[1]}

    def _send(self, body: Any) -> Any:
        try:
            answer = self._http.post(self._url, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Away(type(error).__name__) from None
        if answer.status_code != httpx.codes.OK:
            raise Away(f"the node answered with HTTP status {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, RecursionError):
            raise Unusable("the answer is no JSON, or only half of it") from None

    def _result(self, answer: Any, number: int) -> Any:
        if not isinstance(answer, dict):
            raise Unusable("the answer is none")
        # Some refusals name no question: java-tron's of a request that breaks its limits.
        if answer.get("error") is not None and answer.get("id") in (number, None):
            return _declined(answer)
        if answer.get("id") != number:
            raise Unusable("the answer belongs to no question")
        if "result" not in answer:
            raise Unusable("the answer has neither result nor error")
        return answer["result"]


def _declined(answer: Fields) -> Declined:
    error = answer.get("error")
    said = error.get("message") if isinstance(error, dict) else error
    return Declined(f"the node says: {str(said)[:200]}")


# --- strict readings ---


def fields(value: Any, what: str) -> Fields:
    """A JSON object. Raises Unusable."""
    if not isinstance(value, dict):
        raise Unusable(f"{what} is missing")
    return value


def listed(value: Any, what: str) -> list[Any]:
    """A JSON list. Raises Unusable."""
    if not isinstance(value, list):
        raise Unusable(f"{what} is no list")
    return value


def quantity(value: Any, what: str, most: int = 2**256 - 1) -> int:
    """A number in hex, 0 to `most`. Raises Unusable."""
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise Unusable(f"{what} is no number")
    number = int(value, 16)
    if number > most:
        raise Unusable(f"{what} is too large")
    return number


def hash_of(value: Any, what: str) -> str:
    """Thirty-two bytes in lower-case hex. Raises Unusable."""
    return _matching(_HASH, value, f"{what} is no hash")


def address_of(value: Any, what: str) -> str:
    """Twenty bytes in lower-case hex. Raises Unusable."""
    return _matching(_ADDRESS, value, f"{what} is no address")


def data_of(value: Any, what: str) -> bytes:
    """Any number of bytes. Raises Unusable."""
    return bytes.fromhex(_matching(_DATA, value, f"{what} is no data")[2:])


def _matching(form: re.Pattern[str], value: Any, otherwise: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Unusable(otherwise)
    return value.lower()
