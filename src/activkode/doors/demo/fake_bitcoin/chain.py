"""The fake chain: blocks, unspent outputs and a mempool, and what a test or a demo's button does to them."""

import itertools
import threading
import time
from collections.abc import Iterable, Sequence

from activkode.doors.demo.fake_bitcoin import blocks
from activkode.doors.demo.fake_bitcoin.blocks import FakeBlock, Sent
from activkode.doors.demo.fake_bitcoin.door import Door
from activkode.doors.demo.fake_bitcoin.faults import Faults
from activkode.doors.demo.fake_bitcoin.purse import Coin, Purse, script_of

COIN = 10**8
_FIRST_COINS = 400
_MINTED = 50 * COIN
_FEE = 1_000
_LEAST_CHANGE = 546

Outputs = Sequence[tuple[str, int]]


class FakeBitcoin:
    """A fake node with a chain of its own. `pay`, `mine`, `reorg`; `serve` and `stop`; `faults` holds the switches. May be
    used from several threads."""

    def __init__(self, network: str = "regtest", seed: str = "fake") -> None:
        self.network = network
        self.port = 0
        self.faults = Faults()
        self.lock = threading.RLock()
        self.blocks: list[FakeBlock] = [blocks.first(network)]
        self.mempool: dict[str, Sent] = {}
        self.heights: dict[str, int] = {}
        self.rate: int | None = None  # what estimatesmartfee says: satoshis for a thousand virtual bytes
        self._all: dict[str, Sent] = {}
        self.unspent: dict[tuple[str, int], Coin] = {}
        self._purse = Purse(seed)
        self._serial = itertools.count(1)
        self._door: Door | None = None
        self._mine_one((), [(_MINTED, self._purse.scripts[n % 2]) for n in range(_FIRST_COINS)])

    def resume(self, known: Sequence[tuple[int, str, str, int]]) -> None:
        """Goes on from blocks (height, hash, parent, time; the oldest first) that an earlier life of this fake had mined.
        What stood in them is forgotten; the purse gets coins of its own in the next block."""
        with self.lock:
            past = blocks.forgotten(self.blocks[0], known)
            self.blocks = [self.blocks[0], *past]
            self.mempool.clear()
            self.unspent.clear()
            self._mine_one((), [(_MINTED, self._purse.scripts[n % 2]) for n in range(_FIRST_COINS)])

    # --- the door ---

    def serve(self, port: int = 0) -> str:
        """Answers on loopback; the node's address, with name and password."""
        self._door = Door(self, port)
        self.port = self._door.port
        return self._door.url

    def stop(self) -> None:
        """Hangs up."""
        if self._door is not None:
            self._door.close()
            self._door = None

    # --- payments ---

    def pay(self, address: str, satoshis: int, *, version: int = 2) -> str:
        """Pays an address; the transaction's id, which waits in the mempool."""
        return self.pay_many([(address, satoshis)], version=version)

    def pay_many(self, outputs: Outputs, *, version: int = 2) -> str:
        """Pays all of them with one transaction."""
        with self.lock:
            wanted = [(satoshis, script_of(address)) for address, satoshis in outputs]
            coins = self._coins(sum(satoshis for satoshis, _ in wanted) + _FEE)
            return self.send(self._spend(coins, wanted, version))

    def rival(self, txid: str, outputs: Outputs = ()) -> str:
        """Makes, without sending it, another transaction of the same coins: to those addresses, or back to the purse."""
        with self.lock:
            coins = [self._coin(output) for output in self._all[txid].inputs]
            return self._spend(coins, [(satoshis, script_of(address)) for address, satoshis in outputs], 2)

    def send(self, txid: str) -> str:
        """Puts a transaction into the mempool; what spends the same coins there, and what stood on it, is replaced."""
        with self.lock:
            sent = self._all[txid]
            for output in sent.inputs:
                for other in [each for each in self.mempool.values() if output in each.inputs]:
                    self._evict(other.txid)
            assert self._is_spendable(sent), f"{txid} spends what is not there"
            self.mempool[txid] = sent
            return txid

    def replace(self, txid: str, outputs: Outputs = ()) -> str:
        """A rival, sent."""
        return self.send(self.rival(txid, outputs))

    def fund(self, addresses: Sequence[str], satoshis: int, depth: int) -> str:
        """A faucet: a coin of that size to each address, so many blocks deep."""
        with self.lock:
            txid = self.pay_many([(address, satoshis) for address in addresses])
            self.mine(depth)
            return txid

    # --- what a transaction that is handed in is measured by ---

    def take(self, sent: Sent) -> None:
        """Into the mempool, in place of what spends the same coins there."""
        with self.lock:
            self._all[sent.txid] = sent
            self.send(sent.txid)

    def coin(self, output: tuple[str, int], *, in_mempool: bool = True) -> Coin | None:
        """An output that no block spends, of a block or also of the mempool."""
        if output in self.unspent:
            return self.unspent[output]
        waiting = self.mempool.get(output[0]) if in_mempool else None
        return self._coin(output) if waiting and output[1] < len(waiting.outputs) else None

    def is_spent_in_mempool(self, output: tuple[str, int]) -> bool:
        """Whether a transaction of the mempool spends it."""
        return any(output in each.inputs for each in self.mempool.values())

    def fee_of(self, sent: Sent) -> int:
        """What it leaves to whoever mines it."""
        held = sum(self._coin(output).satoshis for output in sent.inputs)
        return held - sum(satoshis for satoshis, _ in sent.outputs)

    def with_descendants(self, roots: Iterable[Sent]) -> list[Sent]:
        """Transactions of the mempool, and all that stand on them there."""
        found = {each.txid: each for each in roots}
        for each in self.mempool.values():  # what stands on another came after it
            if any(txid in found for txid, _ in each.inputs):
                found[each.txid] = each
        return list(found.values())

    # --- blocks ---

    def mine(self, count: int = 1, *, only: Iterable[str] | None = None, reward_to: str = "") -> list[str]:
        """Blocks on the head; the first takes the mempool, or only those of it. Their hashes."""
        with self.lock:
            chosen = list(self.mempool) if only is None else list(only)
            reward = [(_MINTED, script_of(reward_to) if reward_to else self._purse.scripts[0])]
            return [
                self._mine_one([self._all[txid] for txid in chosen] if number == 0 else (), reward)
                for number in range(count)
            ]

    def reorg(
        self, depth: int, count: int | None = None, *, first: Iterable[str] = (), hold: bool = False
    ) -> None:
        """Takes the newest blocks back and mines others, one more than there were. Their transactions return to the
        mempool and into the first new block, behind those of `first`, which they must not contradict; with `hold` they
        stay in the mempool."""
        with self.lock:
            back = [sent for block in self._disconnect(depth) for sent in block.sent[1:]]
            waiting, self.mempool = [*self.mempool.values()], {}
            for txid in first:
                self.send(txid)
            foremost = list(self.mempool)
            for sent in (*back, *waiting):
                self._accept(sent)
            self.mine(depth + 1 if count is None else count, only=foremost if hold else None)

    def restart(self) -> None:
        """A node that was restarted without its mempool."""
        with self.lock:
            self.mempool.clear()

    # --- inside; the lock is held ---

    def _mine_one(self, sent: Iterable[Sent], reward: Sequence[tuple[int, bytes]]) -> str:
        head, chosen = self.blocks[-1], list(sent)
        minted = blocks.coinbase(head.height + 1, next(self._serial), reward)
        self._all[minted.txid] = minted
        block = blocks.mined(head, max(int(time.time()), head.time), [minted, *chosen])
        for each in block.sent:
            for output in each.inputs if each is not minted else ():
                del self.unspent[output]
            self.unspent |= {(coin.txid, coin.number): coin for coin in _coins_of(each)}
            self.heights[each.txid] = block.height
            self.mempool.pop(each.txid, None)
        self.blocks.append(block)
        for txid in [txid for txid, each in self.mempool.items() if not self._is_spendable(each)]:
            self._evict(txid)
        return block.hash

    def _disconnect(self, depth: int) -> list[FakeBlock]:
        """Takes blocks off; the oldest of them first."""
        assert depth < len(self.blocks) - 1, "the first coins are in block 1"
        gone = self.blocks[-depth:]
        del self.blocks[-depth:]
        for block in reversed(gone):
            for each in reversed(block.sent):
                self.heights.pop(each.txid, None)
                for coin in _coins_of(each):
                    self.unspent.pop((coin.txid, coin.number), None)
                for output in each.inputs if each is not block.sent[0] else ():
                    self.unspent[output] = self._coin(output)
        return gone

    def _accept(self, sent: Sent) -> None:
        taken = {output for each in self.mempool.values() for output in each.inputs}
        if taken.isdisjoint(sent.inputs) and self._is_spendable(sent):
            self.mempool[sent.txid] = sent

    def _is_spendable(self, sent: Sent) -> bool:
        return all(output in self.unspent or output[0] in self.mempool for output in sent.inputs)

    def _evict(self, txid: str) -> None:
        self.mempool.pop(txid, None)
        for other in [each for each in self.mempool.values() if any(txid == of for of, _ in each.inputs)]:
            self._evict(other.txid)

    def _coins(self, satoshis: int) -> list[Coin]:
        """Confirmed coins of the purse, the oldest first, that no transaction of the mempool spends."""
        taken = {output for each in self.mempool.values() for output in each.inputs}
        chosen: list[Coin] = []
        for output, coin in self.unspent.items():
            if coin.script in self._purse.scripts and output not in taken:
                chosen.append(coin)
                satoshis -= coin.satoshis
                if satoshis <= 0:
                    return chosen
        raise AssertionError("the fake purse has not so much that is confirmed")

    def _spend(self, coins: Sequence[Coin], outputs: Sequence[tuple[int, bytes]], version: int) -> str:
        # A serial number in the fee keeps two transactions of the same coins and outputs apart.
        change = sum(coin.satoshis for coin in coins) - sum(satoshis for satoshis, _ in outputs)
        change -= _FEE + next(self._serial) % _FEE
        back = [(change, self._purse.scripts[0])] if change >= _LEAST_CHANGE else []
        sent = self._purse.spend(coins, [*outputs, *back], version)
        self._all[sent.txid] = sent
        return sent.txid

    def _coin(self, output: tuple[str, int]) -> Coin:
        satoshis, script = self._all[output[0]].outputs[output[1]]
        return Coin(*output, satoshis, script)


def _coins_of(sent: Sent) -> list[Coin]:
    return [Coin(sent.txid, number, *each) for number, each in enumerate(sent.outputs)]
