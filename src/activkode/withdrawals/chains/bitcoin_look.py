"""What became of a payout in bitcoin, told by what spends its coins. A node without an index cannot be asked for a mined
transaction, but it knows which coins are unspent; the block in which one was spent is read, and what it says is proven by
its hashes (decision 0015). Depth is counted along the headers from the newest block down, so that a fork in between cannot
make anything deeper than it is.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from activkode.funding.chains.base import Away, Head
from activkode.funding.chains.bitcoin_json import prove
from activkode.funding.chains.bitcoin_mempool import spent
from activkode.withdrawals.chains import bitcoin_psbt as psbts
from activkode.withdrawals.chains.base import Sight, Standing, Version
from activkode.withdrawals.chains.bitcoin_node import PayoutNode
from activkode.withdrawals.chains.bitcoin_unspent import DEPTH
from activkode.withdrawals.chains.bitcoin_wallet import Wallet
from activkode.withdrawals.policy import Kind

# So many blocks that were not read before are read in one look; the next one goes on from there.
_BLOCKS_AT_ONCE = 30
_KEPT = 50_000


class Spending(NamedTuple):
    """A transaction in a block that spends a coin of the payout."""

    tx: str
    height: int
    block: str
    pays: frozenset[str]  # output scripts in hex


class Looker:
    """Looks, and remembers what it read in blocks, which never change."""

    def __init__(self, node: PayoutNode, wallet: Wallet) -> None:
        self._node, self._wallet = node, wallet
        # By coins and block: the block before, and what spends the coins in it.
        self._read: dict[tuple[frozenset[str], str], tuple[str, dict[str, Spending]]] = {}

    def look(self, versions: Sequence[Version]) -> Sight:
        """See chains.base.Payer.look. Raises Away, Unusable."""
        head = self._node.blocks.head()
        begin = min(int(each.unsigned.body["height"]) for each in versions)
        if head.height < begin:
            raise Away(f"the node stands at block {head.height}; the payout was made at {begin}")
        coins = frozenset(coin for each in versions for coin in each.unsigned.spends)
        spent_coins = {coin for coin in coins if not self._node.is_unspent(coin, in_mempool=False)}
        found, lowest = (
            self._spendings(head, begin - DEPTH, coins, len(spent_coins)) if spent_coins else ({}, 0)
        )
        if self._node.blocks.hash_at(head.height) != head.hash:
            raise Away("the chain changed while it was looked at")
        if found:
            return self._mined(versions, list(found.values()), head)
        if spent_coins:
            return Sight(Standing.UNKNOWN, proof={"spent": sorted(spent_coins), "searched_down_to": lowest})
        return self._unmined(versions, coins)

    def _spendings(
        self, head: Head, lowest: int, coins: frozenset[str], wanted: int
    ) -> tuple[dict[str, Spending], int]:
        """What spends the coins in blocks, from the newest one down to `lowest`, and how far down was looked."""
        found: dict[str, Spending] = {}
        height, hash_, left = head.height, head.hash, _BLOCKS_AT_ONCE
        while height > max(lowest, 0) and len(found) < wanted:
            if (coins, hash_) not in self._read:
                if left == 0:
                    break
                left -= 1
                self._fetch(height, hash_, coins)
            parent, spenders = self._read[coins, hash_]
            found |= spenders
            height, hash_ = height - 1, parent
        return found, height + 1

    def _fetch(self, height: int, hash_: str, coins: frozenset[str]) -> None:
        block = self._node.blocks.fetch(height)
        if block.hash != hash_:
            raise Away("the chain changed while it was looked at")
        spenders: dict[str, Spending] = {}
        for each in block.tx:
            if names := spent(each, coins):
                pays = frozenset(script for _, script in prove(each).outputs)
                spenders |= dict.fromkeys(names, Spending(each.txid, height, hash_, pays))
        if len(self._read) >= _KEPT:
            self._read.clear()
        self._read[coins, hash_] = block.parent, spenders

    def _unmined(self, versions: Sequence[Version], coins: frozenset[str]) -> Sight:
        waiting = self._node.waiting([each.signed.tx for each in reversed(versions)])
        if waiting is not None:
            return Sight(Standing.PENDING, waiting, proof={"mempool": waiting})
        contested = [coin for coin in sorted(coins) if not self._node.is_unspent(coin, in_mempool=True)]
        return Sight(Standing.UNKNOWN, proof={"spent_in_mempool": contested} if contested else {})

    def _mined(self, versions: Sequence[Version], found: Sequence[Spending], head: Head) -> Sight:
        """One of ours stands in a block, or one that is not known has taken a coin of it."""
        by_id = {each.signed.tx: each for each in versions}
        ours = next((each for each in found if each.tx in by_id), None)
        spending = ours or min(found, key=lambda each: each.height)
        depth = head.height - spending.height + 1
        proof: dict[str, Any] = {
            "block": spending.block,
            "height": spending.height,
            "head": head.hash,
            "spent_by": spending.tx,
        }
        if ours is None:
            return self._taken(versions, spending, depth, proof)
        version = by_id[ours.tx]
        deep = Standing.DEAD if version.kind is Kind.VOID else Standing.CONFIRMED
        standing = deep if depth >= DEPTH else Standing.MINED
        return Sight(standing, ours.tx, ours.height, depth, version.unsigned.fee, proof)

    def _taken(
        self, versions: Sequence[Version], spending: Spending, depth: int, proof: dict[str, Any]
    ) -> Sight:
        """Dead, unless it pays where the payout was to: somebody may have broadcast a version that was signed and never
        brought back, and the customer would be paid twice."""
        if spending.pays & self._destinations(versions):
            return Sight(
                Standing.UNKNOWN, None, spending.height, depth, proof=proof | {"pays_destination": True}
            )
        standing = Standing.DEAD if depth >= DEPTH else Standing.UNKNOWN
        return Sight(standing, None, spending.height, depth, proof=proof)

    def _destinations(self, versions: Sequence[Version]) -> set[str]:
        outputs = [output for each in versions for output in psbts.read(each.unsigned.body).outputs]
        scripts = {bytes(output.script_pubkey.data) for output in outputs}
        return {script.hex() for script in scripts if script not in self._wallet.places}
