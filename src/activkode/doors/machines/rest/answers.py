"""Forms that answers of several calls share: carried out once for each key, and lists given in parts."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from activkode.core import ids
from activkode.core.errors import Code
from activkode.core.idempotency import once
from activkode.doors.machines import render, shapes
from activkode.doors.machines.queries import given
from activkode.doors.machines.rest.call import Answer, Ask

One = TypeVar("One")
Shape = TypeVar("Shape", bound=msgspec.Struct)


def carried_out_once(ask: Ask, shape: type[Shape], carry_out: Callable[[], Shape]) -> Answer:
    """What `carry_out` gives, or gave when the same key came first. Raises what it raises, and what
    core.idempotency.once does."""
    told, replayed = once(ask.customer, ask.key, lambda: msgspec.to_builtins(carry_out()))
    # By way of the type, so that a kept answer has its fields in the same order.
    return Answer(render.encode(msgspec.convert(told, shape)), replayed=replayed)


def before(cursor: str | msgspec.UnsetType, prefix: str) -> int | None:
    """The number that a part of a list stands before. Raises Refusal(invalid_request)."""
    text = given(cursor)
    return None if text is None else ids.read(prefix, text, Code.INVALID_REQUEST)


def part(
    found: Sequence[One], limit: int, form: Callable[[One], Shape], name: Callable[[Shape], str]
) -> Answer:
    """A part of a list of which one more than `limit` was looked for; `name` is the id of an item, for the cursor."""
    items = [form(one) for one in found[:limit]]
    return Answer(render.encode(shapes.Page(items, name(items[-1]) if len(found) > limit else None)))
