"""The doors' fixtures, for programs of others to talk to."""

from doors.carriers.conftest import (
    anyio_backend,
    eventually,
    handover,
    mail,
    receive_from,
    recorder,
)

__all__ = ["anyio_backend", "eventually", "handover", "mail", "receive_from", "recorder"]
