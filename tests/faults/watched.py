"""Watchers that are brought forth to be killed, and what has to be true of their chain and the books afterwards."""

import os
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL

from activkode.core import sql

SEED = int(os.environ.get("ACTIVKODE_SEED", 20_261_125))
CUSTOMERS = 5
LIFE_SECONDS = (0.0, 0.7)
_NURSERY = Path(__file__).parent / "nursery.py"


def kills(short: int) -> int:
    """How often: ACTIVKODE_KILLS, else 500 in the long form, else `short`."""
    return int(os.environ.get("ACTIVKODE_KILLS") or (500 if os.environ.get("ACTIVKODE_LONG") else short))


class Nursery:
    """Brings forth watchers, one at a time."""

    def __init__(self, url: str, log: Path) -> None:
        reading, writing = os.pipe()
        self._told = os.fdopen(reading)
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, str(_NURSERY), url, str(writing)],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                pass_fds=[writing],
            )
        os.close(writing)

    def next(self) -> int:
        """The pid of a new watcher."""
        assert self._process.stdin
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        return self._number()

    def kill(self, pid: int) -> None:
        """Kills it, and makes sure that this was its end."""
        os.kill(pid, SIGKILL)
        assert self._number() == -SIGKILL

    def close(self) -> None:
        """Ends the last one in peace."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)
        self._told.close()

    def _number(self) -> int:
        line = self._told.readline()
        assert line, "the nursery is gone"
        return int(line)


def is_settled(head: str) -> bool:
    """Whether this head is read and nothing is about to be credited."""
    return bool(
        sql.value("select cursor_hash from funding_chain") == head
        and not sql.value(
            "select count(*) from funding_deposit where state in ('confirming', 'pricing') or unmined_at is not null"
            " and state = 'credited'"
        )
    )


def credited() -> dict[tuple[str, int], tuple[int, str]]:
    """The same by the transfers in the books; a second one for an output would show as a wrong amount."""
    found = sql.rows(
        "select d.tx, d.position, sum(d.amount)::bigint, d.block from ledger_transfer t"
        " join funding_deposit d on d.id = t.reference_id and t.reference_kind = 'topup'"
        " where t.movement = 'topup_btc' and d.block is not null group by d.id"
    )
    return {(tx, position): (satoshis, block) for tx, position, satoshis, block in found}


def wrong_states(paid: dict[tuple[str, int], tuple[int, str]]) -> list[object]:
    """Deposits that the chain holds and that are not credited in full, or that it does not hold and that are."""
    found = sql.rows(
        "select tx, position, state, coalesce(credited_micros, 0) - reversed_micros + restored_micros,"
        " amount * 500 from funding_deposit"
    )
    return [
        row
        for row in found
        if (row[2] == "credited") is not ((row[0], row[1]) in paid)
        or row[3] != (row[4] if (row[0], row[1]) in paid else 0)
    ]


def gaps() -> list[object]:
    """Canonical blocks that do not stand on the canonical one below."""
    return sql.rows(
        "select b.height from funding_block b left join funding_block p on p.chain = b.chain and p.hash = b.parent"
        " and p.canonical and p.height = b.height - 1 where b.canonical and p.hash is null"
        " and b.height > (select min(height) from funding_block)"
    )
