"""A running machine with customers who have money, with numbers, and with a carrier whose link is bound."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from faults.carrier import Carrier
from faults.machine import Machine
from faults.promises import Promises

NUMBERS = 20_000


@dataclass(frozen=True, slots=True)
class Scene:
    """What a test has to do with. `rows` are customers: {id, key}."""

    machine: Machine
    carrier: Carrier
    promises: Promises
    rows: list[dict[str, Any]]
    demo: dict[str, Any]

    def client(self, row: dict[str, Any]) -> httpx.Client:
        """For calls of that customer."""
        headers = {"authorization": f"Bearer {row['key']}"}
        return httpx.Client(base_url=self.demo["machines_url"], headers=headers, timeout=20, trust_env=False)


@contextmanager
def scene(machine: Machine, customers: int, seed: int) -> Iterator[Scene]:
    """Starts the machine and the carrier; afterwards the carrier is ended, and the machine is its owner's to end."""
    promises = Promises()
    carrier = Carrier(promises, seed)
    try:
        machine.start(ACTIVKODE_SMPP_LINKS=json.dumps([carrier.start()]))
        demo = machine.demo()
        carrier.mail_to(demo["smtp"]["port"])
        yield Scene(machine, carrier, promises, machine.stage(str(customers), str(NUMBERS)), demo)
    finally:
        carrier.close()
