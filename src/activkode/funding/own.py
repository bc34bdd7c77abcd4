"""Which keys of a chain are ours, in a memory that does not grow with their number; and which payments wait for a block.

A bitmap says "certainly not" of almost every key of a block; what is left, the database decides. It may name a stranger's
key, and must never miss one of ours: `learn` reads every address that was given out since the last time, which works
because indexes are handed out in the order in which they commit (fn.address_index).
"""

import json as jsonlib
from collections.abc import Sequence

from activkode.core import sql
from activkode.funding.policy import Chain

_BITS = 1 << 26  # 8 MiB, two bits a key; with a million addresses one foreign key in a thousand passes
_OTHER = 32  # the second bit's place begins so far up in the hash
_SIEVE = 1 << 20  # 1 MiB stands before it: small enough for the processor's own memory, where most keys end
_AT_ONCE = 10_000
# One question for both, since it is asked for every block. Keychain by keychain, each by its index alone: what is not new is
# not looked at. What unconfirmed payments spend comes without a keychain.
_NEW = (
    "select n.keychain, n.index, n.key from funding_keychain k, lateral (select a.keychain, a.index, a.key"
    " from funding_address a where a.keychain = k.name and a.index > coalesce((%(last)s::json ->> k.name)::bigint, -1)"
    " and a.chain = %(chain)s order by a.index limit %(limit)s) n"
    " union all select null, null, jsonb_array_elements_text(inputs) from funding_deposit"
    " where chain = %(chain)s and inputs is not null and state in ('seen', 'orphaned')"
)


class OwnKeys:
    """The keys of one chain."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._bits = bytearray(_BITS // 8)
        self._sieve = bytearray(_SIEVE)
        self._last: dict[str, int] = {}
        self._waiting: frozenset[str] = frozenset()

    def has(self, key: str) -> bool:
        """Whether the key may be one of ours."""
        return bool(self.among((key,)))

    def among(self, keys: Sequence[str]) -> list[int]:
        """The places of those that may be ours: the same as `has` for each, in a third of the time."""
        sieve, bits = self._sieve, self._bits
        return [
            at
            for at, number in enumerate(map(hash, keys))
            if sieve[number & (_SIEVE - 1)]
            and bits[(place := number & (_BITS - 1)) >> 3] >> (place & 7) & 1
            and bits[(place := number >> _OTHER & (_BITS - 1)) >> 3] >> (place & 7) & 1
        ]

    def waits_for(self) -> frozenset[str]:
        """Outputs that unconfirmed payments to us spend."""
        return self._waiting

    def learn(self) -> None:
        """Catches up with the addresses that were given out and the payments that wait. Raises TryLater."""
        more = True
        while more:
            asked = {"last": jsonlib.dumps(self._last), "chain": self._chain, "limit": _AT_ONCE}
            waiting, more = set(), False
            for keychain, index, key in sql.rows(_NEW, asked):
                if keychain is None:
                    waiting.add(key)
                    continue
                self._last[keychain] = max(index, self._last.get(keychain, index))
                self._add(hash(key))
                more = True
        self._waiting = frozenset(waiting)

    def _add(self, number: int) -> None:
        self._sieve[number & (_SIEVE - 1)] = 1
        for place in (number & (_BITS - 1), number >> _OTHER & (_BITS - 1)):
            self._bits[place >> 3] |= 1 << (place & 7)
