"""The watcher is killed at random moments while a Bitcoin node that others wrote (npm `bcoin`) takes payments, blocks, forks
and replacements: afterwards each output that this node's chain holds for us is credited exactly once.

ACTIVKODE_LONG=1 kills 500 times, else 10. ACTIVKODE_KILLS and ACTIVKODE_SEED choose otherwise.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from activkode.core import sql
from activkode.funding.chains.bitcoin import BitcoinNode
from activkode.funding.watch import Watcher
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
from peers.bcoin_process import Bcoin
from seen import soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("bcoin")]
KILLS = kills(10)
OURS = [script_hex(index) for index in range(1, CUSTOMERS + 1)]
_MATURE, _DEEPEST = 60, 3
_DEEP = (
    7  # outputs of one transaction may be more than a thousand dollars together: these wait for six blocks
)


class Traffic:
    """What goes on at bcoin: one seeded act at a time. Each payment takes a coin that was mined a hundred blocks ago."""

    def __init__(self, bcoin: Bcoin) -> None:
        self.done: Counter[str] = Counter()
        self._bcoin, self._chance, self._coins = bcoin, random.Random(SEED), _MATURE
        self._acts = {self.pay: 8, self.mine: 8, self.fork: 2, self.replace: 2}

    def act(self) -> None:
        """One of them."""
        (act,) = self._chance.choices(list(self._acts), list(self._acts.values()))
        if act() is not None:
            self.done[act.__name__] += 1

    def pay(self) -> object:
        """One to five outputs, some to the same customer."""
        if self._coins == 0:
            return None
        self._coins -= 1
        return self._bcoin.ask(
            "pay", outputs=[self._output() for _ in range(self._chance.choice([1, 1, 1, 5]))]
        )

    def mine(self) -> object:
        """A block or two."""
        count = self._chance.choice([1, 1, 2])
        self._coins += count
        return self._bcoin.ask("mine", count=count)

    def fork(self) -> object:
        """One block more in place of the newest."""
        self._coins += 1
        return self._bcoin.ask("fork", depth=self._chance.randint(1, _DEEPEST))

    def replace(self) -> object:
        """A waiting payment goes elsewhere, or to another customer."""
        if not (waiting := self._bcoin.ask("waiting")):
            return None
        outputs = self._chance.choice([[], [self._output()]])
        return self._bcoin.ask("replace", tx=self._chance.choice(waiting), outputs=outputs)

    def _output(self) -> tuple[str, int]:
        return self._chance.choice(OURS), self._chance.randrange(10_000, 900_000)


@pytest.fixture
def bcoin(transactional_db: None) -> Iterator[Bcoin]:
    """With some coins that can be spent, customers with addresses, and its first block read."""
    running = Bcoin()
    running.ask("mine", count=_MATURE - 5)
    for number in range(CUSTOMERS):
        give(person(f"customer{number}"))
    node = BitcoinNode(running.url, OPTIONS)
    Watcher(node, start_height=150).round()
    node.close()
    yield running
    running.close()


@pytest.fixture
def nursery(bcoin: Bcoin, tmp_path: Path) -> Iterator[Nursery]:
    made = Nursery(bcoin.url, tmp_path / "log")
    yield made
    made.close()


def test_each_output_on_bcoin_is_credited_once_however_often_the_watcher_is_killed(
    bcoin: Bcoin, nursery: Nursery, tell: Callable[[str], None]
) -> None:
    traffic, chance = Traffic(bcoin), random.Random(SEED)
    for _ in range(KILLS):
        pid = nursery.next()
        price()
        end = time.monotonic() + chance.uniform(*LIFE_SECONDS)
        while time.monotonic() < end:
            traffic.act()
            time.sleep(chance.uniform(0, 0.1))
        nursery.kill(pid)
    head = bcoin.ask("mine", count=_DEEP)
    nursery.next()
    price()
    assert soon(lambda: is_settled(head), 60), sql.value("select trouble from funding_chain")

    paid = {(tx, number): (value, block) for tx, number, value, block in bcoin.ask("outputs", scripts=OURS)}
    done = ", ".join(f"{name} {count}" for name, count in sorted(traffic.done.items()))
    tell(f"{KILLS} watchers of bcoin killed (seed {SEED}): {len(paid)} outputs all settled\n  {done}")
    assert len(paid) > 0
    assert gaps() == []
    assert credited() == paid
    assert wrong_states(paid) == []
