"""What a webhook is sent about an event: the same that the stream tells, and the activation as it stands."""

from typing import Any

import msgspec

from activkode.activations import read
from activkode.doors.machines import render, shapes, webhook_shapes
from activkode.doors.machines.live.events import Event, of_row, told


def event_id(row: tuple[Any, ...]) -> str:
    """The `webhook-id` of an event, the same in every try and to every webhook of its customer."""
    return f"evt_{row[0]}_{row[1]}"


def write(row: tuple[Any, ...]) -> str:
    """The body, from an event's row. Raises TryLater."""
    event = of_row(row)
    seen = told(event)
    data = webhook_shapes.Told(**msgspec.structs.asdict(seen), current=_current(event))
    return render.encode(webhook_shapes.Body(seen.type, seen.at, data)).decode()


def _current(event: Event) -> shapes.Activation | None:
    if event.activation is None:
        return None
    return render.activation(read.get(event.customer, event.activation))
