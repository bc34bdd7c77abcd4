"""Keeps a fake chain in a file, a line for each block, so that it goes on where it stood when the demo starts again."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from activkode.doors.demo.fake_evm.chain import FakeBlock, FakeLedger, FakeLog, FakeTx, Move


def keep(ledger: FakeLedger, file: Path) -> None:
    """Takes up what the file holds, and writes every new block to it from now on. What waited in the mempool is lost, as
    with a real node."""
    if file.is_file():
        for line in file.read_text().splitlines():
            kept = json.loads(line)
            ledger.put_back(
                kept["hash"], kept["height"], kept["at"], tuple(map(_transaction, kept["transactions"]))
            )
    file.parent.mkdir(parents=True, exist_ok=True)

    def write(block: FakeBlock) -> None:
        fields = {"hash": block.hash, "height": block.height, "at": block.at}
        line = json.dumps(fields | {"transactions": [asdict(tx) for tx in block.transactions]})
        with file.open("a") as out:
            out.write(line + "\n")

    ledger.tell = write


def _transaction(kept: dict[str, Any]) -> FakeTx:
    logs = tuple(FakeLog(one["contract"], tuple(one["topics"]), one["data"]) for one in kept["logs"])
    return FakeTx(**kept | {"logs": logs, "moves": tuple(Move(**one) for one in kept["moves"])})
