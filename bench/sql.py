"""Figures of the SQL functions alone, by pgbench and by the clock's own calls."""

import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg

from activkode.doors.up import binaries
from bench import fill
from bench.figures import Row, Size, alternate, row
from bench.server import Database, Server

CLIENTS = 8
_RENT = "\\set c random(1, 10000)\nselect fn.rent(:c, 'bench', 'GB', null, 'sms', 250000, false, null, null, null);\n"
_RENT_AND_CANCEL = (
    "\\set c random(1, 10000)\n"
    "select (fn.rent(:c, 'bench', 'GB', null, 'sms', 250000, false, null, null, null) -> 'activation' ->> 'id')::bigint as id \\gset\n"
    "select fn.activation_apply(:c, :id, 'cancel');\n"
)


def rents(server: Server, size: Size) -> tuple[list[Row], float]:
    """Rent, and rent with cancel, beside TPC-B; also the rent figure itself, for the figures over HTTP."""
    tpcb, market = server.empty("tpcb"), server.migrated("market")
    _pgbench(tpcb, "-i", "-q", "-s", str(size.scale))
    with market.connect() as owner:
        fill.market(owner)
        fill.numbers(owner, size.numbers)
    server.settle()
    baseline, rent, both = alternate(
        size.rounds,
        lambda: _rate(tpcb, size.seconds),
        lambda: _rate(market, size.seconds, _RENT),
        lambda: 2 * _rate(market, size.seconds, _RENT_AND_CANCEL),
    )
    server.drop("tpcb")
    server.drop("market")
    rows = [
        row("rent, SQL, 8 connections | TPC-B-like", rent, "1/s", baseline, least=1.2),
        row("rent + cancel, operations, SQL | TPC-B-like", both, "1/s", baseline, least=1.2),
    ]
    return rows, rent


def grown(server: Server, size: Size) -> list[Row]:
    """Rent in books that are long, beside rent in books that are short."""
    small, large = (server.migrated(name) for name in ("small", "large"))
    for database, transfers in zip((small, large), size.transfers, strict=True):
        with database.connect() as owner:
            fill.market(owner)
            fill.history(owner, transfers)
            fill.numbers(owner, size.numbers // 2)
    server.settle()
    before, after = alternate(
        size.rounds, lambda: _rate(small, size.seconds, _RENT), lambda: _rate(large, size.seconds, _RENT)
    )
    server.drop("small")
    server.drop("large")
    name = f"rent at {size.transfers[1]:,} transfers | at {size.transfers[0]:,}"
    return [row(name, after, "1/s", before, least=0.8)]


def expiry(server: Server, size: Size) -> list[Row]:
    """Expiry with every row and number given back, beside a bare UPDATE of the same rows; and whether it is linear."""
    rates: dict[int, float] = {}
    rows = []
    for count in size.due:
        full = server.migrated("due")
        with full.connect() as owner:
            fill.market(owner)
            fill.waiting(owner, count)
        bare, rates[count] = alternate(
            size.rounds,
            partial(_on_a_copy, server, _bare_update, count),
            partial(_on_a_copy, server, _expire, count),
        )
        server.drop("due")
        name = f"expiry of {count:,} due | bare UPDATE of those rows"
        if count == size.due[0]:  # few are slow only where the plan is a wrong one: then by a hundred times
            rows.append(row(name, rates[count], "1/s", bare, least=0.05))
        if count == size.due[-1]:
            rows.append(row(name, rates[count], "1/s", bare, least=0.15))
    first, last = size.due[0], size.due[-1]
    rows.append(
        row(f"expiry of {last:,}, per second | of {first:,}", rates[last], "1/s", rates[first], least=0.7)
    )
    return rows


def _on_a_copy(server: Server, work: Callable[[Server, Database, int], None], count: int) -> float:
    copy = server.copy("due", "due_copy")
    server.settle()
    begun = time.perf_counter()
    work(server, copy, count)
    rate = count / (time.perf_counter() - begun)
    server.drop("due_copy")
    return rate


def _bare_update(server: Server, copy: Database, count: int) -> None:
    with server.superuser(copy.name) as superuser:
        superuser.execute("set session_replication_role = replica")  # bare: no trigger either
        done = superuser.execute(
            "update activations_activation set state = 'expired', closed_at = expires_at, refunded_at = now()"
            " where state = 'waiting' and expires_at <= now()"
        )
        assert done.rowcount == count, done.rowcount


def _expire(server: Server, copy: Database, count: int) -> None:
    """As the clock does it: one batch, and what is more in two shares at once."""
    from activkode.doors.clock.work import CATCH_UP, EXPIRE_BATCH

    ended, last = _expire_share(copy, None, 1, 0, once=True)
    if ended == EXPIRE_BATCH:
        with ThreadPoolExecutor(CATCH_UP) as pool:
            shares = [pool.submit(_expire_share, copy, last, CATCH_UP, part) for part in range(CATCH_UP)]
            ended += sum(share.result()[0] for share in shares)
    assert ended == count, (ended, count)


def _expire_share(
    copy: Database, last: object, of: int, part: int, *, once: bool = False
) -> tuple[int, object]:
    from activkode.doors.clock.work import EXPIRE_BATCH

    total = 0
    with psycopg.connect(copy.app, autocommit=True) as app:
        while True:
            found = app.execute(
                "select o_ended, o_last from fn.expire_due(%s, coalesce(%s, '-infinity'::timestamptz), %s, %s)",
                (EXPIRE_BATCH, last, of, part),
            ).fetchone()
            assert found is not None
            total, last = total + found[0], found[1]
            if once or found[0] < EXPIRE_BATCH:
                return total, last


def _rate(database: Database, seconds: int, script: str = "") -> float:
    words = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds)]
    if not script:
        return _tps(_pgbench(database, *words))
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        return _tps(_pgbench(database, *words, "-f", file.name))


def _tps(told: str) -> float:
    line = next(line for line in told.splitlines() if line.startswith("tps"))
    assert "number of failed transactions: 0" in told, told
    return float(line.split()[2])


def _pgbench(database: Database, *words: str) -> str:
    program = Path(binaries.installed()) / "bin" / "pgbench"
    done = subprocess.run(
        [program, *words, database.app if "-f" in words else database.owner],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout
