"""What the payout wallet can spend: confirmed coins, so deep that none of them can vanish again. Never what is unconfirmed,
not even change of our own: a payout that stood on another one would die with it when that is replaced (decision 0022).
"""

import time
from collections.abc import Iterator

from activkode.funding.chains.base import Away, Unusable
from activkode.funding.policy import BY_CHAIN, Chain
from activkode.withdrawals.chains.base import CannotPay
from activkode.withdrawals.chains.bitcoin_coins import Coin, Plan, Wanted, choose
from activkode.withdrawals.chains.bitcoin_node import PayoutNode
from activkode.withdrawals.chains.bitcoin_wallet import Wallet

DEPTH = BY_CHAIN[Chain.BITCOIN].deep_confirmations
_KEPT_SECONDS = 60 * 60


class Unspent:
    """The wallet's coins, kept from one scan of the node to the next. What is taken from there is looked up again."""

    def __init__(self, node: PayoutNode, wallet: Wallet) -> None:
        self._node, self._wallet = node, wallet
        self._coins: list[Coin] | None = None
        self._scanned = 0

    def satoshis(self) -> int:
        """All that is deep enough, not older than an hour. Raises Away, Unusable."""
        if self._coins is None or int(time.monotonic()) - self._scanned > _KEPT_SECONDS:
            self._scan()
        return sum(coin.satoshis for coin in self._deep())

    def known(self) -> list[Coin]:
        """What the last scan found, without asking; empty before the first one."""
        return list(self._coins or ())

    def plan(self, wanted: Wanted, taken: frozenset[str]) -> tuple[Plan, list[tuple[Coin, bytes]]]:
        """Coins for a payout that nothing spends and no other payout has taken, with the transactions that made them.
        Scans the node where the coins that are known do not suffice. Raises CannotPay, Away, Unusable."""
        if self._coins is not None:
            try:
                return self._proven(wanted, taken)
            except CannotPay:  # there may be new ones
                pass
            except (Away, Unusable):  # what was found may have moved to another block
                self._coins = None
                raise
        self._scan()
        return self._proven(wanted, taken)

    def _proven(self, wanted: Wanted, taken: frozenset[str]) -> tuple[Plan, list[tuple[Coin, bytes]]]:
        while True:
            plan = choose([coin for coin in self._deep() if coin.name not in taken], wanted)
            gone = {coin.name for coin in plan.coins if not self._is_there(coin)}
            if not gone:
                return plan, self._node.with_bytes(plan.coins)
            self._coins = [coin for coin in self._coins or () if coin.name not in gone]

    def _is_there(self, coin: Coin) -> bool:
        found = self._node.output(coin.name, in_mempool=True)
        return found is not None and found.confirmations >= DEPTH

    def _deep(self) -> Iterator[Coin]:
        height = self._node.blocks.head().height
        return (coin for coin in self._coins or () if height - coin.height + 1 >= DEPTH)

    def _scan(self) -> None:
        self._coins = self._node.unspent(self._wallet.places)
        self._scanned = int(time.monotonic())
