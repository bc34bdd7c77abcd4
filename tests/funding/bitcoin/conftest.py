"""The fake node and what stands on it."""

from collections.abc import Iterator

import pytest

from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.funding.chains.bitcoin import BitcoinNode
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from funding.bitcoin.scene import OPTIONS, Scene, give, person, price


@pytest.fixture
def fake() -> Iterator[FakeBitcoin]:
    """The fake node; not served yet."""
    chain = FakeBitcoin()
    yield chain
    chain.stop()


@pytest.fixture
def node(fake: FakeBitcoin) -> Iterator[BitcoinNode]:
    """A client of it."""
    client = BitcoinNode(fake.serve(), OPTIONS)
    yield client
    client.close()


@pytest.fixture
def scene(db: None, fake: FakeBitcoin, node: BitcoinNode) -> Scene:
    """Watched from here on; a bitcoin is worth 50,000 dollars."""
    made = Scene(fake, node, Watcher(node), fake.port)
    price()
    made.look()
    return made


@pytest.fixture
def alice(db: None) -> User:
    """A customer."""
    return person("alice")


@pytest.fixture
def address(alice: User) -> str:
    """Hers."""
    return give(alice)
