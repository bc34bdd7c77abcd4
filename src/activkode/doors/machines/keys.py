"""Whose key it is, for the event loop: many questions are one query, an answer serves for less than a second, so that a
revoked key or a closed account ends within it. Must never log or keep a key longer than that.
"""

from collections.abc import Iterable
from time import monotonic

from activkode.core.errors import Code, Refusal
from activkode.doors.machines.batches import Batches
from activkode.doors.machines.database import Reader
from activkode.identity import keys

_SERVES_SECONDS = 0.8
_KEPT_MOST = 20_000
_SCHEME = b"bearer "
# The rule of identity.keys.owner, for many at once.
_OWNERS = (
    "select k.digest, k.customer_id from identity_apikey k join identity_user u on u.id = k.customer_id"
    " where k.digest = any (%s) and k.revoked_at is null and u.is_active"
)


class Keys:
    """Owners of the keys that were seen in the last moments."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[bytes, tuple[int, float]] = {}
        self._batches: Batches[bytes, tuple[int, float]] = Batches(self._read)

    def peek(self, header: bytes) -> int | None:
        """The customer, if the answer is still at hand."""
        known = self._known.get(header)
        return known[0] if known is not None and monotonic() < known[1] else None

    async def owner(self, header: bytes) -> int:
        """The customer of an Authorization header. Raises Refusal(invalid_key), TryLater."""
        customer = self.peek(header)
        if customer is not None:
            return customer
        found = await self._batches.get(digest(header))
        if found is None:
            self._known.pop(header, None)
            raise Refusal(Code.INVALID_KEY)
        if len(self._known) >= _KEPT_MOST:
            self._known.clear()
        self._known[header] = found
        return found[0]

    async def in_force(self, digests: Iterable[bytes]) -> set[bytes]:
        """Which of these are still good. Raises TryLater."""
        return {bytes(row[0]) for row in await self._reader.rows(_OWNERS, (list(digests),))}

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
