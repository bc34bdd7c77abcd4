"""The fake node and a payer on it."""

from collections.abc import Iterator

import pytest

from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.withdrawals.chains.bitcoin import BitcoinPayer
from withdrawals.bitcoin.wallets import Desk, options


@pytest.fixture
def fake() -> Iterator[FakeBitcoin]:
    """The fake node, served."""
    chain = FakeBitcoin()
    chain.serve()
    yield chain
    chain.stop()


@pytest.fixture
def desk(fake: FakeBitcoin) -> Iterator[Desk]:
    """A payer with nothing in its wallet."""
    made = Desk(fake, BitcoinPayer(options(f"http://fake:only-a-fake@127.0.0.1:{fake.port}")))
    yield made
    made.payer.close()
