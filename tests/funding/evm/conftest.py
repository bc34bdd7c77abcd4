"""Fake nodes of both kinds."""

from collections.abc import Iterator

import pytest

from activkode.doors.demo.fake_evm import FakeEvm


@pytest.fixture
def ethereum() -> Iterator[FakeEvm]:
    with FakeEvm(31337) as fake:
        yield fake


@pytest.fixture
def tron() -> Iterator[FakeEvm]:
    with FakeEvm(31338, is_tron=True) as fake:
        yield fake


@pytest.fixture(params=["ethereum", "tron"])
def either(request: pytest.FixtureRequest) -> FakeEvm:
    """Each of the two in turn."""
    fake: FakeEvm = request.getfixturevalue(request.param)
    return fake
