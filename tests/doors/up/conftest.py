"""Servers of a test's own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import throwaway
from activkode.doors.up.cluster import Cluster


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory closed to all other users, as a checkout below /root is."""
    path = Path(tempfile.mkdtemp(prefix="activkode-up-", dir=throwaway.place()))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def cluster(place: Path) -> Iterator[Cluster]:
    """A started server."""
    with Cluster(place / "pg") as started:
        yield started
