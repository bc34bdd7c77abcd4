"""Processes say that they are alive; the status page shows who was not heard of."""

from datetime import timedelta

from activkode.core import sql


def beat(name: str) -> timedelta | None:
    """Notes that `name` lives. For the clock: the length of the outage that this beat ends, if there was one.
    Raises TryLater."""
    gap: timedelta | None = sql.value("select fn.beat(%s)", (name,))
    return gap
