"""Figures of money in: the scanner of Bitcoin, and how soon a payment is on the page."""

import json
import os
import subprocess
import sys
from typing import Any

from bench import fill
from bench.figures import Row, Size, percentile, row
from bench.server import Database, Server

_TRANSACTIONS = 2_500
_OWN = 100_000
_ON_THE_PAGE_MS = 2_000


def bitcoin(server: Server, size: Size) -> list[Row]:
    """Scanning full blocks against many own addresses beside parsing their JSON alone, and the memory of the scanner by
    the number of addresses."""
    resident: dict[int, float] = {}
    rows = []
    for count in (size.addresses[0], _OWN, size.addresses[1]):
        database = server.migrated("chain")
        with database.connect() as owner:
            fill.addresses(owner, count)
        server.settle()
        resident[count] = _scanner(database, "resident")["mib"]
        if count == _OWN:
            rows += _scan(database, size.blocks)
        server.drop("chain")
    least, *more = sorted(resident)
    for count in more:
        name = f"memory of a scanner, {count:,} addresses | {least:,}"
        rows.append(row(name, resident[count], "MiB", resident[least], most=1.1))
    return rows


def arrival(server: Server, size: Size) -> list[Row]:
    """From the node's having a payment to the customer's page showing it."""
    database = server.migrated("chain")
    with database.connect() as owner:
        fill.market(owner, customers=20)
    server.settle()
    seconds = _process("bench.arrival", database, str(size.payments))
    server.drop("chain")
    p99 = 1_000 * percentile(seconds, 0.99)
    name = f"a deposit on the page, p99 of {len(seconds)} | allowed"
    return [row(name, p99, "ms", _ON_THE_PAGE_MS, most=1.0)]


def _scan(database: Database, blocks: int) -> list[Row]:
    """Beside the parsing of all the JSON; and, for the reader, beside the parsing of only what the scanner reads of it."""
    found = {
        name: 1_000 * value
        for name, value in _scanner(database, "scan", str(blocks), str(_TRANSACTIONS)).items()
    }
    name = f"scan of {blocks} BTC blocks, {_OWN:,} addresses"
    return [
        row(f"{name} | parsing their JSON", found["scanning"], "ms", found["parsing"], most=1.5),
        row(f"{name} | only what it reads", found["scanning"], "ms", found["reading"]),
    ]


def _scanner(database: Database, *words: str) -> dict[str, Any]:
    return dict(_process("bench.scanner", database, *words))


def _process(module: str, database: Database, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env=os.environ | {"DATABASE_URL": database.app, "DATABASE_OWNER_URL": database.owner},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])
