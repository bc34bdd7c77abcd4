"""The watcher of a chain is killed at random moments, as a real process, while payments, blocks, forks and replacements go
on: afterwards its blocks are contiguous, and each output that the chain holds for us is credited exactly once.

ACTIVKODE_LONG=1 kills 500 times, else 25. ACTIVKODE_KILLS and ACTIVKODE_SEED choose otherwise.
"""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from activkode.core import sql
from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.funding.chains.bitcoin import BitcoinNode
from activkode.funding.watch import Watcher
from faults.market import Market
from faults.watched import (
    CUSTOMERS,
    LIFE_SECONDS,
    SEED,
    Nursery,
    credited,
    gaps,
    is_settled,
    kills,
    wrong_states,
)
from funding.bitcoin.scene import OPTIONS, give, person, price, script_hex
from seen import soon

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = kills(25)


@pytest.fixture
def fake() -> Iterator[FakeBitcoin]:
    chain = FakeBitcoin()
    chain.mine(8)
    yield chain
    chain.stop()


@pytest.fixture
def addresses(transactional_db: None) -> list[str]:
    return [give(person(f"customer{number}")) for number in range(CUSTOMERS)]


@pytest.fixture
def url(fake: FakeBitcoin, addresses: list[str]) -> str:
    """The fake's, with the first block read already."""
    served = fake.serve()
    node = BitcoinNode(served, OPTIONS)
    Watcher(node, start_height=1).round()
    node.close()
    return served


@pytest.fixture
def nursery(url: str, tmp_path: Path) -> Iterator[Nursery]:
    made = Nursery(url, tmp_path / "log")
    yield made
    made.close()


@pytest.fixture
def market(fake: FakeBitcoin, addresses: list[str]) -> Iterator[Market]:
    going_on = Market(fake, addresses, SEED)
    going_on.start()
    yield going_on
    if going_on.is_alive():
        going_on.close()


def test_each_output_is_credited_once_however_often_the_watcher_is_killed(
    fake: FakeBitcoin, nursery: Nursery, market: Market, tell: Callable[[str], None]
) -> None:
    chance = random.Random(SEED)
    for _ in range(KILLS):
        pid = nursery.next()
        price()
        time.sleep(chance.uniform(*LIFE_SECONDS))
        nursery.kill(pid)
    market.close()
    nursery.next()
    price()
    began = time.monotonic()
    assert soon(lambda: is_settled(fake.blocks[-1].hash), 60), sql.value("select trouble from funding_chain")
    paid = outputs(fake)
    tell(
        f"{KILLS} watchers killed (seed {SEED}): {len(paid)} outputs in {len(fake.blocks)} blocks,"
        f" {dropped()} blocks taken back, all settled {time.monotonic() - began:.1f} s later\n"
        f"  {', '.join(f'{name} {count}' for name, count in sorted(market.done.items()))}"
    )
    assert gaps() == []
    assert credited() == paid
    assert wrong_states(paid) == []


def outputs(fake: FakeBitcoin) -> dict[tuple[str, int], tuple[int, str]]:
    """What the chain holds for the customers: transaction and number to satoshis and block."""
    ours = {script_hex(index) for index in range(1, CUSTOMERS + 1)}
    return {
        (sent.txid, number): (satoshis, block.hash)
        for block in fake.blocks
        for sent in block.sent
        for number, (satoshis, script) in enumerate(sent.outputs)
        if script.hex() in ours
    }


def dropped() -> int:
    """Blocks that were read and are no longer part of the chain."""
    return int(sql.value("select count(*) from funding_block where not canonical"))
