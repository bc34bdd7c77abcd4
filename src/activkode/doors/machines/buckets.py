"""How many calls a customer may make: a bucket of tokens each, refilled steadily, kept in this process only."""

from dataclasses import dataclass
from math import ceil
from time import monotonic

from activkode.core.errors import Code, Refusal

_KEPT_MOST = 50_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """`burst` calls at once, then `per_second`; 0 lets everything through."""

    def __init__(self, burst: int, per_second: int) -> None:
        self._burst = burst
        self._per_second = per_second
        self._of: dict[int, _Bucket] = {}

    def take(self, customer: int) -> None:
        """One token. Raises Refusal(too_many_requests) with the whole seconds to wait."""
        if not self._per_second:
            return
        now = monotonic()
        bucket = self._of.get(customer)
        if bucket is None:
            bucket = self._of[customer] = self._new(now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._per_second)
        bucket.at = now
        if bucket.tokens < 1:
            seconds = ceil((1 - bucket.tokens) / self._per_second)
            raise Refusal(Code.TOO_MANY_REQUESTS, extra={"retry_after": seconds})
        bucket.tokens -= 1

    def _new(self, now: float) -> _Bucket:
        if len(self._of) >= _KEPT_MOST:  # who rests is full again, and needs no row
            full_after = self._burst / self._per_second
            self._of = {customer: kept for customer, kept in self._of.items() if now - kept.at < full_after}
        return _Bucket(self._burst, now)
