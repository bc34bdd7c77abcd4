"""Who asks: found once at the door's entrance, and handed on with the request."""

from dataclasses import dataclass

# Where it stands in the ASGI scope.
IN_SCOPE = "activkode.caller"


@dataclass(slots=True)
class Caller:
    """`customer` is None until the key was looked up, and on open calls."""

    request_id: str
    customer: int | None = None
