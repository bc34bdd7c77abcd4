"""The watcher of a chain is killed at random moments, as a real process, while payments, blocks, forks and replacements go
on: afterwards its blocks are contiguous, and each output that the chain holds for us is credited exactly once.

ACTIVKODE_LONG=1 kills 500 times, else 25. ACTIVKODE_KILLS and ACTIVKODE_SEED choose otherwise.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGKILL

import pytest

from activkode.core import sql
from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.funding.chains.bitcoin import BitcoinNode
from activkode.funding.watch import Watcher
from faults.market import Market
from funding.bitcoin.scene import OPTIONS, give, person, price, script_hex
from seen import soon

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = int(os.environ.get("ACTIVKODE_KILLS") or (500 if os.environ.get("ACTIVKODE_LONG") else 25))
SEED = int(os.environ.get("ACTIVKODE_SEED", 20_261_125))
CUSTOMERS = 5
LIFE_SECONDS = (0.0, 0.7)
_NURSERY = Path(__file__).parent / "nursery.py"


class Nursery:
    """Brings forth watchers, one at a time."""

    def __init__(self, url: str, log: Path) -> None:
        reading, writing = os.pipe()
        self._told = os.fdopen(reading)
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, str(_NURSERY), url, str(writing)],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                pass_fds=[writing],
            )
        os.close(writing)

    def next(self) -> int:
        """The pid of a new watcher."""
        assert self._process.stdin
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        return self._number()

    def kill(self, pid: int) -> None:
        """Kills it, and makes sure that this was its end."""
        os.kill(pid, SIGKILL)
        assert self._number() == -SIGKILL

    def close(self) -> None:
        """Ends the last one in peace."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)
        self._told.close()

    def _number(self) -> int:
        line = self._told.readline()
        assert line, "the nursery is gone"
        return int(line)


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
    assert soon(lambda: is_settled(fake), 60), sql.value("select trouble from funding_chain")
    paid = outputs(fake)
    tell(
        f"{KILLS} watchers killed (seed {SEED}): {len(paid)} outputs in {len(fake.blocks)} blocks,"
        f" {dropped()} blocks taken back, all settled {time.monotonic() - began:.1f} s later\n"
        f"  {', '.join(f'{name} {count}' for name, count in sorted(market.done.items()))}"
    )
    assert gaps() == []
    assert credited() == paid
    assert wrong_states(paid) == []


def is_settled(fake: FakeBitcoin) -> bool:
    """Whether the head is read and nothing is about to be credited."""
    return bool(
        sql.value("select cursor_hash from funding_chain") == fake.blocks[-1].hash
        and not sql.value(
            "select count(*) from funding_deposit where state in ('confirming', 'pricing') or unmined_at is not null"
            " and state = 'credited'"
        )
    )


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


def credited() -> dict[tuple[str, int], tuple[int, str]]:
    """The same by the transfers in the books; a second one for an output would show as a wrong amount."""
    found = sql.rows(
        "select d.tx, d.position, sum(d.amount)::bigint, d.block from ledger_transfer t"
        " join funding_deposit d on d.id = t.reference_id and t.reference_kind = 'topup'"
        " where t.movement = 'topup_btc' and d.block is not null group by d.id"
    )
    return {(tx, position): (satoshis, block) for tx, position, satoshis, block in found}


def wrong_states(paid: dict[tuple[str, int], tuple[int, str]]) -> list[object]:
    """Deposits that the chain holds and that are not credited in full, or that it does not hold and that are."""
    found = sql.rows(
        "select tx, position, state, coalesce(credited_micros, 0) - reversed_micros + restored_micros,"
        " amount * 500 from funding_deposit"
    )
    return [
        row
        for row in found
        if (row[2] == "credited") is not ((row[0], row[1]) in paid)
        or row[3] != (row[4] if (row[0], row[1]) in paid else 0)
    ]


def gaps() -> list[object]:
    """Canonical blocks that do not stand on the canonical one below."""
    return sql.rows(
        "select b.height from funding_block b left join funding_block p on p.chain = b.chain and p.hash = b.parent"
        " and p.canonical and p.height = b.height - 1 where b.canonical and p.hash is null"
        " and b.height > (select min(height) from funding_block)"
    )


def dropped() -> int:
    """Blocks that were read and are no longer part of the chain."""
    return int(sql.value("select count(*) from funding_block where not canonical"))
