"""A wallet on a real node."""

from collections.abc import Iterator

import pytest

from funding.evm.anvil import Anvil
from withdrawals.ethereum.wallet import Wallet, wallet_on


@pytest.fixture
def wallet() -> Iterator[Wallet]:
    with Anvil() as anvil:
        yield wallet_on(anvil)
