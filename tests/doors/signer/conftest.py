"""A signer's machine."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from doors.signer.machine import Machine


@pytest.fixture
def machine() -> Iterator[Machine]:
    # Short: a socket's path holds 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="sg") as place:
        made = Machine(Path(place))
        yield made
        made.kill()
