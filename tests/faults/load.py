"""The load under which processes are killed: customers, their programs that follow events, a person at the pages, and a
carrier. All of it in threads of this process, on the real doors.
"""

import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from faults.books import Database
from faults.carrier import Carrier
from faults.customer import Customer
from faults.follower import Follower
from faults.machine import Machine
from faults.promises import Promises
from faults.visitor import Visitor

CUSTOMERS, PROGRAMS_EACH = 3, 2
NUMBERS = 20_000
FINISH_SECONDS = 120.0


class Load:
    """`start`, then `stop`, `catch_up` when all is calm, and `close` in any case."""

    def __init__(self, machine: Machine, promises: Promises, seed: int) -> None:
        self.rows: list[dict[str, Any]] = []
        self.promises = promises
        self._machine, self._seed = machine, seed
        self._carrier = Carrier(promises, seed)
        self._is_over, self._is_abandoned = threading.Event(), threading.Event()
        self._goals: dict[int, int] = {}
        self._pool = ThreadPoolExecutor(CUSTOMERS * (PROGRAMS_EACH + 1) + 1)
        self._programs: list[Future[None]] = []
        self._followers: list[Future[None]] = []

    def start(self) -> None:
        """Starts the machine with a link to our carrier, then everybody."""
        link = self._carrier.start()
        self._machine.start(ACTIVKODE_SMPP_LINKS=json.dumps([link]))
        demo = self._machine.demo()
        self._carrier.mail_to(demo["smtp"]["port"])
        self.rows = self._machine.stage(str(CUSTOMERS), str(NUMBERS))
        for row in self.rows:
            follower = Follower(demo["machines_url"], row, self.promises)
            self._followers.append(self._pool.submit(follower.follow, self._has_all(row["id"])))
        for number, row in enumerate(self.rows * PROGRAMS_EACH):
            program = Customer(demo["machines_url"], row, self.promises, self._carrier, self._seed + number)
            self._programs.append(self._pool.submit(program.live, self._is_over.is_set))
        visitor = Visitor(demo["people_url"], demo["customer"], self.promises)
        self._programs.append(self._pool.submit(visitor.browse, self._is_over.is_set))

    def stop(self) -> None:
        """Everybody ends what is under way; whatever was refused for now is repeated until it is taken."""
        self._is_over.set()
        for program in self._programs:
            program.result(FINISH_SECONDS)
        self._carrier.finish(FINISH_SECONDS)

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
        self._carrier.close()
        self._pool.shutdown()

    def _has_all(self, customer: int) -> Any:
        def is_over(last: int | None) -> bool:
            goal = self._goals.get(customer)
            return self._is_abandoned.is_set() or (goal is not None and last is not None and last >= goal)

        return is_over
