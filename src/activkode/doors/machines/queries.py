"""Query strings: read strictly, by type; a parameter that is not known is refused, and a key in it most of all."""

import re
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from activkode.core.errors import Code, Refusal
from activkode.doors.machines import shapes

Query = TypeVar("Query", bound=msgspec.Struct)
Value = TypeVar("Value")
_KEYS = re.compile(rb"(?:^|&)(?:api_?key|key|token|access_token|authorization)(?:=|&|$)", re.IGNORECASE)


def carries_key(query: bytes) -> bool:
    """Whether a key travels where access logs and Referer would show it (RFC 6750, 5.3)."""
    return _KEYS.search(_names(query) if b"%" in query else query) is not None


def read(query: bytes, shape: type[Query]) -> Query:
    """The query as this type. Raises Refusal(invalid_request)."""
    given: dict[str, Any] = {}
    for name, value in _pairs(query):
        if name in given:
            raise Refusal(Code.INVALID_REQUEST, f"{name} is given twice.")
        given[name] = value
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal(Code.INVALID_REQUEST, f"In the query: {error}.") from None


def given(value: Value | msgspec.UnsetType) -> Value | None:
    """A parameter's value, None where it was left out."""
    return None if isinstance(value, msgspec.UnsetType) else value


def refuse_all(query: bytes) -> None:
    """For calls that take no parameter. Raises Refusal(invalid_request)."""
    if query:
        read(query, shapes.NoQuery)


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:
        raise Refusal(Code.INVALID_REQUEST, "The query string cannot be read.") from None


def _names(query: bytes) -> bytes:
    try:
        return b"&".join(name.encode() + b"=" for name, _ in _pairs(query))
    except Refusal:
        return b""
