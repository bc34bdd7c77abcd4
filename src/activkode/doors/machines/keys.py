"""Whose key it is, for the event loop. An answer serves for less than a second, so that a revoked key or a closed account
ends within it; those in use are renewed together, since a lookup for each poll would cost more than the poll.
"""

import asyncio
from collections.abc import Iterable
from itertools import islice
from time import monotonic

from activkode.core.errors import Code, Refusal, TryLater
from activkode.doors.machines.batches import Batches
from activkode.doors.machines.database import Reader
from activkode.identity import keys

_SERVES_SECONDS = 0.8
_RENEWED_EVERY_SECONDS = 0.35
_FORGOTTEN_AFTER_SECONDS = 10.0
_KEPT_MOST = 50_000
_AT_ONCE = 1_000
_SCHEME = b"bearer "
# The rule of identity.keys.owner, for many at once.
_OWNERS = (
    "select k.digest, k.customer_id from identity_apikey k join identity_user u on u.id = k.customer_id"
    " where k.digest = any (%s) and k.revoked_at is null and u.is_active"
)


class _Known:
    __slots__ = ("asked_at", "customer", "digest", "until")

    def __init__(self, customer: int, digest: bytes, until: float, asked_at: float) -> None:
        self.customer = customer
        self.digest = digest
        self.until = until
        self.asked_at = asked_at


class Keys:
    """Owners of the keys that were seen lately, by the header that carries them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[bytes, _Known] = {}
        self._batches: Batches[bytes, tuple[int, float]] = Batches(self._read)

    def peek(self, header: bytes) -> int | None:
        """The customer, if the answer is at hand and still serves."""
        known = self._known.get(header)
        if known is None or (now := monotonic()) > known.until:
            return None
        known.asked_at = now
        return known.customer

    async def owner(self, header: bytes) -> int:
        """The customer of an Authorization header. Raises Refusal(invalid_key), TryLater."""
        customer = self.peek(header)
        if customer is not None:
            return customer
        hashed = digest(header)
        found = await self._batches.get(hashed)
        if found is None:
            self._known.pop(header, None)
            raise Refusal(Code.INVALID_KEY)
        if len(self._known) >= _KEPT_MOST:
            del self._known[next(iter(self._known))]
        self._known[header] = _Known(found[0], hashed, found[1], monotonic())
        return found[0]

    async def renew(self) -> None:
        """Looks at all keys in use, again and again. Until cancelled."""
        while True:
            await asyncio.sleep(_RENEWED_EVERY_SECONDS)
            old = monotonic() - _FORGOTTEN_AFTER_SECONDS
            self._known = {header: known for header, known in self._known.items() if known.asked_at > old}
            waiting = iter(list(self._known.items()))
            while part := dict(islice(waiting, _AT_ONCE)):
                await self._renew(part)

    async def in_force(self, digests: Iterable[bytes]) -> set[bytes]:
        """Which of these are still good. Raises TryLater."""
        return set(await self._read(list(digests)))

    async def _renew(self, part: dict[bytes, _Known]) -> None:
        try:
            good = await self._read([known.digest for known in part.values()])
        except TryLater:
            return  # they end by themselves
        for header, known in part.items():
            if known.digest in good:
                known.until = good[known.digest][1]
            else:
                self._known.pop(header, None)

    async def _read(self, digests: list[bytes]) -> dict[bytes, tuple[int, float]]:
        until = monotonic() + _SERVES_SECONDS
        found = await self._reader.rows(_OWNERS, (digests,))
        return {bytes(row[0]): (row[1], until) for row in found}


def digest(header: bytes) -> bytes:
    """What is kept of the key in an Authorization header. Raises Refusal(invalid_key)."""
    key = header[len(_SCHEME) :].strip()
    if (
        header[: len(_SCHEME)].lower() != _SCHEME
        or not key.isascii()
        or not key.startswith(keys.PREFIX.encode())
    ):
        raise Refusal(Code.INVALID_KEY)
    return keys.digest(key.decode())
