"""Payments on a fake Bitcoin chain, called fake, whose watcher writes into the door's database."""

import itertools
import os
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from activkode.core import sql
from activkode.funding.chains.base import Found
from activkode.funding.policy import Asset, Chain
from activkode.funding.watch import Watcher
from doors.machines.outside import Customer
from funding.scripted import FakeChain

BTC = 10**8
SOURCES = [{"name": "one", "price": "50000"}]
_serial = itertools.count(1)
_chain = FakeChain(Chain.BITCOIN)
_watcher = Watcher(_chain)


def address(customer: Customer) -> str:
    """The customer's address; on this chain its key is its own name."""
    index = sql.value("select fn.address_index('btc_p2wpkh', 'test', %s)", (customer.id,))
    if index is not None:
        key = f"{os.getpid()}/{index}"
        sql.execute(
            "select fn.address_give('btc_p2wpkh', %s, %s, %s, %s, %s, %s)",
            (index, Chain.BITCOIN, key, key, Asset.BTC, customer.id),
        )
    return str(sql.value("select address from funding_address where customer_id = %s", (customer.id,)))


def pay(customer: Customer, units: int, **what: Any) -> Found:
    """A payment that waits in the mempool."""
    tx = f"{os.getpid()}-{next(_serial)}"
    found = Found(tx, 0, address(customer), units, **{"asset": Asset.BTC, "inputs": (f"coin-{tx}:0",)} | what)
    _chain.mempool.append(found)
    return found


def look() -> None:
    """The watcher goes round until nothing is new."""
    _watcher.round()


def mine(*found: Found, count: int = 1) -> None:
    """Blocks; the first holds what was found; the watcher sees each."""
    _chain.mine(*found, count=count)
    look()


def fork(depth: int) -> None:
    """The newest blocks are gone, and others come."""
    _chain.fork(depth)
    mine(count=depth + 1)


def price(rate: str) -> None:
    """A rate of bitcoin that is usable now."""
    sql.execute("select fn.rate_keep(%s, %s, %s, fn.now(), '')", (Asset.BTC, Decimal(rate), Jsonb(SOURCES)))


def topup(customer: Customer, units: int = BTC // 100, rate: str = "50000") -> dict[str, Any]:
    """A payment that was credited, as the API shows it."""
    price(rate)
    look()
    mine(pay(customer, units), count=2)
    shown: dict[str, Any] = customer.http.get("/v1/topups").json()["items"][0]
    return shown
