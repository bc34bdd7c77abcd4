"""Compares what the chain says lies on our addresses with what was recorded: value that a contract sends on names us in no
transaction and in no log. A surplus becomes a case (fn.holding_keep); this module must never credit.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import structlog
from psycopg.types.json import Jsonb

from activkode.core import sql
from activkode.funding.chains.base import Away, Unusable
from activkode.funding.policy import BY_CHAIN, Asset, Chain

log = structlog.get_logger("activkode.holdings")

# So many keys are asked about while the chain may not move on.
_KEYS_AT_ONCE = 25


@runtime_checkable
class Holder(Protocol):
    """A node of a chain on which an address has a balance."""

    chain: Chain

    def balances(self, keys: Sequence[str], hash_: str) -> Mapping[tuple[str, Asset], int]:
        """What of our assets lies on the keys after that block. Raises Away, Unusable."""


def look(node: Holder, limit: int) -> bool:
    """Looks at up to `limit` addresses each of those given out last, of those paid last, and of the round through all;
    False, as there is never more to do at once. A node's trouble ends the round. Raises TryLater."""
    place = _place(node.chain)
    if place is None:
        return False
    keys = [key for (key,) in sql.rows("select fn.holdings_due(%s, %s)", (node.chain, limit))]
    try:
        for first in range(0, len(keys), _KEYS_AT_ONCE):
            _compare(node, keys[first : first + _KEYS_AT_ONCE], *place)
    except (Away, Unusable) as trouble:
        log.warning("holdings.not_looked", chain=node.chain, trouble=str(trouble))
    return False


def _place(chain: Chain) -> tuple[int, str] | None:
    """The newest block that counts: forks above it change no answer."""
    depth = BY_CHAIN[chain].confirmations - 1
    row = sql.one(
        "select b.height, b.hash from funding_chain c join funding_block b on b.chain = c.name and b.canonical"
        " and b.height = c.cursor_height - %s where c.name = %s",
        (depth, chain),
    )
    return (row[0], row[1]) if row else None


def _compare(node: Holder, keys: Sequence[str], height: int, hash_: str) -> None:
    found = node.balances(keys, hash_)
    kept = [{"key": key, "asset": asset, "balance": str(amount)} for (key, asset), amount in found.items()]
    differing = sql.rows(
        "select address, asset, surplus from fn.holding_keep(%s, %s, %s, %s)",
        (node.chain, height, hash_, Jsonb(kept)),
    )
    for address, asset, surplus in differing:
        say = log.warning if surplus > 0 else log.error
        say("holdings.differ", chain=node.chain, address=address, asset=asset, surplus=str(surplus))
