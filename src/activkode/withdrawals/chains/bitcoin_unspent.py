"""What the payout wallet can spend: confirmed coins, so deep that none of them can vanish again. Never what is unconfirmed,
not even change of our own: a payout that stood on another one would die with it when that is replaced (decision 0022).

The node's whole set of unspent outputs is scanned once; from there on the coins are followed block by block.
"""

from activkode.funding.chains.bitcoin_json import FullBlock, prove
from activkode.funding.chains.bitcoin_mempool import spent
from activkode.funding.policy import BY_CHAIN, Chain
from activkode.withdrawals.chains.bitcoin_coins import Coin, Plan, Wanted, choose
from activkode.withdrawals.chains.bitcoin_node import PayoutNode
from activkode.withdrawals.chains.bitcoin_wallet import Wallet

DEPTH = BY_CHAIN[Chain.BITCOIN].deep_confirmations
# More blocks than these are slower to read than the set of unspent outputs.
_MOST_BLOCKS = 100


class Unspent:
    """The wallet's coins as of one block, which is brought up to the newest one before they are used."""

    def __init__(self, node: PayoutNode, wallet: Wallet) -> None:
        self._node, self._wallet = node, wallet
        self._scripts = {script.hex() for script in wallet.places}
        self._coins: dict[str, Coin] = {}
        self._height, self._hash = -1, ""

    def satoshis(self) -> int:
        """All that is deep enough and that nothing in the mempool spends. Raises Away, Unusable."""
        self._follow()
        return sum(coin.satoshis for coin in self._deep() if self._is_there(coin))

    def known(self) -> list[Coin]:
        """The coins as of the last time, without asking; empty at first."""
        return list(self._coins.values())

    def plan(self, wanted: Wanted, taken: frozenset[str]) -> tuple[Plan, list[tuple[Coin, bytes]]]:
        """Coins for a payout that nothing spends and no other payout has taken, with the transactions that made them.
        Raises CannotPay, Away, Unusable."""
        self._follow()
        left = [coin for coin in self._deep() if coin.name not in taken]
        while True:
            plan = choose(left, wanted)
            gone = {coin.name for coin in plan.coins if not self._is_there(coin)}
            if not gone:
                return plan, self._node.with_bytes(plan.coins)
            left = [coin for coin in left if coin.name not in gone]

    def _is_there(self, coin: Coin) -> bool:
        """The operator's own program may be spending it."""
        found = self._node.output(coin.name, in_mempool=True)
        return found is not None and found.confirmations >= DEPTH

    def _deep(self) -> list[Coin]:
        return [coin for coin in self._coins.values() if self._height - coin.height + 1 >= DEPTH]

    # --- following the chain ---

    def _follow(self) -> None:
        """Up to the newest block; by a scan where that is quicker, or where the last block is no longer in the chain."""
        head = self._node.blocks.head().height
        if not self._stands(head):
            self._coins, self._height, self._hash = self._node.unspent(self._wallet.places)
        while self._height < head:
            block = self._node.blocks.fetch(self._height + 1)
            if block.parent != self._hash:  # a fork just now; the next round sees it
                return
            self._take(block)

    def _stands(self, head: int) -> bool:
        """Whether the coins can be brought up to the head from where they are."""
        is_near = bool(self._hash) and 0 <= head - self._height <= _MOST_BLOCKS
        return is_near and self._node.blocks.hash_at(self._height) == self._hash

    def _take(self, block: FullBlock) -> None:
        for number, each in enumerate(block.tx):
            for name in spent(each, frozenset(self._coins)):
                del self._coins[name]
            if number and not self._scripts.isdisjoint([output.script.hex for output in each.vout]):
                for place, (satoshis, script) in enumerate(prove(each).outputs):
                    if script in self._scripts:
                        coin = Coin(each.txid, place, satoshis, bytes.fromhex(script), block.height)
                        self._coins[coin.name] = coin
        self._height, self._hash = block.height, block.hash
