"""Follows one chain: forks back to the common ancestor, blocks forward to the head, each in one transaction with its
deposits; then settles what is deep enough. Any round may be cut off anywhere and be run again, by several clocks at once.
"""

from dataclasses import asdict
from datetime import datetime, timedelta

import structlog
from psycopg.types.json import Jsonb

from activkode.core import heartbeat, sql
from activkode.funding.chains.base import Away, Block, Found, Head, Node, Unusable, WrongNetwork
from activkode.funding.own import OwnKeys
from activkode.funding.policy import BY_CHAIN

log = structlog.get_logger("activkode.chains")

# A round ends after so many blocks, so that settling and stopping are never far away.
BLOCKS_A_ROUND = 50
_SETTLE_AT_ONCE = 500
_SIGHT_AGAIN = timedelta(hours=1)


class Watcher:
    """Follows the chain of one node. Everything it must not forget stands in the database."""

    def __init__(self, node: Node, start_height: int | None = None) -> None:
        self._node = node
        self._chain = node.chain
        self._start = start_height
        self._own = OwnKeys(node.chain)
        self._sighted: dict[tuple[str, int], datetime] = {}
        self._settled: tuple[object, ...] = ()

    def round(self) -> bool:
        """One round; whether there is more to do at once. A node's trouble is recorded, not raised. Raises TryLater."""
        try:
            return self._round()
        except (Away, Unusable) as trouble:
            self._say(f"{type(trouble).__name__}: {trouble}"[:500])
            return False

    def _round(self) -> bool:
        head = self._node.head()
        cursor = self._cursor() or self._begin(head)
        height, hash_ = self._go_back(cursor, head)
        more = False
        for _ in range(BLOCKS_A_ROUND):
            if height >= head.height:
                break
            block = self._read(height + 1)
            if not self._add(block):
                break
            height, hash_ = block.height, block.hash
        more = height < head.height
        self._say("", head)
        if not more and hash_ == head.hash:
            self._settle(hash_)  # first: a mempool that answers nonsense holds no credit up
            self._look_at_mempool()
        return more

    # --- blocks ---

    def _cursor(self) -> tuple[int, str] | None:
        row = sql.one(
            "select cursor_height, cursor_hash, genesis from funding_chain where name = %s", (self._chain,)
        )
        if row is None:
            return None
        if row[2] != self._node.genesis():
            raise WrongNetwork("this node's first block is not the one that was read before")
        return row[0], row[1]

    def _begin(self, head: Head) -> tuple[int, str]:
        block = self._read(head.height if self._start is None else min(self._start, head.height))
        sql.execute(
            "select fn.chain_begin(%s, %s, %s, %s, %s, %s)",
            (self._chain, self._node.genesis(), block.height, block.hash, block.parent, block.at),
        )
        log.info("chain.begun", chain=self._chain, height=block.height)
        return block.height, block.hash

    def _go_back(self, cursor: tuple[int, str], head: Head) -> tuple[int, str]:
        """Takes blocks back until the node has the cursor's too. A node that is merely behind is waited for."""
        height, hash_ = cursor
        dropped = 0
        floor = height - BY_CHAIN[self._chain].deepest_fork
        if head.height < height or self._node.hash_at(height) != hash_:
            known = self._hash(floor)
            if known is not None and (floor > head.height or self._node.hash_at(floor) != known):
                raise Unusable(f"a fork deeper than {height - floor} blocks: a person has to look")
        if head.height < height and self._hash(head.height) == head.hash:
            raise Away(f"the node is at block {head.height}, {height} was read")
        while height > head.height or self._node.hash_at(height) != hash_:
            if dropped == BY_CHAIN[self._chain].deepest_fork:
                raise Unusable(f"a fork deeper than {dropped} blocks: a person has to look")
            outcome = sql.value("select fn.block_drop(%s, %s)", (self._chain, hash_))
            if outcome == "too_deep":
                raise Unusable("a fork below the first block that was read: a person has to look")
            # `elsewhere`: another clock was first; either way the cursor says where to go on.
            dropped += outcome == "dropped"
            height, hash_ = self._cursor() or (height, hash_)
        if dropped:
            log.warning("chain.fork", chain=self._chain, depth=dropped, height=height)
        return height, hash_

    def _hash(self, height: int) -> str | None:
        found: str | None = sql.value(
            "select hash from funding_block where chain = %s and height = %s and canonical",
            (self._chain, height),
        )
        return found

    def _read(self, height: int) -> Block:
        fetched = self._node.fetch(height)
        self._own.learn()
        block = self._node.read(fetched, self._own)
        if block.height != height:
            raise Unusable(f"asked for block {height}, got {block.height}")
        return block

    def _add(self, block: Block) -> bool:
        what = (block.height, block.hash, block.parent, block.at, as_json(block.found), Jsonb(block.spent))
        add = "select fn.block_add(%s, %s, %s, %s, %s, %s, %s)"
        if not block.left:
            return bool(sql.value(add, (self._chain, *what)))
        with sql.transaction():
            added = bool(sql.value(add, (self._chain, *what)))
            if added:
                left = Jsonb([asdict(one) | {"amount": str(one.amount)} for one in block.left])
                sql.execute("select fn.outgoing_keep(%s, %s, %s)", (self._chain, block.hash, left))
        return added

    # --- what is not in a block ---

    def _look_at_mempool(self) -> None:
        self._own.learn()
        now: datetime = sql.value("select fn.now()")
        found = self._node.pending(self._own)
        fresh = [
            one
            for one in found
            if now - self._sighted.get((one.tx, one.position), datetime.min.replace(tzinfo=now.tzinfo))
            > _SIGHT_AGAIN
        ]
        if fresh:
            sql.execute("select fn.deposits_sighted(%s, %s)", (self._chain, as_json(fresh)))
        self._sighted = {
            (one.tx, one.position): now if one in fresh else self._sighted[one.tx, one.position]
            for one in found
        }
        if conflicts := self._node.conflicts(self._own):
            sql.execute("select fn.deposits_replace(%s, %s)", (self._chain, Jsonb(conflicts)))

    # --- what is deep enough ---

    def _settle(self, at: str) -> None:
        """Settles what is open, where anything that could change an answer has changed since the last time."""
        stamp = sql.one(
            "select c.cursor_hash, c.final_height, (select max(looked_at) from funding_rate),"
            " (select max(id) from funding_deposit where chain = c.name), (select count(*) from funding_deposit"
            " where chain = c.name and state = 'confirming' and accepted) from funding_chain c where c.name = %s",
            (self._chain,),
        )
        if stamp == self._settled:
            return
        after = 0
        while found := sql.rows("select fn.deposits_open(%s, %s, %s)", (self._chain, after, _SETTLE_AT_ONCE)):
            for (after,) in found:
                if sql.value("select fn.deposit_settle(%s, %s, %s)", (self._chain, after, at)) is None:
                    return
        self._settled = stamp or ()

    def _say(self, trouble: str, head: Head | None = None) -> None:
        """Keeps what the node said of its head, and its trouble."""
        if head is not None and not trouble:
            trouble = self._too_old(head)
        if trouble:
            log.warning("chain.trouble", chain=self._chain, trouble=trouble)
        else:
            heartbeat.beat(f"chain {self._chain}")
        place = (head.height, head.at, head.final_height) if head else (None, None, None)
        sql.execute("select fn.chain_seen(%s, %s, %s, %s, %s)", (self._chain, *place, trouble))

    def _too_old(self, head: Head) -> str:
        most = BY_CHAIN[self._chain].quiet_seconds
        age: timedelta = sql.value("select fn.now() - %s", (head.at,))
        if age.total_seconds() > most:
            return f"newest block is {int(age.total_seconds())} s old"
        rule = BY_CHAIN[self._chain]
        if (rule.final_only or rule.deep_final) and head.height - head.final_height > rule.deepest_fork:
            return f"nothing is final above block {head.final_height}, of {head.height}"
        return ""


def as_json(found: tuple[Found, ...] | list[Found]) -> Jsonb:
    """What fn.deposits_found takes."""
    # Amounts as text: JSON's numbers do not hold 2^256 in every reader.
    return Jsonb([asdict(one) | {"amount": str(one.amount)} for one in found])
