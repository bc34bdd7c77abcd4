"""Figures of the chains' scanners."""

import json
import os
import subprocess
import sys
from typing import Any

from bench import fill
from bench.figures import Row, Size, row
from bench.server import Database, Server

_TRANSACTIONS = 2_500
_OWN = 100_000


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
    done = subprocess.run(
        [sys.executable, "-m", "bench.scanner", *words],
        env=os.environ | {"DATABASE_URL": database.app, "DATABASE_OWNER_URL": database.owner},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))
