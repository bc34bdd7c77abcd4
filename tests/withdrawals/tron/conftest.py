"""A wallet on the fake node."""

from collections.abc import Iterator

import pytest

from activkode.doors.demo.fake_evm import FakeEvm
from withdrawals.tron.wallet import CHAIN_ID, Wallet, wallet_on


@pytest.fixture
def wallet() -> Iterator[Wallet]:
    with FakeEvm(CHAIN_ID, is_tron=True) as node:
        yield wallet_on(node)
