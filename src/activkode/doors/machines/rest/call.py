"""What a call of REST v1 is: how it is reached, what it takes and gives, and the function that carries it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from activkode.core.errors import Code
from activkode.core.idempotency import Key
from activkode.doors.machines import shapes

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that was read and found well-formed."""

    customer: int
    path: Mapping[str, str]
    query: Any
    body: Any
    key: Key | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send. `replayed`: this is the first answer to the same Idempotency-Key, again."""

    body: bytes
    media_type: str = JSON
    replayed: bool = False
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A row of the API. `answer` is a type, or several of which one comes, or None for any JSON. `refusals` are its own;
    those that any call can meet are added by whoever reads the row."""

    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    summary: str
    carry_out: Callable[[Ask], Answer] | None
    answer: Any
    query: type[msgspec.Struct] = shapes.NoQuery
    refusals: tuple[Code, ...] = ()
    body: type[msgspec.Struct] | None = None
    status: int = 200
    is_open: bool = False

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key means something: on what, repeated, would be done twice."""
        return self.method == "POST"

    @property
    def name(self) -> str:
        """The operation's name, made of method and path."""
        words = self.path.removeprefix("/v1/").replace(".json", "").replace("{", "by ").replace("}", "")
        return "_".join((self.method.lower(), *words.replace("/", " ").replace("-", " ").split()))


def get(
    path: str,
    summary: str,
    carry_out: Callable[[Ask], Answer] | None,
    answer: Any,
    query: type[msgspec.Struct] = shapes.NoQuery,
    refusals: tuple[Code, ...] = (),
    *,
    is_open: bool = False,
) -> Call:
    """A call that changes nothing."""
    return Call("GET", path, summary, carry_out, answer, query, refusals, is_open=is_open)


def post(
    path: str,
    summary: str,
    carry_out: Callable[[Ask], Answer],
    answer: Any,
    refusals: tuple[Code, ...],
    body: type[msgspec.Struct] = shapes.Nothing,
    *,
    status: int = 200,
) -> Call:
    """A call that changes something, at most once per Idempotency-Key."""
    return Call("POST", path, summary, carry_out, answer, shapes.NoQuery, refusals, body, status)


def patch(
    path: str,
    summary: str,
    carry_out: Callable[[Ask], Answer],
    answer: Any,
    body: type[msgspec.Struct],
) -> Call:
    """A call that sets what it names; repeated, it changes nothing more."""
    return Call("PATCH", path, summary, carry_out, answer, refusals=(Code.NOT_FOUND,), body=body)


def delete(path: str, summary: str, carry_out: Callable[[Ask], Answer], answer: Any) -> Call:
    """A call that removes."""
    return Call("DELETE", path, summary, carry_out, answer, refusals=(Code.NOT_FOUND,))
