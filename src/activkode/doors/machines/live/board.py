"""The board: activations that were asked about lately, ready to be sent, so that waiting costs no query (DESIGN.md 6).

An entry leaves the board the moment its activation changes, and is read again when somebody asks. The board may be
used only while the tail has proven within the last second that no change was missed; it must never guess.
"""

import asyncio
from collections import defaultdict
from time import monotonic

from activkode.core.errors import Code, Refusal
from activkode.doors.machines import render
from activkode.doors.machines.batches import Batches
from activkode.doors.machines.database import Reader

FRESH_SECONDS = 0.9
SWEEP_SECONDS = 60.0
# Customer and activation: a foreign id is simply not there, and costs what an unknown one costs.
Place = tuple[int, int]
_READ = (
    "select a.customer_id, a.id, fn.activation_document(a)::text"
    " from unnest(%s::bigint[], %s::bigint[]) as asked (customer_id, id)"
    " join activations_activation a using (customer_id, id)"
)


class Entry:
    """An activation's revision and its encoded form."""

    __slots__ = ("body", "revision", "used")

    def __init__(self, revision: int, body: bytes) -> None:
        self.revision = revision
        self.body = body
        self.used = True


class Board:
    """Entries by place, and those who wait for a change."""

    def __init__(self, reader: Reader, most: int) -> None:
        self._reader = reader
        self._most = most
        self._entries: dict[Place, Entry] = {}
        self._batches: Batches[Place, Entry] = Batches(self._read)
        self._waiting: dict[Place, list[asyncio.Future[None]]] = defaultdict(list)
        self._changed_while_reading: set[Place] | None = None
        self._proven_at = -FRESH_SECONDS

    # --- for those who ask ---

    def peek(self, place: Place) -> Entry | None:
        """The entry, if it is here and proven."""
        if monotonic() - self._proven_at > FRESH_SECONDS:
            return None
        entry = self._entries.get(place)
        if entry is not None:
            entry.used = True
        return entry

    async def get(self, place: Place) -> Entry:
        """The entry, from the database where it is not here. Raises Refusal(unknown_activation), TryLater."""
        entry = self.peek(place) or await self._batches.get(place)
        if entry is None:
            raise Refusal(Code.UNKNOWN_ACTIVATION)
        return entry

    async def wait(self, place: Place, after_revision: int, seconds: float) -> Entry:
        """The entry as soon as its revision is past the one given, else as it is when the time is over. Raises
        Refusal(unknown_activation), TryLater."""
        end = monotonic() + seconds
        while True:
            change = asyncio.get_running_loop().create_future()
            self._waiting[place].append(change)  # before reading, so that no change falls in between
            try:
                entry = await self.get(place)
                left = end - monotonic()
                if entry.revision > after_revision or left <= 0:
                    return entry
                await asyncio.wait((change,), timeout=left)
            finally:
                self._forget(place, change)

    # --- for the tail and the listener ---

    def changed(self, place: Place, revision: int | None) -> None:
        """Takes the entry down, unless it has that revision already, and wakes those who wait for it."""
        if self._changed_while_reading is not None:
            self._changed_while_reading.add(place)
        entry = self._entries.get(place)
        if entry is not None and (revision is None or entry.revision < revision):
            del self._entries[place]
        for future in self._waiting.get(place, ()):
            if not future.done():
                future.set_result(None)

    def prove(self, at: float) -> None:
        """Every change committed before this moment of the monotonic clock has been told to the board."""
        self._proven_at = at

    def clear(self) -> None:
        """Forgets all: changes may have been missed."""
        self._proven_at = -FRESH_SECONDS
        self._entries.clear()
        if self._changed_while_reading is not None:
            self._changed_while_reading = _Everything()
        for place in list(self._waiting):
            self.changed(place, None)

    def sweep(self) -> None:
        """Takes down what nobody asked about since the last sweep: closed activations, mostly."""
        unused = [place for place, entry in self._entries.items() if not entry.used]
        for place in unused:
            del self._entries[place]
        for entry in self._entries.values():
            entry.used = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing that happens would matter here."""
        return not (self._entries or self._waiting or self._changed_while_reading is not None)

    def __len__(self) -> int:
        return len(self._entries)

    async def _read(self, places: list[Place]) -> dict[Place, Entry]:
        self._changed_while_reading = set()
        try:
            customers, activations = zip(*places, strict=True)
            rows = await self._reader.rows(_READ, (list(customers), list(activations)))
            found = {(row[0], row[1]): Entry(*render.document(row[2])) for row in rows}
            for place, entry in found.items():
                if place not in self._changed_while_reading:
                    self._keep(place, entry)
        finally:
            self._changed_while_reading = None
        return found

    def _keep(self, place: Place, entry: Entry) -> None:
        if len(self._entries) >= self._most:
            del self._entries[next(iter(self._entries))]
        self._entries[place] = entry

    def _forget(self, place: Place, change: "asyncio.Future[None]") -> None:
        others = self._waiting[place]
        others.remove(change)
        if not others:
            del self._waiting[place]


class _Everything(set[Place]):
    def __contains__(self, _: object) -> bool:
        return True
