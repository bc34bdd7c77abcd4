"""What goes on at the fake Bitcoin chain while its watcher is killed: payments, blocks, forks, replacements. Seeded."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence

from activkode.doors.demo.fake_bitcoin import FakeBitcoin

_SMALL, _LARGE = (10_000, 900_000), (2_100_000, 9_000_000)  # below and above a thousand dollars, in satoshis
_DEEPEST = 6


class Market(threading.Thread):
    """Goes on until `close`; then everything that was paid is buried under blocks."""

    def __init__(self, fake: FakeBitcoin, addresses: Sequence[str], seed: int) -> None:
        super().__init__(name="market")
        self.done: Counter[str] = Counter()
        self._fake, self._addresses = fake, list(addresses)
        self._chance = random.Random(seed)
        self._over = threading.Event()
        self._fault: Exception | None = None
        self._acts: dict[Callable[[], object], int] = {
            self.pay: 10,
            self.pay_several: 2,
            self.mine: 5,
            self.fork: 3,
            self.fork_and_hold: 1,
            self.replace: 2,
            self.double_spend: 1,
            self.restart: 1,
        }

    def run(self) -> None:
        """Acts, and pauses between."""
        try:
            while not self._over.wait(self._chance.uniform(0.01, 0.2)):
                (act,) = self._chance.choices(list(self._acts), list(self._acts.values()))
                act()
                self.done[act.__name__] += 1
        except Exception as fault:  # noqa: BLE001 - told by close()
            self._fault = fault

    def close(self) -> None:
        """Ends it, and buries what is there."""
        self._over.set()
        self.join()
        if self._fault:
            raise self._fault
        self._fake.mine(_DEEPEST + 1)

    # --- what is done ---

    def pay(self) -> None:
        """One output to one customer."""
        self._fake.pay(self._address(), self._amount())

    def pay_several(self) -> None:
        """Many outputs, some to the same customer."""
        self._fake.pay_many([(self._address(), self._amount()) for _ in range(self._chance.randint(2, 20))])

    def mine(self) -> None:
        """A block or two."""
        self._fake.mine(self._chance.choice([1, 1, 2]))

    def fork(self) -> None:
        """Other blocks, with the same payments."""
        self._fake.reorg(self._depth(_DEEPEST))

    def fork_and_hold(self) -> None:
        """Another block, without the payments: they wait again."""
        self._fake.reorg(self._depth(1), hold=True)

    def replace(self) -> None:
        """A waiting payment goes elsewhere, or brings more."""
        with self._fake.lock:
            if self._fake.mempool:
                paid = self._chance.choice(list(self._fake.mempool))
                self._fake.replace(paid, self._chance.choice([(), [(self._address(), self._amount())]]))

    def double_spend(self) -> None:
        """A payment of the newest block is undone by a fork that spends its coins elsewhere."""
        with self._fake.lock:
            if len(paid := self._fake.blocks[-1].sent) > 1:
                rival = self._fake.rival(self._chance.choice(paid[1:]).txid)
                self._fake.reorg(self._depth(1), first=[rival])

    def restart(self) -> None:
        """The node loses its mempool, and gets some of it back."""
        with self._fake.lock:
            lost = list(self._fake.mempool)
            self._fake.restart()
            for txid in lost[::2]:
                self._fake.send(txid)

    def _depth(self, most: int) -> int:
        return self._chance.randint(1, min(most, len(self._fake.blocks) - 3))

    def _address(self) -> str:
        return self._chance.choice(self._addresses)

    def _amount(self) -> int:
        return self._chance.randrange(*self._chance.choice([_SMALL, _SMALL, _SMALL, _LARGE]))
