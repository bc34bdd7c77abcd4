"""The load under which processes are killed: customers, their programs that follow events, a person at the pages, and a
carrier. All of it in threads of this process, on the real doors.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from faults.books import Database
from faults.customer import Customer
from faults.follower import Follower
from faults.scene import Scene
from faults.visitor import Visitor

CUSTOMERS, PROGRAMS_EACH = 3, 2
FINISH_SECONDS = 120.0


class Load:
    """`start`, then `stop`, `catch_up` when all is calm, and `close` in any case."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self._scene, self._seed = scene, seed
        self._is_over, self._is_abandoned = threading.Event(), threading.Event()
        self._goals: dict[int, int] = {}
        self._pool = ThreadPoolExecutor(CUSTOMERS * (PROGRAMS_EACH + 1) + 1)
        self._programs: list[Future[None]] = []
        self._followers: list[Future[None]] = []

    def start(self) -> None:
        """Everybody begins."""
        url, promises = self._scene.demo["machines_url"], self._scene.promises
        for row in self._scene.rows:
            follower = Follower(url, row, promises)
            self._followers.append(self._pool.submit(follower.follow, self._has_all(row["id"])))
        for number, row in enumerate(self._scene.rows * PROGRAMS_EACH):
            program = Customer(url, row, promises, self._scene.carrier, self._seed + number)
            self._programs.append(self._pool.submit(program.live, self._is_over.is_set))
        visitor = Visitor(self._scene.demo["people_url"], self._scene.demo["customer"], promises)
        self._programs.append(self._pool.submit(visitor.browse, self._is_over.is_set))

    def stop(self) -> None:
        """Everybody ends what is under way; whatever was refused for now is repeated until it is taken."""
        self._is_over.set()
        for program in self._programs:
            program.result(FINISH_SECONDS)
        self._scene.carrier.finish(FINISH_SECONDS)

    def catch_up(self, database: Database) -> None:
        """Returns when each program that follows events has been told the last one. Raises TimeoutError."""
        for customer, newest in database.execute("select customer_id, event_seq from ledger_wallet"):
            self._goals[customer] = newest
        for follower in self._followers:
            follower.result(30)

    def close(self) -> None:
        """Ends all threads."""
        self._is_over.set()
        self._is_abandoned.set()
        self._pool.shutdown()

    def _has_all(self, customer: int) -> Callable[[int | None], bool]:
        def is_over(last: int | None) -> bool:
            goal = self._goals.get(customer)
            return self._is_abandoned.is_set() or (goal is not None and last is not None and last >= goal)

        return is_over
