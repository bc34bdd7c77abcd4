"""JSON-RPC as Bitcoin Core speaks it over HTTP: typed answers, one at a time or in batches.

The password of the address must never stand in a log or an error's text: it is taken off before the address is used.
"""

import itertools
import time
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import httpx
import msgspec
from msgspec import Struct

from activkode.funding.chains.base import Away, Unusable

T = TypeVar("T")

# A block of four million weight units is some 25 MB as JSON, with scripts made to swell several times that.
LARGEST_ANSWER_BYTES = 192 * 2**20
_CONNECT_SECONDS = 5
_SILENCE_SECONDS = 30
_WHOLE_SECONDS = 120
_TEXT_LENGTH = 200


class Fault(Struct):
    """What the node says when it cannot."""

    code: int
    message: str = ""


class Answer(Struct, Generic[T]):
    """One answer; exactly one of result and error is not null."""

    id: int | str | None = None
    result: T | None = None
    error: Fault | None = None


class Rpc:
    """A node's door. Every call raises Away or Unusable. `silence_seconds`: for so long a node may say nothing."""

    def __init__(
        self, url: str, transport: httpx.BaseTransport | None = None, silence_seconds: int = _SILENCE_SECONDS
    ) -> None:
        given = httpx.URL(url)
        self._url = given.copy_with(username=None, password=None)
        self._numbers = itertools.count(1)
        self._client = httpx.Client(
            auth=(given.username, given.password) if given.userinfo else None,
            timeout=httpx.Timeout(silence_seconds, connect=_CONNECT_SECONDS),
            headers={"content-type": "application/json", "accept-encoding": "identity"},
            trust_env=False,
            verify=given.scheme == "https",  # the certificates of the world take half a second to read
            transport=transport,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def call(self, decoder: "msgspec.json.Decoder[Answer[T]]", method: str, *params: object) -> T:
        """One call's result. Raises Away with Core's code (rpc/protocol.h) where the node names an error."""
        found = self.find(decoder, method, *params)
        if found is None:
            raise Unusable(f"{method}: no result")
        return found

    def find(self, decoder: "msgspec.json.Decoder[Answer[T]]", method: str, *params: object) -> T | None:
        """The same for a call that answers null where there is nothing."""
        number = next(self._numbers)
        content = self._post(msgspec.json.encode(_question(number, method, params)), method)
        answer = decode(decoder, content, method)
        if answer.error is not None:
            raise _failed(method, answer.error)
        if answer.id != number:
            raise Unusable(f"{method}: the answer to another question")
        return answer.result

    def batch(
        self, decoder: "msgspec.json.Decoder[list[Answer[T]]]", method: str, each: Sequence[object]
    ) -> list[T | None]:
        """The results of the same call for each parameter, in their order; None where the node has none."""
        numbers = [next(self._numbers) for _ in each]
        questions = [
            _question(number, method, param if isinstance(param, tuple) else (param,))
            for number, param in zip(numbers, each, strict=True)
        ]
        answers = decode(decoder, self._post(msgspec.json.encode(questions), method), method)
        found = {answer.id: answer.result for answer in answers}
        if len(answers) != len(numbers) or found.keys() != set(numbers):
            raise Unusable(f"{method}: {len(answers)} answers to {len(numbers)} questions")
        return [found[number] for number in numbers]

    def _post(self, content: bytes, method: str) -> bytes:
        try:
            with self._client.stream("POST", self._url, content=content) as response:
                body = self._read(response, method)
        except httpx.HTTPError as error:
            raise Away(f"{method}: {type(error).__name__}: {error}"[:_TEXT_LENGTH]) from error
        if response.status_code != httpx.codes.OK:
            raise _refusal(method, response.status_code, body)
        return body

    def _read(self, response: httpx.Response, method: str) -> bytes:
        """The whole body, as long as it is neither too large nor too slow."""
        parts, size, end = [], 0, time.monotonic() + _WHOLE_SECONDS
        for part in response.iter_raw():
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER_BYTES:
                raise Unusable(f"{method}: an answer of more than {LARGEST_ANSWER_BYTES} bytes")
            if time.monotonic() > end:
                raise Away(f"{method}: not answered within {_WHOLE_SECONDS} s")
        return b"".join(parts)


def decode(decoder: "msgspec.json.Decoder[T]", content: bytes, method: str) -> T:
    """The content, typed. Raises Unusable."""
    try:
        return decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unusable(f"{method}: {error}"[:_TEXT_LENGTH]) from error


def _question(number: int, method: str, params: Sequence[object]) -> dict[str, Any]:
    return {"jsonrpc": "1.0", "id": number, "method": method, "params": params}


_FAULT = msgspec.json.Decoder(Answer[msgspec.Raw])


def _refusal(method: str, status: int, body: bytes) -> Away:
    """What a status other than 200 means: Core sends its errors with 500 and 404, and 401 without a body."""
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return Away(f"{method}: the node refuses our name and password (HTTP {status})")
    try:
        answer = _FAULT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Away(f"{method}: HTTP {status}")
    return _failed(method, answer.error) if answer.error else Away(f"{method}: HTTP {status}")


def _failed(method: str, fault: Fault) -> Away:
    return Away(f"{method}: {fault.message[:_TEXT_LENGTH]} ({fault.code})"[:_TEXT_LENGTH], fault.code)
