"""Figures of one machines process over HTTP: rent, poll, live events, memory."""

import asyncio
import threading
import time
from collections.abc import Iterator

import psycopg

from bench import fill
from bench.figures import Row, Size, alternate, percentile, row
from bench.machines import CUSTOMERS, Machines, give_keys, key, serving, wrk
from bench.server import Database, Server

RATE = 200
MEMORY_MOST_MIB = 250
_STREAMS_LISTENING = 50
_RENT = """
local n = 0
request = function()
  n = n + 1
  local c = math.random(1, %d)
  return wrk.format("POST", "/v1/activations",
    {["Authorization"] = "Bearer ak_bench" .. c, ["Content-Type"] = "application/json",
     ["Idempotency-Key"] = "k" .. n .. "-" .. os.time() .. "-" .. math.random(1, 1e9)},
    '{"service": "bench", "country": "GB", "max_price": "0.25"}')
end
"""
_POLL = """
local ids = {%s}
request = function()
  local one = ids[math.random(#ids)]
  return wrk.format("GET", "/v1/activations/act_" .. one[2], {["Authorization"] = "Bearer ak_bench" .. one[1]})
end
"""
_CONSTANT = (
    'request = function() return wrk.format("GET", "/healthz", {["Authorization"] = "Bearer ak_bench1"}) end'
)


def figures(server: Server, size: Size, rent: float) -> list[Row]:
    """All of them, beside their baselines; `rent` is the SQL figure of this run."""
    database = server.migrated("web")
    with database.connect() as owner:
        fill.market(owner)
        fill.numbers(owner, size.numbers)
        fill.mail_offer(owner)
        give_keys(owner)
    server.settle()
    with serving(database) as machines:
        rows = [_rent(machines, size, rent), _poll(machines, database, size), _live(machines, database, size)]
    with serving(database) as machines:
        rows.append(_memory(machines, database, size))
    server.drop("web")
    return rows


def _rent(machines: Machines, size: Size, rent: float) -> Row:
    (rate,) = alternate(size.rounds, lambda: wrk(machines, size.seconds, _RENT % CUSTOMERS))
    return row("rent over HTTP, 16 connections, with keys | rent, SQL", rate, "1/s", rent, least=0.25)


def _poll(machines: Machines, database: Database, size: Size) -> Row:
    pairs = ",".join(f"{{{customer},{number}}}" for customer, number in _rented(database, 1_000))
    constant, poll = alternate(
        size.rounds,
        lambda: wrk(machines, size.seconds, _CONSTANT),
        lambda: wrk(machines, size.seconds, _POLL % pairs),
    )
    return row("status poll over HTTP (board) | constant answer", poll, "1/s", constant, least=0.6)


def _rented(database: Database, count: int) -> list[tuple[int, int]]:
    with database.connect() as owner:
        found = owner.execute(
            "select customer_id, id from activations_activation where customer_id <= %s and state = 'waiting' order by id limit %s",
            (CUSTOMERS, count),
        ).fetchall()
        return [(int(str(customer)), int(str(number))) for customer, number in found]


def _live(machines: Machines, database: Database, size: Size) -> Row:
    per_round = max(RATE // 4, size.messages // size.rounds)
    bare, seen = alternate(
        size.rounds,
        lambda: percentile(_bare_notify(database, per_round), 0.99) * 1000,
        lambda: percentile(asyncio.run(_messages(machines, database, per_round)), 0.99) * 1000,
    )
    return row(f"message committed to SSE client, p99 at {RATE}/s | bare NOTIFY", seen, "ms", bare, most=5.0)


def _bare_notify(database: Database, count: int) -> list[float]:
    """Seconds from sending NOTIFY on one connection to its arrival on another."""
    sent: dict[str, float] = {}
    took: list[float] = []
    with (
        psycopg.connect(database.owner, autocommit=True) as listener,
        psycopg.connect(database.owner, autocommit=True) as speaker,
    ):
        listener.execute("listen bench")

        def listen() -> None:
            for notice in listener.notifies(timeout=30, stop_after=count):
                took.append(time.perf_counter() - sent[notice.payload])

        thread = threading.Thread(target=listen)
        thread.start()
        for number, _ in enumerate(_paced(count)):
            sent[str(number)] = time.perf_counter()
            speaker.execute("select pg_notify('bench', %s)", (str(number),))
        thread.join()
    assert len(took) >= count * 0.99, len(took)
    return took


async def _messages(machines: Machines, database: Database, count: int) -> list[float]:
    """Seconds from the commit of a message to its arrival at a client with an open stream."""
    committed: dict[int, float] = {}
    seen: dict[int, float] = {}
    streams = [
        asyncio.create_task(_listen(machines, customer, seen))
        for customer in range(1, _STREAMS_LISTENING + 1)
    ]
    await asyncio.sleep(1)
    await asyncio.to_thread(_deliver, database, count, committed)
    await asyncio.sleep(1)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    took = [seen[number] - at for number, at in committed.items() if number in seen]
    assert len(took) == count, f"{len(took)} of {count} messages seen"
    return [max(0.0, each) for each in took]


def _deliver(database: Database, count: int, committed: dict[int, float]) -> None:
    with psycopg.connect(database.app, autocommit=True) as app:
        ready = []
        for number in range(count):
            customer = 1 + number % _STREAMS_LISTENING
            rented = app.execute(
                "select fn.rent(%s, 'bench', null, null, 'email', null, false, null, null, null) -> 'activation'",
                (customer,),
            ).fetchone()
            assert rented is not None
            one = rented[0]
            original = app.execute(
                "select fn.original_store('bench', %s, 'email', %s, 'BENCH', 'x', '', null, null, null)",
                (f"b{one['id']}", one["address"]),
            ).fetchone()
            assert original is not None
            ready.append((original[0], customer, one["id"]))
        for number, _ in enumerate(_paced(count)):
            original_id, customer, activation = ready[number]
            app.execute(
                "select fn.message_deliver(%s, %s, %s, 'BENCH', 'Your code is 481920', '481920', null, false)",
                (original_id, customer, activation),
            )
            committed[activation] = time.perf_counter()


async def _listen(machines: Machines, customer: int, seen: dict[int, float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", machines.port)
    writer.write(
        f"GET /v1/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key(customer)}\r\n\r\n".encode()
    )
    try:
        while line := await reader.readline():
            if b'"activation.code"' in line:
                now = time.perf_counter()
                number = int(line.split(b'"activation":"act_')[1].split(b'"')[0])
                seen[number] = now
    finally:
        writer.close()


def _memory(machines: Machines, database: Database, size: Size) -> Row:
    with database.connect() as owner:
        fill.rent_many(owner, size.board)
    asyncio.run(_hold(machines, _rented(database, size.board), size.streams, measured := []))
    return row(
        f"memory: {size.board:,} on the board, {size.streams:,} streams | allowed",
        measured[0],
        "MiB",
        MEMORY_MOST_MIB,
        most=1.0,
    )


async def _hold(
    machines: Machines, rented: list[tuple[int, int]], streams: int, measured: list[float]
) -> None:
    open_ones = [
        asyncio.create_task(_listen(machines, 1 + number % CUSTOMERS, {})) for number in range(streams)
    ]
    await asyncio.sleep(2)
    lanes = [asyncio.create_task(_poll_each(machines, rented[lane::8])) for lane in range(8)]
    counts = await asyncio.gather(*lanes)
    assert sum(counts) == len(rented), "every activation is on the board"
    measured.append(machines.memory_mib())
    assert all(not task.done() for task in open_ones), "every stream is open"
    for task in open_ones:
        task.cancel()
    await asyncio.gather(*open_ones, return_exceptions=True)


async def _poll_each(machines: Machines, rented: list[tuple[int, int]]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", machines.port)
    done = 0
    for customer, number in rented:
        writer.write(
            f"GET /v1/activations/act_{number} HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer {key(customer)}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        done += 1
    writer.close()
    return done


def _paced(count: int) -> Iterator[None]:
    """So many turns at RATE a second."""
    begun = time.perf_counter()
    for number in range(count):
        time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
        yield
