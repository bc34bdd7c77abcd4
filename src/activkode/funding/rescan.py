"""Reads the last days' final blocks once more every day, from a second source: a node that left something out, or told of
another block, is found out, and what was missing is added (FAILURES T17). Works in pieces; any may be cut off.
"""

import structlog

from activkode.core import audit_log, sql
from activkode.funding.chains.base import Away, Block, Found, Node, Unusable, WrongNetwork
from activkode.funding.own import OwnKeys
from activkode.funding.policy import BY_CHAIN, FIGURES, Figure
from activkode.funding.watch import as_json

log = structlog.get_logger("activkode.rescan")

BLOCKS_A_ROUND = 20
_DAY_SECONDS = 24 * 60 * 60
_ACTOR = "rescan"


class Rescan:
    """The second reading of one chain, by `second`; what `second` alone has found, `first` must confirm."""

    def __init__(self, second: Node, first: Node, day_blocks: int | None = None) -> None:
        self._second, self._first = second, first
        self.chain = second.chain
        self._own = OwnKeys(second.chain)
        self._day_blocks = day_blocks or _DAY_SECONDS // BY_CHAIN[second.chain].block_seconds

    def round(self) -> bool:
        """One piece; whether there is more to do at once. A node's trouble is logged, not raised. Raises TryLater."""
        try:
            return self._round()
        except (Away, Unusable) as trouble:
            log.warning("rescan.trouble", chain=self.chain, trouble=f"{type(trouble).__name__}: {trouble}")
            return False

    def _round(self) -> bool:
        row = sql.one(
            "select genesis, cursor_height, final_height from funding_chain where name = %s", (self.chain,)
        )
        if row is None:
            return False
        days = FIGURES[Figure.RESCAN_DAYS]
        final = self._final(row[1], row[2])
        first, until = sql.rows(
            "select first, until from fn.rescan_next(%s, %s, %s, %s)",
            (self.chain, self._day_blocks, days, final),
        )[0]
        if first is None:
            return False
        if self._second.genesis() != row[0]:
            raise WrongNetwork("the second source's first block is not the one that was read before")
        last = min(until, first + BLOCKS_A_ROUND - 1)
        for height in range(first, last + 1):
            self._look_at(height)
        if last == until:
            log.info("rescan.done", chain=self.chain, height=until)
        return bool(last < until)

    def _final(self, cursor: int, final: int) -> int:
        rule = BY_CHAIN[self.chain]
        return min(cursor, final) if rule.final_only or rule.deep_final else cursor - rule.deep_confirmations

    def _look_at(self, height: int) -> None:
        block = self._read(self._second, height)
        missing = self._confirmed(block, self._missing(block))
        kept = sql.value(
            "select fn.rescan_keep(%s, %s, %s, %s)", (self.chain, height, block.hash, as_json(missing))
        )
        if kept and missing:
            self._record("deposits were missing", block, missing)
        if not kept and self._differs(block):
            self._record("the block differs", block, list(block.found))

    def _read(self, node: Node, height: int) -> Block:
        fetched = node.fetch(height)
        self._own.learn()
        return node.read(fetched, self._own)

    def _missing(self, block: Block) -> list[Found]:
        found = {(one.tx, one.position): one for one in block.found}
        rows = sql.rows(
            "select tx, position from fn.rescan_missing(%s, %s)", (self.chain, as_json(block.found))
        )
        return [found[tx, position] for tx, position in rows]

    def _confirmed(self, block: Block, missing: list[Found]) -> list[Found]:
        """What the first source has by now too: one source alone must not make money."""
        if not missing or self._first is self._second:
            return missing
        theirs = self._read(self._first, block.height)
        confirmed = [one for one in missing if theirs.hash == block.hash and one in theirs.found]
        if alone := [one for one in missing if one not in confirmed]:
            self._record("the second source alone has deposits", block, alone)
        return confirmed

    def _differs(self, block: Block) -> bool:
        return bool(
            sql.value(
                "select hash <> %s from funding_block where chain = %s and height = %s and canonical",
                (block.hash, self.chain, block.height),
            )
        )

    def _record(self, what: str, block: Block, found: list[Found]) -> None:
        log.error("rescan.differs", what=what, chain=self.chain, height=block.height, count=len(found))
        said = [f"{one.tx}:{one.position} {one.amount} {one.asset or one.token}" for one in found[:20]]
        audit_log.note(_ACTOR, what, f"{self.chain} block {block.height}", hash=block.hash, found=said)
